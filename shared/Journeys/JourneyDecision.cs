using System.Diagnostics;
using Abm.Leads;
using Abm.Matching;
using Abm.Plays;
using Abm.Replays;
using Abm.Routing;
using Abm.Scoring;

namespace Abm.Journeys;

/// <summary>The complete, replayable decision about one lead.</summary>
/// <param name="DecisionId">Derived from the lead and the attempt; a repeat finds the first.</param>
/// <param name="ConfigVersion">The configuration it was made by.</param>
/// <param name="DataVersions">Versions of lists that it used (public suffix list, legal forms, free-mail domains).</param>
/// <param name="AccountsVersion">The account change it knew last.</param>
/// <param name="DecidedAt">The one instant that every step used, UTC.</param>
/// <param name="PoolBefore">Pool state read; null when no pool was asked.</param>
/// <param name="PoolAfter">Pool state to be saved; null when no pool was asked or nothing changed: a repeat, a test lead.</param>
public sealed record JourneyDecision(
    string DecisionId,
    Lead Lead,
    string ConfigVersion,
    IReadOnlyDictionary<string, string> DataVersions,
    long AccountsVersion,
    DateTimeOffset DecidedAt,
    MatchDecision Match,
    ScoreDecision Score,
    RouteDecision Route,
    PlayDecision Play,
    PoolState? PoolBefore,
    PoolState? PoolAfter)
{
    /// <summary>Everything it was decided from, when that was noted; null when it was not, or when the decision was read back without it.</summary>
    public DecisionInputs? Inputs { get; init; }

    /// <summary>What is written to the pool's ledger with it; null when no pool was asked, or when the decision was read back.</summary>
    public LedgerEntry? Ledger { get; init; }

    /// <summary>Other pools whose state decided as well; empty when the decision was read back.</summary>
    public IReadOnlyList<string> Watches { get; init; } = [];

    /// <summary>What became of the lead's account, in one word: <c>matched</c>, <c>review</c> or <c>unmatched</c>.</summary>
    public string Outcome => Match switch
    {
        MatchDecision.Matched => "matched",
        MatchDecision.Review => "review",
        MatchDecision.Unmatched => "unmatched",
        _ => throw new UnreachableException(),
    };
}
