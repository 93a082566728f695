using System.Globalization;
using Abm.Accounts;
using Abm.Configuration;
using Abm.Decisions;
using Abm.Leads;
using Abm.Matching;
using Abm.TestKit;

namespace Abm.Shared.Tests.Matching;

/// <summary>Hundreds of exceptions: only those that can concern the lead are tried, and nothing comes out differently.</summary>
public sealed class ManyExceptionsTests
{
    private const int Many = 1_000;
    private static readonly DateTimeOffset Now = new(2026, 10, 1, 8, 0, 0, TimeSpan.Zero);
    private static readonly AccountIndex Index = MatchScenario.Index(
        [.. Enumerable.Range(0, 40).Select(i => MatchScenario.Account($"A{i}", $"Zyxo{i} Works", $"zyxo{i}.com"))]);

    [Fact]
    public void Of_a_thousand_rules_the_one_about_the_leads_domain_decides_and_the_others_are_one_reason()
    {
        MatchDecision decision = Match("j@zyxo7.com", [.. Enumerable.Range(0, Many).Select(i => Rule(ExceptionEffect.Pin, At($"zyxo{i}.com"), "A3", i))]);

        Assert.Equal("A3", decision.Matched());
        Assert.Equal([ExceptionReasons.RuleTrue, ExceptionReasons.Others, ExceptionReasons.Pinned], decision.Codes());
        Assert.StartsWith("999 other exceptions", decision.Reasons[1].Says, StringComparison.Ordinal);
    }

    [Fact]
    public void A_rule_about_an_account_is_found_by_the_account_when_it_is_a_candidate()
    {
        MatchDecision decision = Match("j@zyxo7.com", [.. Enumerable.Range(0, Many).Select(i => Rule(ExceptionEffect.Forbid, null, $"A{i}", i))]);

        Assert.Equal(UnmatchedReason.ForbiddenByRule, decision.Unmatched());
        Assert.Contains(decision.Reasons, reason => reason.Rule is { Name: "rule 7", Holds: true });
        Assert.InRange(decision.Reasons.Count, 2, 30);
    }

    [Fact]
    public void A_rule_that_asks_otherwise_than_for_one_of_some_values_is_always_tried()
    {
        ExceptionRule ends = Rule(ExceptionEffect.Pin, A.Test("lead.domain", PredicateOp.EndsWith, "7.com"), "A3", 500);

        Assert.Equal("A3", Match("j@zyxo7.com", [.. Enumerable.Range(0, 400).Select(i => Rule(ExceptionEffect.Pin, At($"other{i}.com"), "A1", i)), ends]).Matched());
    }

    [Fact]
    public void A_rule_for_one_of_two_facts_is_found_by_either()
    {
        Predicate either = new Predicate.Any([At("nobody.example"), A.Test("lead.countryCode", PredicateOp.In, "at", " DE ")]);
        ExceptionRule[] rules = [.. Enumerable.Range(0, 400).Select(i => Rule(ExceptionEffect.Ignore, At($"other{i}.com"), null, i)), Rule(ExceptionEffect.Pin, either, "A3", 400)];

        Assert.Equal("A3", Match(new Submission { Email = "j@zyxo7.com", Country = "Germany" }, rules).Matched());
        Assert.Equal("A7", Match(new Submission { Email = "j@zyxo7.com", Country = "France" }, rules).Matched());
    }

    [Fact]
    public void An_expired_rule_does_nothing_among_many_either()
    {
        ExceptionRule[] rules = [.. Enumerable.Range(0, 400).Select(i => Rule(ExceptionEffect.Pin, At($"zyxo{i}.com"), "A3", i) with { Expires = new DateOnly(2026, 9, 30) })];

        MatchDecision decision = Match("j@zyxo7.com", rules);

        Assert.Equal("A7", decision.Matched());
        Assert.Contains(ExceptionReasons.Expired, decision.Codes());
    }

    [Fact]
    public void What_is_not_tried_would_have_changed_nothing()
    {
        var random = new Random(4711);
        for (int round = 0; round < 300; round++)
        {
            ExceptionRule[] rules = [.. Enumerable.Range(0, 60).Select(i => Any(random, i))];
            Submission lead = new() { Email = $"j@zyxo{random.Next(12)}.com", Country = random.Next(2) == 0 ? "Germany" : null, Company = random.Next(3) == 0 ? $"Zyxo{random.Next(12)} Works" : null };

            // The rules that could hold, few enough that each is tried.
            Facts facts = new(new Lead(LeadId.From("t", "1"), lead, Now), null, null);
            ExceptionRule[] few = [.. rules.Where(rule => rule.AsksAboutAccount || PredicateEvaluator.Evaluate(rule.When, facts).IsTrue).Take(20)];
            if (few.Length == 20)
                continue;

            MatchDecision all = Match(lead, rules), some = Match(lead, few);
            Assert.Equal(Outcome(some), Outcome(all));
            Assert.Equal(some.Candidates.Select(c => (c.Account, c.Points)), all.Candidates.Select(c => (c.Account, c.Points)));
        }
    }

    private static ExceptionRule Any(Random random, int i)
    {
        ExceptionEffect effect = (ExceptionEffect)random.Next(5);
        Predicate at = At($"zyxo{random.Next(40)}.com");
        Predicate when = random.Next(4) switch
        {
            0 => at,
            1 => new Predicate.All([at, A.Test("lead.countryCode", PredicateOp.Equals, "de")]),
            2 => new Predicate.Any([at, A.Test("lead.companyKey", PredicateOp.Equals, $"zyxo{random.Next(40)} works")]),
            _ => A.Test("lead.domain", PredicateOp.In, $"zyxo{random.Next(40)}.com", $"zyxo{random.Next(40)}.com"),
        };
        bool isAboutOne = effect is not (ExceptionEffect.Pin or ExceptionEffect.Ignore) && random.Next(3) == 0;
        return Rule(effect, isAboutOne ? null : when, effect == ExceptionEffect.Ignore ? null : $"A{random.Next(isAboutOne ? 40 : 12)}", i);
    }

    private static string Outcome(MatchDecision decision) => decision switch
    {
        MatchDecision.Matched matched => $"matched {matched.Account}",
        MatchDecision.Review review => $"review {review.Why}",
        MatchDecision.Unmatched unmatched => $"unmatched {unmatched.Why}",
        _ => "",
    };

    private static Predicate At(string domain) => A.Test("lead.domain", PredicateOp.Equals, domain);

    private static MatchDecision Match(string email, ExceptionRule[] rules) => Match(new Submission { Email = email }, rules);

    private static MatchDecision Match(Submission lead, ExceptionRule[] rules) =>
        LeadMatcher.Match(new Lead(LeadId.From("t", "1"), lead, Now), Index, AbmConfig.Default with { MatchingExceptions = rules }, Now);

    private static ExceptionRule Rule(ExceptionEffect effect, Predicate? when, string? account, int number) => new()
    {
        Name = string.Create(CultureInfo.InvariantCulture, $"rule {number}"),
        When = when,
        Effect = effect,
        Account = account,
        Owner = "ops",
        Why = "a test",
        Expires = new DateOnly(2027, 1, 1),
    };
}
