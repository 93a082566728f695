using Abm.Accounts;
using Abm.Clocks;
using Abm.Decisions;
using Abm.People;

namespace Abm.Plays;

/// <summary>What plays do to their clocks, wherever these are kept. Pure: values in, values out.</summary>
public static class PlayClocks
{
    /// <summary>The two clocks of a plan as records, the account's first.</summary>
    public static IReadOnlyList<ClockRecord> Of(PlayPlan plan, Rep? owner = null, AccountTier tier = AccountTier.None) => [Record(plan.AccountClock, plan, owner, tier), Record(plan.OwnerClock, plan, owner, tier)];

    /// <summary>One clock as a record.</summary>
    public static ClockRecord Record(PlannedClock planned, PlayPlan plan, Rep? owner = null, AccountTier tier = AccountTier.None) => new()
    {
        ClockId = planned.ClockId,
        LeadId = plan.Start.LeadId is { } lead ? LeadId.Parse(lead) : null,
        AccountId = plan.Start.AccountId is { } account ? AccountId.Parse(account) : null,
        OpportunityId = plan.Start.OpportunityId,
        PlayId = plan.Start.PlayId,
        Policy = planned.Policy,
        Kind = planned.Kind,
        Scope = planned.Scope,
        State = ClockState.Running,
        StartedAt = planned.StartAt,
        ReceivedAt = plan.Stage.Length == 0 && plan.Start.LeadId is not null && planned.StartAt <= plan.Start.RoutedAt ? plan.Start.ReceivedAt : null,
        DueAt = planned.DueAt,
        Budget = planned.Budget,
        Calendar = planned.Calendar,
        CountedBy = planned.CountedBy,
        Zone = planned.Zone,
        IsAfterBreach = planned.IsAfterBreach,
        LateReports = planned.LateReports,
        ConfigVersion = planned.ConfigVersion ?? plan.Start.ConfigVersion,
        OwnerId = plan.OwnerId is { } id ? RepId.Parse(id) : null,
        Team = owner?.Team,
        Tier = tier,
    };

    /// <summary>The clocks after what was waited for came, or nobody waits for it any more. Stopped ones stay as they are.</summary>
    /// <param name="isAnswered">It came: in time it meets the clock.</param>
    public static IReadOnlyList<ClockRecord> Ended(IReadOnlyList<ClockRecord> clocks, Func<ClockRecord, bool> which, bool isAnswered, DateTimeOffset at, DateTimeOffset now) =>
        [.. clocks.Select(c => !c.IsOpen || !which(c) ? c : isAnswered ? ClockChanges.Touched(c, at, now) : ClockChanges.Cancelled(c, at))];

    /// <summary>The clocks after a new owner got it: the former owner's stops, the new one's starts, the account's goes on.</summary>
    public static IReadOnlyList<ClockRecord> Given(IReadOnlyList<ClockRecord> clocks, PlayPlan former, ClockRecord started) =>
        [.. clocks.Where(c => c.ClockId != started.ClockId).Select(c => c.ClockId == former.OwnerClock.ClockId ? ClockChanges.Cancelled(c, started.StartedAt) : c), started];

    /// <summary>The ids of the clocks of one wait: the account's, and each owner's so far.</summary>
    public static IReadOnlySet<string> IdsOf(string playId, string stage, int hop) =>
        Enumerable.Range(0, hop + 1).Select(h => PlayDecider.OwnerClockId(playId, stage, h)).Append(PlayDecider.AccountClockId(playId, stage)).ToHashSet(StringComparer.Ordinal);
}
