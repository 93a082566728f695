using Abm.Configuration;
using Abm.Decisions;
using Abm.People;
using Abm.Routing;
using Abm.Scoring;
using Abm.TestKit;

namespace Abm.Shared.Tests.Routing;

/// <summary>A lead goes to whoever knows its person or account: the pool says whether that is a turn, the ledger says so either way.</summary>
public sealed class KnownLeadTests
{
    private static readonly DateTimeOffset Now = ManualTimeProvider.WednesdayMorning;
    private static readonly Rep[] Reps = [A.Rep("ann").In("inbound"), A.Rep("bob").In("inbound"), A.Rep("cat").In("inbound"), A.Rep("dee")];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_lead_of_a_person_or_account_that_a_member_knows_is_charged_only_where_the_pool_says_so_and_the_ledger_says_why(bool isCharged)
    {
        StickyOwner ann = new(RepId.Parse("ann"), Now.AddDays(-3));
        (RouteQuestion Question, string Why)[] ways =
        [
            (Ask(isCharged) with { Sticky = ann }, "had the same person before"),
            (Ask(isCharged) with { AccountSticky = ann }, "had the same account before"),
            (Ask(isCharged) with { Sticky = ann with { WorkedAt = Now.AddDays(-1) } }, "works with the person"),
        ];

        foreach ((RouteQuestion question, string why) in ways)
        {
            RouteOutcome outcome = LeadRouter.Route(question);

            RouteDecision.Assigned assigned = Assert.IsType<RouteDecision.Assigned>(outcome.Decision);
            LedgerLine line = Assert.Single(outcome.Ledger!.Lines);
            Assert.Equal(("ann", "inbound", question.AssignmentId), (assigned.Owner.Value, outcome.Ledger.Pool, outcome.Ledger.Id));
            Assert.Equal((isCharged ? LedgerKind.Credit : LedgerKind.Known, $"ann {why}: that counts as {(isCharged ? "a" : "no")} turn in pool inbound."), (line.Kind, line.Why));
            Assert.Contains(assigned.Reasons, r => r.Code == RouteReasons.PoolKnown && r.Says == line.Why);
            Assert.Equal((isCharged ? "inbound" : null, isCharged ? 1 : (int?)null), (assigned.Pool, outcome.PoolAfter?.Members.Single(m => m.Rep.Value == "ann").Assigned));
            Assert.Equal(isCharged ? 1 : 0, line.After.Assigned);
        }
    }

    [Fact]
    public void Who_was_charged_for_somebody_they_know_waits_for_their_next_turn_as_after_any_other()
    {
        RouteQuestion known = Ask(isCharged: true) with { Sticky = new StickyOwner(RepId.Parse("ann"), Now) };
        PoolState after = LeadRouter.Route(known).PoolAfter!;

        RouteOutcome next = LeadRouter.Route(Ask(isCharged: true) with { AssignmentId = "dec-2", Pools = new Dictionary<string, PoolState> { ["inbound"] = after } });
        RouteOutcome again = LeadRouter.Route(known with { Prior = [new Assignment(known.AssignmentId, known.Lead.Id, RepId.Parse("ann"), "inbound", "x", Now)] });

        Assert.Equal("bob", Assert.IsType<RouteDecision.Assigned>(next.Decision).Owner.Value);
        Assert.Equal((null, null), (again.PoolAfter, again.Ledger)); // a repeat charges nobody twice
    }

    [Fact]
    public void Who_takes_no_turns_in_the_pool_that_would_have_been_asked_has_no_line_there()
    {
        RouteOutcome outcome = LeadRouter.Route(Ask(isCharged: true) with { Sticky = new StickyOwner(RepId.Parse("dee"), Now) });

        Assert.Equal("dee", Assert.IsType<RouteDecision.Assigned>(outcome.Decision).Owner.Value);
        Assert.Equal((null, null), (outcome.PoolAfter, outcome.Ledger));
    }

    [Fact]
    public void A_test_lead_leaves_no_line()
    {
        RouteQuestion question = Ask(isCharged: true);

        Assert.Null(LeadRouter.Route(question with { Lead = question.Lead.AsTest(), Sticky = new StickyOwner(RepId.Parse("ann"), Now) }).Ledger);
    }

    [Fact]
    public void Whoever_is_next_after_a_missed_deadline_is_asked_by_preference_and_hot_leads_are_spared_the_caps()
    {
        Predicate real = A.Test("lead.isTest", PredicateOp.Equals, "false");
        PoolRules pool = new()
        {
            Name = "inbound",
            Preferences = [new PoolPreference { Member = "cat", When = real }],
            Caps = [new PoolCap { Per = CapPeriod.Day, Max = 1 }],
            CapsSparedWhen = real,
        };
        AbmConfig config = A.Config().RoutingToPool(pool);
        PoolState full = new("inbound", "2026-11", [.. new[] { "ann", "bob", "cat" }.Select(r => new MemberState(RepId.Parse(r), 1, 0, Now) { Weight = 1, Capped = new Dictionary<string, int> { ["day:2026-11-18"] = 1 } })]);
        Dictionary<string, PoolState> pools = new() { ["inbound"] = full };
        RouteQuestion question = Ask(isCharged: false);
        Facts facts = new(question.Lead, question.Match, null, question.Score);

        RouteDecision blind = LeadRouter.Reassign("inbound", "asg-1", [RepId.Parse("ann")], [], config, Reps.ById(), pools, Now, question.Lead.Id).Decision;
        RouteDecision seeing = LeadRouter.Reassign("inbound", "asg-1", [RepId.Parse("ann")], [], config, Reps.ById(), pools, Now, question.Lead.Id, facts: facts).Decision;

        Assert.IsType<RouteDecision.Queued>(blind); // everybody has had the one of the day
        Assert.Equal("cat", Assert.IsType<RouteDecision.Assigned>(seeing).Owner.Value);
    }

    private static RouteQuestion Ask(bool isCharged)
    {
        AbmConfig config = A.Config().RoutingToPool(new PoolRules { Name = "inbound", ChargeKnown = isCharged });
        Abm.Leads.Lead lead = A.Lead();
        return new RouteQuestion("dec-1", lead, A.Match(null), null, new ScoreDecision(50, "Qualified", "Other", []), config, Reps.ById(), new Dictionary<string, PoolState>(), Now);
    }
}
