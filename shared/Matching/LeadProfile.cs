using Abm.Accounts;
using Abm.Leads;

namespace Abm.Matching;

/// <summary>A lead made ready for comparing with many accounts: its words weighed once.</summary>
internal sealed class LeadProfile
{
    /// <summary>Words of a name that are looked at; longer names are cut, they are no names.</summary>
    public const int MostWords = 24;

    /// <param name="usesDomain">Whether the domains of e-mail address and website are compared.</param>
    public LeadProfile(LeadIdentity identity, WordWeights weights, bool usesDomain = true)
    {
        Identity = identity;
        if (identity.Company is { } company)
        {
            Words = Word.Of(company, MostWords);
            NameBits = new double[Words.Length];
            IsKnown = new bool[NameBits.Length];
            for (int i = 0; i < NameBits.Length; i++)
            {
                NameBits[i] = weights.Of(Words[i]);
                IsKnown[i] = weights.IsKnown(Words[i]);
            }
        }

        if (!usesDomain)
            return;
        EmailDomain = identity.Email?.Domain;
        CompanyIsDomain = identity.Company is { } named && EmailDomain is not null && IsLabel(named.Squashed, EmailDomain.Registrable);
        WebsiteDomain = identity.Website is { } website && website != EmailDomain ? website : null;
    }

    public LeadIdentity Identity { get; }
    public NameKey? Company => Identity.Company;

    /// <summary>The words of the company's name.</summary>
    public Word[] Words { get; } = [];

    /// <summary>What each word of the company tells, in bits.</summary>
    public double[] NameBits { get; } = [];

    /// <summary>Whether the word at the same place is in any account's name.</summary>
    public bool[] IsKnown { get; } = [];
    public CompanyDomain? EmailDomain { get; }

    /// <summary>Null when it says nothing more than the e-mail address.</summary>
    public CompanyDomain? WebsiteDomain { get; }

    /// <summary>The company is written like the e-mail domain: forms and tools fill it in from there, so it tells nothing more than the domain.</summary>
    public bool CompanyIsDomain { get; }
    public bool HasDomain => EmailDomain is not null || WebsiteDomain is not null;

    private static bool IsLabel(string squashed, string registrable) => AccountKeys.LabelOf(registrable).SequenceEqual(squashed);
}
