namespace Abm.Matching;

/// <summary>What matching goes by: evidence weights, bands and switches. Part of the configuration; immutable.</summary>
public sealed record MatchModel
{
    /// <summary>Sum of evidence from which a match is automatic, inclusive.</summary>
    public double AutomaticFrom { get; init; } = 7;

    /// <summary>Sum of evidence from which a person reviews it, inclusive; below is unmatched.</summary>
    public double ReviewFrom { get; init; } = 3;

    /// <summary>How many candidates a decision keeps.</summary>
    public int MaxCandidates { get; init; } = 5;

    /// <summary>The documented starting point, used when the configuration says nothing.</summary>
    public static MatchModel Default { get; } = new();
}
