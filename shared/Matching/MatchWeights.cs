namespace Abm.Matching;

/// <summary>Points for each kind of evidence, in bits: one point doubles the odds that the account is the right one. Negative speaks against.</summary>
/// <remarks>What is missing on either side is evidence of its own, with 0 points: unknown is not no.</remarks>
public sealed record MatchWeights
{
    /// <summary>The documented starting point, tuned on labelled leads (docs/matching.md).</summary>
    public static MatchWeights Default { get; } = new();

    /// <summary>The lead's e-mail address is a known contact's of the account.</summary>
    public double KnownContact { get; init; } = 12;

    /// <summary>E-mail or website domain is the account's first domain.</summary>
    public double DomainPrimary { get; init; } = 8;

    /// <summary>It is another of the account's domains.</summary>
    public double DomainSecondary { get; init; } = 7;

    /// <summary>Both are under one registered domain, in different parts of it.</summary>
    public double DomainRelated { get; init; } = 3;

    /// <summary>For each doubling of the number of accounts that share the domain.</summary>
    public double DomainSharedPerDoubling { get; init; } = -2;

    /// <summary>The lead's domain has the account's name for its name, under an ending that we do not know the account by.</summary>
    public double DomainSpellsName { get; init; } = 3;

    /// <summary>Both have domains, and they are not the same.</summary>
    public double DomainDiffers { get; init; } = -3;

    /// <summary>The names are the same but for legal form, accents, abbreviations and punctuation.</summary>
    public double NameSame { get; init; } = 5;

    /// <summary>The same but for words that people add and leave out, spaces, or order.</summary>
    public double NameSameCore { get; init; } = 4.5;

    /// <summary>For each bit by which the name tells more than a common one (<see cref="CommonNameBits"/>), or less.</summary>
    public double NameRarePerBit { get; init; } = 0.25;

    /// <summary>What a name tells that is neither rare nor common, in bits.</summary>
    public double CommonNameBits { get; init; } = 8;

    /// <summary>Most that rarity can add or take.</summary>
    public double NameRareMost { get; init; } = 2;

    /// <summary>For each doubling of the number of accounts that have the name.</summary>
    public double NameSharedPerDoubling { get; init; } = -1;

    /// <summary>Names that are alike but not the same, if they had everything in common; in proportion to the square of what they share.</summary>
    public double NameSimilar { get; init; } = 4;

    /// <summary>For each bit that only one of two alike names tells.</summary>
    public double NameApartPerBit { get; init; } = -0.25;

    /// <summary>The lead writes the initials of the account's name.</summary>
    public double NameInitials { get; init; } = 3;

    /// <summary>The lead writes the name of the account's domain.</summary>
    public double NameIsDomain { get; init; } = 4;

    /// <summary>The names have nothing in common.</summary>
    public double NameDiffers { get; init; } = -3;

    /// <summary>The telephone numbers are the same.</summary>
    public double PhoneSame { get; init; } = 7;

    /// <summary>For each doubling of the number of accounts that share the telephone number.</summary>
    public double PhoneSharedPerDoubling { get; init; } = -1;

    /// <summary>Same street and house number in the same city.</summary>
    public double StreetSame { get; init; } = 4;
    public double CitySame { get; init; } = 2;

    /// <summary>Same state or province; the city is unknown or another.</summary>
    public double RegionSame { get; init; } = 1;

    /// <summary>Same country; nothing nearer is known of one of them.</summary>
    public double CountrySame { get; init; } = 0.5;

    /// <summary>Same country and region, or no regions known, and another city.</summary>
    public double CityDiffers { get; init; } = -1;

    /// <summary>Same country, another state or province.</summary>
    public double RegionDiffers { get; init; } = -1.5;
    public double CountryDiffers { get; init; } = -2.5;
}
