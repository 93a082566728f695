using Abm.Accounts;

namespace Abm.Matching;

/// <summary>Compares a lead with one account and says what speaks for and against.</summary>
internal static class EvidenceCollector
{
    /// <summary>Likeness of names below which they have nothing in common.</summary>
    private const double FaintShare = 0.15;

    /// <summary>A name of this much or more says something on its own; as a lead's company it may be another company's.</summary>
    private const int ShortestLabel = 3;

    /// <param name="isContact">The lead's e-mail address is a known contact's of this account.</param>
    public static void Collect(LeadProfile lead, AccountKeys account, bool isContact, AccountIndex index, WordWeights words, MatchWeights weights, List<Evidence> evidence)
    {
        if (isContact)
            Add(EvidenceKind.KnownContact, 1, weights.KnownContact);
        bool sameDomain = CollectDomain(lead, account, index, weights, evidence);
        CollectName(lead, account, sameDomain, index, words, weights, evidence);
        CollectPhone(lead, account, index, weights, evidence);
        CollectPlace(lead.Identity.Place, account.Place, weights, evidence);

        void Add(EvidenceKind kind, double amount, double points) => evidence.Add(new(kind, amount, Math.Round(points, 2)));
    }

    private static bool CollectDomain(LeadProfile lead, AccountKeys account, AccountIndex index, MatchWeights weights, List<Evidence> evidence)
    {
        (EvidenceKind kind, int sharing) = Best(Compare(lead.EmailDomain, account, index), Compare(lead.WebsiteDomain, account, index));
        switch (kind)
        {
            case EvidenceKind.DomainPrimary: Add(evidence, kind, 1, weights.DomainPrimary); break;
            case EvidenceKind.DomainSecondary: Add(evidence, kind, 1, weights.DomainSecondary); break;
            case EvidenceKind.DomainRelated: Add(evidence, kind, 1, weights.DomainRelated); break;
            default:
                if (!lead.HasDomain)
                    Add(evidence, EvidenceKind.DomainMissing, 0, 0);
                else if (SpellsName(lead.EmailDomain, account) || SpellsName(lead.WebsiteDomain, account))
                    Add(evidence, EvidenceKind.DomainSpellsName, 1, weights.DomainSpellsName);
                else if (account.Domains.Length == 0)
                    Add(evidence, EvidenceKind.DomainMissing, 1, 0);
                else
                    Add(evidence, EvidenceKind.DomainDiffers, 1, weights.DomainDiffers);
                return false;
        }

        if (sharing > 1)
            Add(evidence, EvidenceKind.DomainShared, sharing, weights.DomainSharedPerDoubling * Math.Log2(sharing));
        return true;
    }

    private static (EvidenceKind Kind, int Sharing) Best((EvidenceKind Kind, int Sharing) a, (EvidenceKind Kind, int Sharing) b) => a.Kind <= b.Kind ? a : b;

    private static (EvidenceKind Kind, int Sharing) Compare(CompanyDomain? lead, AccountKeys account, AccountIndex index)
    {
        (EvidenceKind Kind, int Sharing) best = (EvidenceKind.DomainDiffers, 0);
        if (lead is null)
            return best;
        for (int i = 0; i < account.Domains.Length; i++)
        {
            CompanyDomain own = account.Domains[i];
            if (own.Registrable != lead.Registrable)
                continue;
            EvidenceKind kind = i == 0 ? EvidenceKind.DomainPrimary : EvidenceKind.DomainSecondary;
            bool isWhole = own.Host.Length == own.Registrable.Length;
            bool isWithin = isWhole || lead.Host == own.Host || lead.Host.EndsWith("." + own.Host, StringComparison.Ordinal);
            (EvidenceKind, int) found = isWithin
                ? (kind, index.Count(isWhole ? IndexKey.Of(IndexKey.Domain, own.Registrable) : IndexKey.Of(IndexKey.Host, own.Host)))
                : (EvidenceKind.DomainRelated, index.Count(IndexKey.Of(IndexKey.Domain, own.Registrable)));
            best = Best(best, found);
        }

        return best;
    }

    private static bool SpellsName(CompanyDomain? domain, AccountKeys account)
    {
        if (domain is null)
            return false;
        ReadOnlySpan<char> label = AccountKeys.LabelOf(domain.Registrable);
        if (label.Length < ShortestLabel)
            return false;
        foreach (NameKey name in account.Names)
        {
            if (SameWithoutDashes(label, name.Squashed))
                return true;
        }

        foreach (CompanyDomain own in account.Domains)
        {
            if (label.SequenceEqual(AccountKeys.LabelOf(own.Registrable)))
                return true;
        }

        return false;
    }

    private static bool SameWithoutDashes(ReadOnlySpan<char> label, string squashed)
    {
        int at = 0;
        foreach (char c in label)
        {
            if (c == '-')
                continue;
            if (at >= squashed.Length || squashed[at++] != c)
                return false;
        }

        return at == squashed.Length;
    }

    private static void CollectName(LeadProfile lead, AccountKeys account, bool sameDomain, AccountIndex index, WordWeights words, MatchWeights weights, List<Evidence> evidence)
    {
        if (lead.Company is not { } company)
        {
            Add(evidence, EvidenceKind.NameMissing, 0, 0);
            return;
        }

        NameComparison best = default;
        NameKey? bestName = null;
        Span<double> buffer = stackalloc double[LeadProfile.MostWords];
        foreach (NameKey name in account.Names)
        {
            Span<double> bits = buffer[..Math.Min(name.Tokens.Count, buffer.Length)];
            for (int i = 0; i < bits.Length; i++)
                bits[i] = words.Of(name.Tokens[i]);
            NameComparison comparison = NameComparison.Of(company, lead.NameBits, name, bits);
            if (bestName is null || comparison.Kind > best.Kind || (comparison.Kind == best.Kind && comparison.Share > best.Share))
                (best, bestName) = (comparison, name);
        }

        if (best.Kind >= NameLikeness.SameWords)
        {
            bool same = best.Kind == NameLikeness.Same;
            Add(evidence, same ? EvidenceKind.NameSame : EvidenceKind.NameSameCore, best.Words, same ? weights.NameSame : weights.NameSameCore);
            Add(evidence, EvidenceKind.NameRare, best.SharedBits, Math.Clamp((best.SharedBits - weights.CommonNameBits) * weights.NameRarePerBit, -weights.NameRareMost, weights.NameRareMost));
            int sharing = index.Count(IndexKey.Of(IndexKey.Name, bestName!.Squashed));
            if (sharing > 1)
                Add(evidence, EvidenceKind.NameShared, sharing, weights.NameSharedPerDoubling * Math.Log2(sharing));
            return;
        }

        if (company.Squashed.Length >= ShortestLabel && IsDomainLabel(company.Squashed, account))
        {
            Add(evidence, EvidenceKind.NameIsDomain, 1, weights.NameIsDomain);
            return;
        }

        if (Array.IndexOf(account.Acronyms, company.Squashed) >= 0 || SpellsInitialsOf(company, account))
        {
            Add(evidence, EvidenceKind.NameInitials, company.Squashed.Length, weights.NameInitials);
            return;
        }

        if (best.Share < FaintShare)
        {
            Add(evidence, EvidenceKind.NameDiffers, best.Share, weights.NameDiffers);
            return;
        }

        Add(evidence, EvidenceKind.NameSimilar, best.Share, weights.NameSimilar * best.Share * best.Share);
        Add(evidence, EvidenceKind.NameApart, best.LeadOnlyBits + best.AccountOnlyBits, weights.NameApartPerBit * (best.LeadOnlyBits + best.AccountOnlyBits));
        _ = sameDomain;
    }

    private static bool IsDomainLabel(string squashed, AccountKeys account)
    {
        foreach (CompanyDomain own in account.Domains)
        {
            if (SameWithoutDashes(AccountKeys.LabelOf(own.Registrable), squashed))
                return true;
        }

        return false;
    }

    // The account is known by its initials, the lead writes them out.
    private static bool SpellsInitialsOf(NameKey company, AccountKeys account)
    {
        if (company.Tokens.Count is < 3 or > 10)
            return false;
        foreach (NameKey name in account.Names)
        {
            if (name.Squashed.Length != company.Tokens.Count)
                continue;
            bool same = true;
            for (int i = 0; i < company.Tokens.Count && same; i++)
                same = company.Tokens[i][0] == name.Squashed[i];
            if (same)
                return true;
        }

        return false;
    }

    private static void CollectPhone(LeadProfile lead, AccountKeys account, AccountIndex index, MatchWeights weights, List<Evidence> evidence)
    {
        if (lead.Identity.Phone is not { } phone || account.Phone is null)
        {
            Add(evidence, EvidenceKind.PhoneMissing, 0, 0);
            return;
        }

        if (phone.E164 != account.Phone)
        {
            Add(evidence, EvidenceKind.PhoneDiffers, 0, 0);
            return;
        }

        Add(evidence, EvidenceKind.PhoneSame, 1, weights.PhoneSame);
        int sharing = index.Count(IndexKey.Of(IndexKey.Phone, account.Phone));
        if (sharing > 1)
            Add(evidence, EvidenceKind.PhoneShared, sharing, weights.PhoneSharedPerDoubling * Math.Log2(sharing));
    }

    private static void CollectPlace(Place lead, Place account, MatchWeights weights, List<Evidence> evidence)
    {
        bool? country = Same(lead.Country, account.Country);
        bool? region = country == false ? false : Same(lead.Region, account.Region);
        bool? city = Same(lead.City, account.City);
        if (city == true && country != false && (region != false || country is null))
        {
            if (Same(lead.Street, account.Street) == true)
                Add(evidence, EvidenceKind.StreetSame, 1, weights.StreetSame);
            Add(evidence, EvidenceKind.CitySame, 1, weights.CitySame);
        }
        else if (country == false)
        {
            Add(evidence, EvidenceKind.CountryDiffers, 1, weights.CountryDiffers);
        }
        else if (region == false)
        {
            Add(evidence, EvidenceKind.RegionDiffers, 1, weights.RegionDiffers);
        }
        else if (city == false)
        {
            Add(evidence, EvidenceKind.CityDiffers, 1, weights.CityDiffers);
        }
        else if (region == true)
        {
            Add(evidence, EvidenceKind.RegionSame, 1, weights.RegionSame);
        }
        else if (country == true)
        {
            Add(evidence, EvidenceKind.CountrySame, 1, weights.CountrySame);
        }
        else
        {
            Add(evidence, EvidenceKind.PlaceMissing, 0, 0);
        }
    }

    private static bool? Same(string? a, string? b) => a is null || b is null ? null : a == b;

    private static void Add(List<Evidence> evidence, EvidenceKind kind, double amount, double points) => evidence.Add(new(kind, amount, Math.Round(points, 2)));
}
