namespace Abm.Functions.Events;

/// <summary>What <c>abm.lead.decided</c> says: ids, names of rules and codes; nothing about the person.</summary>
/// <param name="Version">Of this shape; 1. Properties may be added to it.</param>
/// <param name="Outcome"><c>matched</c>, <c>review</c> or <c>unmatched</c>.</param>
/// <param name="Confidence">Of the match, 0 to 1; null without an account.</param>
/// <param name="Route"><c>assigned</c>, <c>queued</c> or <c>suppressed</c>.</param>
/// <param name="Queue">Where it waits for a person; null unless queued.</param>
/// <param name="Level">How well it fits, as the configuration names it.</param>
/// <param name="Play">The play that follows it up; null when none does.</param>
/// <param name="DueAt">Deadline of the first touch, UTC; null without a play.</param>
internal sealed record LeadDecidedData(
    int Version,
    string LeadId,
    string DecisionId,
    DateTimeOffset ReceivedAt,
    string Outcome,
    string? AccountId,
    double? Confidence,
    string Route,
    string? OwnerId,
    string? Pool,
    string? Queue,
    string Rule,
    string Level,
    string? Play,
    DateTimeOffset? DueAt,
    string ConfigVersion,
    long AccountsVersion,
    ReasonCodesData ReasonCodes);

/// <summary>Codes of the reasons of each step, in order, each once.</summary>
internal sealed record ReasonCodesData(IReadOnlyList<string> Match, IReadOnlyList<string> Score, IReadOnlyList<string> Route, IReadOnlyList<string> Play);

/// <summary>What <c>abm.clock.breached</c> says.</summary>
/// <param name="Version">Of this shape; 1. Properties may be added to it.</param>
/// <param name="Scope"><c>account</c>: the customer's view, whoever owns the lead; <c>owner</c>: one owner's view.</param>
/// <param name="LeadId">Null: it is about an account or an opportunity.</param>
/// <param name="OwnerId">Who owned it then.</param>
internal sealed record ClockBreachedData(
    int Version,
    string? LeadId,
    string ClockId,
    string PlayId,
    string Policy,
    string Scope,
    DateTimeOffset StartedAt,
    DateTimeOffset DueAt,
    string? Outcome,
    string? AccountId,
    string? OwnerId,
    string? DecisionId,
    string? ConfigVersion)
{
    /// <summary>The opportunity that it is about; null: a lead or an account.</summary>
    public string? OpportunityId { get; init; }
}
