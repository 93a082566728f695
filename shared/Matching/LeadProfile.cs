using Abm.Accounts;
using Abm.Leads;
using Abm.Lists;

namespace Abm.Matching;

/// <summary>A lead made ready for comparing with many accounts: its words weighed once.</summary>
internal sealed class LeadProfile
{
    /// <summary>A mailbox name that ends in so many digits is a private person's at a provider more often than an employee's.</summary>
    private const int DigitsOfPerson = 2;

    private LeadIdentity? _identity;

    /// <param name="usesDomain">Whether the domains of e-mail address and website are compared.</param>
    public LeadProfile(LeadIdentity identity, WordWeights weights, bool usesDomain = true) => Read(identity, weights, usesDomain);

    /// <summary>A profile of nobody yet, to be read into.</summary>
    public LeadProfile()
    {
    }

    /// <summary>Becomes the profile of this lead; whatever it was before is forgotten.</summary>
    public void Read(LeadIdentity identity, WordWeights weights, bool usesDomain)
    {
        Clear();
        _identity = identity;
        if (identity.Company is { } company)
        {
            Names = new LeadName[1 + identity.OtherCompanies.Count];
            Names[0] = new(company, false, identity.Place, weights);
            for (int i = 1; i < Names.Length; i++)
                Names[i] = new(identity.OtherCompanies[i - 1].Name, !identity.OtherCompanies[i - 1].IsWhole, identity.Place, weights);
        }

        Initials = Names.Length == 0 ? null : InitialsOf(Names[0]);
        Written = identity.CompanyAsWritten;
        if (!usesDomain)
            return;
        EmailDomain = identity.Email?.Domain;
        MailCountry = (identity.Email is { } email ? Countries.OfEnding(email.Normalised) : null) ?? (identity.Website is { } site ? Countries.OfEnding(site.Registrable) : null);
        CompanyIsDomain = identity.Company is { } named && EmailDomain is not null && (IsLabel(named.Squashed, EmailDomain.Registrable) || (named.AsWritten is { } written && IsLabel(written, EmailDomain.Registrable)));
        WebsiteDomain = identity.Website is { } website && website != EmailDomain ? website : null;
        IsPersonsMailbox = EmailDomain is not null && EndsInDigits(identity.Email!.Normalised);
    }

    /// <summary>Forgets the lead.</summary>
    public void Clear()
    {
        _identity = null;
        Names = [];
        Initials = null;
        Written = null;
        EmailDomain = null;
        MailCountry = null;
        WebsiteDomain = null;
        CompanyIsDomain = false;
        IsPersonsMailbox = false;
    }

    public LeadIdentity Identity => _identity!;
    public NameKey? Company => Identity.Company;

    /// <summary>The company's name first, then other readings of it; empty when there is none.</summary>
    public LeadName[] Names { get; private set; } = [];

    /// <summary>First letters of all words of the company, and of those that tell something; null where there are fewer than three words.</summary>
    public (string All, string Telling)? Initials { get; private set; }

    /// <summary>The company as it was typed, folded, legal forms and all; null when it is too short to have been cut off.</summary>
    public string? Written { get; private set; }
    public CompanyDomain? EmailDomain { get; private set; }

    /// <summary>The country whose ending the mail address has, a provider's included, or else the website; null where that is anybody's.</summary>
    public string? MailCountry { get; private set; }

    /// <summary>Null when it says nothing more than the e-mail address.</summary>
    public CompanyDomain? WebsiteDomain { get; private set; }

    /// <summary>The company is written like the e-mail domain: forms and tools fill it in from there, so it tells nothing more than the domain.</summary>
    public bool CompanyIsDomain { get; private set; }

    /// <summary>The mailbox is named as private persons name theirs at a provider: <c>jane1984@</c>.</summary>
    public bool IsPersonsMailbox { get; private set; }
    public bool HasDomain => EmailDomain is not null || WebsiteDomain is not null;

    private static (string All, string Telling)? InitialsOf(LeadName name)
    {
        if (name.Words.Length is < 3 or > 10)
            return null;
        Span<char> all = stackalloc char[name.Words.Length];
        Span<char> telling = stackalloc char[name.Words.Length];
        int count = 0;
        for (int i = 0; i < all.Length; i++)
        {
            all[i] = name.Words[i].Text[0];
            if (name.Bits[i] > 0)
                telling[count++] = all[i];
        }

        return (new(all), new(telling[..count]));
    }

    private static bool IsLabel(string squashed, string registrable) => AccountKeys.LabelOf(registrable).SequenceEqual(squashed);

    private static bool EndsInDigits(string email)
    {
        int at = email.IndexOf('@', StringComparison.Ordinal);
        for (int i = at - DigitsOfPerson; i < at; i++)
        {
            if (i < 1 || !char.IsAsciiDigit(email[i]))
                return false;
        }

        return at > DigitsOfPerson;
    }
}
