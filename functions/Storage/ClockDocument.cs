using Abm.Accounts;
using Abm.Clocks;
using Abm.Configuration;
using Abm.Decisions;

namespace Abm.Functions.Storage;

/// <summary>A clock as it lies in the file of its record and on the board.</summary>
internal sealed record ClockDocument(
    string ClockId,
    string? LeadId,
    string? AccountId,
    string? OpportunityId,
    string PlayId,
    string Policy,
    ClockKind Kind,
    string Scope,
    ClockState State,
    DateTimeOffset StartedAt,
    DateTimeOffset? ReceivedAt,
    DateTimeOffset DueAt,
    TimeSpan Budget,
    string Calendar,
    CalendarChoice CountedBy,
    string? Zone,
    string? ConfigVersion,
    IReadOnlyList<ClockPause>? Pauses,
    IReadOnlyList<DeadlineChange>? History,
    DateTimeOffset? StoppedAt,
    DateTimeOffset? ReportedAt,
    LateReports LateReports,
    DateTimeOffset? BreachedAt,
    string? OwnerId,
    string? Team,
    AccountTier Tier)
{
    public static ClockDocument From(ClockRecord clock) => new(
        clock.ClockId,
        clock.LeadId?.Value,
        clock.AccountId?.Value,
        clock.OpportunityId,
        clock.PlayId,
        clock.Policy,
        clock.Kind,
        clock.Scope,
        clock.State,
        clock.StartedAt,
        clock.ReceivedAt,
        clock.DueAt,
        clock.Budget,
        clock.Calendar,
        clock.CountedBy,
        clock.Zone,
        clock.ConfigVersion,
        clock.Pauses.Count == 0 ? null : clock.Pauses,
        clock.History.Count == 0 ? null : clock.History,
        clock.StoppedAt,
        clock.ReportedAt,
        clock.LateReports,
        clock.BreachedAt,
        clock.OwnerId?.Value,
        clock.Team,
        clock.Tier);

    public ClockRecord ToClock() => new()
    {
        ClockId = ClockId,
        LeadId = LeadId is null ? null : Abm.Decisions.LeadId.Parse(LeadId),
        AccountId = AccountId is null ? null : Abm.Decisions.AccountId.Parse(AccountId),
        OpportunityId = OpportunityId,
        PlayId = PlayId,
        Policy = Policy,
        Kind = Kind,
        Scope = Scope,
        State = State,
        StartedAt = StartedAt,
        ReceivedAt = ReceivedAt,
        DueAt = DueAt,
        Budget = Budget,
        Calendar = Calendar,
        CountedBy = CountedBy,
        Zone = Zone,
        ConfigVersion = ConfigVersion,
        Pauses = Pauses ?? [],
        History = History ?? [],
        StoppedAt = StoppedAt,
        ReportedAt = ReportedAt,
        LateReports = LateReports,
        BreachedAt = BreachedAt,
        OwnerId = OwnerId is null ? null : RepId.Parse(OwnerId),
        Team = Team,
        Tier = Tier,
    };
}
