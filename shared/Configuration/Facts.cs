using System.Collections.ObjectModel;
using System.Globalization;
using Abm.Accounts;
using Abm.Leads;
using Abm.Matching;
using Abm.Scoring;

namespace Abm.Configuration;

/// <summary>What conditions can ask about one lead: named values, read when asked. Null = not known.</summary>
/// <remarks>Fields that may be asked: <see cref="FactFields"/>.</remarks>
public sealed class Facts(Lead? lead, MatchDecision? match, Account? account, ScoreDecision? score = null, string? persona = null)
{
    /// <summary>Facts of an account or an opportunity, without a lead.</summary>
    /// <param name="more">What else is known, by field: of events, of opportunities, of what the engine has seen. They go before everything else.</param>
    public Facts(Account? account, IReadOnlyDictionary<string, string> more, ScoreDecision? score = null)
        : this(null, null, account, score) => More = more;

    /// <summary>What else is known, by field. Goes before everything else.</summary>
    public IReadOnlyDictionary<string, string> More { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    private LeadIdentity? _identity;

    /// <summary>The lead as the matcher sees it; only conditions that ask for it have it made.</summary>
    private LeadIdentity Identity => _identity ??= LeadIdentity.From(lead!);

    /// <summary>The value as text in invariant form, or null when it is not known. Booleans read <c>true</c> and <c>false</c>.</summary>
    public string? Text(string field)
    {
        string? value = More.Count > 0 && More.TryGetValue(field, out string? known) ? known : lead is null && field.StartsWith("lead.", StringComparison.Ordinal) ? null : Read(field);
        return string.IsNullOrWhiteSpace(value) ? null : value;
    }

    private string? Read(string field) => field switch
    {
        "lead.title" => lead!.Submitted.Title,
        "lead.company" => lead!.Submitted.Company,
        "lead.source" => lead!.Submitted.Source,
        "lead.country" => lead!.Submitted.Country,
        "lead.countryCode" => CountryCode(lead!.Submitted.Country),
        "lead.state" => lead!.Submitted.State,
        "lead.city" => lead!.Submitted.City,
        "lead.emailDomain" => EmailDomain(lead!.Submitted.Email),
        "lead.domain" => (Identity.Email?.Domain ?? Identity.Website)?.Registrable,
        "lead.companyKey" => Identity.Company?.Core,
        "lead.emailKind" => Identity.Email is { } email ? Camel(email.Kind.ToString()) : null,
        "lead.accountId" => lead!.Submitted.AccountId,
        "lead.isTest" => Bool(lead!.Submitted.IsTest),
        "lead.persona" => persona ?? score?.Persona,
        "account.known" => Bool(account is not null),
        "account.name" => account?.Name,
        "account.country" => account?.Country,
        "account.countryCode" => CountryCode(account?.Country),
        "account.state" => account?.State,
        "account.city" => account?.City,
        "account.industry" => account?.Industry,
        "account.employees" => account?.EmployeeCount?.ToString(CultureInfo.InvariantCulture),
        "account.tier" => account is null ? null : Camel(account.Tier.ToString()),
        "account.status" => account is null ? null : Camel(account.Status.ToString()),
        "account.owner" => account?.OwnerId?.Value,
        "account.hasOpenOpportunity" => account is null ? null : Bool(account.HasOpenOpportunity),
        "account.contacts" => account?.ContactCount.ToString(CultureInfo.InvariantCulture),
        "account.opportunities" => account?.OpportunityCount.ToString(CultureInfo.InvariantCulture),
        "territory.countryCode" => CountryCode(account?.Country) ?? CountryCode(lead?.Submitted.Country),
        "territory.state" => OneOf(account?.State, lead?.Submitted.State),
        "territory.city" => OneOf(account?.City, lead?.Submitted.City),
        "territory.product" => OneOf(lead is null ? null : Find(lead.Submitted.Custom, "product"), account is null ? null : Find(account.Custom, "product")),
        "match.outcome" => match switch
        {
            null => null,
            MatchDecision.Matched => "matched",
            MatchDecision.Review => "review",
            _ => "unmatched",
        },
        "match.why" => match switch
        {
            MatchDecision.Review r => Camel(r.Why.ToString()),
            MatchDecision.Unmatched u => Camel(u.Why.ToString()),
            _ => null,
        },
        "match.confidence" => match is MatchDecision.Matched m ? m.Confidence.ToString("R", CultureInfo.InvariantCulture) : null,
        "match.isLowConfidence" => match is MatchDecision.Matched low ? Bool(low.IsLowConfidence) : null,
        "score.points" => score is { IsKnown: true } ? score.FitPoints.ToString("R", CultureInfo.InvariantCulture) : null,
        "score.level" => score is { IsKnown: true } ? score.Level : null,
        _ when FactFields.IsOfPlays(field) => null,
        _ when Suffix(field, "lead.custom.") is { } name => Find(lead!.Submitted.Custom, name),
        _ when Suffix(field, "lead.utm.") is { } name => Find(lead!.Submitted.Utm, name),
        _ when Suffix(field, "account.custom.") is { } name => account is null ? null : Find(account.Custom, name),
        _ => throw new ArgumentException($"No condition can ask about '{field}'. A configuration that was checked cannot get here.", nameof(field)),
    };

    private static string? OneOf(string? first, string? second) => string.IsNullOrWhiteSpace(first) ? second : first;

    private static string Bool(bool value) => value ? "true" : "false";

    private static string Camel(string name) => char.ToLowerInvariant(name[0]) + name[1..];

    private static string? Suffix(string field, string prefix) =>
        field.Length > prefix.Length && field.StartsWith(prefix, StringComparison.Ordinal) ? field[prefix.Length..] : null;

    /// <summary>Two capital letters, however the country was written; null when it is not known as one.</summary>
    private static string? CountryCode(string? country) => country is null ? null : Place.Read(null, null, null, null, country).Country?.ToUpperInvariant();

    private static string? EmailDomain(string? email) =>
        email?.LastIndexOf('@') is { } at and >= 0 ? email[(at + 1)..].Trim().ToLowerInvariant() : null;

    private static string? Find(IReadOnlyDictionary<string, string> values, string name) =>
        values.TryGetValue(name, out string? exact)
            ? exact
            : values.Where(v => string.Equals(v.Key, name, StringComparison.OrdinalIgnoreCase)).OrderBy(v => v.Key, StringComparer.Ordinal).Select(v => v.Value).FirstOrDefault();
}
