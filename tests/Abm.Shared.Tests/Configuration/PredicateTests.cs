using Abm.Accounts;
using Abm.Configuration;
using Abm.TestKit;

namespace Abm.Shared.Tests.Configuration;

public sealed class PredicateTests
{
    private static readonly Account Account = A.Account().InIndustry("Food Production").Employing(500) with { Country = "Türkiye" };

    [Theory]
    [InlineData("account.industry", PredicateOp.Equals, "food production", PredicateResult.True)]
    [InlineData("account.industry", PredicateOp.NotEquals, "food production", PredicateResult.False)]
    [InlineData("account.industry", PredicateOp.Contains, "PROD", PredicateResult.True)]
    [InlineData("account.industry", PredicateOp.StartsWith, "food", PredicateResult.True)]
    [InlineData("account.industry", PredicateOp.EndsWith, "food", PredicateResult.False)]
    [InlineData("account.industry", PredicateOp.In, "paper|food production", PredicateResult.True)]
    [InlineData("account.industry", PredicateOp.NotIn, "paper|food production", PredicateResult.False)]
    [InlineData("account.industry", PredicateOp.Regex, "^food\\b", PredicateResult.True)]
    [InlineData("account.industry", PredicateOp.Gt, "5", PredicateResult.Missing)]
    [InlineData("account.employees", PredicateOp.Equals, "500.0", PredicateResult.True)]
    [InlineData("account.employees", PredicateOp.Gt, "500", PredicateResult.False)]
    [InlineData("account.employees", PredicateOp.Gte, "500", PredicateResult.True)]
    [InlineData("account.employees", PredicateOp.Lt, "1e3", PredicateResult.True)]
    [InlineData("account.employees", PredicateOp.Lte, "499.9", PredicateResult.False)]
    [InlineData("account.employees", PredicateOp.Between, "500|999", PredicateResult.True)]
    [InlineData("account.country", PredicateOp.Equals, "TÜRKIYE", PredicateResult.True)]
    [InlineData("account.countryCode", PredicateOp.Equals, "TR", PredicateResult.True)]
    [InlineData("lead.countryCode", PredicateOp.Equals, "TR", PredicateResult.Missing)]
    [InlineData("account.city", PredicateOp.Equals, "Izmir", PredicateResult.Missing)]
    [InlineData("account.city", PredicateOp.NotEquals, "Izmir", PredicateResult.Missing)]
    [InlineData("account.city", PredicateOp.NotIn, "Izmir", PredicateResult.Missing)]
    [InlineData("account.city", PredicateOp.Exists, "true", PredicateResult.False)]
    [InlineData("account.city", PredicateOp.Exists, "false", PredicateResult.True)]
    [InlineData("account.tier", PredicateOp.Equals, "none", PredicateResult.True)]
    [InlineData("lead.custom.Budget", PredicateOp.Gte, "100", PredicateResult.True)]
    [InlineData("lead.utm.source", PredicateOp.Exists, "true", PredicateResult.False)]
    [InlineData("lead.emailDomain", PredicateOp.Equals, "acme.example", PredicateResult.True)]
    public void Every_comparison_answers_true_false_or_missing(string field, PredicateOp op, string values, PredicateResult result)
    {
        Assert.Equal(result, Evaluate(A.Test(field, op, values.Split('|'))));
    }

    [Fact]
    public void Missing_stays_missing_when_negated_and_loses_to_what_decides()
    {
        Predicate missing = A.Test("account.city", PredicateOp.Equals, "Izmir");
        Predicate yes = A.Test("account.known", PredicateOp.Equals, "true");
        Predicate no = new Predicate.Not(yes);

        Assert.Equal(PredicateResult.Missing, Evaluate(new Predicate.Not(missing)));
        Assert.Equal(PredicateResult.Missing, Evaluate(new Predicate.All([missing, yes])));
        Assert.Equal(PredicateResult.False, Evaluate(new Predicate.All([missing, no])));
        Assert.Equal(PredicateResult.True, Evaluate(new Predicate.Any([missing, yes])));
        Assert.Equal(PredicateResult.Missing, Evaluate(new Predicate.Any([missing, no])));
    }

    [Fact]
    public void A_verdict_names_what_decided()
    {
        PredicateVerdict verdict = PredicateEvaluator.Evaluate(
            new Predicate.All([A.Test("account.employees", PredicateOp.Gte, "100"), A.Test("account.industry", PredicateOp.Equals, "paper")]), Facts());

        Assert.Equal("account.industry 'Food Production' is not paper", verdict.Because);
    }

    [Fact]
    public void Answers_do_not_depend_on_the_machines_culture()
    {
        System.Globalization.CultureInfo before = System.Globalization.CultureInfo.CurrentCulture;
        try
        {
            System.Globalization.CultureInfo.CurrentCulture = new System.Globalization.CultureInfo("tr-TR");
            Assert.Equal(PredicateResult.True, Evaluate(A.Test("account.industry", PredicateOp.Contains, "PRODUCTION")));
            System.Globalization.CultureInfo.CurrentCulture = new System.Globalization.CultureInfo("de-DE");
            Assert.Equal(PredicateResult.True, Evaluate(A.Test("account.employees", PredicateOp.Lt, "500.5")));
        }
        finally
        {
            System.Globalization.CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void Every_field_that_may_be_asked_has_an_answer_or_is_missing()
    {
        Facts facts = Facts();
        Assert.All(FactFields.AfterScoring, field => _ = facts.Text(field));
        Assert.Throws<ArgumentException>(() => facts.Text("account.colour"));
    }

    private static PredicateResult Evaluate(Predicate predicate) => PredicateEvaluator.Evaluate(predicate, Facts()).Result;

    private static Facts Facts() => new(A.Lead().With("budget", "250"), A.Match(Account), Account);
}
