using System.Globalization;
using Abm.Decisions;

namespace Abm.Configuration;

/// <summary>What a matching exception does when it holds.</summary>
public enum ExceptionEffect
{
    /// <summary>The lead belongs to the account; nothing is compared.</summary>
    [Says("the lead belongs to the account")]
    Pin,

    /// <summary>The lead is never matched to the account, however much speaks for it.</summary>
    [Says("never matched to the account")]
    Forbid,

    /// <summary>The domain says nothing; the name and everything else do.</summary>
    [Says("the name counts, the domain does not")]
    UseNameNotDomain,

    /// <summary>A person looks at it, however sure the match is.</summary>
    [Says("a person reviews the match")]
    ForceReview,

    /// <summary>The lead is placed nowhere and given to nobody.</summary>
    [Says("the lead is ignored")]
    Ignore,
}

/// <summary>A controlled exception from what the evidence says: agencies, holdings, shared domains, partners, tests. Somebody answers for it, and it ends by itself.</summary>
/// <remarks>
/// Rules are tried in order before anything is compared. <see cref="ExceptionEffect.Pin"/> and <see cref="ExceptionEffect.Ignore"/> decide, and no later rule is tried; the others hold together with
/// later ones. Of two that contradict each other the earlier one stands. A condition that asks about the account is asked of the account that the rule names, or else of each candidate.
/// </remarks>
[Says("matching exception"), CheckedBy(typeof(ExceptionRuleCheck))]
public sealed record ExceptionRule : IRule
{
    /// <summary>Short name in words, unique among the exceptions.</summary>
    [Says("name")]
    public required string Name { get; init; }

    /// <summary>When it holds; null: always, for the account that it names.</summary>
    [Says("when")]
    public Predicate? When { get; init; }
    [Says("effect")]
    public required ExceptionEffect Effect { get; init; }

    /// <summary>Which account: needed to pin; null otherwise means every account for which the condition holds.</summary>
    [Says("account"), Format(TextFormat.Account)]
    public string? Account { get; init; }

    /// <summary>Who answers for it.</summary>
    [Says("owner")]
    public required string Owner { get; init; }

    /// <summary>Why it is there.</summary>
    [Says("why")]
    public required string Why { get; init; }

    /// <summary>The last day on which it holds, UTC. After it the rule does nothing.</summary>
    [Says("expires", More = "The last day on which it holds, UTC. After it the rule does nothing and lint says so.")]
    public required DateOnly Expires { get; init; }

    /// <summary>Rules that decide can stand in each other's way; the others hold together.</summary>
    string? IRule.Group => IsFinal ? null : Name;

    bool IRule.IsInForce(DateTimeOffset now) => IsInForce(now);

    /// <summary>Whether it has not expired.</summary>
    public bool IsInForce(DateTimeOffset now) => DateOnly.FromDateTime(now.UtcDateTime) <= Expires;

    /// <summary>Whether it asks about the account, so that it is answered for one account at a time.</summary>
    internal bool AsksAboutAccount => When is not null && ConditionSpace.Tests(When).Any(t => t.Field.StartsWith("account.", StringComparison.Ordinal));

    private bool IsFinal => Effect is ExceptionEffect.Pin or ExceptionEffect.Ignore && !AsksAboutAccount;
}

/// <summary>An exception names what it is about, and asks only about what is known before matching.</summary>
internal sealed class ExceptionRuleCheck : ConfigCheckOf<ExceptionRule>
{
    private protected override void Add(ExceptionRule rule, string path, CheckScope scope)
    {
        if (rule.Effect == ExceptionEffect.Pin && rule.Account is null)
            scope.Problem(ConfigProblemCodes.Empty, $"{path}.account", "Name the account that the lead belongs to.");
        if (rule.Effect == ExceptionEffect.Ignore && rule.Account is not null)
            scope.Problem(ConfigProblemCodes.BadValues, $"{path}.account", "A lead is ignored whatever account it might belong to; ask about the lead instead.");
        if (rule.When is null && (rule.Account is null || rule.Effect is ExceptionEffect.Pin or ExceptionEffect.Ignore))
            scope.Problem(ConfigProblemCodes.Empty, $"{path}.when", "Without a condition it would hold for every lead.");
        if (rule is { Effect: ExceptionEffect.Forbid, Account: null, When: not null, AsksAboutAccount: false })
            scope.Problem(ConfigProblemCodes.Empty, $"{path}.account", "Name the account, or ask about it in the condition; else every account is forbidden. To place a lead nowhere, use ignore.");
        if (rule.When is null)
            return;
        foreach (string field in ConditionSpace.Tests(rule.When).Select(t => t.Field).Distinct(StringComparer.Ordinal))
        {
            if (field.StartsWith("match.", StringComparison.Ordinal) || field.StartsWith("score.", StringComparison.Ordinal) || field == "lead.persona")
                scope.Problem(ConfigProblemCodes.UnknownField, $"{path}.when", $"Exceptions are tried before matching: {field} is not known then.");
            else if (rule.Effect == ExceptionEffect.Ignore && field.StartsWith("account.", StringComparison.Ordinal))
                scope.Problem(ConfigProblemCodes.UnknownField, $"{path}.when", $"A lead is ignored before any account is looked at: {field} is not known then.");
        }
    }
}

/// <summary>Somebody answers for each exception, so there are not endlessly many.</summary>
internal sealed class ExceptionListCheck : ConfigCheckOf<IReadOnlyList<ExceptionRule>>
{
    /// <summary>Rules of one configuration.</summary>
    private const int Most = 1_000;

    private protected override void Add(IReadOnlyList<ExceptionRule> rules, string path, CheckScope scope)
    {
        if (rules.Count > Most)
            scope.Problem(ConfigProblemCodes.OutOfRange, path, $"There are {rules.Count} exceptions; {Most} at most. What is true of an account for good belongs to the account: its domains, aliases and parent.");
    }
}

/// <summary>Exceptions that have ended, or name accounts that there are not.</summary>
internal static class ExceptionLint
{
    public static void Add(AbmConfig config, LintScope scope)
    {
        for (int i = 0; i < config.MatchingExceptions.Count; i++)
        {
            ExceptionRule rule = config.MatchingExceptions[i];
            string at = ConfigPath.At("matchingExceptions", i);
            if (!rule.IsInForce(scope.Context.Now))
                scope.Add(LintCodes.Stale, $"{at}.expires", string.Create(CultureInfo.InvariantCulture, $"'{rule.Name}' held until {rule.Expires:yyyy-MM-dd} and does nothing any more; {rule.Owner} answers for it."));
            if (rule.Account is { } account && scope.Context.HasAccount is { } has && IdText.IsValid(account) && !has(AccountId.Parse(account)))
                scope.Add(LintCodes.UnknownAccount, $"{at}.account", $"There is no account {account}; '{rule.Name}' does nothing until there is.");
        }
    }
}
