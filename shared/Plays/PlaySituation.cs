using Abm.Clocks;
using Abm.Configuration;
using Abm.Decisions;
using Abm.People;

namespace Abm.Plays;

/// <summary>Everything that is looked at to say what a play does next. The file is the truth: clocks that were paused or counted anew, owners that changed, events that came are in here.</summary>
/// <param name="Play">The definition, of the version that the play is on.</param>
public sealed record PlaySituation(PlayStartInput Start, PlayRules Play, AbmConfig Config, IReadOnlyDictionary<RepId, Rep> Reps, PlayProgress Progress)
{
    /// <summary>The play's clocks, open and closed.</summary>
    public IReadOnlyList<ClockRecord> Clocks { get; init; } = [];

    /// <summary>What ends it from outside: a touch, a disposition; null: nothing does.</summary>
    public PlayStop? Stop { get; init; }

    /// <summary>What conditions can ask about, as it is now; null: not looked up, because <see cref="PlayDecider.AsksFacts"/> said that nothing asks.</summary>
    public Facts? Facts { get; init; }

    /// <summary>Who works it; null: nobody.</summary>
    public string? OwnerId => Owners().LastOrDefault() ?? Progress.OwnerId ?? Start.OwnerId;

    /// <summary>Everyone who had it before, in order.</summary>
    public IReadOnlyList<string> FormerOwnerIds => Start.LeadId is null ? Progress.FormerOwnerIds : [.. Owners().SkipLast(1)];

    /// <summary>How often it changed hands.</summary>
    public int Hop => Start.LeadId is null ? Progress.Hop : Math.Max(0, Owners().Count - 1);

    /// <summary>How often a missed deadline gave it away: only that uses up the reassignments that the play may make.</summary>
    public int Reassigned => Start.LeadId is null
        ? Progress.Reassigned
        : Enumerable.Range(0, Hop + 1).Count(hop => Clock(PlayDecider.OwnerClockId(Start.PlayId, hop)) is { IsAfterBreach: true });

    /// <summary>Of a lead: by the owners' clocks of its first touch.</summary>
    private List<string> Owners()
    {
        List<string> owners = [];
        while (Start.LeadId is not null && Clock(PlayDecider.OwnerClockId(Start.PlayId, owners.Count)) is { OwnerId: { } owner })
            owners.Add(owner.Value);
        return owners;
    }

    internal ClockRecord? Clock(string clockId) => Clocks.FirstOrDefault(c => c.ClockId == clockId);

    /// <summary>The ladder of a wait as its clocks stand; null: they have not started.</summary>
    internal PlayPlan? Ladder(string stage, string policyName)
    {
        if (Clock(PlayDecider.OwnerClockId(Start.PlayId, stage, Hop)) is not { } own || Clock(PlayDecider.AccountClockId(Start.PlayId, stage)) is not { } account)
            return null;
        SlaPolicy policy = PlayDecider.PolicyOf(policyName, Config);
        // A lead is given away by the ladder of its first touch alone.
        string? pool = stage.Length > 0 && Start.LeadId is not null ? null : PlayDecider.Pool(Play, Start.Pool, Reassigned);
        PlayPlan plan = new(1, Start, OwnerId, Hop, FormerOwnerIds, pool, Planned(own), Planned(account), [], default) { Stage = stage, Reassigned = Reassigned };
        return PlayPlanner.LayOut(plan, Play, policy, Config, Reps);
    }

    private static PlannedClock Planned(ClockRecord clock) =>
        new(clock.ClockId, clock.Scope, clock.Policy, clock.Calendar, clock.Budget, clock.StartedAt, clock.DueAt) { Pauses = clock.Pauses, Zone = clock.Zone, IsAfterBreach = clock.IsAfterBreach };
}
