using Abm.Configuration;

namespace Abm.Matching;

/// <summary>What matching goes by: evidence weights, bands and switches. Part of the configuration; immutable.</summary>
/// <remarks>How evidence is added up and what each weight means is described in docs/matching.md.</remarks>
[Says("matching")]
public sealed record MatchModel
{
    /// <summary>Sum of evidence from which a match is automatic, inclusive.</summary>
    [Says("a match is automatic from", Unit = "points")]
    public double AutomaticFrom { get; init; } = Learned.Value(nameof(AutomaticFrom));

    /// <summary>Sum of evidence from which a person reviews it, inclusive; below is unmatched.</summary>
    [Says("a person reviews from", Unit = "points")]
    public double ReviewFrom { get; init; } = Learned.Value(nameof(ReviewFrom));

    /// <summary>Sum of evidence at which a lone candidate is as likely right as not; confidence is counted from it, a factor of two for each point.</summary>
    [Says("a candidate is as likely right as not at", Unit = "points")]
    public double EvenAt { get; init; } = Learned.Value(nameof(EvenAt));

    /// <summary>How many candidates a decision keeps.</summary>
    [Says("candidates that a decision keeps")]
    public int MaxCandidates { get; init; } = 5;

    /// <summary>Candidates within this many points of the best are a near tie: the tie-break decides among them.</summary>
    [Says("near ties are within", Unit = "points")]
    public double Margin { get; init; } = Learned.Value(nameof(Margin));

    /// <summary>What a match by domain alone is worth. Default: automatic only if no other candidate has more.</summary>
    [Says("a match by domain alone")]
    public DomainOnlyPolicy DomainOnly { get; init; } = DomainOnlyPolicy.Fallback;

    /// <summary>What becomes of a near tie that no business ground decides (steps after "most contacts"). Default: a person picks.</summary>
    [Says("a near tie that no business ground decides")]
    public NearTiePolicy NearTie { get; init; } = NearTiePolicy.Review;

    /// <summary>Which of a family of near-tied accounts is meant. Default: the most specific child.</summary>
    [Says("which account of a family is meant")]
    public FamilyPolicy Family { get; init; } = FamilyPolicy.Child;

    /// <summary>Points for each kind of evidence.</summary>
    [Says("points for each kind of evidence")]
    public MatchWeights Weights { get; init; } = MatchWeights.Default;

    /// <summary>The documented starting point, used when the configuration says nothing.</summary>
    public static MatchModel Default { get; } = new();
}

/// <summary>What a match by domain alone is worth.</summary>
public enum DomainOnlyPolicy
{
    /// <summary>Automatic only if no other candidate has more evidence.</summary>
    [Says("automatic only if no other candidate has more evidence")]
    Fallback = 0,

    /// <summary>At most a person's review.</summary>
    [Says("at most a person's review")]
    Never = 1,

    /// <summary>Automatic like any other evidence, near ties included.</summary>
    [Says("automatic like any other evidence")]
    Always = 2,
}

/// <summary>What becomes of a near tie that only counts, age or ids would decide.</summary>
public enum NearTiePolicy
{
    /// <summary>It goes to review as ambiguous, candidates in the order of the tie-break.</summary>
    [Says("a person picks")]
    Review = 0,

    /// <summary>The tie-break's first is matched, flagged as low confidence.</summary>
    [Says("the first of the tie-break, flagged")]
    Route = 1,
}

/// <summary>Which account of a family is meant when several are near-tied.</summary>
public enum FamilyPolicy
{
    /// <summary>The most specific child.</summary>
    [Says("the most specific child")]
    Child = 0,

    /// <summary>The one nearest to the top.</summary>
    [Says("the one nearest to the top")]
    Parent = 1,
}
