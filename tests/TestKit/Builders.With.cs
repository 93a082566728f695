using Abm.Accounts;
using Abm.Configuration;
using Abm.Decisions;
using Abm.Leads;
using Abm.People;

namespace Abm.TestKit;

/// <summary>Changes to a lead, one word each.</summary>
public static class LeadWords
{
    /// <summary>With an e-mail address of this domain.</summary>
    public static Lead From(this Lead lead, string domain) => lead.Submitting(s => s with { Email = $"ada@{domain}" });

    public static Lead Titled(this Lead lead, string? title) => lead.Submitting(s => s with { Title = title });

    public static Lead Of(this Lead lead, string company) => lead.Submitting(s => s with { Company = company });

    public static Lead In(this Lead lead, string country) => lead.Submitting(s => s with { Country = country });

    public static Lead AsTest(this Lead lead) => lead.Submitting(s => s with { IsTest = true });

    public static Lead Consenting(this Lead lead, string what, bool given) =>
        lead.Submitting(s => s with { Consent = new Dictionary<string, bool>(s.Consent) { [what] = given } });

    public static Lead With(this Lead lead, string custom, string value) =>
        lead.Submitting(s => s with { Custom = new Dictionary<string, string>(s.Custom) { [custom] = value } });

    public static Lead Submitting(this Lead lead, Func<Submission, Submission> change) => lead with { Submitted = change(lead.Submitted) };
}

/// <summary>Changes to an account, one word each.</summary>
public static class AccountWords
{
    public static Account Named(this Account account, string name) => account with { Name = name };

    public static Account Owned(this Account account, string by) => account with { OwnerId = RepId.Parse(by) };

    public static Account WithOpportunityOf(this Account account, string? rep) =>
        account with { HasOpenOpportunity = true, OpportunityOwnerId = rep is null ? null : RepId.Parse(rep) };

    public static Account AsTier(this Account account, AccountTier tier) => account with { Tier = tier };

    public static Account As(this Account account, AccountStatus status) => account with { Status = status };

    public static Account InIndustry(this Account account, string industry) => account with { Industry = industry };

    public static Account Employing(this Account account, int people) => account with { EmployeeCount = people };
}

/// <summary>Changes to a rep, one word each.</summary>
public static class RepWords
{
    public static Rep In(this Rep rep, params string[] pools) => rep with { Pools = pools };

    public static Rep Under(this Rep rep, string manager) => rep with { ManagerId = RepId.Parse(manager) };

    public static Rep DelegatingTo(this Rep rep, string other) => rep with { DelegateId = RepId.Parse(other) };

    public static Rep Away(this Rep rep, DateTimeOffset from, DateTimeOffset until) => rep with { Absences = [.. rep.Absences, new Absence(from, until)] };

    public static Rep Inactive(this Rep rep) => rep with { IsActive = false };

    public static Rep Working(this Rep rep, string calendar, string? zone = null) => rep with { Calendar = calendar, TimeZone = zone };

    /// <summary>By id, as decisions take them.</summary>
    public static IReadOnlyDictionary<RepId, Rep> ById(this IEnumerable<Rep> reps) => reps.ToDictionary(r => r.Id);
}

/// <summary>Changes to a configuration.</summary>
public static class ConfigWords
{
    public static AbmConfig Routing(this AbmConfig config, params RoutingRule[] rules) => config with { Routing = rules };

    /// <summary>With this pool, and everything nobody owns goes to it.</summary>
    public static AbmConfig RoutingToPool(this AbmConfig config, PoolRules pool) => (config with
    {
        Pools = new Dictionary<string, PoolRules>(config.Pools) { [pool.Name] = pool },
    }).Routing(new RoutingRule { Name = "Everybody", To = new RouteTarget.Pool(pool.Name) });

    public static AbmConfig With(this AbmConfig config, SlaPolicy policy) => config with
    {
        SlaPolicies = new Dictionary<string, SlaPolicy>(config.SlaPolicies) { [policy.Name] = policy },
    };
}
