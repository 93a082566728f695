using Abm.Accounts;

namespace Abm.Matching;

/// <summary>Compares a lead with one account and says what speaks for and against.</summary>
internal static class EvidenceCollector
{
    /// <summary>Likeness of names below which they have nothing in common.</summary>
    private const double FaintShare = 0.15;

    /// <summary>A name of this much or more says something on its own; as a lead's company it may be another company's.</summary>
    private const int ShortestLabel = 3;

    /// <summary>Shorter labels begin alike by chance.</summary>
    private const int ShortestAlikeLabel = 6;

    /// <param name="isContact">The lead's e-mail address is a known contact's of this account.</param>
    public static void Collect(LeadProfile lead, AccountKeys account, bool isContact, IAccountReads index, WordWeights words, MatchWeights weights, List<Evidence> evidence)
    {
        if (isContact)
            Add(evidence, EvidenceKind.KnownContact, 1, weights.KnownContact);
        DomainAgreement domain = CollectDomain(lead, account, index, weights, evidence);
        bool isNamed = CollectName(lead, account, domain, index, words, weights, evidence);
        bool samePhone = CollectPhone(lead, account, index, weights, evidence);
        bool isElsewhere = CollectPlace(lead.Identity.Place, account.Place, words, weights, evidence);

        // A company's own domain reaches all its offices; a system's domain reaches other members of it.
        bool isBranchLike = lead.Company is not null ? domain != DomainAgreement.None || samePhone : domain == DomainAgreement.Any;
        if (isElsewhere && !isNamed && isBranchLike)
            Add(evidence, EvidenceKind.OtherBranch, 1, weights.OtherBranch);
    }

    private static DomainAgreement CollectDomain(LeadProfile lead, AccountKeys account, IAccountReads index, MatchWeights weights, List<Evidence> evidence)
    {
        (EvidenceKind kind, int sharing, bool isOwn) = Best(Compare(lead.EmailDomain, account, index), Compare(lead.WebsiteDomain, account, index));
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
                else if (account.Domains.Length == 0 || IsAlike(lead.EmailDomain, account) || IsAlike(lead.WebsiteDomain, account))
                    Add(evidence, EvidenceKind.DomainMissing, 1, 0);
                else
                    Add(evidence, EvidenceKind.DomainDiffers, 1, weights.DomainDiffers);
                return DomainAgreement.None;
        }

        AddShared(evidence, EvidenceKind.DomainShared, sharing, weights.DomainSharedPerDoubling);
        if (lead.Identity.IsSelfEmployed)
            Add(evidence, EvidenceKind.DomainOfSelfEmployed, 1, weights.DomainOfSelfEmployed);
        return isOwn && sharing <= 1 ? DomainAgreement.Own : DomainAgreement.Any;
    }

    private static (EvidenceKind Kind, int Sharing, bool IsOwn) Best((EvidenceKind Kind, int Sharing, bool IsOwn) a, (EvidenceKind Kind, int Sharing, bool IsOwn) b) => a.Kind <= b.Kind ? a : b;

    private static (EvidenceKind Kind, int Sharing, bool IsOwn) Compare(CompanyDomain? lead, AccountKeys account, IAccountReads index)
    {
        (EvidenceKind Kind, int Sharing, bool IsOwn) best = (EvidenceKind.DomainDiffers, 0, false);
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
            (EvidenceKind, int, bool) found = isWithin
                ? (kind, index.Count(isWhole ? IndexKey.Of(IndexKey.Domain, own.Registrable) : IndexKey.Of(IndexKey.Host, own.Host)), account.DomainBearsName[i] || !isWhole)
                : (EvidenceKind.DomainRelated, index.Count(IndexKey.Of(IndexKey.Domain, own.Registrable)), false);
            best = Best(best, found);
        }

        return best;
    }

    // "lakevillemnfire.gov" beside "lakevillemn.gov": perhaps a second domain of the same owner; says nothing.
    private static bool IsAlike(CompanyDomain? domain, AccountKeys account)
    {
        if (domain is null)
            return false;
        ReadOnlySpan<char> label = AccountKeys.LabelOf(domain.Registrable);
        foreach (CompanyDomain own in account.Domains)
        {
            ReadOnlySpan<char> other = AccountKeys.LabelOf(own.Registrable);
            int shorter = Math.Min(label.Length, other.Length);
            if (shorter >= ShortestAlikeLabel && label.CommonPrefixLength(other) == shorter)
                return true;
        }

        return false;
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

    /// <returns>Whether the name speaks for the account.</returns>
    private static bool CollectName(LeadProfile lead, AccountKeys account, DomainAgreement domain, IAccountReads index, WordWeights words, MatchWeights weights, List<Evidence> evidence)
    {
        if (lead.Company is not { } company)
        {
            Add(evidence, EvidenceKind.NameMissing, 0, 0);
            return false;
        }

        (NameComparison best, NameKey name, double rarity) = BestName(lead, company, account, words);
        (EvidenceKind Kind, double Points)? same = best.Kind switch
        {
            NameLikeness.Same => (EvidenceKind.NameSame, weights.NameSame),
            NameLikeness.SameCore or NameLikeness.SameWords => (EvidenceKind.NameSameCore, weights.NameSameCore),
            NameLikeness.Misspelt => (EvidenceKind.NameMisspelt, weights.NameMisspelt),
            NameLikeness.Doubtful => (EvidenceKind.NameDoubtful, weights.NameDoubtful),
            _ => null,
        };
        if (same is { } && domain != DomainAgreement.None && lead.CompanyIsDomain)
        {
            Add(evidence, EvidenceKind.NameIsDomain, 1, weights.NameSameAsAgreedDomain);
            return true;
        }

        if (same is { } found)
        {
            Add(evidence, found.Kind, 1, found.Points);
            Add(evidence, EvidenceKind.NameRare, rarity, Math.Clamp((rarity - weights.CommonNameBits) * weights.NameRarePerBit, -weights.NameRareMost, weights.NameRareMost));
            AddShared(evidence, EvidenceKind.NameShared, index.Count(IndexKey.Of(IndexKey.Name, name.Squashed)), weights.NameSharedPerDoubling);
            return true;
        }

        if (company.Squashed.Length >= ShortestLabel && IsDomainLabel(company.Squashed, account))
        {
            if (domain != DomainAgreement.None)
            {
                // The domain has been counted already; its name says nothing more.
                Add(evidence, EvidenceKind.NameIsDomain, 1, weights.NameIsAgreedDomain);
                return domain == DomainAgreement.Own;
            }

            Add(evidence, EvidenceKind.NameIsDomain, 1, weights.NameIsDomain);
            AddShared(evidence, EvidenceKind.NameInitialsShared, index.Count(IndexKey.Of(IndexKey.Label, company.Squashed)), weights.NameInitialsSharedPerDoubling);
            return true;
        }

        if (Array.IndexOf(account.Acronyms, company.Squashed) >= 0 || SpellsInitialsOf(company, account))
        {
            Add(evidence, EvidenceKind.NameInitials, 1, weights.NameInitials);
            AddShared(evidence, EvidenceKind.NameInitialsShared, index.Count(IndexKey.Of(IndexKey.Acronym, company.Squashed)), weights.NameInitialsSharedPerDoubling);
            return true;
        }

        double similar = weights.NameSimilar * best.Share;
        double apart = weights.NameApartPerBit * best.ApartBits;
        if (best.Share >= FaintShare && similar + apart > 0)
        {
            Add(evidence, EvidenceKind.NameSimilar, best.Share, similar);
            Add(evidence, EvidenceKind.NameApart, best.ApartBits, apart);
        }
        else if (domain == DomainAgreement.Own)
        {
            Add(evidence, EvidenceKind.NameDiffersUnderOwnDomain, best.Share, weights.NameDiffersUnderOwnDomain);
        }
        else
        {
            Add(evidence, EvidenceKind.NameDiffers, best.Share, weights.NameDiffers);
        }

        return false;
    }

    private static (NameComparison Best, NameKey Name, double Rarity) BestName(LeadProfile lead, NameKey company, AccountKeys account, WordWeights words)
    {
        NameComparison best = default;
        NameKey? bestName = null;
        double rarity = 0;
        Span<double> buffer = stackalloc double[LeadProfile.MostWords];
        for (int n = 0; n < account.Names.Length; n++)
        {
            NameKey name = account.Names[n];
            Word[] own = account.Words[n];
            Span<double> bits = buffer[..Math.Min(own.Length, buffer.Length)];
            for (int i = 0; i < bits.Length; i++)
                bits[i] = words.Of(own[i]);
            NameComparison comparison = NameComparison.Of(lead, company, name, own, bits);
            if (bestName is null || comparison.Kind > best.Kind || (comparison.Kind == best.Kind && comparison.Share > best.Share))
                (best, bestName, rarity) = (comparison, name, NameComparison.Rarity(bits));
        }

        return (best, bestName ?? company, rarity);
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

    private static bool CollectPhone(LeadProfile lead, AccountKeys account, IAccountReads index, MatchWeights weights, List<Evidence> evidence)
    {
        if (lead.Identity.Phone is not { } phone || account.Phone is null)
        {
            Add(evidence, EvidenceKind.PhoneMissing, 0, 0);
            return false;
        }

        if (phone.E164 != account.Phone)
        {
            Add(evidence, EvidenceKind.PhoneDiffers, 0, 0);
            return false;
        }

        Add(evidence, EvidenceKind.PhoneSame, 1, weights.PhoneSame);
        AddShared(evidence, EvidenceKind.PhoneShared, index.Count(IndexKey.Of(IndexKey.Phone, account.Phone)), weights.PhoneSharedPerDoubling);
        return true;
    }

    /// <returns>Whether the account is known to be in another city.</returns>
    private static bool CollectPlace(Place lead, Place account, WordWeights words, MatchWeights weights, List<Evidence> evidence)
    {
        bool? country = Same(lead.Country, account.Country);
        bool? region = country == false ? false : Same(lead.Region, account.Region);
        bool? city = Same(lead.City, account.City);
        if (city == true && country != false && (region != false || country is null))
        {
            if (Same(lead.Street, account.Street) == true)
                Add(evidence, EvidenceKind.StreetSame, 1, weights.StreetSame);
            Add(evidence, EvidenceKind.CitySame, 1, weights.CitySamePerBit * words.OfCity(account.City!));
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

        return city != true && (city == false || region == false || country == false);
    }

    private static bool? Same(string? a, string? b) => a is null || b is null ? null : a == b;

    private static void Add(List<Evidence> evidence, EvidenceKind kind, double amount, double points) => evidence.Add(new(kind, amount, Math.Round(points, 2)));

    private static void AddShared(List<Evidence> evidence, EvidenceKind kind, int sharing, double perDoubling)
    {
        if (sharing > 1)
            Add(evidence, kind, sharing, perDoubling * Math.Log2(sharing));
    }

    private enum DomainAgreement
    {
        None,
        Any,

        /// <summary>One account's alone, and it bears its name.</summary>
        Own,
    }
}
