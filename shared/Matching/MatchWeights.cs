using Abm.Configuration;

namespace Abm.Matching;

/// <summary>Points for each kind of evidence, in bits: one point doubles the odds that the account is the right one. Negative speaks against.</summary>
/// <remarks>What is missing on either side is evidence of its own, with 0 points: unknown is not no.</remarks>
[Says("evidence weights")]
public sealed record MatchWeights
{
    /// <summary>The documented starting point, learned from labelled leads (docs/matching.md): what <c>weights.csv</c> says.</summary>
    public static MatchWeights Default { get; } = new();

    /// <summary>The lead's e-mail address is a known contact's of the account.</summary>
    [Says("the e-mail address is a known contact's")]
    public double KnownContact { get; init; } = Learned.Value(nameof(KnownContact));

    /// <summary>E-mail or website domain is the account's first domain.</summary>
    [Says("the account's first domain")]
    public double DomainPrimary { get; init; } = Learned.Value(nameof(DomainPrimary));

    /// <summary>It is another of the account's domains.</summary>
    [Says("another of the account's domains")]
    public double DomainSecondary { get; init; } = Learned.Value(nameof(DomainSecondary));

    /// <summary>Both are under one registered domain, in different parts of it.</summary>
    [Says("another part of the same registered domain")]
    public double DomainRelated { get; init; } = Learned.Value(nameof(DomainRelated));

    /// <summary>For each doubling of the number of accounts that share the domain.</summary>
    [Says("the domain is shared, for each doubling of the accounts")]
    public double DomainSharedPerDoubling { get; init; } = Learned.Value(nameof(DomainSharedPerDoubling));

    /// <summary>The domain is shared, but its name is this account's whole name: the head, not a branch.</summary>
    [Says("the shared domain is named like this account")]
    public double DomainSharedButNamed { get; init; } = Learned.Value(nameof(DomainSharedButNamed));

    /// <summary>The lead says that it has no employer, so that its domain may be a provider's.</summary>
    [Says("the domain of somebody without an employer")]
    public double DomainOfSelfEmployed { get; init; } = Learned.Value(nameof(DomainOfSelfEmployed));

    /// <summary>The mailbox is named as private persons name theirs (<c>jane1984@</c>), so that its domain may be a provider's.</summary>
    [Says("the domain of a mailbox that is named like a private person's")]
    public double DomainOfPerson { get; init; } = Learned.Value(nameof(DomainOfPerson));

    /// <summary>The lead's domain has the account's name for its name, under an ending that we do not know the account by.</summary>
    [Says("the domain spells the account's name")]
    public double DomainSpellsName { get; init; } = Learned.Value(nameof(DomainSpellsName));

    /// <summary>The same with the initials of its name.</summary>
    [Says("the domain spells the initials of the account's name")]
    public double DomainSpellsInitials { get; init; } = Learned.Value(nameof(DomainSpellsInitials));

    /// <summary>Both have domains, and they are not the same.</summary>
    [Says("the domains differ")]
    public double DomainDiffers { get; init; } = Learned.Value(nameof(DomainDiffers));

    /// <summary>Both have domains, and they are not the same, but the names are.</summary>
    [Says("the domains differ, the names do not")]
    public double DomainDiffersSameName { get; init; } = Learned.Value(nameof(DomainDiffersSameName));

    /// <summary>The domains differ, but the name of one begins with the other's: perhaps a second domain of one owner.</summary>
    [Says("the domains differ, but begin alike")]
    public double DomainAlike { get; init; } = Learned.Value(nameof(DomainAlike));

    /// <summary>The names are the same but for legal form, accents, abbreviations and punctuation.</summary>
    [Says("the same name")]
    public double NameSame { get; init; } = Learned.Value(nameof(NameSame));

    /// <summary>The same but for words that people add and leave out, spaces, or order.</summary>
    [Says("the same name but for words that people leave out")]
    public double NameSameCore { get; init; } = Learned.Value(nameof(NameSameCore));

    /// <summary>The same but for misspelt words, beside others that are spelt alike.</summary>
    [Says("the same name, misspelt")]
    public double NameMisspelt { get; init; } = Learned.Value(nameof(NameMisspelt));

    /// <summary>The only telling word is misspelt, or the word that is written is another one that other accounts have.</summary>
    [Says("the only telling word of the name is misspelt")]
    public double NameDoubtful { get; init; } = Learned.Value(nameof(NameDoubtful));

    /// <summary>For each bit by which the name tells more than a common one (<see cref="CommonNameBits"/>).</summary>
    [Says("a rare name, for each bit")]
    public double NameRarePerBit { get; init; } = Learned.Value(nameof(NameRarePerBit));

    /// <summary>For each bit by which the name tells less than that: names of common words are many organisations'.</summary>
    [Says("a name of common words, for each bit")]
    public double NameCommonPerBit { get; init; } = Learned.Value(nameof(NameCommonPerBit));

    /// <summary>What a name tells that is neither rare nor common, in bits.</summary>
    [Says("what a common name tells, in bits")]
    public double CommonNameBits { get; init; } = Learned.Value(nameof(CommonNameBits));

    /// <summary>Most by which rarity can differ from that of a common name, in bits.</summary>
    [Says("most bits by which a name counts as rare or common")]
    public double RareNameBits { get; init; } = Learned.Value(nameof(RareNameBits));

    /// <summary>For each doubling of the number of accounts that have the name.</summary>
    [Says("the name is shared, for each doubling of the accounts")]
    public double NameSharedPerDoubling { get; init; } = Learned.Value(nameof(NameSharedPerDoubling));

    /// <summary>The names are the same, but not their legal forms: Acme LLC and Acme Corporation. That they are the same says little: most companies have one of a few.</summary>
    [Says("the legal forms of the same name differ")]
    public double LegalFormDiffers { get; init; } = Learned.Value(nameof(LegalFormDiffers));

    /// <summary>The name is nothing but a town's or county's, and it is not known that both are in one place: those of one name are in many states.</summary>
    [Says("a town's name, and the place is not known to be the same")]
    public double NameOfTown { get; init; } = Learned.Value(nameof(NameOfTown));

    /// <summary>Names that are alike but not the same, whatever they share; the next eight are added.</summary>
    [Says("the names are alike")]
    public double NameSimilar { get; init; } = Learned.Value(nameof(NameSimilar));

    /// <summary>What they share of all that either tells, 0 to 1.</summary>
    [Says("what alike names share of all they tell")]
    public double NameSimilarShare { get; init; } = Learned.Value(nameof(NameSimilarShare));

    /// <summary>For each bit that the words tell which they share; words of the lead's city aside.</summary>
    [Says("what alike names share, for each bit")]
    public double NameSimilarBits { get; init; } = Learned.Value(nameof(NameSimilarBits));

    /// <summary>For each bit of the words that they share and that are the lead's city or region.</summary>
    [Says("words of the place that alike names share, for each bit")]
    public double NameSimilarPlace { get; init; } = Learned.Value(nameof(NameSimilarPlace));

    /// <summary>The account's name has all telling words of the lead's.</summary>
    [Says("the account's name has all the lead's")]
    public double NameContained { get; init; } = Learned.Value(nameof(NameContained));

    /// <summary>The lead's name has all telling words of the account's.</summary>
    [Says("the lead's name has all the account's")]
    public double NameContains { get; init; } = Learned.Value(nameof(NameContains));

    /// <summary>For each bit that only the lead's name tells.</summary>
    [Says("words that only the lead's name has, for each bit")]
    public double NameLeadOnlyPerBit { get; init; } = Learned.Value(nameof(NameLeadOnlyPerBit));

    /// <summary>For each bit that only the account's name tells.</summary>
    [Says("words that only the account's name has, for each bit")]
    public double NameAccountOnlyPerBit { get; init; } = Learned.Value(nameof(NameAccountOnlyPerBit));

    /// <summary>They are alike, but say that they are different kinds of organisation: a bank, a hospital.</summary>
    [Says("alike names of different kinds")]
    public double NameOtherKind { get; init; } = Learned.Value(nameof(NameOtherKind));

    /// <summary>They are alike and of one kind in part, but one of them is also of another kind: a county, and its hospital.</summary>
    [Says("alike names, one of them also of another kind")]
    public double NameOtherPart { get; init; } = Learned.Value(nameof(NameOtherPart));

    /// <summary>The account is a town or county, and the lead's name has other words beside the town's: something that is named after the place.</summary>
    [Says("the account is a town, the lead's company is named after it")]
    public double NameAfterTown { get; init; } = Learned.Value(nameof(NameAfterTown));

    /// <summary>The lead's name has a number or a direction that the account's lacks: District 12, Hospital South.</summary>
    [Says("a number or direction that only the lead's name has")]
    public double NameOtherMarker { get; init; } = Learned.Value(nameof(NameOtherMarker));

    /// <summary>The account's name has one that the lead's lacks; people leave them away.</summary>
    [Says("a number or direction that only the account's name has")]
    public double NameAccountMarker { get; init; } = Learned.Value(nameof(NameAccountMarker));

    /// <summary>The lead's name is the beginning of the account's, word for word.</summary>
    [Says("the lead's name is the beginning of the account's")]
    public double NameBegins { get; init; } = Learned.Value(nameof(NameBegins));

    /// <summary>Misspelt, but not by a slip of the fingers: likelier another name.</summary>
    [Says("misspelt, but not as fingers slip")]
    public double NameOddSlip { get; init; } = Learned.Value(nameof(NameOddSlip));

    /// <summary>For each misspelt word beyond the first, up to two.</summary>
    [Says("further misspelt words, for each")]
    public double NameMoreSlipsPerWord { get; init; } = Learned.Value(nameof(NameMoreSlipsPerWord));

    /// <summary>Misspelt by two neighbouring letters that are swapped: no two names differ like that, fingers do.</summary>
    [Says("misspelt by two letters swapped")]
    public double NameSwapped { get; init; } = Learned.Value(nameof(NameSwapped));

    /// <summary>For each letter, beyond five and up to four, of the longest misspelt word: of long names few are one letter apart by chance.</summary>
    [Says("the length of the misspelt word, for each letter beyond five")]
    public double NameSlipPerLetter { get; init; } = Learned.Value(nameof(NameSlipPerLetter));

    /// <summary>What is taken for a misspelling is a word that other accounts have.</summary>
    [Says("what is taken for a misspelling is a word of other accounts")]
    public double NameOtherWord { get; init; } = Learned.Value(nameof(NameOtherWord));

    /// <summary>For each bit by which the letters that the lead writes look odder than the account's: slips make unlikely words, names seldom are.</summary>
    [Says("the misspelling looks odder than the name, for each bit")]
    public double NameOdderPerBit { get; init; } = Learned.Value(nameof(NameOdderPerBit));

    /// <summary>Misspelt, but the lead's own domain spells it in the same way: another company.</summary>
    [Says("the lead's own domain spells the name as the lead does")]
    public double NameSpeltByDomain { get; init; } = Learned.Value(nameof(NameSpeltByDomain));

    /// <summary>Only a part of what was typed, or another reading of it, is like the account's name.</summary>
    [Says("only a part of what was typed is the name")]
    public double NamePart { get; init; } = Learned.Value(nameof(NamePart));

    /// <summary>The lead writes the initials of the account's name, or the account goes by the initials of the lead's.</summary>
    [Says("the initials of the name")]
    public double NameInitials { get; init; } = Learned.Value(nameof(NameInitials));

    /// <summary>For each doubling of the number of accounts that have these initials.</summary>
    [Says("the initials are shared, for each doubling of the accounts")]
    public double NameInitialsSharedPerDoubling { get; init; } = Learned.Value(nameof(NameInitialsSharedPerDoubling));

    /// <summary>The lead writes the name of the account's domain.</summary>
    [Says("the name is the account's domain")]
    public double NameIsDomain { get; init; } = Learned.Value(nameof(NameIsDomain));

    /// <summary>The name of the account's domain is made of words of the lead's company: a former name, often.</summary>
    [Says("the account's domain is made of the lead's words")]
    public double NameFillsDomain { get; init; } = Learned.Value(nameof(NameFillsDomain));

    /// <summary>The name of the account's domain is the initials of the lead's company.</summary>
    [Says("the account's domain is the lead's initials")]
    public double NameInitialsOfDomain { get; init; } = Learned.Value(nameof(NameInitialsOfDomain));

    /// <summary>The lead writes the name of the account's domain, and that domain has been counted already.</summary>
    [Says("the name is the domain that was counted already")]
    public double NameIsAgreedDomain { get; init; } = Learned.Value(nameof(NameIsAgreedDomain));

    /// <summary>The same, and it is the account's name, too.</summary>
    [Says("the same name, which is the domain that was counted already")]
    public double NameSameAsAgreedDomain { get; init; } = Learned.Value(nameof(NameSameAsAgreedDomain));

    /// <summary>The names have nothing in common.</summary>
    [Says("the names differ")]
    public double NameDiffers { get; init; } = Learned.Value(nameof(NameDiffers));

    /// <summary>The names have nothing in common, but the domain is no other account's.</summary>
    [Says("the names differ, the domain is this account's alone")]
    public double NameDiffersUnderDomain { get; init; } = Learned.Value(nameof(NameDiffersUnderDomain));

    /// <summary>The names have nothing in common, but the domain is the account's, and bears its name: a brand, a subsidiary, a former name.</summary>
    [Says("the names differ under the account's own domain")]
    public double NameDiffersUnderOwnDomain { get; init; } = Learned.Value(nameof(NameDiffersUnderOwnDomain));

    /// <summary>The names have nothing in common, and the domain is a school's: students and alumni have an address there.</summary>
    [Says("another employer at a school's domain")]
    public double NameDiffersUnderSchool { get; init; } = Learned.Value(nameof(NameDiffersUnderSchool));

    /// <summary>The names have nothing in common, the domain agrees, and both are the same kind of organisation: two hospitals of a system.</summary>
    [Says("another organisation of the same kind at the domain")]
    public double NameOtherMember { get; init; } = Learned.Value(nameof(NameOtherMember));

    /// <summary>The names are written in two scripts and cannot be compared.</summary>
    [Says("the names are in two scripts")]
    public double NameOtherScript { get; init; } = Learned.Value(nameof(NameOtherScript));

    /// <summary>Domain or telephone agree, but neither the name nor the city: another branch of a system.</summary>
    [Says("another branch: neither name nor city agree")]
    public double OtherBranch { get; init; } = Learned.Value(nameof(OtherBranch));

    /// <summary>The street is the same, but the names have nothing in common, and neither domain nor telephone agree: another tenant of the building.</summary>
    [Says("another tenant: the same street, another name")]
    public double OtherTenant { get; init; } = Learned.Value(nameof(OtherTenant));

    /// <summary>The telephone numbers are the same.</summary>
    [Says("the same telephone number")]
    public double PhoneSame { get; init; } = Learned.Value(nameof(PhoneSame));

    /// <summary>For each doubling of the number of accounts that share the telephone number.</summary>
    [Says("the telephone number is shared, for each doubling of the accounts")]
    public double PhoneSharedPerDoubling { get; init; } = Learned.Value(nameof(PhoneSharedPerDoubling));

    /// <summary>Same street and house number in the same city.</summary>
    [Says("the same street and house number")]
    public double StreetSame { get; init; } = Learned.Value(nameof(StreetSame));

    /// <summary>For each doubling of the number of accounts at that address.</summary>
    [Says("the street is shared, for each doubling of the accounts")]
    public double StreetSharedPerDoubling { get; init; } = Learned.Value(nameof(StreetSharedPerDoubling));

    /// <summary>Both are in one city, in different streets.</summary>
    [Says("another street of the same city")]
    public double StreetDiffers { get; init; } = Learned.Value(nameof(StreetDiffers));

    /// <summary>For each bit that the city tells: few accounts are in a small town.</summary>
    [Says("the same city, for each bit that it tells")]
    public double CitySamePerBit { get; init; } = Learned.Value(nameof(CitySamePerBit));

    /// <summary>Same state or province; the city is unknown.</summary>
    [Says("the same state or province")]
    public double RegionSame { get; init; } = Learned.Value(nameof(RegionSame));

    /// <summary>Same country; nothing nearer is known of one of them.</summary>
    [Says("the same country")]
    public double CountrySame { get; init; } = Learned.Value(nameof(CountrySame));

    /// <summary>Same country and region, or no regions known, and another city.</summary>
    [Says("another city")]
    public double CityDiffers { get; init; } = Learned.Value(nameof(CityDiffers));

    /// <summary>Same country, another state or province.</summary>
    [Says("another state or province")]
    public double RegionDiffers { get; init; } = Learned.Value(nameof(RegionDiffers));
    [Says("another country")]
    public double CountryDiffers { get; init; } = Learned.Value(nameof(CountryDiffers));

    /// <summary>As the three before, but the domain agrees: companies have offices.</summary>
    [Says("another city, though the domain is the same")]
    public double CityDiffersAtDomain { get; init; } = Learned.Value(nameof(CityDiffersAtDomain));

    /// <summary>Another state or province, though the domain agrees.</summary>
    [Says("another region, though the domain is the same")]
    public double RegionDiffersAtDomain { get; init; } = Learned.Value(nameof(RegionDiffersAtDomain));

    /// <summary>Another country, though the domain agrees.</summary>
    [Says("another country, though the domain is the same")]
    public double CountryDiffersAtDomain { get; init; } = Learned.Value(nameof(CountryDiffersAtDomain));

    /// <summary>Another city or region, no other country, under a domain that is the account's own and bears its name: a company's people sit in all its offices, and at home.</summary>
    [Says("elsewhere, under the account's own domain")]
    public double ElsewhereAtOwnDomain { get; init; } = Learned.Value(nameof(ElsewhereAtOwnDomain));

    /// <summary>The account is named for its country ("Acme (Canada)"), and the lead is in another: another country's branch.</summary>
    [Says("the account is named for a country that is not the lead's")]
    public double OtherCountrysBranch { get; init; } = Learned.Value(nameof(OtherCountrysBranch));

    /// <summary>The lead names no place, but its mail or website is under the ending of the account's country.</summary>
    [Says("the lead's domain ends in the account's country")]
    public double MailCountrySame { get; init; } = Learned.Value(nameof(MailCountrySame));

    /// <summary>The lead names no place, and its mail or website is under the ending of another country.</summary>
    [Says("the lead's domain ends in another country")]
    public double MailCountryDiffers { get; init; } = Learned.Value(nameof(MailCountryDiffers));

    /// <summary>Points for each unit of a kind of evidence; 0 for what is missing.</summary>
    internal double Of(EvidenceKind kind) => kind switch
    {
        EvidenceKind.KnownContact => KnownContact,
        EvidenceKind.DomainPrimary => DomainPrimary,
        EvidenceKind.DomainSecondary => DomainSecondary,
        EvidenceKind.DomainRelated => DomainRelated,
        EvidenceKind.DomainShared => DomainSharedPerDoubling,
        EvidenceKind.DomainOfSelfEmployed => DomainOfSelfEmployed,
        EvidenceKind.DomainOfPerson => DomainOfPerson,
        EvidenceKind.DomainSpellsName => DomainSpellsName,
        EvidenceKind.DomainSpellsInitials => DomainSpellsInitials,
        EvidenceKind.DomainDiffers => DomainDiffers,
        EvidenceKind.DomainDiffersSameName => DomainDiffersSameName,
        EvidenceKind.NameSame => NameSame,
        EvidenceKind.NameSameCore => NameSameCore,
        EvidenceKind.NameMisspelt => NameMisspelt,
        EvidenceKind.NameDoubtful => NameDoubtful,
        EvidenceKind.NameRare => NameRarePerBit,
        EvidenceKind.NameShared => NameSharedPerDoubling,
        EvidenceKind.NameSimilar => NameSimilar,
        EvidenceKind.NameSimilarShare => NameSimilarShare,
        EvidenceKind.NameSimilarBits => NameSimilarBits,
        EvidenceKind.NameSimilarPlace => NameSimilarPlace,
        EvidenceKind.NameContained => NameContained,
        EvidenceKind.NameContains => NameContains,
        EvidenceKind.NameLeadOnly => NameLeadOnlyPerBit,
        EvidenceKind.NameAccountOnly => NameAccountOnlyPerBit,
        EvidenceKind.NameOtherKind => NameOtherKind,
        EvidenceKind.NameOfTown => NameOfTown,
        EvidenceKind.NameOtherPart => NameOtherPart,
        EvidenceKind.NameOtherMarker => NameOtherMarker,
        EvidenceKind.NameBegins => NameBegins,
        EvidenceKind.OtherTenant => OtherTenant,
        EvidenceKind.ElsewhereAtOwnDomain => ElsewhereAtOwnDomain,
        EvidenceKind.NamePart => NamePart,
        EvidenceKind.NameInitials => NameInitials,
        EvidenceKind.NameInitialsShared => NameInitialsSharedPerDoubling,
        EvidenceKind.NameIsDomain => NameIsDomain,
        EvidenceKind.NameIsAgreedDomain => NameIsAgreedDomain,
        EvidenceKind.NameSameAsAgreedDomain => NameSameAsAgreedDomain,
        EvidenceKind.NameDiffers => NameDiffers,
        EvidenceKind.NameDiffersUnderDomain => NameDiffersUnderDomain,
        EvidenceKind.NameDiffersUnderOwnDomain => NameDiffersUnderOwnDomain,
        EvidenceKind.NameOtherScript => NameOtherScript,
        EvidenceKind.PhoneSame => PhoneSame,
        EvidenceKind.PhoneShared => PhoneSharedPerDoubling,
        EvidenceKind.OtherBranch => OtherBranch,
        EvidenceKind.StreetSame => StreetSame,
        EvidenceKind.StreetShared => StreetSharedPerDoubling,
        EvidenceKind.StreetDiffers => StreetDiffers,
        EvidenceKind.CitySame => CitySamePerBit,
        EvidenceKind.RegionSame => RegionSame,
        EvidenceKind.CountrySame => CountrySame,
        EvidenceKind.CityDiffers => CityDiffers,
        EvidenceKind.RegionDiffers => RegionDiffers,
        EvidenceKind.CountryDiffers => CountryDiffers,
        EvidenceKind.CityDiffersAtDomain => CityDiffersAtDomain,
        EvidenceKind.RegionDiffersAtDomain => RegionDiffersAtDomain,
        EvidenceKind.CountryDiffersAtDomain => CountryDiffersAtDomain,
        EvidenceKind.NameOddSlip => NameOddSlip,
        EvidenceKind.NameSpeltByDomain => NameSpeltByDomain,
        EvidenceKind.NameDiffersUnderSchool => NameDiffersUnderSchool,
        EvidenceKind.NameOtherMember => NameOtherMember,
        EvidenceKind.NameFillsDomain => NameFillsDomain,
        EvidenceKind.NameInitialsOfDomain => NameInitialsOfDomain,
        EvidenceKind.NameCommon => NameCommonPerBit,
        EvidenceKind.DomainSharedButNamed => DomainSharedButNamed,
        EvidenceKind.DomainAlike => DomainAlike,
        EvidenceKind.NameSwapped => NameSwapped,
        EvidenceKind.NameSlipLetters => NameSlipPerLetter,
        EvidenceKind.NameOtherWord => NameOtherWord,
        EvidenceKind.LegalFormDiffers => LegalFormDiffers,
        EvidenceKind.NameMoreSlips => NameMoreSlipsPerWord,
        EvidenceKind.NameOdder => NameOdderPerBit,
        EvidenceKind.NameAfterTown => NameAfterTown,
        EvidenceKind.NameAccountMarker => NameAccountMarker,
        EvidenceKind.OtherCountrysBranch => OtherCountrysBranch,
        EvidenceKind.MailCountrySame => MailCountrySame,
        EvidenceKind.MailCountryDiffers => MailCountryDiffers,
        _ => 0,
    };
}
