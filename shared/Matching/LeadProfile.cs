using Abm.Accounts;
using Abm.Leads;
using Abm.Lists;

namespace Abm.Matching;

/// <summary>A lead made ready for comparing with many accounts: its words weighed once.</summary>
internal sealed class LeadProfile
{
    /// <summary>A mailbox name that ends in so many digits is a private person's at a provider more often than an employee's.</summary>
    private const int DigitsOfPerson = 2;

    private const int FewestInitials = 3;
    private const int MostInitials = 10;

    private readonly char[] _initials = new char[MostInitials];
    private readonly char[] _tellingInitials = new char[MostInitials];
    private LeadIdentity? _identity;
    private LeadName[] _names = new LeadName[1];
    private int _nameCount;
    private int _initialCount;
    private int _tellingCount;

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
            Add(company, isPart: false, weights);
            for (int i = 0; i < identity.OtherCompanies.Count; i++)
                Add(identity.OtherCompanies[i].Name, !identity.OtherCompanies[i].IsWhole, weights);
            ReadInitials(_names[0]);
        }

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
        for (int i = 0; i < _nameCount; i++)
            _names[i].Clear();
        _nameCount = 0;
        _initialCount = 0;
        _tellingCount = 0;
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
    public ReadOnlySpan<LeadName> Names => _names.AsSpan(0, _nameCount);

    /// <summary>First letters of all words of the company; empty where there are fewer than three words.</summary>
    public ReadOnlySpan<char> Initials => _initials.AsSpan(0, _initialCount);

    /// <summary>First letters of those of them that tell something.</summary>
    public ReadOnlySpan<char> TellingInitials => _tellingInitials.AsSpan(0, _tellingCount);

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

    private void Add(NameKey key, bool isPart, WordWeights weights)
    {
        if (_nameCount == _names.Length)
            Array.Resize(ref _names, _nameCount + 1);
        (_names[_nameCount++] ??= new()).Read(key, isPart, Identity.Place, weights);
    }

    private void ReadInitials(LeadName name)
    {
        if (name.Words.Length is < FewestInitials or > MostInitials)
            return;
        foreach (Word word in name.Words)
        {
            if (name.Bits[_initialCount] > 0)
                _tellingInitials[_tellingCount++] = word.Text[0];
            _initials[_initialCount++] = word.Text[0];
        }
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
