using Abm.Accounts;
using Abm.Lists;

namespace Abm.Matching;

/// <summary>Compares a lead with one account and says what speaks for and against.</summary>
internal static class EvidenceCollector
{
    /// <param name="isContact">The lead's e-mail address is a known contact's of this account.</param>
    /// <param name="pieces">Where the evidence is added.</param>
    public static void Collect(LeadProfile lead, AccountKeys account, bool isContact, WordWeights words, MatchWeights weights, List<Evidence> pieces)
    {
        var evidence = new EvidenceList(weights, pieces);
        if (isContact)
            evidence.Add(EvidenceKind.KnownContact);
        DomainAgreement domain = DomainEvidence.Collect(lead, account, words, evidence);
        bool isNamed = NameEvidence.Collect(lead, account, domain, words, evidence);
        bool samePhone = CollectPhone(lead, account, words, evidence);
        bool isElsewhere = CollectPlace(lead, account, domain, isNamed, words, evidence, out bool isStreetSame);

        // A company's own domain reaches all its offices; a system's domain reaches other members of it.
        bool isBranchLike = lead.Company is not null ? domain != DomainAgreement.None || samePhone : domain == DomainAgreement.Any;
        if (isElsewhere && !isNamed && isBranchLike)
            evidence.Add(EvidenceKind.OtherBranch);

        // Many companies are in one building.
        if (isStreetSame && !samePhone && domain == DomainAgreement.None && evidence.Has(EvidenceKind.NameDiffers))
            evidence.Add(EvidenceKind.OtherTenant);
    }

    private static bool CollectPhone(LeadProfile lead, AccountKeys account, WordWeights words, EvidenceList evidence)
    {
        if (lead.Identity.Phone is not { } phone || !account.HasPhone)
        {
            evidence.AddMissing(EvidenceKind.PhoneMissing);
            return false;
        }

        if (phone.E164 != account.Phone)
        {
            evidence.AddMissing(EvidenceKind.PhoneDiffers);
            return false;
        }

        evidence.Add(EvidenceKind.PhoneSame);
        evidence.AddShared(EvidenceKind.PhoneShared, words.Count(IndexKey.Of(IndexKey.Phone, phone.E164)));
        return true;
    }

    /// <returns>Whether the account is known to be in another city.</returns>
    private static bool CollectPlace(LeadProfile profile, AccountKeys account, DomainAgreement domain, bool isNamed, WordWeights words, EvidenceList evidence, out bool isStreetSame)
    {
        Place lead = profile.Identity.Place;
        bool? country = Same(lead.Country, account.Country);
        bool? region = country == false ? false : Same(lead.Region, account.Region);
        bool? city = Same(lead.City, account.City);
        bool atDomain = domain != DomainAgreement.None;
        isStreetSame = false;

        // A region is a code only under its country; where one side names none, the two can be told apart only if both are codes of the other's country.
        if (region == false && country is null && !Countries.AreRegions(lead.Country ?? account.Country, lead.Region!, account.Region!))
            region = null;
        if (city == true && country != false && region != false)
        {
            isStreetSame = lead.Street is not null && account.HasStreet && lead.Street == account.Place.Street;
            if (isStreetSame)
            {
                evidence.Add(EvidenceKind.StreetSame);
                evidence.AddShared(EvidenceKind.StreetShared, words.Count(IndexKey.Of(IndexKey.Street, lead.Street!, account.City!)));
            }

            else if (lead.Street is not null && account.HasStreet)
            {
                evidence.Add(EvidenceKind.StreetDiffers);
            }

            evidence.Add(EvidenceKind.CitySame, words.OfCity(account.City!));
        }
        else if (domain == DomainAgreement.Own && country != false && (region == false || city == false) && !StaysPut(account))
        {
            evidence.Add(EvidenceKind.ElsewhereAtOwnDomain);
        }
        else if (country == false)
        {
            evidence.Add(atDomain ? EvidenceKind.CountryDiffersAtDomain : EvidenceKind.CountryDiffers);
            if ((atDomain || isNamed) && IsNamedForCountry(account))
                evidence.Add(EvidenceKind.OtherCountrysBranch);
        }
        else if (region == false)
        {
            evidence.Add(atDomain ? EvidenceKind.RegionDiffersAtDomain : EvidenceKind.RegionDiffers);
        }
        else if (city == false)
        {
            evidence.Add(atDomain ? EvidenceKind.CityDiffersAtDomain : EvidenceKind.CityDiffers);
        }
        else if (region == true)
        {
            evidence.Add(EvidenceKind.RegionSame);
        }
        else if (country == true)
        {
            evidence.Add(EvidenceKind.CountrySame);
        }
        else if (!atDomain && lead.Country is null && account.Country is not null && profile.MailCountry is { } mail)
        {
            evidence.Add(mail == account.Country ? EvidenceKind.MailCountrySame : EvidenceKind.MailCountryDiffers);
        }
        else
        {
            evidence.AddMissing(EvidenceKind.PlaceMissing);
        }

        return city != true && (city == false || region == false || country == false);
    }

    // "Acme (Canada)", "Acme Canada", but not "Bank of Canada".
    private static bool IsNamedForCountry(AccountKeys account)
    {
        ReadOnlySpan<char> name = account.Name.AsSpan().TrimEnd();
        int at = name.LastIndexOf(name.EndsWith(')') ? '(' : ' ');
        if (at <= 0 || Countries.Code(TextFold.Fold(name[(at + 1)..])) is not { } code || code != account.Country)
            return false;
        ReadOnlySpan<char> before = name[..at].TrimEnd();
        return name[at] == '(' || !NameWords.Current.Fillers.Contains(TextFold.Fold(before[(before.LastIndexOf(' ') + 1)..]));
    }

    // A hospital, a town or a church is in one place; another city at its domain is another member of the system.
    private static bool StaysPut(AccountKeys account)
    {
        foreach (Word word in account.Words[0])
        {
            if ((word.Kinds & PlaceBound) != 0)
                return true;
        }

        return false;
    }

    private static readonly int PlaceBound = NameWords.Current.Kinds.GetValueOrDefault("hospital") | NameWords.Current.Kinds.GetValueOrDefault("city") | NameWords.Current.Kinds.GetValueOrDefault("church") | NameWords.Current.Kinds.GetValueOrDefault("hotel");

    private static bool? Same(string? a, string? b) => a is null || b is null ? null : a == b;
}
