using Abm.Accounts;
using Abm.Leads;

namespace Abm.Evaluation;

/// <summary>What simple look-ups reach: by exact domain, by exact normalised name, by domain then name. A key that several accounts have matches nobody.</summary>
internal sealed class Baselines
{
    private readonly Dictionary<string, string?> _byDomain = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string?> _byName = new(StringComparer.Ordinal);

    public Baselines(IEnumerable<Account> accounts)
    {
        foreach (Account account in accounts)
        {
            IEnumerable<string> domains = account.Domains.Append(account.Website ?? "").Select(text => CompanyDomain.Read(text)?.Registrable).OfType<string>().Distinct(StringComparer.Ordinal);
            foreach (string domain in domains)
                _byDomain[domain] = _byDomain.ContainsKey(domain) ? null : account.Id.Value;
            if (NameKey.Read(account.Name)?.Full is { } name)
                _byName[name] = _byName.ContainsKey(name) ? null : account.Id.Value;
        }
    }

    public Answer ByDomain(Lead lead)
    {
        string? domain = EmailAddress.Read(lead.Submitted.Email)?.Domain?.Registrable ?? CompanyDomain.Read(lead.Submitted.Website)?.Registrable;
        return Answer.Of(domain is null ? null : _byDomain.GetValueOrDefault(domain));
    }

    public Answer ByName(Lead lead) => Answer.Of(NameKey.Read(lead.Submitted.Company)?.Full is { } name ? _byName.GetValueOrDefault(name) : null);

    public Answer ByDomainThenName(Lead lead) => ByDomain(lead) is { Automatic: not null } found ? found : ByName(lead);
}
