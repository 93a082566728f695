using Abm.Decisions;

namespace Abm.Matching;

/// <summary>Which account a lead belongs to, and why we think so.</summary>
public abstract record MatchDecision
{
    private MatchDecision(IReadOnlyList<MatchCandidate> candidates, IReadOnlyList<Reason> reasons)
    {
        Candidates = candidates;
        Reasons = reasons;
    }

    /// <summary>Everyone who was considered and came near, best first; at most the model's <c>MaxCandidates</c>.</summary>
    public IReadOnlyList<MatchCandidate> Candidates { get; }

    /// <summary>What decided: the evidence of the winner, or what was lacking, and the tie-break steps that were needed.</summary>
    public IReadOnlyList<Reason> Reasons { get; }

    /// <summary>Exactly one account is clearly ahead.</summary>
    /// <param name="Confidence">Probability that the account is right, 0 to 1.</param>
    /// <param name="IsLowConfidence">Routed, but listed for review: a near tie that only counting rules decided, or a name alone.</param>
    public sealed record Matched(AccountId Account, double Confidence, bool IsLowConfidence, IReadOnlyList<MatchCandidate> Candidates, IReadOnlyList<Reason> Reasons)
        : MatchDecision(Candidates, Reasons);

    /// <summary>There are candidates, but a person must pick.</summary>
    public sealed record Review(UnmatchedReason Why, IReadOnlyList<MatchCandidate> Candidates, IReadOnlyList<Reason> Reasons)
        : MatchDecision(Candidates, Reasons);

    /// <summary>None reached the bar. The reasons say how near the nearest came.</summary>
    public sealed record Unmatched(UnmatchedReason Why, IReadOnlyList<MatchCandidate> Candidates, IReadOnlyList<Reason> Reasons)
        : MatchDecision(Candidates, Reasons);
}

/// <summary>An account that was considered.</summary>
/// <param name="Confidence">Probability that it is the right one, 0 to 1.</param>
/// <param name="Points">Sum of its evidence; the bands are cut on it.</param>
/// <param name="Evidence">Why: one reason for each piece of evidence, missing ones with 0 points.</param>
public sealed record MatchCandidate(AccountId Account, string Name, double Confidence, double Points, IReadOnlyList<Reason> Evidence);

/// <summary>Why a lead has no account.</summary>
public enum UnmatchedReason
{
    FreemailNoCompany,
    NoDomain,
    NoCandidate,
    BelowThreshold,
    Ambiguous,

    /// <summary>A matching exception forbids the account that fits, or wants a person to look at it.</summary>
    ForbiddenByRule,
    AutomatedSender,

    /// <summary>Nobody looked: matching is switched off.</summary>
    SwitchedOff,

    /// <summary>A matching exception, or a person, says that the lead is nobody's. It waits for nobody and goes to nobody.</summary>
    Ignored,
}
