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
    public double DomainSecondary { get; init; } = 7.5;

    /// <summary>Both are under one registered domain, in different parts of it.</summary>
    public double DomainRelated { get; init; } = 3;

    /// <summary>For each doubling of the number of accounts that share the domain.</summary>
    public double DomainSharedPerDoubling { get; init; } = -1;

    /// <summary>The lead says that it has no employer, so that its domain may be a provider's.</summary>
    public double DomainOfSelfEmployed { get; init; } = -4;

    /// <summary>The lead's domain has the account's name for its name, under an ending that we do not know the account by.</summary>
    public double DomainSpellsName { get; init; } = 3;

    /// <summary>Both have domains, and they are not the same.</summary>
    public double DomainDiffers { get; init; } = -2.5;

    /// <summary>The names are the same but for legal form, accents, abbreviations and punctuation.</summary>
    public double NameSame { get; init; } = 6.5;

    /// <summary>The same but for words that people add and leave out, spaces, or order.</summary>
    public double NameSameCore { get; init; } = 6;

    /// <summary>The same but for misspelt words, beside others that are spelt alike.</summary>
    public double NameMisspelt { get; init; } = 5.5;

    /// <summary>The only telling word is misspelt, or the word that is written is another one that other accounts have.</summary>
    public double NameDoubtful { get; init; } = 3.5;

    /// <summary>For each bit by which the name tells more than a common one (<see cref="CommonNameBits"/>), or less.</summary>
    public double NameRarePerBit { get; init; } = 0.25;

    /// <summary>What a name tells that is neither rare nor common, in bits.</summary>
    public double CommonNameBits { get; init; } = 8;

    /// <summary>Most that rarity can add or take.</summary>
    public double NameRareMost { get; init; } = 2;

    /// <summary>For each doubling of the number of accounts that have the name.</summary>
    public double NameSharedPerDoubling { get; init; } = -0.25;

    /// <summary>Names that are alike but not the same, if they had everything in common; in proportion to what they share.</summary>
    public double NameSimilar { get; init; } = 6;

    /// <summary>For each bit that only one of two alike names tells.</summary>
    public double NameApartPerBit { get; init; } = -0.06;

    /// <summary>The lead writes the initials of the account's name, or the account goes by the initials of the lead's.</summary>
    public double NameInitials { get; init; } = 5.25;

    /// <summary>For each doubling of the number of accounts that have these initials.</summary>
    public double NameInitialsSharedPerDoubling { get; init; } = -0.5;

    /// <summary>The lead writes the name of the account's domain.</summary>
    public double NameIsDomain { get; init; } = 5.5;

    /// <summary>The lead writes the name of the account's domain, and that domain has been counted already.</summary>
    public double NameIsAgreedDomain { get; init; } = 1;

    /// <summary>The same, and it is the account's name, too.</summary>
    public double NameSameAsAgreedDomain { get; init; } = 2;

    /// <summary>The names have nothing in common.</summary>
    public double NameDiffers { get; init; } = -3;

    /// <summary>The names have nothing in common, but the domain is the account's, and bears its name: a brand, a subsidiary, a former name.</summary>
    public double NameDiffersUnderOwnDomain { get; init; } = -1;

    /// <summary>Domain or telephone agree, but neither the name nor the city: another branch of a system.</summary>
    public double OtherBranch { get; init; } = -2.5;

    /// <summary>The telephone numbers are the same.</summary>
    public double PhoneSame { get; init; } = 8.25;

    /// <summary>For each doubling of the number of accounts that share the telephone number.</summary>
    public double PhoneSharedPerDoubling { get; init; } = -1;

    /// <summary>Same street and house number in the same city.</summary>
    public double StreetSame { get; init; } = 4.5;

    /// <summary>For each bit that the city tells: few accounts are in a small town.</summary>
    public double CitySamePerBit { get; init; } = 0.22;

    /// <summary>Same state or province; the city is unknown.</summary>
    public double RegionSame { get; init; } = 1;

    /// <summary>Same country; nothing nearer is known of one of them.</summary>
    public double CountrySame { get; init; } = 0.5;

    /// <summary>Same country and region, or no regions known, and another city.</summary>
    public double CityDiffers { get; init; } = -1;

    /// <summary>Same country, another state or province.</summary>
    public double RegionDiffers { get; init; } = -2.5;
    public double CountryDiffers { get; init; } = -3.5;
}
