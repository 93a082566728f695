using Abm.Accounts;
using Abm.Configuration;
using Abm.Decisions;
using Abm.Leads;
using Abm.Matching;
using Abm.People;
using Abm.Routing;
using Abm.Scoring;
using Abm.TestKit;

namespace Abm.Shared.Tests.Routing;

public sealed class ConflictTests
{
    private static readonly DateTimeOffset Now = ManualTimeProvider.WednesdayMorning;
    private static readonly Rep Ann = A.Rep("ann").Under("max").DelegatingTo("dee");
    private static readonly Rep Bob = A.Rep("bob").In("inbound");
    private static readonly Rep Dee = A.Rep("dee");
    private static readonly Rep Max = A.Rep("max");
    private static readonly AbmConfig Config = A.Config().RoutingToPool(new PoolRules { Name = "inbound" });

    [Theory]
    [InlineData("doNotContact", true)]
    [InlineData("OPTOUT", true)]
    [InlineData("contact", false)]
    public void Whoever_does_not_want_to_be_contacted_goes_to_nobody(string consent, bool given)
    {
        RouteDecision route = Route(A.Lead().Consenting(consent, given), A.Account().Owned("ann"));

        RouteDecision.Suppressed suppressed = Assert.IsType<RouteDecision.Suppressed>(route);
        Assert.Equal("check: do not contact", suppressed.Rule);
    }

    [Fact]
    public void Consent_that_forbids_nothing_changes_nothing()
    {
        Assert.IsType<RouteDecision.Assigned>(Route(A.Lead().Consenting("newsletter", false).Consenting("contact", true), null));
    }

    [Fact]
    public void A_machine_goes_to_nobody()
    {
        RouteQuestion question = Ask(A.Lead(), null) with { Match = new MatchDecision.Unmatched(UnmatchedReason.AutomatedSender, [], []) };

        Assert.IsType<RouteDecision.Suppressed>(LeadRouter.Route(question).Decision);
    }

    [Fact]
    public void A_competitor_goes_to_nobody_even_when_owned()
    {
        Assert.IsType<RouteDecision.Suppressed>(Route(A.Lead(), A.Account().As(AccountStatus.Competitor).Owned("ann")));
    }

    [Fact]
    public void An_open_opportunity_goes_to_whoever_works_it_and_the_owner_is_told()
    {
        RouteDecision.Assigned route = Assigned(A.Lead(), A.Account().Owned("ann").WithOpportunityOf("bob").As(AccountStatus.Customer));

        Assert.Equal("bob", route.Owner.Value);
        Assert.Equal(["ann"], route.Notify.Select(n => n.Value));
        Assert.Null(route.Pool);
    }

    [Fact]
    public void A_customer_goes_to_the_accounts_owner()
    {
        Assert.Equal("ann", Assigned(A.Lead(), A.Account().Owned("ann").As(AccountStatus.Customer)).Owner.Value);
    }

    [Fact]
    public void A_customer_without_owner_is_left_to_the_rules()
    {
        RouteDecision.Assigned route = Assigned(A.Lead(), A.Account().As(AccountStatus.Customer));

        Assert.Equal("inbound", route.Pool);
        Assert.Contains(route.Reasons, r => r.Code == RouteReasons.CheckWithoutOwner);
    }

    [Fact]
    public void A_one_to_one_account_goes_to_its_named_owner_whatever_the_rules_say()
    {
        Assert.Equal("ann", Assigned(A.Lead(), A.Account().Owned("ann").AsTier(AccountTier.OneToOne)).Owner.Value);
    }

    [Fact]
    public void An_owner_who_is_away_is_told_and_the_delegate_gets_it()
    {
        RouteDecision.Assigned route = Assigned(
            A.Lead(), A.Account().Owned("ann").AsTier(AccountTier.OneToOne), Ann.Away(Now.AddDays(-1), Now.AddDays(1)), Bob, Dee, Max);

        Assert.Equal("dee", route.Owner.Value);
        Assert.Equal(["ann"], route.Notify.Select(n => n.Value));
        Assert.Null(route.Pool);
    }

    [Fact]
    public void When_the_delegate_is_out_too_the_manager_gets_it()
    {
        Assert.Equal("max", Assigned(A.Lead(), A.Account().Owned("ann").AsTier(AccountTier.OneToOne), Ann.Inactive(), Bob, Dee.Inactive(), Max).Owner.Value);
    }

    [Fact]
    public void When_everyone_is_out_it_waits_and_never_goes_to_a_pool_silently()
    {
        RouteDecision route = Route(A.Lead(), A.Account().Owned("ann").AsTier(AccountTier.OneToOne), Ann.Inactive(), Bob, Dee.Inactive(), Max.Inactive());

        Assert.Equal(OwnerRouting.OwnerOutQueue, Assert.IsType<RouteDecision.Queued>(route).Queue);
    }

    [Fact]
    public void An_absence_begins_at_its_first_instant_and_ends_before_its_last()
    {
        Account account = A.Account().Owned("ann").AsTier(AccountTier.OneToOne);

        Assert.Equal("dee", Assigned(A.Lead(), account, Ann.Away(Now, Now.AddHours(1)), Dee).Owner.Value);
        Assert.Equal("ann", Assigned(A.Lead(), account, Ann.Away(Now.AddHours(-1), Now), Dee).Owner.Value);
    }

    [Fact]
    public void The_same_person_goes_to_the_same_rep_while_that_is_recent()
    {
        RouteQuestion question = Ask(A.Lead(), null, Ann, Bob);

        RouteDecision recent = LeadRouter.Route(question with { Sticky = new StickyOwner(Ann.Id, Now.AddDays(-90)) }).Decision;
        RouteDecision longAgo = LeadRouter.Route(question with { Sticky = new StickyOwner(Ann.Id, Now.AddDays(-91)) }).Decision;
        RouteDecision gone = LeadRouter.Route(Ask(A.Lead(), null, Ann.Inactive(), Bob) with { Sticky = new StickyOwner(Ann.Id, Now.AddDays(-1)) }).Decision;

        Assert.Equal("ann", Assert.IsType<RouteDecision.Assigned>(recent).Owner.Value);
        Assert.Equal("bob", Assert.IsType<RouteDecision.Assigned>(longAgo).Owner.Value);
        Assert.Equal("bob", Assert.IsType<RouteDecision.Assigned>(gone).Owner.Value);
    }

    [Fact]
    public void Every_check_leaves_a_reason_even_when_it_did_nothing()
    {
        RouteDecision route = Route(A.Lead(), A.Account());

        Assert.Equal(7, route.Reasons.Count(r => r.Code == RouteReasons.CheckClear));
    }

    [Fact]
    public void Checks_can_be_switched_off()
    {
        AbmConfig config = Config with { Conflicts = new ConflictRules { SuppressCompetitors = false, CustomersToOwner = false } };
        RouteQuestion competitor = Ask(A.Lead(), A.Account().As(AccountStatus.Competitor)) with { Config = config };
        RouteQuestion customer = Ask(A.Lead(), A.Account().As(AccountStatus.Customer).Owned("ann")) with { Config = config };

        Assert.Equal("bob", Assert.IsType<RouteDecision.Assigned>(LeadRouter.Route(competitor).Decision).Owner.Value);
        Assert.Equal("bob", Assert.IsType<RouteDecision.Assigned>(LeadRouter.Route(customer).Decision).Owner.Value);
    }

    private static RouteDecision.Assigned Assigned(Lead lead, Account? account, params Rep[] reps) => Assert.IsType<RouteDecision.Assigned>(Route(lead, account, reps));

    private static RouteDecision Route(Lead lead, Account? account, params Rep[] reps) => LeadRouter.Route(Ask(lead, account, reps)).Decision;

    private static RouteQuestion Ask(Lead lead, Account? account, params Rep[] reps) => new(
        "dec-1",
        lead,
        A.Match(account),
        account,
        new ScoreDecision(50, "Qualified", "Other", []),
        Config,
        (reps.Length > 0 ? reps : [Ann, Bob, Dee, Max]).ById(),
        new Dictionary<string, PoolState>(),
        Now);
}
