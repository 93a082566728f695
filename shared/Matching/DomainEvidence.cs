using Abm.Accounts;

namespace Abm.Matching;

/// <summary>What the domains of a lead and an account tell.</summary>
internal static class DomainEvidence
{
    /// <summary>A name of this much or more says something on its own; as a lead's company it may be another company's.</summary>
    public const int ShortestLabel = 3;

    /// <summary>Shorter labels begin alike by chance.</summary>
    private const int ShortestAlikeLabel = 6;

    public static DomainAgreement Collect(LeadProfile lead, AccountKeys account, WordWeights words, EvidenceList evidence)
    {
        (EvidenceKind kind, int sharing, bool isOwn) = Best(Compare(lead.EmailDomain, account, words), Compare(lead.WebsiteDomain, account, words));
        if (kind is not (EvidenceKind.DomainPrimary or EvidenceKind.DomainSecondary or EvidenceKind.DomainRelated))
        {
            CollectOther(lead, account, evidence);
            return DomainAgreement.None;
        }

        evidence.Add(kind);
        evidence.AddShared(EvidenceKind.DomainShared, sharing);
        if (sharing > 1 && (BearsLabel(lead.EmailDomain, account) || BearsLabel(lead.WebsiteDomain, account)))
            evidence.Add(EvidenceKind.DomainSharedButNamed);
        if (lead.Identity.IsSelfEmployed)
            evidence.Add(EvidenceKind.DomainOfSelfEmployed);
        else if (lead.IsPersonsMailbox && (lead.Company is null ? account.IsMailProvider : NamesAnother(lead, account)))
            evidence.Add(EvidenceKind.DomainOfPerson);
        return sharing > 1 ? DomainAgreement.Any : isOwn ? DomainAgreement.Own : DomainAgreement.Sole;
    }

    /// <summary>Whether a domain's name is a name without its spaces and dashes.</summary>
    public static bool SameWithoutDashes(ReadOnlySpan<char> label, string squashed)
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

    private static void CollectOther(LeadProfile lead, AccountKeys account, EvidenceList evidence)
    {
        if (!lead.HasDomain)
            evidence.AddMissing(EvidenceKind.DomainMissing);
        else if (SpellsName(lead.EmailDomain, account) || SpellsName(lead.WebsiteDomain, account))
            evidence.Add(EvidenceKind.DomainSpellsName);
        else if (SpellsInitials(lead.EmailDomain, account) || SpellsInitials(lead.WebsiteDomain, account))
            evidence.Add(EvidenceKind.DomainSpellsInitials);
        else if (IsAlike(lead.EmailDomain, account) || IsAlike(lead.WebsiteDomain, account))
            evidence.Add(EvidenceKind.DomainAlike);
        else if (account.Domains.Length == 0 || lead.IsPersonsMailbox)
            evidence.AddMissing(EvidenceKind.DomainMissing, 1);
        else
            evidence.Add(IsNamedAlike(lead, account) ? EvidenceKind.DomainDiffersSameName : EvidenceKind.DomainDiffers);
    }

    /// <summary>Whether the lead names a company that is neither called like the account nor written like its own domain. Digits in a mailbox name alone say nothing: large companies number namesakes. Where no company is named they count at telephone companies only, whose customers have mailboxes there.</summary>
    private static bool NamesAnother(LeadProfile lead, AccountKeys account) =>
        lead.Company is { } company
        && !IsNamedAlike(lead, account)
        && !(lead.EmailDomain is { } domain && SameWithoutDashes(AccountKeys.LabelOf(domain.Registrable), company.Squashed));

    private static bool IsNamedAlike(LeadProfile lead, AccountKeys account)
    {
        if (lead.Company is not { } company)
            return false;
        foreach (NameKey name in account.Names)
        {
            if (name.Squashed == company.Squashed)
                return true;
        }

        return false;
    }

    private static (EvidenceKind Kind, int Sharing, bool IsOwn) Best((EvidenceKind Kind, int Sharing, bool IsOwn) a, (EvidenceKind Kind, int Sharing, bool IsOwn) b) => a.Kind <= b.Kind ? a : b;

    private static (EvidenceKind Kind, int Sharing, bool IsOwn) Compare(CompanyDomain? lead, AccountKeys account, WordWeights words)
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
            bool isWhole = own.IsWhole;
            bool isWithin = isWhole || lead.Host == own.Host || lead.Host.EndsWith("." + own.Host, StringComparison.Ordinal);
            (EvidenceKind, int, bool) found = isWithin
                ? (kind, words.Count(isWhole ? IndexKey.Of(IndexKey.Domain, own.Registrable) : IndexKey.Of(IndexKey.Host, own.Host)), account.DomainBearsName[i] || !isWhole)
                : (EvidenceKind.DomainRelated, words.Count(IndexKey.Of(IndexKey.Domain, own.Registrable)), false);
            best = Best(best, found);
        }

        return best;
    }

    // "lakevillemnfire.gov" beside "lakevillemn.gov": perhaps a second domain of the same owner.
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
        if (BearsLabel(domain, account))
            return true;
        foreach (CompanyDomain own in account.Domains)
        {
            if (label.SequenceEqual(AccountKeys.LabelOf(own.Registrable)))
                return true;
        }

        return false;
    }

    // "acme.com" and "Acme", not "Acme of Boston".
    private static bool BearsLabel(CompanyDomain? domain, AccountKeys account)
    {
        if (domain is null)
            return false;
        ReadOnlySpan<char> label = AccountKeys.LabelOf(domain.Registrable);
        foreach (NameKey name in account.Names)
        {
            if (SameWithoutDashes(label, name.Squashed) || SameWithoutDashes(label, name.SquashedFull) || (name.AsWritten is { } written && SameWithoutDashes(label, written)))
                return true;
        }

        return false;
    }

    private static bool SpellsInitials(CompanyDomain? domain, AccountKeys account) => domain is not null && account.HasAcronym(AccountKeys.LabelOf(domain.Registrable));
}

/// <summary>How far a lead's domain is an account's.</summary>
internal enum DomainAgreement
{
    None,

    /// <summary>One that several accounts share, or another part of one.</summary>
    Any,

    /// <summary>One account's alone, but it does not bear its name: a parent's, a host's, initials that we do not see.</summary>
    Sole,

    /// <summary>One account's alone, and it bears its name.</summary>
    Own,
}
