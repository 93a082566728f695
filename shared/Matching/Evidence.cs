namespace Abm.Matching;

/// <summary>One piece of evidence about one candidate.</summary>
/// <param name="Amount">How much of it, where that varies: bits, share, number of accounts; else 1.</param>
internal readonly record struct Evidence(EvidenceKind Kind, double Amount, double Points);

/// <summary>What evidence can be.</summary>
internal enum EvidenceKind
{
    KnownContact,
    DomainPrimary,
    DomainSecondary,
    DomainRelated,
    DomainShared,
    DomainOfSelfEmployed,
    DomainSpellsName,
    DomainDiffers,
    DomainMissing,
    NameSame,
    NameSameCore,
    NameMisspelt,
    NameDoubtful,
    NameRare,
    NameShared,
    NameSimilar,
    NameApart,
    NameInitials,
    NameInitialsShared,
    NameIsDomain,
    NameDiffers,
    NameDiffersUnderOwnDomain,
    NameMissing,
    PhoneSame,
    PhoneShared,
    PhoneDiffers,
    PhoneMissing,
    OtherBranch,
    StreetSame,
    CitySame,
    RegionSame,
    CountrySame,
    CityDiffers,
    RegionDiffers,
    CountryDiffers,
    PlaceMissing,
}
