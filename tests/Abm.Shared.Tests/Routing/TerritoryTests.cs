using Abm.Accounts;
using Abm.Configuration;
using Abm.Decisions;
using Abm.Leads;
using Abm.People;
using Abm.Routing;
using Abm.Scoring;
using Abm.TestKit;
using FsCheck;
using FsCheck.Fluent;

namespace Abm.Shared.Tests.Routing;

public sealed class TerritoryTests
{
    private static readonly DateTimeOffset Now = ManualTimeProvider.WednesdayMorning;

    [Fact]
    public void The_territory_that_restricts_the_most_wins_then_priority_then_the_id()
    {
        AbmConfig config = With(
            T("world"), T("dach") with { Countries = ["DE", "AT"] }, T("dach-energy") with { Countries = ["DE"], Industries = ["Energy"] },
            T("energy") with { Industries = ["Energy"], Priority = 5 }, T("big") with { EmployeesFrom = 1000, Priority = 5 });

        Assert.Equal("dach-energy", Of(config, A.Account().InIndustry("energy") with { Country = "Germany" }));
        Assert.Equal("dach", Of(config, A.Account() with { Country = "DE" }));
        Assert.Equal("energy", Of(config, A.Account().InIndustry("Energy") with { Country = "Austria" }));
        Assert.Equal("big", Of(config, A.Account().InIndustry("Energy").Employing(1000)));
        Assert.Equal("world", Of(config, A.Account()));
    }

    [Fact]
    public void The_lead_says_where_it_is_when_the_account_does_not_and_what_product_it_is_about()
    {
        AbmConfig config = With(T("us-west") with { Countries = ["US"], States = ["CA"] }, T("cloud") with { Products = ["Cloud"], Priority = 1 });

        Assert.Equal("us-west", Of(config, null, A.Lead().Submitting(s => s with { Country = "USA", State = "ca" })));
        Assert.Equal("cloud", Of(config, A.Account(), A.Lead().With("Product", "cloud")));
        Assert.Null(Of(config, A.Account() with { Country = "DE" }, A.Lead().Submitting(s => s with { Country = "USA", State = "CA" })));
    }

    [Fact]
    public void Who_lost_and_why_is_told()
    {
        List<Reason> reasons = [];

        Territories.Find(With(T("a"), T("b") with { Priority = 1 }), Facts(A.Account(), A.Lead()), reasons);

        Assert.Equal(["Territory b: it takes everything.", "Territory a fits as well, but has a lower priority (0 against 1)."], reasons.Select(r => r.Says));
    }

    [Fact]
    public void A_rule_by_territory_sends_to_its_owner_or_pool_and_leaves_what_no_territory_takes_to_the_next()
    {
        AbmConfig config = With(T("dach") with { Countries = ["DE"], To = new RouteTarget.NamedRep(RepId.Parse("ann")) }, T("uk") with { Countries = ["GB"], To = new RouteTarget.Pool("inbound") }) with
        {
            Pools = new Dictionary<string, PoolRules> { ["inbound"] = new() { Name = "inbound" } },
            Routing = [new() { Name = "Territory", To = new RouteTarget.Territory(), When = A.Test("account.known", PredicateOp.Equals, "true") }, new() { Name = "Rest", To = new RouteTarget.Queue("desk") }],
        };

        RouteDecision.Assigned owner = Assert.IsType<RouteDecision.Assigned>(Route(config, A.Account() with { Country = "DE" }));
        RouteDecision.Assigned pool = Assert.IsType<RouteDecision.Assigned>(Route(config, A.Account() with { Country = "GB" }));
        RouteDecision.Queued rest = Assert.IsType<RouteDecision.Queued>(Route(config, A.Account() with { Country = "FR" }));

        Assert.Equal(("ann", null, "Territory"), (owner.Owner.Value, owner.Pool, owner.Rule));
        Assert.Equal(("bob", "inbound"), (pool.Owner.Value, pool.Pool));
        Assert.Equal(("desk", "Rest"), (rest.Queue, rest.Rule));
        Assert.Contains(rest.Reasons, r => r.Code == RouteReasons.TerritoryNone);
    }

    [Fact]
    public void The_order_in_which_territories_are_written_never_matters()
    {
        TerritoryRules[] all = [T("a") with { Countries = ["DE"] }, T("b") with { Countries = ["DE", "FR"] }, T("c") with { Industries = ["Retail"] }, T("d") with { Priority = 3 }, T("e")];
        Prop.ForAll(Gen.Shuffle(all).ToArbitrary(), Gen.Elements("DE", "FR", "GB").ToArbitrary(), (shuffled, country) =>
            Of(With(shuffled), A.Account().InIndustry("Retail") with { Country = country }) == Of(With(all), A.Account().InIndustry("Retail") with { Country = country }))
            .Check(FsCheck.Config.QuickThrowOnFailure.WithMaxTest(50).WithQuietOnSuccess(true));
    }

    [Fact]
    public void An_overlap_that_only_ids_decide_and_a_gap_are_reported_with_an_example()
    {
        AbmConfig config = With(
            T("small") with { Countries = ["DE", "FR"], EmployeesTo = 99, To = new RouteTarget.Pool("inbound") },
            T("large") with { Countries = ["DE"], EmployeesFrom = 100, To = new RouteTarget.Pool("inbound") },
            T("retail") with { Countries = ["FR"], Industries = ["Retail"], To = new RouteTarget.NamedRep(RepId.Parse("ann")) }) with
        {
            Pools = new Dictionary<string, PoolRules> { ["inbound"] = new() { Name = "inbound" } },
            Routing = [new() { Name = "Territory", To = new RouteTarget.Territory(), When = A.Test("account.known", PredicateOp.Equals, "true") }, new() { Name = "Rest", To = new RouteTarget.Pool("inbound") }],
        };

        IReadOnlyList<LintFinding> findings = ConfigLint.Findings(config, new LintContext(Now));

        LintFinding overlap = Assert.Single(findings, f => f.Code == LintCodes.TerritoryOverlap);
        Assert.Contains("country of the account, or else of the lead is FR", overlap.Says, StringComparison.Ordinal);
        Assert.Contains("'retail'", overlap.Says, StringComparison.Ordinal);
        LintFinding gap = Assert.Single(findings, f => f.Code == LintCodes.TerritoryGap);
        Assert.Contains("is FR", gap.Says, StringComparison.Ordinal);
    }

    [Fact]
    public void A_lead_is_an_orphan_when_its_owner_is_not_who_the_rules_name_or_has_left_the_pool()
    {
        IReadOnlyDictionary<RepId, Rep> reps = new[] { A.Rep("ann"), A.Rep("bob").In("inbound"), A.Rep("gil").In("inbound").Inactive() }.ById();
        RouteDecision owner = new RouteDecision.Assigned(RepId.Parse("ann"), null, [], "Owned", []);
        RouteDecision pool = new RouteDecision.Assigned(RepId.Parse("bob"), "inbound", [], "Rest", []);

        Assert.Null(Orphans.Find(RepId.Parse("ann"), owner, reps));
        Assert.Equal("ann", Orphans.Find(RepId.Parse("bob"), owner, reps)!.Owner!.Value);
        Assert.Null(Orphans.Find(RepId.Parse("bob"), pool, reps));
        Assert.Equal(("inbound", true), (Orphans.Find(RepId.Parse("ann"), pool, reps)!.Pool, Orphans.Find(RepId.Parse("gil"), pool, reps)!.CanMove));
        Assert.Contains("not active any more", Orphans.Find(RepId.Parse("gil"), pool, reps)!.Says, StringComparison.Ordinal);
        Assert.Null(Orphans.Find(RepId.Parse("ann"), new RouteDecision.Suppressed("x", []), reps));
    }

    private static TerritoryRules T(string name) => new() { Name = name, To = new RouteTarget.Queue(name) };

    private static AbmConfig With(params TerritoryRules[] territories) => A.Config() with { Territories = territories.ToDictionary(t => t.Name) };

    private static Facts Facts(Account? account, Lead lead) => new(lead, A.Match(account), account, new ScoreDecision(50, "Qualified", "Other", []));

    private static string? Of(AbmConfig config, Account? account, Lead? lead = null) => Territories.Find(config, Facts(account, lead ?? A.Lead()), [])?.Name;

    private static RouteDecision Route(AbmConfig config, Account account) => LeadRouter.Route(new RouteQuestion(
        "dec-1", A.Lead(), A.Match(account), account, new ScoreDecision(50, "Qualified", "Other", []), config, new[] { A.Rep("ann"), A.Rep("bob").In("inbound") }.ById(), new Dictionary<string, PoolState>(), Now)).Decision;
}
