using Abm.Accounts;
using Abm.Configuration;
using Abm.Decisions;
using Abm.Journeys;
using Abm.Leads;
using Abm.People;
using Abm.Replays;
using Abm.Routing;
using Abm.TestKit;

namespace Abm.Functions.Tests.Replays;

public sealed class WhyNotTests
{
    private static readonly DateTimeOffset Now = ManualTimeProvider.WednesdayMorning;
    private static readonly Account Acme = A.Account("acme").Named("Acme Robotics") with { Domains = ["acme.example"], City = "Köln", Country = "DE", EmployeeCount = 900 };
    private static readonly Account Other = A.Account("other").Named("Blue Lantern Bakery") with { Domains = ["lantern.example"], City = "Oslo", Country = "NO" };
    private static readonly Account Twin = A.Account("twin").Named("Acme Robotics") with { Domains = ["acme.example"], City = "Köln", Country = "DE" };
    private static readonly Rep[] Reps = [A.Rep("ann").In("sdr"), A.Rep("bob").In("sdr"), A.Rep("cat").In("sdr").Away(Now.AddDays(-1), Now.AddDays(1)), A.Rep("dan").In("ent"), A.Rep("eve")];

    private static readonly AbmConfig Config = A.Config() with
    {
        Pools = new Dictionary<string, PoolRules> { ["sdr"] = new() { Name = "sdr" }, ["ent"] = new() { Name = "ent" } },
        Routing =
        [
            new RoutingRule { Name = "Giants", When = A.Test("account.employees", PredicateOp.Gte, "5000"), To = new RouteTarget.Pool("ent") },
            new RoutingRule { Name = "Named", When = A.Test("lead.persona", PredicateOp.Equals, "Nobody"), To = new RouteTarget.NamedRep(RepId.Parse("eve")) },
            new RoutingRule { Name = "Everybody", To = new RouteTarget.Pool("sdr") },
        ],
        Plays =
        [
            new PlayRules { Name = "vip", When = A.Test("account.tier", PredicateOp.Equals, "oneToOne"), FirstTouch = [new SlaChoice { Policy = "first-touch" }] },
            PlayRules.Inbound,
            new PlayRules { Name = "late", FirstTouch = [new SlaChoice { Policy = "first-touch" }] },
        ],
        Scoring = new ScoringRules { Rules = [new ScoringRule { Name = "Big", Points = 60, When = A.Test("account.employees", PredicateOp.Gte, "500") }, new ScoringRule { Name = "Bakes", Points = 30, When = A.Test("account.industry", PredicateOp.Equals, "bakery") }] },
    };

    [Theory]
    [InlineData("account", "other", "whyNot.account.candidate")]
    [InlineData("account", "nobody", "whyNot.account.known")]
    [InlineData("rep", "nobody", "whyNot.rep.known")]
    [InlineData("rep", "dan", "whyNot.rep.rule")]
    [InlineData("rep", "eve", "whyNot.rep.rule")]
    [InlineData("rep", "cat", "whyNot.rep.eligible")]
    [InlineData("rep", "bob", "whyNot.rep.turn")]
    [InlineData("play", "nothing", "whyNot.play.known")]
    [InlineData("play", "vip", "whyNot.play.condition")]
    [InlineData("play", "late", "whyNot.play.first")]
    [InlineData("level", "Target", "whyNot.level.enough")]
    [InlineData("level", "Low", "whyNot.level.notMore")]
    [InlineData("level", "Nothing", "whyNot.level.known")]
    public void The_first_condition_that_failed_is_the_answer(string kind, string target, string code)
    {
        WhyNotAnswer answer = Ask(kind, target, Decide(A.Lead().From("acme.example").Of("Acme Robotics")));

        Assert.False(answer.IsSo);
        Assert.Equal(code, answer.FirstFailed!.Code);
        Assert.All(answer.Conditions.TakeWhile(c => c != answer.FirstFailed), c => Assert.True(c.Holds));
        Assert.All(answer.Conditions, c => Assert.EndsWith(".", c.Says, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("account", "acme")]
    [InlineData("rep", "ann")]
    [InlineData("play", "inbound")]
    [InlineData("level", "Qualified")]
    public void What_it_did_get_is_said_to_be_so(string kind, string target)
    {
        WhyNotAnswer answer = Ask(kind, target, Decide(A.Lead().From("acme.example").Of("Acme Robotics")));

        Assert.True(answer.IsSo);
        Assert.Null(answer.FirstFailed);
        Assert.All(answer.Conditions, c => Assert.True(c.Holds, c.Says));
    }

    [Fact]
    public void An_account_that_was_no_candidate_is_compared_all_the_same_by_todays_accounts_and_that_is_told()
    {
        WhyNotAnswer answer = Ask("account", "other", Decide(A.Lead().From("acme.example").Of("Acme Robotics")));

        WhyNotCondition candidate = answer.Conditions.Single(c => c.Code == "whyNot.account.candidate");
        Assert.Contains(candidate.Details, r => r.Code == "match.domain.differs");
        Assert.Contains(answer.Conditions, c => c is { Code: "whyNot.account.review", Holds: false });
        Assert.Contains("account other", answer.NotRecorded);
    }

    [Fact]
    public void Of_two_twins_the_tie_break_that_parted_them_is_told()
    {
        JourneyDecision decision = Decide(A.Lead().From("acme.example").Of("Acme Robotics"), Acme with { OwnerId = RepId.Parse("ann") }, Twin);

        WhyNotAnswer answer = Ask("account", "twin", decision);

        Assert.Equal("whyNot.account.tie", answer.FirstFailed!.Code);
        Assert.Contains(answer.FirstFailed.Details, r => r.Code == "match.tie.owner");
        Assert.Empty(answer.NotRecorded);
    }

    [Fact]
    public void A_lead_that_its_sender_or_a_person_placed_says_so()
    {
        WhyNotAnswer claimed = Ask("account", "acme", Decide(A.Lead().From("acme.example").Submitting(s => s with { AccountId = "other" })));
        WhyNotAnswer pinned = Ask("account", "acme", Decide(A.Lead().From("acme.example"), pinned: "other"));

        Assert.Equal("whyNot.account.chosen", claimed.FirstFailed!.Code);
        Assert.Equal("whyNot.account.chosen", pinned.FirstFailed!.Code);
    }

    [Fact]
    public void A_check_before_the_rules_answers_for_every_rep()
    {
        WhyNotAnswer answer = Ask("rep", "bob", Decide(A.Lead().From("acme.example").Consenting("optOut", true)));
        WhyNotAnswer play = Ask("play", "inbound", Decide(A.Lead().From("acme.example").Consenting("optOut", true)));

        Assert.Equal("whyNot.rep.check", answer.FirstFailed!.Code);
        Assert.Equal("whyNot.play.owner", play.FirstFailed!.Code);
    }

    [Fact]
    public void Whose_turn_it_was_is_told_with_everybodys_standing()
    {
        WhyNotAnswer answer = Ask("rep", "bob", Decide(A.Lead().From("acme.example")));

        Assert.Equal(3, answer.FirstFailed!.Details.Count);
        Assert.Contains("ann's turn", answer.FirstFailed.Says, StringComparison.Ordinal);
        Assert.Contains(answer.FirstFailed.Details, r => r.Says.Contains("cat", StringComparison.Ordinal) && r.Says.Contains("away", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("account", "acme", "whyNot.account.switch")]
    [InlineData("rep", "ann", "whyNot.rep.switch")]
    [InlineData("play", "inbound", "whyNot.play.switch")]
    public void What_is_switched_off_answers_before_everything_else(string kind, string target, string code)
    {
        AbmConfig off = Config with { Features = new FeatureSwitches { Matching = kind != "account", Routing = kind != "rep", Plays = kind != "play" } };

        Assert.Equal(code, Ask(kind, target, Decide(A.Lead().From("acme.example").Of("Acme Robotics"), config: off), off).FirstFailed!.Code);
    }

    [Fact]
    public void Rules_that_miss_a_level_are_told_the_most_telling_first()
    {
        WhyNotAnswer answer = Ask("level", "Target", Decide(A.Lead().From("acme.example")));

        Assert.Equal(["Bakes"], answer.FirstFailed!.Details.Select(r => r.Rule!.Name));
    }

    private static JourneyDecision Decide(Lead lead, params Account[] accounts) => Decide(lead, null, accounts);

    private static JourneyDecision Decide(Lead lead, string? pinned = null, Account[]? accounts = null, AbmConfig? config = null) => RecordedJourney.Decide(
        lead,
        new JourneyContext(
            config ?? Config, AccountIndex.Build(accounts is { Length: > 0 } ? accounts : [Acme, Other], [], 1), Reps.ById(), new Dictionary<string, PoolState>(), pinned is null ? null : AccountId.Parse(pinned)),
        Now);

    private static WhyNotAnswer Ask(string kind, string target, JourneyDecision decision, AbmConfig? config = null) => WhyNot.Ask(
        kind,
        new WhyNotQuestion(target, decision, decision.Inputs!, config ?? Config, Reps.ById(), new RecordedAccounts(decision.Inputs!.Accounts, AccountIndex.Build([Acme, Other, Twin], [], 2), new AccountMemory())),
        JourneySteps.All)!;
}
