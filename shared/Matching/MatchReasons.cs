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

    // Code of each kind of evidence, once it was met: it depends on nothing else.
    private static readonly string?[] Codes = new string?[Enum.GetValues<EvidenceKind>().Length];

    /// <summary>A reason for each piece of evidence; pieces that say the same thing are one reason.</summary>
    internal static Reason[] Of(ScoredCandidate candidate, LeadProfile lead)
    {
        const int mostOnStack = 32;
        List<Evidence> evidence = candidate.Evidence;
        Span<Evidence> told = evidence.Count <= mostOnStack ? stackalloc Evidence[evidence.Count] : new Evidence[evidence.Count];
        int count = 0;
        foreach (Evidence piece in evidence)
        {
            string code = CodeOf(piece, lead, candidate.Keys);
            int same = count - 1;
            while (same >= 0 && CodeOf(told[same], lead, candidate.Keys) != code)
                same--;
            if (same < 0)
                told[count++] = piece;
            else
                told[same] = (piece.Kind == EvidenceKind.NameSimilarShare ? piece : told[same]) with { Points = Math.Round(told[same].Points + piece.Points, 2) };
        }

        var reasons = new Reason[count];
        for (int i = 0; i < count; i++)
            reasons[i] = Of(told[i], lead, candidate.Keys);
        return reasons;
    }

    private static string CodeOf(Evidence piece, LeadProfile lead, AccountKeys account) => Codes[(int)piece.Kind] ??= Of(piece, lead, account).Code;

    private static Reason Of(Evidence piece, LeadProfile lead, AccountKeys account)
    {
        string name = account.Name;
        string domain = (lead.EmailDomain ?? lead.WebsiteDomain)?.Host ?? "";
        return piece.Kind switch
        {
            EvidenceKind.KnownContact => MakeLater("match.contact", static (name, _, _, _) => $"The e-mail address is a known contact's of {name}."),
            EvidenceKind.DomainPrimary => MakeLater("match.domain.primary", static (name, other, _, _) => $"The domain {other} is {name}'s first.", SharedDomain(lead, account)),
            EvidenceKind.DomainSecondary => MakeLater("match.domain.secondary", static (name, other, _, _) => $"The domain {other} is one of {name}'s.", SharedDomain(lead, account)),
            EvidenceKind.DomainRelated => MakeLater("match.domain.related", static (name, other, _, _) => $"The lead and {name} are in different parts of the domain {other}.", SharedDomain(lead, account)),
            EvidenceKind.DomainShared => MakeLater("match.domain.shared", static (_, _, amount, _) => $"{Sharing(amount)} accounts share that domain, so it says less."),
            EvidenceKind.DomainSharedButNamed => MakeLater("match.domain.sharedButNamed", static (name, _, _, _) => $"The domain is named like {name}, which sets it apart from the others that share it."),
            EvidenceKind.DomainOfSelfEmployed => Make("match.domain.selfEmployed", "The lead says that it has no employer, so the domain may be a provider's."),
            EvidenceKind.DomainSpellsName => MakeLater("match.domain.spellsName", static (name, other, _, _) => $"The domain {other} is not known as {name}'s, but spells its name.", domain),
            EvidenceKind.DomainSpellsInitials => MakeLater("match.domain.spellsInitials", static (name, other, _, _) => $"The domain {other} is not known as {name}'s, but spells its initials.", domain),
            EvidenceKind.DomainDiffersSameName => MakeLater("match.domain.differs", static (name, other, _, _) => $"The domain {other} is none of {name}'s, though the names are the same.", domain),
            EvidenceKind.DomainOfPerson => MakeLater("match.domain.person", static (_, other, _, _) => $"The mailbox is named as private persons name theirs, so the domain {other} may be a provider's.", domain),
            EvidenceKind.DomainDiffers => MakeLater("match.domain.differs", static (name, other, _, _) => $"The domain {other} is none of {name}'s.", domain),
            EvidenceKind.DomainAlike => MakeLater("match.domain.alike", static (name, other, _, _) => $"The domain {other} is not known as {name}'s, but begins like one of them.", domain),
            EvidenceKind.DomainMissing => piece.Amount == 0 ? Make("match.domain.missing", "The lead has no company domain to compare.")
                : account.Domains.Length == 0 ? MakeLater("match.domain.missing", static (name, _, _, _) => $"No domain of {name} is known.")
                : MakeLater("match.domain.missing", static (name, other, _, _) => $"The domain {other} is not known as {name}'s, but may well be.", domain),
            EvidenceKind.NameSame => MakeLater("match.name.same", static (name, _, _, _) => $"The company is named like {name}."),
            EvidenceKind.NameSameCore => MakeLater("match.name.sameCore", static (name, _, _, _) => $"The company is named like {name}, but for order, spaces or words that people leave out."),
            EvidenceKind.NameMisspelt => MakeLater("match.name.misspelt", static (name, _, _, _) => $"The company is named like {name}, but for spelling."),
            EvidenceKind.NameDoubtful => MakeLater("match.name.doubtful", static (name, _, _, _) => $"The company is spelt nearly like {name}, but may be another."),
            EvidenceKind.NameRare => Make("match.name.rare", "The name is a rare one."),
            EvidenceKind.NameCommon => Make("match.name.common", "The name is made of common words, so it says less."),
            EvidenceKind.NameShared => MakeLater("match.name.shared", static (_, _, amount, _) => $"{Sharing(amount)} accounts have that name, so it says less."),
            EvidenceKind.LegalFormDiffers => MakeLater("match.name.legalFormDiffers", static (name, _, _, _) => $"The legal form is another than {name}'s."),
            EvidenceKind.NameMoreSlips => Make("match.name.moreSlips", "More than one word is misspelt."),
            EvidenceKind.NameOfTown => Make("match.name.ofTown", "Towns and counties of one name are in many places, and it is not known that this is the same."),
            EvidenceKind.NameSimilarShare => MakeLater("match.name.similar", static (name, _, amount, _) => $"The company's name and {name} have {Percent(amount)} in common."),
            EvidenceKind.NameSimilar or EvidenceKind.NameSimilarBits or EvidenceKind.NameSimilarPlace or EvidenceKind.NameContained or EvidenceKind.NameContains => MakeLater("match.name.similar", static (name, _, _, _) => $"The company's name and {name} have words in common."),
            EvidenceKind.NameLeadOnly or EvidenceKind.NameAccountOnly => Make("match.name.apart", "Each name, or one of them, has words that the other lacks."),
            EvidenceKind.NameOtherKind => MakeLater("match.name.otherKind", static (name, _, _, _) => $"The names say that the lead's company and {name} are different kinds of organisation."),
            EvidenceKind.NameOtherPart => MakeLater("match.name.otherPart", static (name, _, _, _) => $"The names are alike, but one of the lead's company and {name} is of another kind, too: a county and its hospital, a university and its clinic."),
            EvidenceKind.NameOtherMarker or EvidenceKind.NameAccountMarker => Make("match.name.otherMarker", "One name has a number or a direction that the other lacks, which tells branches apart."),
            EvidenceKind.NameBegins => MakeLater("match.name.begins", static (name, _, _, _) => $"The company's name is the beginning of {name}."),
            EvidenceKind.NameOddSlip => Make("match.name.oddSlip", "The spellings differ by a letter that is not beside the other on a keyboard, so it may be another name."),
            EvidenceKind.NameSwapped => Make("match.name.swapped", "The spellings differ by two neighbouring letters that are swapped: a slip of the fingers."),
            EvidenceKind.NameSlipLetters => Make("match.name.slipLetters", "The misspelt word is long enough that another name is hardly so near to it by chance."),
            EvidenceKind.NameOtherWord => MakeLater("match.name.otherWord", static (name, _, _, _) => $"What may be a misspelling of {name} is a word that other accounts have."),
            EvidenceKind.NameOdder => Make("match.name.odder", piece.Amount < 0 ? "What the lead writes looks as much like a name as the account's, so it may be one." : "What the lead writes looks less like a name than the account's: a slip."),
            EvidenceKind.NameAfterTown => MakeLater("match.name.afterTown", static (name, _, _, _) => $"{name} is a town or county, and the lead's company may only be named after it."),
            EvidenceKind.NameSpeltByDomain => MakeLater("match.name.speltByDomain", static (_, other, _, _) => $"The lead's domain {other} is spelt as the lead spells the name, so it is hardly a slip.", domain),
            EvidenceKind.NameDiffersUnderSchool => MakeLater("match.name.differsUnderSchool", static (name, _, _, _) => $"The company's name has nothing in common with {name}; students and alumni have an address there."),
            EvidenceKind.NameOtherMember => MakeLater("match.name.otherMember", static (name, _, _, _) => $"The lead's company and {name} are of one kind under one domain: two members of a system, likely."),
            EvidenceKind.NameFillsDomain => MakeLater("match.name.fillsDomain", static (name, _, _, _) => $"{name}'s domain is made of words of the company's name."),
            EvidenceKind.NameInitialsOfDomain => MakeLater("match.name.initialsOfDomain", static (name, _, _, _) => $"{name}'s domain is the initials of the company's name."),
            EvidenceKind.NamePart => Make("match.name.part", "Only a part of what was typed as the company, or another reading of it, is compared."),
            EvidenceKind.NameInitials => MakeLater("match.name.initials", static (name, _, _, _) => $"The initials of {name} fit."),
            EvidenceKind.NameInitialsShared => MakeLater("match.name.initialsShared", static (_, _, amount, _) => $"{Sharing(amount)} accounts have those initials, so they say less."),
            EvidenceKind.NameIsAgreedDomain or EvidenceKind.NameSameAsAgreedDomain => MakeLater("match.name.isDomain", static (name, _, _, _) => $"The company is written like {name}'s domain, which has been counted already."),
            EvidenceKind.NameDiffersUnderDomain => MakeLater("match.name.differsUnderDomain", static (name, _, _, _) => $"The company's name has nothing in common with {name}, but no other account has the domain."),
            EvidenceKind.NameOtherScript => MakeLater("match.name.otherScript", static (name, _, _, _) => $"The company's name and {name} are written in different scripts, so they cannot be compared."),
            EvidenceKind.NameIsDomain => MakeLater("match.name.isDomain", static (name, _, _, _) => $"The company is written like {name}'s domain."),
            EvidenceKind.NameDiffers => MakeLater("match.name.differs", static (name, _, _, _) => $"The company's name has nothing in common with {name}."),
            EvidenceKind.NameDiffersUnderOwnDomain => MakeLater("match.name.differsUnderOwnDomain", static (name, _, _, _) => $"The company's name has nothing in common with {name}, but the domain bears {name}'s name: a brand, subsidiary or former name."),
            EvidenceKind.NameMissing => Make("match.name.missing", "The lead names no company."),
            EvidenceKind.PhoneSame => MakeLater("match.phone.same", static (name, _, _, _) => $"The telephone number is {name}'s."),
            EvidenceKind.PhoneShared => MakeLater("match.phone.shared", static (_, _, amount, _) => $"{Sharing(amount)} accounts have that number, so it says less."),
            EvidenceKind.PhoneDiffers => Make("match.phone.differs", "The telephone numbers differ, as those of one company often do."),
            EvidenceKind.PhoneMissing => Make("match.phone.missing", "There are no two telephone numbers to compare."),
            EvidenceKind.OtherBranch => MakeLater("match.place.otherBranch", static (name, _, _, _) => $"Domain or telephone fit, but neither the name nor the city: likely another branch than {name}."),
            EvidenceKind.OtherTenant => MakeLater("match.place.otherTenant", static (name, _, _, _) => $"The street fits, but neither name nor domain nor telephone: likely another tenant than {name}."),
            EvidenceKind.StreetSame => Make("match.place.street", "The street address is the same."),
            EvidenceKind.StreetDiffers => MakeLater("match.place.streetDiffers", static (name, _, _, _) => $"{name} is in another street of the city."),
            EvidenceKind.StreetShared => MakeLater("match.place.streetShared", static (_, _, amount, _) => $"{Sharing(amount)} accounts are at that address, so it says less."),
            EvidenceKind.CitySame => MakeLater("match.place.city", static (_, other, _, _) => $"Both are in {other}.", account.Written.City),
            EvidenceKind.RegionSame => MakeLater("match.place.region", static (_, other, _, _) => $"Both are in {other}.", account.Written.State),
            EvidenceKind.CountrySame => MakeLater("match.place.country", static (_, other, _, _) => $"Both are in {other}.", account.Written.Country),
            EvidenceKind.CityDiffers or EvidenceKind.CityDiffersAtDomain => MakeLater("match.place.cityDiffers", static (name, other, _, _) => $"{name} is in another city, {other}.", account.Written.City),
            EvidenceKind.RegionDiffers or EvidenceKind.RegionDiffersAtDomain => MakeLater("match.place.regionDiffers", static (name, other, _, _) => $"{name} is in another region, {other}.", account.Written.State),
            EvidenceKind.CountryDiffers or EvidenceKind.CountryDiffersAtDomain => MakeLater("match.place.countryDiffers", static (name, other, _, _) => $"{name} is in another country, {other}.", account.Written.Country),
            EvidenceKind.ElsewhereAtOwnDomain => Make("match.place.elsewhere", $"{name} is elsewhere ({Where(account)}), but the domain is its own, and companies have offices."),
            EvidenceKind.OtherCountrysBranch => MakeLater("match.place.otherCountrysBranch", static (name, _, _, _) => $"{name} is named for its country, and the lead is in another."),
            EvidenceKind.MailCountrySame => MakeLater("match.place.mailCountry", static (name, _, _, _) => $"The lead names no place, but its domain ends in {name}'s country."),
            EvidenceKind.MailCountryDiffers => MakeLater("match.place.mailCountryDiffers", static (name, _, _, _) => $"The lead names no place, and its domain ends in another country than {name}'s."),
            EvidenceKind.PlaceMissing => Make("match.place.missing", "There are no two places to compare."),
            _ => throw new System.Diagnostics.UnreachableException(),
        };

        Reason Make(string code, string says) => new(code, says, piece.Points);

        // Made when it is read, from the account's name and one other text: nobody reads most of them.
        Reason MakeLater(string code, ReasonSentence says, string? other = null) => new(code, piece.Points, says, name, other, piece.Amount);
    }

    internal static string Points(double points) => points.ToString("0.##", CultureInfo.InvariantCulture);

    private static string Sharing(double doublings) => Math.Pow(2, doublings).ToString("0", CultureInfo.InvariantCulture);

    private static string Percent(double share) => (share * 100).ToString("0", CultureInfo.InvariantCulture) + " %";

    private static string Where(AccountKeys account) => string.Join(", ", new[] { account.Written.City, account.Written.State, account.Written.Country }.Where(text => !string.IsNullOrWhiteSpace(text)));

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
