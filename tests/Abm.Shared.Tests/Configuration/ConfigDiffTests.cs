using System.Globalization;
using Abm.Configuration;
using Abm.TestKit;

namespace Abm.Shared.Tests.Configuration;

public sealed class ConfigDiffTests
{
    private static readonly RoutingRule Germany = new() { Name = "Germany", When = A.Test("lead.countryCode", PredicateOp.Equals, "DE"), To = new RouteTarget.Queue("de") };
    private static readonly RoutingRule Austria = new() { Name = "Austria", When = A.Test("lead.countryCode", PredicateOp.Equals, "AT"), To = new RouteTarget.Queue("at") };
    private static readonly RoutingRule France = new() { Name = "France", When = A.Test("lead.countryCode", PredicateOp.Equals, "FR"), To = new RouteTarget.Queue("fr") };
    private static readonly AbmConfig Before = AbmConfig.Default.Routing(Germany, Austria, France, RoutingRule.Unassigned);

    [Fact]
    public void The_same_configuration_has_no_differences_whatever_it_is_called() => Assert.Empty(ConfigDiff.Between(Before, Before with { Version = "other" }));

    [Fact]
    public void A_changed_value_is_told_with_both()
    {
        AbmConfig after = Before.Routing(Germany with { To = new RouteTarget.Queue("dach") }, Austria, France, RoutingRule.Unassigned);

        Assert.Equal(
            [new ConfigChange("routing[Germany].to", ConfigChangeKind.Changed, "queue de", "queue dach", "Routing › Germany › goes to: queue dach instead of queue de.")],
            ConfigDiff.Between(Before, after));
    }

    [Fact]
    public void What_only_moved_is_moved_and_what_stayed_is_not_mentioned()
    {
        AbmConfig after = Before.Routing(France, Germany, Austria, RoutingRule.Unassigned);

        ConfigChange only = Assert.Single(ConfigDiff.Between(Before, after));
        Assert.Equal(("routing[France]", ConfigChangeKind.Moved, "3rd", "1st", "Routing › France now stands before all others."), (only.Path, only.Kind, only.Before, only.After, only.Says));
    }

    [Fact]
    public void A_new_first_rule_moves_nothing()
    {
        AbmConfig after = Before.Routing(France with { Name = "New" }, Germany, Austria, France, RoutingRule.Unassigned);

        Assert.Equal(["routing[New] Added"], ConfigDiff.Between(Before, after).Select(c => $"{c.Path} {c.Kind}"));
    }

    [Fact]
    public void A_renamed_rule_is_a_removed_and_a_new_one()
    {
        AbmConfig after = Before.Routing(Germany with { Name = "DACH" }, Austria, France, RoutingRule.Unassigned);

        Assert.Equal(["routing[Germany] Removed", "routing[DACH] Added"], ConfigDiff.Between(Before, after).Select(c => $"{c.Path} {c.Kind}"));
    }

    [Fact]
    public void Differences_deep_inside_are_found_in_every_section()
    {
        AbmConfig after = Before with
        {
            Matching = Before.Matching with { Weights = Before.Matching.Weights with { PhoneSame = 9 } },
            Plays = [PlayRules.Inbound with { FallbackPool = "x", FirstTouch = [.. PlayRules.Inbound.FirstTouch.Skip(1)] }],
            Calendars = new Dictionary<string, CalendarRules> { ["default"] = CalendarRules.Default with { Holidays = [new() { Name = "New Year", Date = new DateOnly(2000, 1, 1), EveryYear = true }] } },
            Retention = new RetentionRules { DecisionsFor = TimeSpan.FromDays(30) },
        };

        Assert.Equal(
            [
                $"matching.weights.phoneSame: {AbmConfig.Default.Matching.Weights.PhoneSame.ToString(CultureInfo.InvariantCulture)} → 9",
                "calendars.default.holidays[New Year]:  → New Year on 1 January every year",
                "plays[inbound].firstTouch[first-touch-1to1]: when: the account's tier is oneToOne, deadline: first-touch-1to1 → ",
                "plays[inbound].fallbackPool:  → x",
                "retention.decisionsFor: 400 days → 30 days",
            ],
            ConfigDiff.Between(Before, after).Select(c => $"{c.Path}: {c.Before} → {c.After}"));
    }

    [Fact]
    public void Entries_of_the_same_name_are_told_apart()
    {
        PersonaRule rule = new() { Persona = "Executive", TitleHas = ["ceo"] };
        AbmConfig before = Before with { Personas = [rule, rule with { TitleHas = ["coo"] }] };
        AbmConfig after = Before with { Personas = [rule, rule with { TitleHas = ["cto"] }] };

        Assert.Equal(["personas[Executive#2].titleHas"], ConfigDiff.Between(before, after).Select(c => c.Path));
    }
}
