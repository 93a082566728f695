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

    // For one call at a time on this thread.
    [ThreadStatic]
    private static List<Reason>? _collected;

    /// <summary>A reason for each piece of evidence; pieces that say the same thing are one reason.</summary>
    internal static Reason[] Of(ScoredCandidate candidate, LeadProfile lead)
    {
        List<Reason> reasons = _collected ??= new(16);
        reasons.Clear();
        foreach (Evidence piece in candidate.Evidence)
        {
            Reason reason = Of(piece, lead, candidate.Keys);
            int same = reasons.Count - 1;
            while (same >= 0 && reasons[same].Code != reason.Code)
                same--;
            if (same < 0)
                reasons.Add(reason);
            else
                reasons[same] = (piece.Kind == EvidenceKind.NameSimilarShare ? reason : reasons[same]) with { Points = Math.Round(reasons[same].Points + reason.Points, 2) };
        }

        Reason[] told = [.. reasons];
        reasons.Clear();
        return told;
    }

    private static Reason Of(Evidence piece, LeadProfile lead, AccountKeys account)
    {
        string name = account.Account.Name;
        string domain = (lead.EmailDomain ?? lead.WebsiteDomain)?.Host ?? "";
        return piece.Kind switch
        {
            EvidenceKind.KnownContact => Make("match.contact", $"The e-mail address is a known contact's of {name}."),
            EvidenceKind.DomainPrimary => Make("match.domain.primary", $"The domain {SharedDomain(lead, account)} is {name}'s first."),
            EvidenceKind.DomainSecondary => Make("match.domain.secondary", $"The domain {SharedDomain(lead, account)} is one of {name}'s."),
            EvidenceKind.DomainRelated => Make("match.domain.related", $"The lead and {name} are in different parts of the domain {SharedDomain(lead, account)}."),
            EvidenceKind.DomainShared => Make("match.domain.shared", $"{Sharing(piece)} accounts share that domain, so it says less."),
            EvidenceKind.DomainSharedButNamed => Make("match.domain.sharedButNamed", $"The domain is named like {name}, which sets it apart from the others that share it."),
            EvidenceKind.DomainOfSelfEmployed => Make("match.domain.selfEmployed", "The lead says that it has no employer, so the domain may be a provider's."),
            EvidenceKind.DomainSpellsName => Make("match.domain.spellsName", $"The domain {domain} is not known as {name}'s, but spells its name."),
            EvidenceKind.DomainSpellsInitials => Make("match.domain.spellsInitials", $"The domain {domain} is not known as {name}'s, but spells its initials."),
            EvidenceKind.DomainDiffersSameName => Make("match.domain.differs", $"The domain {domain} is none of {name}'s, though the names are the same."),
            EvidenceKind.DomainOfPerson => Make("match.domain.person", $"The mailbox is named as private persons name theirs, so the domain {domain} may be a provider's."),
            EvidenceKind.DomainDiffers => Make("match.domain.differs", $"The domain {domain} is none of {name}'s."),
            EvidenceKind.DomainMissing => Make("match.domain.missing", piece.Amount == 0 ? "The lead has no company domain to compare." : account.Domains.Length == 0 ? $"No domain of {name} is known." : $"The domain {domain} is not known as {name}'s, but may well be."),
            EvidenceKind.NameSame => Make("match.name.same", $"The company is named like {name}."),
            EvidenceKind.NameSameCore => Make("match.name.sameCore", $"The company is named like {name}, but for order, spaces or words that people leave out."),
            EvidenceKind.NameMisspelt => Make("match.name.misspelt", $"The company is named like {name}, but for spelling."),
            EvidenceKind.NameDoubtful => Make("match.name.doubtful", $"The company is spelt nearly like {name}, but may be another."),
            EvidenceKind.NameRare => Make("match.name.rare", "The name is a rare one."),
            EvidenceKind.NameCommon => Make("match.name.common", "The name is made of common words, so it says less."),
            EvidenceKind.NameShared => Make("match.name.shared", $"{Sharing(piece)} accounts have that name, so it says less."),
            EvidenceKind.NameOfTown => Make("match.name.ofTown", "Towns and counties of one name are in many places, and it is not known that this is the same."),
            EvidenceKind.NameSimilarShare => Make("match.name.similar", $"The company's name and {name} have {Percent(piece.Amount)} in common."),
            EvidenceKind.NameSimilar or EvidenceKind.NameSimilarBits or EvidenceKind.NameSimilarPlace or EvidenceKind.NameContained or EvidenceKind.NameContains => Make("match.name.similar", $"The company's name and {name} have words in common."),
            EvidenceKind.NameLeadOnly or EvidenceKind.NameAccountOnly => Make("match.name.apart", "Each name, or one of them, has words that the other lacks."),
            EvidenceKind.NameOtherKind => Make("match.name.otherKind", $"The names say that the lead's company and {name} are different kinds of organisation."),
            EvidenceKind.NameOtherPart => Make("match.name.otherPart", $"The names are alike, but one of the lead's company and {name} is of another kind, too: a county and its hospital, a university and its clinic."),
            EvidenceKind.NameOtherMarker => Make("match.name.otherMarker", "One name has a number or a direction that the other lacks, which tells branches apart."),
            EvidenceKind.NameBegins => Make("match.name.begins", $"The company's name is the beginning of {name}."),
            EvidenceKind.NameOddSlip => Make("match.name.oddSlip", "The spellings differ by a letter that is not beside the other on a keyboard, so it may be another name."),
            EvidenceKind.NameSpeltByDomain => Make("match.name.speltByDomain", $"The lead's domain {domain} is spelt as the lead spells the name, so it is hardly a slip."),
            EvidenceKind.NameDiffersUnderSchool => Make("match.name.differsUnderSchool", $"The company's name has nothing in common with {name}; students and alumni have an address there."),
            EvidenceKind.NameOtherMember => Make("match.name.otherMember", $"The lead's company and {name} are of one kind under one domain: two members of a system, likely."),
            EvidenceKind.NameFillsDomain => Make("match.name.fillsDomain", $"{name}'s domain is made of words of the company's name."),
            EvidenceKind.NameInitialsOfDomain => Make("match.name.initialsOfDomain", $"{name}'s domain is the initials of the company's name."),
            EvidenceKind.NamePart => Make("match.name.part", "Only a part of what was typed as the company, or another reading of it, is compared."),
            EvidenceKind.NameInitials => Make("match.name.initials", $"The initials of {name} fit."),
            EvidenceKind.NameInitialsShared => Make("match.name.initialsShared", $"{Sharing(piece)} accounts have those initials, so they say less."),
            EvidenceKind.NameIsAgreedDomain or EvidenceKind.NameSameAsAgreedDomain => Make("match.name.isDomain", $"The company is written like {name}'s domain, which has been counted already."),
            EvidenceKind.NameDiffersUnderDomain => Make("match.name.differsUnderDomain", $"The company's name has nothing in common with {name}, but no other account has the domain."),
            EvidenceKind.NameOtherScript => Make("match.name.otherScript", $"The company's name and {name} are written in different scripts, so they cannot be compared."),
            EvidenceKind.NameIsDomain => Make("match.name.isDomain", $"The company is written like {name}'s domain."),
            EvidenceKind.NameDiffers => Make("match.name.differs", $"The company's name has nothing in common with {name}."),
            EvidenceKind.NameDiffersUnderOwnDomain => Make("match.name.differsUnderOwnDomain", $"The company's name has nothing in common with {name}, but the domain bears {name}'s name: a brand, subsidiary or former name."),
            EvidenceKind.NameMissing => Make("match.name.missing", "The lead names no company."),
            EvidenceKind.PhoneSame => Make("match.phone.same", $"The telephone number is {name}'s."),
            EvidenceKind.PhoneShared => Make("match.phone.shared", $"{Sharing(piece)} accounts have that number, so it says less."),
            EvidenceKind.PhoneDiffers => Make("match.phone.differs", "The telephone numbers differ, as those of one company often do."),
            EvidenceKind.PhoneMissing => Make("match.phone.missing", "There are no two telephone numbers to compare."),
            EvidenceKind.OtherBranch => Make("match.place.otherBranch", $"Domain or telephone fit, but neither the name nor the city: likely another branch than {name}."),
            EvidenceKind.OtherTenant => Make("match.place.otherTenant", $"The street fits, but neither name nor domain nor telephone: likely another tenant than {name}."),
            EvidenceKind.StreetSame => Make("match.place.street", "The street address is the same."),
            EvidenceKind.StreetDiffers => Make("match.place.streetDiffers", $"{name} is in another street of the city."),
            EvidenceKind.StreetShared => Make("match.place.streetShared", $"{Sharing(piece)} accounts are at that address, so it says less."),
            EvidenceKind.CitySame => Make("match.place.city", $"Both are in {account.Account.City}."),
            EvidenceKind.RegionSame => Make("match.place.region", $"Both are in {account.Account.State}."),
            EvidenceKind.CountrySame => Make("match.place.country", $"Both are in {account.Account.Country}."),
            EvidenceKind.CityDiffers or EvidenceKind.CityDiffersAtDomain => Make("match.place.cityDiffers", $"{name} is in another city, {account.Account.City}."),
            EvidenceKind.RegionDiffers or EvidenceKind.RegionDiffersAtDomain => Make("match.place.regionDiffers", $"{name} is in another region, {account.Account.State}."),
            EvidenceKind.CountryDiffers or EvidenceKind.CountryDiffersAtDomain => Make("match.place.countryDiffers", $"{name} is in another country, {account.Account.Country}."),
            EvidenceKind.ElsewhereAtOwnDomain => Make("match.place.elsewhere", $"{name} is elsewhere ({Where(account)}), but the domain is its own, and companies have offices."),
            EvidenceKind.PlaceMissing => Make("match.place.missing", "There are no two places to compare."),
            _ => throw new System.Diagnostics.UnreachableException(),
        };

        Reason Make(string code, string says) => new(code, says, piece.Points);
    }

    internal static string Points(double points) => points.ToString("0.##", CultureInfo.InvariantCulture);

    /// <summary>Points as they stand in sentences, without a text of their own.</summary>
    /// <param name="to">Some 30 characters.</param>
    internal static ReadOnlySpan<char> Points(double points, Span<char> to) => points.TryFormat(to, out int length, "0.##", CultureInfo.InvariantCulture) ? to[..length] : Points(points);

    // The amount is in doublings.
    private static string Sharing(Evidence piece) => Math.Pow(2, piece.Amount).ToString("0", CultureInfo.InvariantCulture);

    private static string Percent(double share) => (share * 100).ToString("0", CultureInfo.InvariantCulture) + " %";

    private static string Where(AccountKeys account) => string.Join(", ", new[] { account.Account.City, account.Account.State, account.Account.Country }.Where(text => !string.IsNullOrWhiteSpace(text)));

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
