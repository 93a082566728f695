using Abm.Accounts;
using Abm.Configuration;
using Abm.Decisions;
using Abm.Matching;
using Abm.People;
using Abm.Routing;
using Abm.Scoring;
using Abm.TestKit;

namespace Abm.Shared.Tests.Routing;

public sealed class DecisionListTests
{
    private static readonly DateTimeOffset Now = ManualTimeProvider.WednesdayMorning;
    private static readonly Rep[] Reps = [A.Rep("ann"), A.Rep("bob").In("inbound"), A.Rep("cat").In("inbound")];

    private static readonly AbmConfig Config = A.Config().RoutingToPool(new PoolRules { Name = "inbound", WaitingQueue = "waiting" }).Routing(
        new RoutingRule { Name = "Review", When = A.Test("match.outcome", PredicateOp.Equals, "review"), To = new RouteTarget.Queue("review") },
        new RoutingRule { Name = "Junk", When = A.Test("lead.source", PredicateOp.Equals, "junk"), To = new RouteTarget.Suppress() },
        new RoutingRule { Name = "Big", When = A.Test("account.employees", PredicateOp.Gte, "5000"), To = new RouteTarget.NamedRep(RepId.Parse("ann")) },
        new RoutingRule { Name = "Owned", When = A.Test("account.known", PredicateOp.Equals, "true"), To = new RouteTarget.AccountOwner() },
        new RoutingRule { Name = "Everybody else", To = new RouteTarget.Pool("inbound") });

    [Fact]
    public void The_first_rule_that_is_true_decides_and_the_ones_before_say_why_not()
    {
        RouteDecision.Assigned route = Assert.IsType<RouteDecision.Assigned>(LeadRouter.Route(Ask(A.Account().Employing(9000).Owned("bob"))).Decision);

        Assert.Equal(("Big", "ann"), (route.Rule, route.Owner.Value));
        Assert.Equal(
            [RouteReasons.RuleFalse, RouteReasons.RuleFalse, RouteReasons.RuleTrue, RouteReasons.Owner],
            route.Reasons.Where(r => r.Code != RouteReasons.CheckClear).Select(r => r.Code));
    }

    [Fact]
    public void A_rule_that_asks_for_something_unknown_is_missing_not_false()
    {
        RouteDecision route = LeadRouter.Route(Ask(A.Account().Owned("bob"))).Decision;

        Assert.Equal("Owned", route.Rule);
        Assert.Contains(route.Reasons, r => r.Code == RouteReasons.RuleMissing && r.Says.StartsWith("Big: account.employees", StringComparison.Ordinal));
    }

    [Fact]
    public void An_account_without_owner_goes_on_to_the_next_rule()
    {
        RouteDecision.Assigned route = Assert.IsType<RouteDecision.Assigned>(LeadRouter.Route(Ask(A.Account())).Decision);

        Assert.Equal("inbound", route.Pool);
        Assert.Contains(route.Reasons, r => r.Code == RouteReasons.RuleWithoutOwner);
    }

    [Fact]
    public void A_lead_to_be_reviewed_waits_in_the_review_queue()
    {
        RouteQuestion question = Ask(null) with { Match = new MatchDecision.Review(UnmatchedReason.Ambiguous, [], []) };

        Assert.Equal("review", Assert.IsType<RouteDecision.Queued>(LeadRouter.Route(question).Decision).Queue);
    }

    [Fact]
    public void Nobody_eligible_means_waiting_with_every_skip_explained()
    {
        RouteQuestion question = Ask(null) with { Reps = Reps.Select(r => r.Away(Now, Now.AddHours(5))).ById() };

        RouteOutcome outcome = LeadRouter.Route(question);

        RouteDecision.Queued waiting = Assert.IsType<RouteDecision.Queued>(outcome.Decision);
        Assert.Equal(("waiting", "inbound", Now.AddHours(5), Now.AddHours(72)), (waiting.Queue, waiting.Pool, waiting.OpensAt, waiting.WaitsUntil));
        Assert.Null(outcome.PoolAfter);
        Assert.Equal([LedgerKind.Skip, LedgerKind.Skip], outcome.Ledger!.Lines.Select(l => l.Kind));
        Assert.Equal(2, outcome.Decision.Reasons.Count(r => r.Code == RouteReasons.PoolSkipped));
    }

    [Theory]
    [InlineData(73, "fallback")]
    [InlineData(71, "waiting")]
    public void A_lead_waits_no_longer_than_the_pool_says_and_goes_to_the_fallback_queue_at_once_when_it_would(int hours, string queue)
    {
        AbmConfig config = Config with { Pools = new Dictionary<string, PoolRules> { ["inbound"] = Config.Pools["inbound"] with { FallbackQueue = "fallback" } } };
        RouteQuestion question = Ask(null) with { Config = config, Reps = Reps.Select(r => r.Away(Now, Now.AddHours(hours))).ById() };

        Assert.Equal(queue, Assert.IsType<RouteDecision.Queued>(LeadRouter.Route(question).Decision).Queue);
        RouteDecision.Queued nobody = Assert.IsType<RouteDecision.Queued>(LeadRouter.Route(question with { Reps = Reps.Select(r => r.Inactive()).ById() }).Decision);
        Assert.Equal(("fallback", null, null), (nobody.Queue, nobody.WaitsUntil, nobody.OpensAt));
    }

    [Fact]
    public void A_few_accounts_go_to_the_pod_of_their_segment_and_others_to_the_next_rule()
    {
        AbmConfig config = Config.Routing(
            new RoutingRule { Name = "Few", When = A.Test("account.tier", PredicateOp.Equals, "oneToFew"), To = new RouteTarget.Pod() },
            new RoutingRule { Name = "Everybody else", To = new RouteTarget.Pool("inbound") }) with
        {
            Pods = [new PodRule { Name = "Retail", When = A.Test("account.industry", PredicateOp.Equals, "Retail"), Pool = "retail" }],
            Pools = new Dictionary<string, PoolRules>(Config.Pools) { ["retail"] = new() { Name = "retail" } },
        };
        RouteDecision.Assigned Of(string industry) => Assert.IsType<RouteDecision.Assigned>(
            LeadRouter.Route(Ask(A.Account().AsTier(AccountTier.OneToFew).InIndustry(industry)) with { Config = config, Reps = new[] { A.Rep("ray").In("retail"), A.Rep("bob").In("inbound") }.ById() }).Decision);

        Assert.Equal(("ray", "retail", "Few"), (Of("Retail").Owner.Value, Of("Retail").Pool, Of("Retail").Rule));
        Assert.Equal(("bob", "Everybody else"), (Of("Energy").Owner.Value, Of("Energy").Rule));
    }

    [Fact]
    public void A_repeat_keeps_the_first_assignment_and_charges_nobody()
    {
        RouteQuestion question = Ask(null) with
        {
            Prior = [new Assignment("dec-1", A.Lead().Id, RepId.Parse("cat"), "inbound", "Everybody else", Now.AddMinutes(-1))],
        };

        RouteOutcome outcome = LeadRouter.Route(question);

        RouteDecision.Assigned route = Assert.IsType<RouteDecision.Assigned>(outcome.Decision);
        Assert.Equal(("cat", "inbound"), (route.Owner.Value, route.Pool));
        Assert.Null(outcome.PoolAfter);
        Assert.Contains(route.Reasons, r => r.Code == RouteReasons.Prior);
    }

    [Fact]
    public void A_repeat_keeps_its_assignment_even_when_the_world_has_changed()
    {
        RouteQuestion question = Ask(A.Account().As(AccountStatus.Competitor)) with
        {
            Prior = [new Assignment("dec-1", A.Lead().Id, RepId.Parse("cat"), "inbound", "Everybody else", Now.AddMinutes(-1))],
        };

        Assert.Equal("cat", Assert.IsType<RouteDecision.Assigned>(LeadRouter.Route(question).Decision).Owner.Value);
    }

    [Fact]
    public void Another_attempts_assignment_is_no_repeat()
    {
        RouteQuestion question = Ask(null) with { Prior = [new Assignment("dec-0", A.Lead().Id, RepId.Parse("cat"), "inbound", "x", Now)] };

        RouteOutcome outcome = LeadRouter.Route(question);

        Assert.Equal("bob", Assert.IsType<RouteDecision.Assigned>(outcome.Decision).Owner.Value);
        Assert.NotNull(outcome.PoolAfter);
    }

    [Fact]
    public void A_test_lead_shows_whose_turn_it_is_and_takes_none()
    {
        RouteOutcome outcome = LeadRouter.Route(Ask(null) with { Lead = A.Lead().AsTest() });

        Assert.Equal("bob", Assert.IsType<RouteDecision.Assigned>(outcome.Decision).Owner.Value);
        Assert.NotNull(outcome.PoolBefore);
        Assert.Null(outcome.PoolAfter);
    }

    [Fact]
    public void A_reassignment_never_returns_to_who_had_it_and_is_made_once()
    {
        RepId bob = RepId.Parse("bob");

        RouteOutcome first = LeadRouter.Reassign("inbound", "asg-1", [bob], [], Config, Reps.ById(), new Dictionary<string, PoolState>(), Now);
        Assignment stored = new("asg-1", A.Lead().Id, RepId.Parse("cat"), "inbound", "x", Now);
        RouteOutcome again = LeadRouter.Reassign("inbound", "asg-1", [bob], [stored], Config, Reps.ById(), new Dictionary<string, PoolState>(), Now);
        RouteOutcome nobodyLeft = LeadRouter.Reassign("inbound", "asg-2", [bob, RepId.Parse("cat")], [stored], Config, Reps.ById(), new Dictionary<string, PoolState>(), Now);

        Assert.Equal("cat", Assert.IsType<RouteDecision.Assigned>(first.Decision).Owner.Value);
        Assert.Equal(0, first.PoolAfter!.Members.Single(m => m.Rep == bob).Assigned);
        Assert.Equal("cat", Assert.IsType<RouteDecision.Assigned>(again.Decision).Owner.Value);
        Assert.Null(again.PoolAfter);
        Assert.IsType<RouteDecision.Queued>(nobodyLeft.Decision);
    }

    private static RouteQuestion Ask(Account? account) => new(
        "dec-1", A.Lead(), A.Match(account), account, new ScoreDecision(50, "Qualified", "Other", []), Config, Reps.ById(), new Dictionary<string, PoolState>(), Now);
}
