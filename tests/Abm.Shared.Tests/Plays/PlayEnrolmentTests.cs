using Abm.Accounts;
using Abm.Configuration;
using Abm.Plays;
using Abm.TestKit;

namespace Abm.Shared.Tests.Plays;

public sealed class PlayEnrolmentTests
{
    private static readonly DateTimeOffset Now = ManualTimeProvider.WednesdayMorning;
    private static readonly PlaySubject Acme = new(PlaySubjectKind.Account, "A1");
    private static readonly PlayStepRule[] Steps = [new() { End = "done" }];

    [Fact]
    public void A_surge_starts_the_plays_that_listen_to_it_and_names_why_others_do_not()
    {
        PlayRules surge = Play("surge", PlayTrigger.Surge) with { Trigger = new() { Topics = ["CRM"], AtLeast = 3 }, When = A.Test("account.tier", PredicateOp.Equals, "oneToOne") };

        Assert.Equal("play.chosen", Code(surge, new PlayOccasion.Surged(Acme, "A1", "o1", Now, "crm", 3)));
        Assert.Equal("play.trigger", Code(surge, new PlayOccasion.Surged(Acme, "A1", "o1", Now, "erp", 3)));
        Assert.Equal("play.trigger", Code(surge, new PlayOccasion.Surged(Acme, "A1", "o1", Now, "crm", 2.9)));
        Assert.Equal("play.condition", Code(surge with { When = A.Test("account.tier", PredicateOp.Equals, "oneToFew") }, new PlayOccasion.Surged(Acme, "A1", "o1", Now, "crm", 3)));
        Assert.Equal("play.off", Code(surge with { IsOn = false }, new PlayOccasion.Surged(Acme, "A1", "o1", Now, "crm", 3)));
        Assert.Null(Code(surge, new PlayOccasion.StageChanged(Acme, "A1", "o1", Now, null, "sql")));
    }

    [Theory]
    [InlineData(null, 80, "play.chosen")]
    [InlineData(79.9, 80, "play.chosen")]
    [InlineData(80.0, 90, "play.trigger")]
    [InlineData(90.0, 70, "play.trigger")]
    public void A_mark_is_crossed_upwards_only(double? before, double after, string code) =>
        Assert.Equal(code, Code(Play("mark", PlayTrigger.Score) with { Trigger = new() { AtLeast = 80 } }, new PlayOccasion.Scored(Acme, "A1", "o1", Now, before, after, null, "x")));

    [Theory]
    [InlineData("Standard", "Target", "play.chosen")]
    [InlineData(null, "target", "play.chosen")]
    [InlineData("Target", "Target", "play.trigger")]
    [InlineData("Target", "Standard", "play.trigger")]
    public void A_level_is_reached_when_it_was_not_had_before(string? before, string after, string code) =>
        Assert.Equal(code, Code(Play("level", PlayTrigger.Level) with { Trigger = new() { Levels = ["Target"] } }, new PlayOccasion.Scored(Acme, "A1", "o1", Now, 1, 2, before, after)));

    [Fact]
    public void A_sequence_needs_its_events_in_order_and_in_time()
    {
        PlayRules play = Play("row", PlayTrigger.Sequence) with { Trigger = new() { Events = ["visit", "download", "pricing"], Within = TimeSpan.FromDays(7) } };

        Assert.Equal("play.chosen", Code(play, Pricing(("visit", -6), ("other", -5), ("download", -1))));
        Assert.Equal("play.trigger", Code(play, Pricing(("download", -6), ("visit", -1))));
        Assert.Equal("play.trigger", Code(play, Pricing(("visit", -8), ("download", -1))));
        Assert.Equal("play.chosen", Code(play, Pricing(("download", -1), ("visit", -6)))); // told in another order than it happened

        static PlayOccasion.Event Pricing(params (string Name, int Days)[] before) =>
            new(Acme, "A1", "o1", Now, "pricing", [.. before.Select(b => new RecentEvent(b.Name, Now.AddDays(b.Days))), new RecentEvent("pricing", Now)]);
    }

    [Fact]
    public void Dates_stages_and_opportunities_start_what_listens_to_them()
    {
        PlaySubject opportunity = new(PlaySubjectKind.Opportunity, "O1");

        Assert.Equal("play.chosen", Code(Play("renewal", PlayTrigger.Date) with { Trigger = new() { Field = "renewalDate", Days = [-90, -60, -30] } }, new PlayOccasion.DateNear(Acme, "A1", "o1", Now, "renewalDate", -60)));
        Assert.Equal("play.trigger", Code(Play("renewal", PlayTrigger.Date) with { Trigger = new() { Field = "renewalDate", Days = [-90] } }, new PlayOccasion.DateNear(Acme, "A1", "o1", Now, "renewalDate", -60)));
        Assert.Equal("play.chosen", Code(Play("stage", PlayTrigger.Stage) with { Trigger = new() { Stages = ["SQL"], FromStages = ["MQL"] } }, new PlayOccasion.StageChanged(Acme, "A1", "o1", Now, "mql", "sql")));
        Assert.Equal("play.trigger", Code(Play("stage", PlayTrigger.Stage) with { Trigger = new() { Stages = ["SQL"], FromStages = ["MQL"] } }, new PlayOccasion.StageChanged(Acme, "A1", "o1", Now, null, "sql")));
        Assert.Equal("play.chosen", Code(Play("won", PlayTrigger.Opportunity) with { For = PlaySubjectKind.Opportunity, Trigger = new() { Changes = ["won"] } }, new PlayOccasion.OpportunityChanged(opportunity, "A1", "o1", Now, "won")));
        Assert.Equal("play.subject", Code(Play("won", PlayTrigger.Opportunity) with { For = PlaySubjectKind.Opportunity }, new PlayOccasion.OpportunityChanged(Acme, "A1", "o1", Now, "won")));
    }

    [Fact]
    public void One_instance_runs_at_a_time_it_rests_afterwards_and_the_same_occasion_starts_it_once()
    {
        PlayRules play = Play("surge", PlayTrigger.Surge) with { CoolOff = TimeSpan.FromDays(30) };
        PlayOccasion.Surged surged = new(Acme, "A1", "o2", Now, null, 1);
        KnownPlay running = new("play-1", "surge", Acme, Now.AddDays(-2), null);

        Assert.Equal("play.runs", Code(play, surged, running));
        Assert.Equal("play.coolOff", Code(play, surged, running with { EndedAt = Now.AddDays(-30).AddSeconds(1) }));
        Assert.Equal("play.chosen", Code(play, surged, running with { EndedAt = Now.AddDays(-30) }));
        Assert.Equal("play.once", Code(play with { Trigger = new() { Fire = PlayFireMode.Once } }, surged, running with { EndedAt = Now.AddDays(-300) }));
        Assert.Equal("play.repeat", Code(play, surged, running with { PlayId = PlayStartInput.IdFor("surge", Acme, "o2") }));
        Assert.Equal("play.chosen", Code(play, surged, running with { Subject = new PlaySubject(PlaySubjectKind.Opportunity, "O1") })); // about something else
    }

    [Theory]
    [InlineData(PlayCompetition.Start, 5, "play.chosen")]
    [InlineData(PlayCompetition.Join, 5, "play.joins")]
    [InlineData(PlayCompetition.Skip, 5, "play.staysAway")]
    [InlineData(PlayCompetition.Skip, 4, "play.chosen")]
    public void A_running_play_of_the_same_or_a_higher_priority_stands_in_the_way_if_the_play_says_so(PlayCompetition beside, int other, string code)
    {
        PlayRules play = Play("surge", PlayTrigger.Surge) with { Priority = 5, BesideOthers = beside };
        AbmConfig config = A.Config() with { Plays = [play, Play("renewal", PlayTrigger.Date) with { Priority = other }] };

        EnrolmentDecision decision = Assert.Single(Decide(config, new PlayOccasion.Surged(Acme, "A1", "o1", Now, null, 1), new KnownPlay("play-9", "renewal", Acme, Now, null)));

        Assert.Equal(code, decision.Because.Code);
        if (decision is EnrolmentDecision.Join join)
            Assert.Equal("play-9", join.RunningPlayId);
    }

    [Fact]
    public void What_starts_now_stands_in_the_way_of_what_comes_after_it()
    {
        AbmConfig config = A.Config() with { Plays = [Play("first", PlayTrigger.Surge) with { Priority = 9 }, Play("second", PlayTrigger.Surge) with { BesideOthers = PlayCompetition.Skip }] };

        Assert.Equal(["play.chosen", "play.staysAway"], Decide(config, new PlayOccasion.Surged(Acme, "A1", "o1", Now, null, 1)).Select(d => d.Because.Code));
    }

    [Fact]
    public void A_start_carries_everything_the_instance_needs_and_stays_on_the_version()
    {
        PlayRules play = Play("surge", PlayTrigger.Surge) with { Owner = [new RouteTarget.AccountOwner(), new RouteTarget.Pool("am")] };
        AbmConfig config = A.Config() with { Plays = [play] };

        var start = Assert.IsType<EnrolmentDecision.Start>(Assert.Single(Decide(config, new PlayOccasion.Surged(Acme, "A1", "o1", Now.AddHours(-1), null, 1) { OwnerId = "R7" })));

        Assert.Equal((PlayStartInput.IdFor("surge", Acme, "o1"), "R7", "am", config.Version, "surge", Now, Now.AddHours(-1)),
            (start.Input.PlayId, start.Input.OwnerId, start.Input.Pool, start.Input.ConfigVersion, start.Input.Trigger, start.Input.RoutedAt, start.Input.ReceivedAt));
        Assert.Equal(Acme, start.Input.Subject);
    }

    private static PlayRules Play(string name, PlayTrigger on) => new() { Name = name, On = on, Steps = Steps };

    private static string? Code(PlayRules play, PlayOccasion occasion, params KnownPlay[] known) =>
        Decide(A.Config() with { Plays = [play] }, occasion, known).SingleOrDefault()?.Because.Code;

    private static IReadOnlyList<EnrolmentDecision> Decide(AbmConfig config, PlayOccasion occasion, params KnownPlay[] known) =>
        PlayEnrolment.Decide(occasion, new Facts(A.Account() with { Tier = AccountTier.OneToOne }, new Dictionary<string, string>()), config, known, Now);
}
