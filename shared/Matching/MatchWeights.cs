using Abm.Configuration;

namespace Abm.Matching;

/// <summary>Points for each kind of evidence, in bits: one point doubles the odds that the account is the right one. Negative speaks against.</summary>
/// <remarks>What is missing on either side is evidence of its own, with 0 points: unknown is not no.</remarks>
[Says("evidence weights")]
public sealed record MatchWeights
{
    /// <summary>The documented starting point, tuned on labelled leads (docs/matching.md).</summary>
    public static MatchWeights Default { get; } = new();

    /// <summary>The lead's e-mail address is a known contact's of the account.</summary>
    [Says("the e-mail address is a known contact's")]
    public double KnownContact { get; init; } = 12;

    /// <summary>E-mail or website domain is the account's first domain.</summary>
    [Says("the account's first domain")]
    public double DomainPrimary { get; init; } = 8;

    /// <summary>It is another of the account's domains.</summary>
    [Says("another of the account's domains")]
    public double DomainSecondary { get; init; } = 7.5;

    /// <summary>Both are under one registered domain, in different parts of it.</summary>
    [Says("another part of the same registered domain")]
    public double DomainRelated { get; init; } = 3;

    /// <summary>For each doubling of the number of accounts that share the domain.</summary>
    [Says("the domain is shared, for each doubling of the accounts")]
    public double DomainSharedPerDoubling { get; init; } = -1;

    /// <summary>The lead says that it has no employer, so that its domain may be a provider's.</summary>
    [Says("the domain of somebody without an employer")]
    public double DomainOfSelfEmployed { get; init; } = -4;

    /// <summary>The lead's domain has the account's name for its name, under an ending that we do not know the account by.</summary>
    [Says("the domain spells the account's name")]
    public double DomainSpellsName { get; init; } = 3;

    /// <summary>Both have domains, and they are not the same.</summary>
    [Says("the domains differ")]
    public double DomainDiffers { get; init; } = -2.5;

    /// <summary>The names are the same but for legal form, accents, abbreviations and punctuation.</summary>
    [Says("the same name")]
    public double NameSame { get; init; } = 6.5;

    /// <summary>The same but for words that people add and leave out, spaces, or order.</summary>
    [Says("the same name but for words that people leave out")]
    public double NameSameCore { get; init; } = 6;

    /// <summary>The same but for misspelt words, beside others that are spelt alike.</summary>
    [Says("the same name, misspelt")]
    public double NameMisspelt { get; init; } = 5.5;

    /// <summary>The only telling word is misspelt, or the word that is written is another one that other accounts have.</summary>
    [Says("the only telling word of the name is misspelt")]
    public double NameDoubtful { get; init; } = 3.5;

    /// <summary>For each bit by which the name tells more than a common one (<see cref="CommonNameBits"/>), or less.</summary>
    [Says("a rare name, for each bit")]
    public double NameRarePerBit { get; init; } = 0.25;

    /// <summary>What a name tells that is neither rare nor common, in bits.</summary>
    [Says("what a common name tells, in bits")]
    public double CommonNameBits { get; init; } = 8;

    /// <summary>Most that rarity can add or take.</summary>
    [Says("most that rarity of a name can add or take")]
    public double NameRareMost { get; init; } = 2;

    /// <summary>For each doubling of the number of accounts that have the name.</summary>
    [Says("the name is shared, for each doubling of the accounts")]
    public double NameSharedPerDoubling { get; init; } = -0.25;

    /// <summary>Names that are alike but not the same, if they had everything in common; in proportion to what they share.</summary>
    [Says("a similar name")]
    public double NameSimilar { get; init; } = 6;

    /// <summary>For each bit that only one of two alike names tells.</summary>
    [Says("what only one of two similar names has, for each bit")]
    public double NameApartPerBit { get; init; } = -0.06;

    /// <summary>The lead writes the initials of the account's name, or the account goes by the initials of the lead's.</summary>
    [Says("the initials of the name")]
    public double NameInitials { get; init; } = 5.25;

    /// <summary>For each doubling of the number of accounts that have these initials.</summary>
    [Says("the initials are shared, for each doubling of the accounts")]
    public double NameInitialsSharedPerDoubling { get; init; } = -0.5;

    /// <summary>The lead writes the name of the account's domain.</summary>
    [Says("the name is the account's domain")]
    public double NameIsDomain { get; init; } = 5.5;

    /// <summary>The lead writes the name of the account's domain, and that domain has been counted already.</summary>
    [Says("the name is the domain that was counted already")]
    public double NameIsAgreedDomain { get; init; } = 1;

    /// <summary>The same, and it is the account's name, too.</summary>
    [Says("the same name, which is the domain that was counted already")]
    public double NameSameAsAgreedDomain { get; init; } = 2;

    /// <summary>The names have nothing in common.</summary>
    [Says("the names differ")]
    public double NameDiffers { get; init; } = -3;

    /// <summary>The names have nothing in common, but the domain is the account's, and bears its name: a brand, a subsidiary, a former name.</summary>
    [Says("the names differ under the account's own domain")]
    public double NameDiffersUnderOwnDomain { get; init; } = -1;

    /// <summary>Domain or telephone agree, but neither the name nor the city: another branch of a system.</summary>
    [Says("another branch: neither name nor city agree")]
    public double OtherBranch { get; init; } = -2.5;

    /// <summary>The telephone numbers are the same.</summary>
    [Says("the same telephone number")]
    public double PhoneSame { get; init; } = 8.25;

    /// <summary>For each doubling of the number of accounts that share the telephone number.</summary>
    [Says("the telephone number is shared, for each doubling of the accounts")]
    public double PhoneSharedPerDoubling { get; init; } = -1;

    /// <summary>Same street and house number in the same city.</summary>
    [Says("the same street and house number")]
    public double StreetSame { get; init; } = 4.5;

    /// <summary>For each bit that the city tells: few accounts are in a small town.</summary>
    [Says("the same city, for each bit that it tells")]
    public double CitySamePerBit { get; init; } = 0.22;

    /// <summary>Same state or province; the city is unknown.</summary>
    [Says("the same state or province")]
    public double RegionSame { get; init; } = 1;

    /// <summary>Same country; nothing nearer is known of one of them.</summary>
    [Says("the same country")]
    public double CountrySame { get; init; } = 0.5;

    /// <summary>Same country and region, or no regions known, and another city.</summary>
    [Says("another city")]
    public double CityDiffers { get; init; } = -1;

    /// <summary>Same country, another state or province.</summary>
    [Says("another state or province")]
    public double RegionDiffers { get; init; } = -2.5;
    [Says("another country")]
    public double CountryDiffers { get; init; } = -3.5;
}
