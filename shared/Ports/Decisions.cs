using Abm.Decisions;
using Abm.Journeys;
using Abm.People;
using Abm.Replays;

namespace Abm.Ports;

/// <summary>Decisions in the order of time, with what each was made from.</summary>
public interface IDecisionLog
{
    /// <summary>One decision with its inputs, where they are kept. Two point reads.</summary>
    Task<JourneyDecision?> FindAsync(LeadId lead, string decisionId, CancellationToken cancellationToken);

    /// <summary>What was decided in [from, until), oldest first. Streamed: a window may be longer than memory.</summary>
    IAsyncEnumerable<DecisionEntry> ReadAsync(DateTimeOffset from, DateTimeOffset until, CancellationToken cancellationToken);
}

/// <summary>One decision in the log.</summary>
/// <param name="Inputs">Null: they were not noted, are of a later build, or were erased with the person.</param>
public sealed record DecisionEntry(LeadId Lead, string DecisionId, DateTimeOffset DecidedAt, string ConfigVersion, DecisionInputs? Inputs);

/// <summary>Everyone who could own leads at the time of a decision: each state of the directory that decided something is kept once.</summary>
public interface IRepSnapshots
{
    /// <summary>Keeps this state unless it is kept. Costs nothing for a state that this process has kept before.</summary>
    /// <returns>Its name, derived from the content.</returns>
    ValueTask<string> KeepAsync(IReadOnlyDictionary<RepId, Rep> reps, CancellationToken cancellationToken);

    /// <summary>The people of that name; null when they are not kept.</summary>
    ValueTask<IReadOnlyDictionary<RepId, Rep>?> FindAsync(string name, CancellationToken cancellationToken);
}

/// <summary>Removes decisions that are older than they are kept, and keeps their counts.</summary>
public interface IDecisionRetention
{
    /// <summary>Removes decisions made before an instant, the oldest first, with what they were made from. Counting and removing are one transaction: a repeat counts nothing twice.</summary>
    /// <param name="limit">At most about so many.</param>
    /// <returns>How many went.</returns>
    Task<int> PurgeAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken);

    /// <summary>Counts of the decisions that are no longer kept, by month and kind.</summary>
    Task<IReadOnlyList<DecisionCount>> CountsAsync(CancellationToken cancellationToken);
}

/// <summary>Decisions of one month and kind.</summary>
/// <param name="Month">Such as <c>2026-11</c>, UTC.</param>
/// <param name="Outcome"><c>matched</c>, <c>review</c> or <c>unmatched</c>.</param>
/// <param name="Tier">Of the account; empty without one.</param>
/// <param name="Route"><c>Assigned</c>, <c>Queued</c> or <c>Suppressed</c>.</param>
/// <param name="Play">Empty when none was started.</param>
public sealed record DecisionCount(string Month, string Outcome, string Tier, string Level, string Source, string Route, string Play, bool IsTest, int Count);
