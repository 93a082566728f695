using Abm.Accounts;
using Abm.Configuration;
using Abm.Scoring;

namespace Abm.Signals;

/// <summary>What of an account plays listen to, as it was at one instant.</summary>
/// <param name="Status">As conditions see it: <c>customer</c>.</param>
/// <param name="Stage">The custom field <c>stage</c>.</param>
/// <param name="OpportunityStage">The custom field <c>opportunityStage</c>.</param>
/// <param name="OpportunityId">The custom field <c>opportunityId</c>.</param>
/// <param name="Points">Fit points; null: scoring is off.</param>
public sealed record AccountSnapshot(
    string Status, string? Stage, bool HasOpenOpportunity, string? OpportunityStage, string? OpportunityId, string? OpportunityOutcome, string? OwnerId, string Tier, double? Points, string? Level)
{
    public static AccountSnapshot Of(Account account, AbmConfig config)
    {
        ScoreDecision score = LeadScorer.Score(account, config);
        return new AccountSnapshot(
            Camel(account.Status.ToString()), Custom(account, "stage"), account.HasOpenOpportunity, Custom(account, "opportunityStage"), Custom(account, "opportunityId"),
            Custom(account, "opportunityOutcome"), account.OwnerId?.Value, Camel(account.Tier.ToString()), score.IsKnown ? score.FitPoints : null, score.IsKnown ? score.Level : null);
    }

    /// <summary>A custom field, whether its name is written as in JSON or as a column: <c>renewalDate</c>, <c>renewal_date</c>, <c>Renewal Date</c>.</summary>
    public static string? Custom(Account account, string name)
    {
        if (account.Custom.TryGetValue(name, out string? exact))
            return Filled(exact);
        string wanted = Squashed(name);
        return account.Custom.Where(c => Squashed(c.Key) == wanted).OrderBy(c => c.Key, StringComparer.Ordinal).Select(c => Filled(c.Value)).FirstOrDefault();
    }

    private static string? Filled(string value) => string.IsNullOrWhiteSpace(value) ? null : value.Trim();

    private static string Squashed(string name) => string.Concat(name.Where(char.IsLetterOrDigit)).ToLowerInvariant();

    private static string Camel(string name) => char.ToLowerInvariant(name[0]) + name[1..];
}
