using System.Globalization;
using Abm.Accounts;
using Abm.Decisions;

namespace Abm.Matching;

/// <summary>Codes and sentences of the matcher.</summary>
public static class MatchReasons
{
    public const string Claimed = "match.claimed";
    public const string ClaimedUnknown = "match.claimed.unknown";
    public const string Automatic = "match.band.automatic";
    public const string Review = "match.band.review";
    public const string Below = "match.band.below";
    public const string Ambiguous = "match.ambiguous";
    public const string LowConfidence = "match.lowConfidence";
    public const string DomainOnly = "match.domainOnly";
    public const string FreemailNoCompany = "match.none.freemailNoCompany";
    public const string NoDomain = "match.none.noDomain";
    public const string NoCandidate = "match.none.noCandidate";
    public const string AutomatedSender = "match.none.automatedSender";
    public const string SwitchedOff = "match.switchedOff";

    internal static Reason Of(Evidence piece, LeadProfile lead, AccountKeys account)
    {
        string name = account.Account.Name;
        string domain = (lead.EmailDomain ?? lead.WebsiteDomain)?.Host ?? "";
        return piece.Kind switch
        {
            EvidenceKind.KnownContact => Make("match.contact", $"The e-mail address is a known contact's of {name}"),
            EvidenceKind.DomainPrimary => Make("match.domain.primary", $"The domain {SharedDomain(lead, account)} is {name}'s first"),
            EvidenceKind.DomainSecondary => Make("match.domain.secondary", $"The domain {SharedDomain(lead, account)} is one of {name}'s"),
            EvidenceKind.DomainRelated => Make("match.domain.related", $"The lead and {name} are in different parts of the domain {SharedDomain(lead, account)}"),
            EvidenceKind.DomainShared => Make("match.domain.shared", $"{Whole(piece.Amount)} accounts share that domain, so it says less"),
            EvidenceKind.DomainOfSelfEmployed => Make("match.domain.selfEmployed", "The lead says that it has no employer, so the domain may be a provider's"),
            EvidenceKind.DomainSpellsName => Make("match.domain.spellsName", $"The domain {domain} is not known as {name}'s, but spells its name"),
            EvidenceKind.DomainDiffers => Make("match.domain.differs", $"The domain {domain} is none of {name}'s"),
            EvidenceKind.DomainMissing => Make("match.domain.missing", piece.Amount == 0 ? "The lead has no company domain to compare" : account.Domains.Length == 0 ? $"No domain of {name} is known" : $"The domain {domain} is not known as {name}'s, but may well be"),
            EvidenceKind.NameSame => Make("match.name.same", $"The company is named like {name}"),
            EvidenceKind.NameSameCore => Make("match.name.sameCore", $"The company is named like {name}, but for order, spaces or words that people leave out"),
            EvidenceKind.NameMisspelt => Make("match.name.misspelt", $"The company is named like {name}, but for spelling"),
            EvidenceKind.NameDoubtful => Make("match.name.doubtful", $"The company is spelt nearly like {name}, but may be another"),
            EvidenceKind.NameRare => Make("match.name.rare", piece.Points >= 0 ? "The name is a rare one" : "The name is made of common words, so it says less"),
            EvidenceKind.NameShared => Make("match.name.shared", $"{Whole(piece.Amount)} accounts have that name, so it says less"),
            EvidenceKind.NameSimilar => Make("match.name.similar", $"The company's name and {name} have {Percent(piece.Amount)} in common"),
            EvidenceKind.NameApart => Make("match.name.apart", "Each name, or one of them, has words that the other lacks"),
            EvidenceKind.NameInitials => Make("match.name.initials", $"The initials of {name} fit"),
            EvidenceKind.NameInitialsShared => Make("match.name.initialsShared", $"{Whole(piece.Amount)} accounts have those initials, so they say less"),
            EvidenceKind.NameIsDomain => Make("match.name.isDomain", $"The company is written like {name}'s domain"),
            EvidenceKind.NameDiffers => Make("match.name.differs", $"The company's name has nothing in common with {name}"),
            EvidenceKind.NameDiffersUnderOwnDomain => Make("match.name.differsUnderOwnDomain", $"The company's name has nothing in common with {name}, but the domain bears {name}'s name: a brand, subsidiary or former name"),
            EvidenceKind.NameMissing => Make("match.name.missing", "The lead names no company"),
            EvidenceKind.PhoneSame => Make("match.phone.same", $"The telephone number is {name}'s"),
            EvidenceKind.PhoneShared => Make("match.phone.shared", $"{Whole(piece.Amount)} accounts have that number, so it says less"),
            EvidenceKind.PhoneDiffers => Make("match.phone.differs", "The telephone numbers differ, as those of one company often do"),
            EvidenceKind.PhoneMissing => Make("match.phone.missing", "There are no two telephone numbers to compare"),
            EvidenceKind.OtherBranch => Make("match.place.otherBranch", $"Domain or telephone fit, but neither the name nor the city: likely another branch than {name}"),
            EvidenceKind.StreetSame => Make("match.place.street", "The street address is the same"),
            EvidenceKind.CitySame => Make("match.place.city", $"Both are in {account.Account.City}"),
            EvidenceKind.RegionSame => Make("match.place.region", $"Both are in {account.Account.State}"),
            EvidenceKind.CountrySame => Make("match.place.country", $"Both are in {account.Account.Country}"),
            EvidenceKind.CityDiffers => Make("match.place.cityDiffers", $"{name} is in another city, {account.Account.City}"),
            EvidenceKind.RegionDiffers => Make("match.place.regionDiffers", $"{name} is in another region, {account.Account.State}"),
            EvidenceKind.CountryDiffers => Make("match.place.countryDiffers", $"{name} is in another country, {account.Account.Country}"),
            EvidenceKind.PlaceMissing => Make("match.place.missing", "There are no two places to compare"),
            _ => throw new System.Diagnostics.UnreachableException(),
        };

        Reason Make(string code, string says) => new(code, says + ".", piece.Points);
    }

    internal static string Points(double points) => points.ToString("0.##", CultureInfo.InvariantCulture);

    private static string Whole(double number) => number.ToString("0", CultureInfo.InvariantCulture);

    private static string Percent(double share) => (share * 100).ToString("0", CultureInfo.InvariantCulture) + " %";

    private static string SharedDomain(LeadProfile lead, AccountKeys account)
    {
        foreach (CompanyDomain own in account.Domains)
        {
            if (own.Registrable == lead.EmailDomain?.Registrable || own.Registrable == lead.WebsiteDomain?.Registrable)
                return own.Registrable;
        }

        return "";
    }
}
