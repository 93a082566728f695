using Abm.Configuration;
using Abm.TestKit;

namespace Abm.Shared.Tests.Configuration;

public sealed class ConditionLintTests
{
    private static readonly LintContext Context = new(new DateTimeOffset(2026, 10, 1, 0, 0, 0, TimeSpan.Zero));

    [Fact]
    public void A_rule_after_one_that_sends_to_an_owner_is_not_hidden_for_accounts_without_one()
    {
        Predicate named = A.Test("account.tier", PredicateOp.Equals, "oneToOne");

        Assert.Empty(Codes(
            new RoutingRule { Name = "Named", When = named, To = new RouteTarget.AccountOwner() },
            new RoutingRule { Name = "Named without an owner", When = named, To = new RouteTarget.Queue("named") }));
        Assert.Equal(["shadowed routing[1]"], Codes(
            new RoutingRule { Name = "Named", When = named, To = new RouteTarget.AccountOwner() },
            new RoutingRule { Name = "Owned", When = new Predicate.All([named, A.Test("account.owner", PredicateOp.Equals, "R1")]), To = new RouteTarget.Queue("named") }));
    }

    [Fact]
    public void A_condition_that_holds_for_everybody_makes_the_rest_unreachable()
    {
        Predicate everybody = new Predicate.Any([A.Test("account.known", PredicateOp.Equals, "true"), A.Test("account.known", PredicateOp.Equals, "false")]);

        Assert.Equal(["shadowed routing[1]"], Codes(To("Everybody", everybody, "a"), To("Large", A.Test("account.employees", PredicateOp.Gte, "1000"), "b")));
    }

    [Fact]
    public void Not_is_no_negation_of_what_is_missing()
    {
        // Together they hold for every account whose size is known, and for no other: the third rule is still reached.
        Predicate large = A.Test("account.employees", PredicateOp.Gte, "1000");

        Assert.Empty(Codes(To("Large", large, "a"), To("Not large", new Predicate.Not(large), "b"), To("Unknown", A.Test("account.employees", PredicateOp.Exists, "false"), "c")));
    }

    [Fact]
    public void Levels_and_personas_that_the_configuration_does_not_have_are_values_that_never_occur()
    {
        Assert.Equal(["alwaysFalse routing[0].when", "valueNeverOccurs routing[0].when"], Codes(To("Gold", A.Test("score.level", PredicateOp.Equals, "Gold"), "a")));
        Assert.Empty(Codes(To("Target", A.Test("score.level", PredicateOp.Equals, "target"), "a"), To("Nobody known", A.Test("lead.persona", PredicateOp.Equals, "Other"), "b")));
    }

    [Theory]
    [InlineData("120", true)]
    [InlineData("100", false)]
    public void Points_that_no_score_has_are_never_reached(string points, bool isNever) =>
        Assert.Equal(isNever, Codes(To("Points", A.Test("score.points", PredicateOp.Gte, points), "a")).Contains("alwaysFalse routing[0].when"));

    [Fact]
    public void Ranges_that_overlap_in_scoring_are_told_and_cascades_are_not()
    {
        Assert.Equal(["overlap scoring.rules[1]"], Scoring(("Large", "gte 1000", 50), ("Medium", "between 200,1000", 20)));
        Assert.Empty(Scoring(("Large", "gte 1000", 30), ("Not small", "gte 200", 20)));
    }

    [Fact]
    public void A_whole_number_leaves_no_gap_between_999_and_1000_but_a_fraction_does()
    {
        Assert.Empty(Codes(To("Small", A.Test("account.employees", PredicateOp.Lte, "999"), "a"), To("Large", A.Test("account.employees", PredicateOp.Gte, "1000"), "b")));
        Assert.Equal(["gap routing"], Codes(To("Small", A.Test("account.employees", PredicateOp.Lt, "999"), "a"), To("Large", A.Test("account.employees", PredicateOp.Gte, "1000"), "b")));
        Assert.Equal(["gap routing"], Codes(To("Small", A.Test("lead.custom.revenue", PredicateOp.Lte, "999"), "a"), To("Large", A.Test("lead.custom.revenue", PredicateOp.Gte, "1000"), "b")));
    }

    [Fact]
    public void Points_of_rules_that_exclude_each_other_are_not_added_up() =>
        Assert.Empty(Scoring(("Large", "gte 1000", 60), ("Medium", "between 200,999", 50), ("Small", "lt 200", 20)));

    [Fact]
    public void A_hundred_rules_are_looked_through_quickly()
    {
        RoutingRule[] rules = [.. Enumerable.Range(0, 100).Select(i => To(
            $"Rule {i}",
            new Predicate.Any([A.Test("lead.city", PredicateOp.In, [.. Enumerable.Range(0, 6).Select(j => $"city {i} {j}")]), A.Test("account.employees", PredicateOp.Between, $"{i * 10}", $"{(i * 10) + 9}")]),
            $"q{i}"))];

        TimeSpan best = Pace.Best(TimeSpan.FromSeconds(30), () => Assert.Empty(Codes(rules)));

        Assert.InRange(best, TimeSpan.Zero, TimeSpan.FromSeconds(30));
    }

    [Fact]
    public void Rules_made_to_be_looked_through_for_ever_are_given_up_on_in_time()
    {
        Draw draw = new();
        RoutingRule[] rules = [.. Enumerable.Range(0, 400).Select(i => To($"Rule {i}", draw.Mixed(), $"q{i}"))];

        TimeSpan best = Pace.Best(TimeSpan.FromSeconds(60), () => _ = Codes(rules).ToArray());

        Assert.InRange(best, TimeSpan.Zero, TimeSpan.FromSeconds(60));
    }

    private sealed class Draw
    {
        private uint _state = 7;

        /// <summary>Alternatives over many fields, which fall into many boxes.</summary>
        public Predicate Mixed() => new Predicate.All([.. Enumerable.Range(0, 4).Select(_ => new Predicate.Any([.. Enumerable.Range(0, 3).Select(_ =>
            A.Test($"lead.custom.f{Next(12)}", PredicateOp.In, [.. Enumerable.Range(0, 3).Select(_ => $"v{Next(9)}")]))]))]);

        private uint Next(uint below) => ((_state = (_state * 1_664_525) + 1_013_904_223) >> 8) % below;
    }

    private static RoutingRule To(string name, Predicate when, string queue) => new() { Name = name, When = when, To = new RouteTarget.Queue(queue) };

    private static IEnumerable<string> Codes(params RoutingRule[] rules) =>
        ConfigLint.Findings(AbmConfig.Default.Routing([.. rules, RoutingRule.Unassigned]), Context).Select(f => $"{f.Code} {f.Path}");

    private static IEnumerable<string> Scoring(params (string Name, string Size, double Points)[] rules) => ConfigLint.Findings(
        AbmConfig.Default with
        {
            Scoring = new ScoringRules
            {
                Rules =
                [
                    .. rules.Select(r => new ScoringRule
                    {
                        Name = r.Name,
                        Points = r.Points,
                        When = new Predicate.Test("account.employees", Enum.Parse<PredicateOp>(r.Size.Split(' ')[0], ignoreCase: true), r.Size.Split(' ')[1].Split(',')),
                    }),
                ],
                Levels = [new() { Name = "Some", From = 0 }],
            },
        },
        Context).Select(f => $"{f.Code} {f.Path}");
}
