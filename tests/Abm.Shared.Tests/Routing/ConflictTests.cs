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

        Assert.Equal(
            [
                "do not contact", "automated sender", "worked by somebody", "open opportunity", "active sequence", "customer", "open case", "open play", "competitor", "partner", "1:1 account",
                "same rep as before", "same rep of the account",
            ],
            route.Reasons.Where(r => r.Code == RouteReasons.CheckClear).Select(r => r.Rule!.Name));
    }

    [Fact]
    public void A_person_whom_somebody_works_with_stays_with_them_before_anything_else_for_thirty_days()
    {
        Account account = A.Account().WithOpportunityOf("bob");
        RouteQuestion Worked(int days) => Ask(A.Lead(), account) with { Sticky = new StickyOwner(Ann.Id, Now.AddDays(-80)) { WorkedAt = Now.AddDays(-days) } };

        Assert.Equal(("ann", "check: worked by somebody"), Who(Worked(30)));
        Assert.Equal(("bob", "check: open opportunity"), Who(Worked(31)));
        Assert.Contains(Ann.Id, Assert.IsType<RouteDecision.Assigned>(LeadRouter.Route(Worked(31)).Decision).Notify);
    }

    [Fact]
    public void A_running_sequence_goes_to_whoever_runs_it_until_it_is_over()
    {
        Account running = A.Account() with { Custom = new Dictionary<string, string> { ["ActiveSequenceOwner"] = "dee" } };
        Account until = A.Account() with { Custom = new Dictionary<string, string> { ["activeSequenceOwner"] = "dee", ["activeSequenceUntil"] = Now.ToString("O") } };
        Account stranger = A.Account() with { Custom = new Dictionary<string, string> { ["activeSequenceOwner"] = "nobody" } };

        Assert.Equal(("dee", "check: active sequence"), Who(Ask(A.Lead(), running)));
        Assert.Equal("max", Who(Ask(A.Lead().With("activeSequenceOwner", "max"), running)).Owner);
        Assert.Equal("bob", Who(Ask(A.Lead(), until)).Owner);
        Assert.Equal("bob", Who(Ask(A.Lead(), stranger)).Owner);
    }

    [Fact]
    public void A_customer_goes_to_the_account_manager_where_one_is_named()
    {
        Account customer = A.Account().As(AccountStatus.Customer).Owned("ann") with { Custom = new Dictionary<string, string> { ["accountManager"] = "dee" } };

        Assert.Equal(("dee", "check: customer"), Who(Ask(A.Lead(), customer)));
    }

    [Fact]
    public void An_open_case_is_told_to_the_owner_and_leaves_the_lead_to_the_rules()
    {
        Account account = A.Account().Owned("ann") with { Custom = new Dictionary<string, string> { ["openCase"] = "true" } };

        RouteDecision.Assigned route = Assigned(A.Lead(), account);

        Assert.Equal(("bob", "inbound"), (route.Owner.Value, route.Pool));
        Assert.Equal(["ann"], route.Notify.Select(n => n.Value));
        Assert.Contains(route.Reasons, r => r.Code == RouteReasons.CheckTells);
    }

    [Fact]
    public void A_lead_joins_an_open_play_of_higher_priority_only()
    {
        AbmConfig config = Config with { Plays = [PlayRules.Inbound with { Priority = 10 }, PlayRules.Inbound with { Name = "surge", Priority = 20 }, PlayRules.Inbound with { Name = "nurture", Priority = 5 }] };
        RouteQuestion Open(string play) => Ask(A.Lead(), A.Account()) with { Config = config, OpenPlay = new OpenPlay("play-1", play, Dee.Id) };

        RouteDecision.Assigned joined = Assert.IsType<RouteDecision.Assigned>(LeadRouter.Route(Open("surge")).Decision);
        Assert.Equal(("dee", "play-1", "check: open play"), (joined.Owner.Value, joined.JoinsPlay, joined.Rule));
        Assert.Equal("bob", Who(Open("nurture")).Owner);
        Assert.Equal("bob", Who(Open("inbound")).Owner);
    }

    [Fact]
    public void Partners_go_to_the_pool_for_partners()
    {
        AbmConfig config = Config with
        {
            Conflicts = new ConflictRules { PartnerPool = "partners" },
            Pools = new Dictionary<string, PoolRules>(Config.Pools) { ["partners"] = new() { Name = "partners", Kind = PoolKind.Partner, AcceptWithin = TimeSpan.FromMinutes(10) } },
        };
        RouteQuestion question = Ask(A.Lead(), A.Account().As(AccountStatus.Partner), Bob, A.Rep("pam").In("partners")) with { Config = config };

        RouteDecision.Assigned route = Assert.IsType<RouteDecision.Assigned>(LeadRouter.Route(question).Decision);

        Assert.Equal(("pam", "partners", Now.AddMinutes(10)), (route.Owner.Value, route.Pool, route.AcceptBy));
    }

    [Fact]
    public void A_one_to_one_account_stays_with_its_owner_though_somebody_else_works_the_person()
    {
        RouteQuestion question = Ask(A.Lead(), A.Account().Owned("ann").AsTier(AccountTier.OneToOne)) with { Sticky = new StickyOwner(Dee.Id, Now) { WorkedAt = Now } };

        RouteDecision.Assigned route = Assert.IsType<RouteDecision.Assigned>(LeadRouter.Route(question).Decision);

        Assert.Equal(("ann", "check: 1:1 account"), (route.Owner.Value, route.Rule));
        Assert.Contains(Dee.Id, route.Notify);
    }

    [Fact]
    public void A_check_can_tell_only_or_keep_the_lead_from_everybody()
    {
        Account account = A.Account().WithOpportunityOf("dee");
        AbmConfig tells = Config with { Conflicts = new ConflictRules { NotifyOnly = [ConflictCheck.OpenOpportunity] } };
        AbmConfig blocks = Config with { Conflicts = new ConflictRules { Block = [ConflictCheck.OpenOpportunity] } };

        RouteDecision.Assigned told = Assert.IsType<RouteDecision.Assigned>(LeadRouter.Route(Ask(A.Lead(), account) with { Config = tells }).Decision);

        Assert.Equal(("bob", "dee"), (told.Owner.Value, told.Notify.Single().Value));
        Assert.IsType<RouteDecision.Suppressed>(LeadRouter.Route(Ask(A.Lead(), account) with { Config = blocks }).Decision);
    }

    [Fact]
    public void Who_had_it_before_yields_to_the_owner_that_the_account_has_by_now()
    {
        RouteQuestion question = Ask(A.Lead(), A.Account().Owned("ann")) with { Sticky = new StickyOwner(Dee.Id, Now.AddDays(-40)), AccountSticky = new StickyOwner(Dee.Id, Now.AddDays(-40)) };

        Assert.NotEqual("dee", Who(question).Owner);
        Assert.Equal("dee", Who(question with { Account = A.Account() }).Owner);
    }

    [Fact]
    public void The_same_account_goes_to_the_rep_who_had_its_last_lead()
    {
        Assert.Equal(("dee", "check: same rep of the account"), Who(Ask(A.Lead(), A.Account()) with { AccountSticky = new StickyOwner(Dee.Id, Now.AddDays(-10)) }));
        Assert.Equal("dee", Who(Ask(A.Lead(), A.Account(), Dee with { PausedUntil = Now.AddHours(1) }) with { AccountSticky = new StickyOwner(Dee.Id, Now) }).Owner);
    }

    private static (string Owner, string Rule) Who(RouteQuestion question) =>
        Assert.IsType<RouteDecision.Assigned>(LeadRouter.Route(question).Decision) is { } route ? (route.Owner.Value, route.Rule) : default;

    [Fact]
    public void What_is_switched_off_leaves_its_reason_too()
    {
        RouteDecision route = LeadRouter.Route(Ask(A.Lead(), A.Account()) with { Config = Config with { Conflicts = new ConflictRules { WorkedFor = TimeSpan.Zero, StickyFor = TimeSpan.Zero, JoinOpenPlays = false } } }).Decision;

        Assert.Equal(13, route.Reasons.Count(r => r.Code == RouteReasons.CheckClear));
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
