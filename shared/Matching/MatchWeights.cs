namespace Abm.Matching;

/// <summary>Points for each kind of evidence, in bits: one point doubles the odds. Negative speaks against.</summary>
public sealed record MatchWeights
{
    /// <summary>The documented starting point.</summary>
    public static MatchWeights Default { get; } = new();

    /// <summary>E-mail or website domain is the account's first domain.</summary>
    public double DomainPrimary { get; init; } = 8;

    /// <summary>It is another of the account's domains.</summary>
    public double DomainSecondary { get; init; } = 7;

    /// <summary>Taken off for each doubling of the number of accounts that share the domain.</summary>
    public double DomainSharedPerDoubling { get; init; } = -2;
}
