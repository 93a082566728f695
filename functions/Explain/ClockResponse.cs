using Abm.Clocks;

namespace Abm.Functions.Explain;

/// <summary>A deadline and what became of it.</summary>
/// <param name="Kind">What is waited for: <c>firstTouch, nextResponse, handOff, meeting, opportunity</c> or <c>step</c>.</param>
/// <param name="State"><c>running, paused, met, breached</c> or <c>cancelled</c>.</param>
/// <param name="Scope"><c>account</c>: the customer's view; <c>owner</c>: one owner's view.</param>
/// <param name="ReceivedAt">When the lead was received; first touches are measured from there too. Null: not a lead's.</param>
/// <param name="FirstDueAt">The deadline that it began with, before pauses and changes of rules.</param>
/// <param name="StoppedAt">Null while it is measured, also after a breach.</param>
/// <param name="ReportedLate">Stopped in time, and told of only after the deadline.</param>
public sealed record ClockResponse(
    string ClockId,
    string? LeadId,
    string? AccountId,
    string? OpportunityId,
    string PlayId,
    string Policy,
    string Kind,
    string Scope,
    string State,
    DateTimeOffset StartedAt,
    DateTimeOffset? ReceivedAt,
    DateTimeOffset DueAt,
    DateTimeOffset FirstDueAt,
    double BudgetSeconds,
    string Calendar,
    DateTimeOffset? BreachedAt,
    DateTimeOffset? StoppedAt,
    bool ReportedLate,
    string? OwnerId,
    string? Team,
    string Tier)
{
    public static ClockResponse From(ClockRecord clock) => new(
        clock.ClockId,
        clock.LeadId?.Value,
        clock.AccountId?.Value,
        clock.OpportunityId,
        clock.PlayId,
        clock.Policy,
        ClockNames.Of(clock.Kind),
        clock.Scope,
        clock.State.Text(),
        clock.StartedAt,
        clock.ReceivedAt,
        clock.DueAt,
        clock.FirstDueAt,
        clock.Budget.TotalSeconds,
        clock.Calendar,
        clock.BreachedAt ?? (clock.State is ClockState.BreachedOpen or ClockState.BreachedClosed ? clock.DueAt : null), // stopped late, before anybody noted it
        clock.StoppedAt,
        clock.IsReportedLate,
        clock.OwnerId?.Value,
        clock.Team,
        ClockNames.Of(clock.Tier));
}
