using Abm.Accounts;
using Abm.Configuration;
using Abm.Decisions;
using Abm.Journeys;
using Abm.Leads;
using Abm.Lists;
using Abm.Matching;
using Abm.People;
using Abm.Plays;
using Abm.Routing;
using Abm.Scoring;
using Abm.TestKit;

namespace Abm.Shared.Tests.Journeys;

public sealed class LeadJourneyTests
{
    private static readonly DateTimeOffset Now = ManualTimeProvider.WednesdayMorning;
    private static readonly Account Acme = A.Account("acme").Named("Acme").Employing(900);
    private static readonly Rep[] Reps = [A.Rep("ann").In("inbound"), A.Rep("bob").In("inbound")];
    private static readonly AbmConfig Config = A.Config().RoutingToPool(new PoolRules { Name = "inbound" });

    private static readonly JourneyContext Pinned = new(Config, AccountIndex.Build([Acme], [], 3), Reps.ById(), new Dictionary<string, PoolState>(), Acme.Id)
    {
        DataVersions = new Dictionary<string, string> { ["own-list"] = "7" },
    };

    [Fact]
    public void A_lead_goes_the_whole_way_and_every_step_explains_itself()
    {
        JourneyDecision decision = LeadJourney.Decide(A.Lead(), Pinned, Now);

        Assert.Equal("matched", decision.Outcome);
        Assert.Equal("acme", Assert.IsType<MatchDecision.Matched>(decision.Match).Account.Value);
        Assert.Equal("ann", Assert.IsType<RouteDecision.Assigned>(decision.Route).Owner.Value);
        Assert.Equal("inbound", Assert.IsType<PlayDecision.Start>(decision.Play).Play);
        Assert.Equal(1, decision.PoolAfter!.Members.Single(m => m.Rep.Value == "ann").Assigned);
        Assert.Equal((Config.Version, Now, 3L), (decision.ConfigVersion, decision.DecidedAt, decision.AccountsVersion));
        Assert.Equal("7", decision.DataVersions["own-list"]);
        Assert.All(ListVersions.Current, list => Assert.Equal(list.Value, decision.DataVersions[list.Key]));
        Assert.All(new[] { decision.Match.Reasons, decision.Score.Reasons, decision.Route.Reasons, decision.Play.Reasons }, Assert.NotEmpty);
    }

    [Fact]
    public void What_is_switched_off_decides_nothing_says_so_and_charges_nobody()
    {
        JourneyContext context = Pinned with { PinnedAccount = null, Accounts = AccountIndex.Build([Acme with { Domains = ["acme.example"] }], [], 3) };
        Lead lead = A.Lead().From("acme.example").Of("Acme");

        JourneyDecision unmatched = Without(new FeatureSwitches { Matching = false });
        JourneyDecision unscored = Without(new FeatureSwitches { Scoring = false });
        JourneyDecision unrouted = Without(new FeatureSwitches { Routing = false });
        JourneyDecision unplayed = Without(new FeatureSwitches { Plays = false });

        Assert.Equal(("unmatched", MatchReasons.SwitchedOff), (unmatched.Outcome, Assert.Single(unmatched.Match.Reasons).Code));
        Assert.Equal((0, ScoreReasons.SwitchedOff, "matched"), (unscored.Score.FitPoints, Assert.Single(unscored.Score.Reasons).Code, unscored.Outcome));
        Assert.Equal((RouteReasons.SwitchedOff, null), (Assert.Single(Assert.IsType<RouteDecision.Queued>(unrouted.Route).Reasons).Code, unrouted.PoolAfter));
        Assert.Equal(PlayReasons.SwitchedOff, Assert.Single(Assert.IsType<PlayDecision.None>(unplayed.Play).Reasons).Code);
        Assert.IsType<RouteDecision.Assigned>(unplayed.Route);

        JourneyDecision Without(FeatureSwitches on) => LeadJourney.Decide(lead, context with { Config = Config with { Features = on } }, Now);
    }

    [Fact]
    public void Where_scoring_is_switched_off_conditions_about_points_are_missing_not_false()
    {
        AbmConfig config = Config with
        {
            Features = new FeatureSwitches { Scoring = false },
            Routing = [new RoutingRule { Name = "Cold", When = new Predicate.Test("score.points", PredicateOp.Lt, ["50"]), To = new RouteTarget.Queue("cold") }, .. Config.Routing],
        };

        RouteDecision route = LeadJourney.Decide(A.Lead(), Pinned with { Config = config }, Now).Route;

        Assert.IsType<RouteDecision.Assigned>(route);
        Assert.Contains(route.Reasons, r => r.Code == RouteReasons.RuleMissing);
    }

    [Fact]
    public void Without_a_persons_choice_the_matcher_says_whose_lead_it_is()
    {
        JourneyContext context = Pinned with { PinnedAccount = null, Accounts = AccountIndex.Build([Acme with { Domains = ["acme.example"] }], [], 3) };

        JourneyDecision ours = LeadJourney.Decide(A.Lead().From("acme.example").Of("Acme"), context, Now);
        JourneyDecision nobodys = LeadJourney.Decide(A.Lead().From("little-lantern.example").Of("Little Lantern"), context, Now);

        Assert.Equal("acme", Assert.IsType<MatchDecision.Matched>(ours.Match).Account.Value);
        Assert.Equal("unmatched", nobodys.Outcome);
        Assert.Equal("inbound", Assert.IsType<RouteDecision.Assigned>(nobodys.Route).Pool);
    }

    [Fact]
    public void What_a_person_chose_is_not_overwritten_by_the_matcher()
    {
        JourneyDecision decision = LeadJourney.Decide(A.Lead().From("elsewhere.example"), Pinned, Now);

        Assert.Equal([JourneyReasons.Pinned, JourneyReasons.WouldHaveBeen], decision.Match.Reasons.Select(r => r.Code));
    }

    [Fact]
    public void A_chosen_account_that_no_longer_exists_is_left_to_the_matcher()
    {
        JourneyContext context = Pinned with { Accounts = AccountIndex.Empty };

        Assert.NotEqual("matched", LeadJourney.Decide(A.Lead(), context, Now).Outcome);
    }

    [Fact]
    public void A_repeat_has_the_same_id_and_a_new_attempt_another()
    {
        LeadId lead = A.Lead().Id;

        Assert.Equal(LeadJourney.Decide(A.Lead(), Pinned, Now).DecisionId, LeadJourney.Decide(A.Lead(), Pinned, Now.AddDays(1)).DecisionId);
        Assert.Equal(LeadJourney.DecisionId(lead, 2), LeadJourney.Decide(A.Lead(), Pinned with { Attempt = 2 }, Now).DecisionId);
        Assert.NotEqual(LeadJourney.DecisionId(lead, 1), LeadJourney.DecisionId(lead, 2));
    }

    [Fact]
    public void A_repeat_after_a_crash_keeps_the_owner_and_takes_no_second_turn()
    {
        JourneyDecision first = LeadJourney.Decide(A.Lead(), Pinned, Now);
        RouteDecision.Assigned assigned = (RouteDecision.Assigned)first.Route;
        JourneyContext after = Pinned with
        {
            Pools = new Dictionary<string, PoolState> { ["inbound"] = first.PoolAfter! },
            PriorAssignments = [new Assignment(first.DecisionId, A.Lead().Id, assigned.Owner, assigned.Pool, assigned.Rule, Now)],
        };

        JourneyDecision repeat = LeadJourney.Decide(A.Lead(), after, Now.AddMinutes(1));

        Assert.Equal("ann", ((RouteDecision.Assigned)repeat.Route).Owner.Value);
        Assert.Null(repeat.PoolAfter);
    }

    [Fact]
    public void The_play_starts_from_ids_alone()
    {
        JourneyDecision decision = LeadJourney.Decide(A.Lead(), Pinned, Now);

        PlayStartInput start = PlayStart.From(decision)!;

        Assert.Equal($"play-{decision.Lead.Id.Value}-inbound", start.PlayId);
        Assert.Equal(("acme", "ann", "inbound", "first-touch"), (start.AccountId, start.OwnerId, start.Pool, start.Policy));
        Assert.DoesNotContain("ada", System.Text.Json.JsonSerializer.Serialize(start), StringComparison.OrdinalIgnoreCase);
        Assert.Null(PlayStart.From(LeadJourney.Decide(A.Lead().AsTest(), Pinned, Now)));
    }

    [Fact]
    public void The_same_question_has_the_same_answer()
    {
        JourneyDecision one = LeadJourney.Decide(A.Lead().Titled("CTO"), Pinned, Now);
        JourneyDecision two = LeadJourney.Decide(A.Lead().Titled("CTO"), Pinned, Now);

        Assert.Equal(Story(one), Story(two));
        static string Story(JourneyDecision d) => string.Join('\n', new[] { d.Match.Reasons, d.Score.Reasons, d.Route.Reasons, d.Play.Reasons }.SelectMany(r => r).Select(r => r.ToString()));
    }
}
