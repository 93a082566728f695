using System.Text.Json;
using Abm.Accounts;
using Abm.Configuration;
using Abm.Decisions;
using Abm.People;
using Abm.Plays;
using Abm.TestKit;

namespace Abm.Shared.Tests.Plays;

/// <summary>Plays tried on a virtual clock, by the decider that real ones use.</summary>
public sealed class PlayCourseTests
{
    private static readonly DateTimeOffset Start = ManualTimeProvider.WednesdayMorning;
    private static readonly Account Acme = A.Account() with { OwnerId = RepId.Parse("sue"), Tier = AccountTier.OneToOne };

    private static readonly IReadOnlyDictionary<RepId, Rep> Reps =
        new[] { A.Rep("sue").Under("max").In("ae"), A.Rep("art").Under("max").In("ae"), A.Rep("ann").Under("max").In("ae"), A.Rep("max") }.ById();

    private static readonly AbmConfig Config = A.Config().RoutingToPool(new PoolRules { Name = "ae" })
        .With(new SlaPolicy { Name = "ten", Kind = Abm.Clocks.ClockKind.HandOff, Budget = TimeSpan.FromMinutes(10), Hours = SlaHours.Always, Urgent = true });

    private const string HandOff = """
        {"name":"hand-off","on":"stage","reassignPool":"ae","trigger":{"stages":["sql"]},"owner":[{"owner":"account"}],"steps":[
          {"name":"offer","assign":{"pool":"ae"}},
          {"name":"tell","notify":"owner","template":"context-card","urgent":true},
          {"name":"answer","wait":["accepted","rejected"],"needsReason":["rejected"],"deadline":"ten","within":"2h","on":{"accepted":"won","rejected":"back"},"otherwise":"escalate"},
          {"name":"back","branch":[{"when":{"field":"play.events.rejected","op":"gte","value":2},"goTo":"escalate"},{"goTo":"return"}]},
          {"name":"return","assignTo":"sender","then":"told"},
          {"name":"told","notify":"owner","template":"reassigned","urgent":true},
          {"name":"again","wait":["offeredAgain"],"within":"5d","on":{"offeredAgain":"offer"},"otherwise":"escalate"},
          {"name":"escalate","notify":"manager","template":"breach","urgent":true},
          {"name":"lost","end":"escalated"},
          {"name":"won","end":"accepted"}]}
        """;

    [Fact]
    public void A_hand_off_that_is_accepted_ends_with_the_receiver_and_a_clock_that_is_met()
    {
        SimulatedPlay done = Run(HandOff, new ScriptedEvent(TimeSpan.FromMinutes(4), "accepted", "ann"));

        Assert.Equal((PlayOutcome.Completed, "accepted"), (done.Outcome, done.Result));
        Assert.Equal(["assign sue", "assign ann", "notify ann"], Told(done));
        Assert.All(done.Clocks, c => Assert.Equal(Abm.Clocks.ClockState.Met, c.State));
        Assert.Equal("ann", done.OwnerId);
    }

    [Fact]
    public void A_rejected_hand_off_returns_to_the_sender_and_the_second_rejection_goes_to_the_manager()
    {
        SimulatedPlay done = Run(
            HandOff,
            new ScriptedEvent(TimeSpan.FromMinutes(2), "rejected", "ann", "No budget"),
            new ScriptedEvent(TimeSpan.FromMinutes(5), "offeredAgain", "sue"),
            new ScriptedEvent(TimeSpan.FromMinutes(7), "rejected", "ann", "Still none"));

        Assert.Equal((PlayOutcome.Completed, "escalated"), (done.Outcome, done.Result));
        string[] told = Told(done);
        Assert.Equal(2, done.Progress.Events.Count(e => e.Name == "rejected"));
        Assert.Contains("notify sue", told); // it came back
        Assert.Equal("notify max", told[^1]);
        Assert.Equal(2, done.Clocks.Count(c => c.Scope == "owner")); // a clock for each offer
        Assert.All(done.Clocks, c => Assert.Equal(Abm.Clocks.ClockState.Met, c.State)); // both were answered in time
    }

    [Fact]
    public void Nobody_answers_the_ladder_runs_and_the_wait_ends_by_itself()
    {
        SimulatedPlay done = Run(HandOff);

        string[] ladder = [.. done.Timeline.Where(l => l.What is "notify" or "breach" or "reassign" or "revOps" && l.Step!.StartsWith("answer~", StringComparison.Ordinal)).Select(l => FormattableString.Invariant($"{l.After.TotalMinutes} {l.What} {l.To}"))];
        Assert.Equal(["5 notify ann", "8 notify ann", "8 notify max", "10 breach ann", "10 breach ann", "10 notify max", "12.5 reassign art"], ladder[..7]);
        Assert.Equal("escalated", done.Result);
        Assert.Equal(TimeSpan.FromHours(2), done.Timeline.Single(l => l.What == "timeUp").After);
    }

    [Fact]
    public void Thirty_days_are_tried_in_a_moment_and_twice_the_same()
    {
        const string Waves = """
            {"name":"waves","on":"manual","owner":[{"owner":"account"}],"steps":[
              {"notify":"owner","template":"context-card"},{"delay":"7d"},
              {"when":{"field":"account.tier","op":"equals","value":"oneToOne"},"task":"owner","template":"reminder"},
              {"when":{"field":"event.unsubscribed","op":"notEquals","value":"email"},"sequence":"second-wave"},
              {"delay":"14d"},{"webhook":"crm"},{"delay":"9d"},{"end":"done"}]}
            """;

        SimulatedPlay one = Run(Waves);
        SimulatedPlay two = Run(Waves);

        Assert.InRange(Pace.Best(TimeSpan.FromSeconds(2.5), () => Run(Waves)), TimeSpan.Zero, TimeSpan.FromSeconds(2.5));
        Assert.Equal(one.Timeline, two.Timeline);
        Assert.Equal((PlayOutcome.Completed, "done"), (one.Outcome, one.Result));
        Assert.Equal(TimeSpan.FromDays(30), one.Timeline[^1].After);
        Assert.Contains(one.Timeline, l => l is { What: "leftOut" } && l.Says.Contains("event.unsubscribed is not known", StringComparison.Ordinal)); // unknown is not "not e-mail"
        Assert.Contains(one.Timeline, l => l is { What: "task", To: "sue" });
    }

    [Fact]
    public void An_enrichment_is_asked_for_once_and_not_waited_for_for_ever()
    {
        const string Enrich = """{"name":"e","on":"surge","steps":[{"name":"ask","enrich":"clear","within":"10m","otherwise":"without"},{"end":"rich"},{"name":"without","end":"poor"}]}""";

        SimulatedPlay answered = Run(Enrich, new ScriptedEvent(TimeSpan.FromMinutes(3), "enriched", "clear"));
        SimulatedPlay silent = Run(Enrich);
        SimulatedPlay late = Run(Enrich, new ScriptedEvent(TimeSpan.FromMinutes(11), "enriched", "clear"));

        Assert.Equal(("rich", "poor", "poor"), (answered.Result, silent.Result, late.Result));
        Assert.Single(silent.Timeline, l => l.What == "enrich");
    }

    [Fact]
    public void A_stop_condition_ends_it_at_once_by_an_event_or_by_a_fact_that_became_true()
    {
        const string Surge = """
            {"name":"s","on":"surge","owner":[{"owner":"account"}],"stop":[{"event":"opportunityOpened","outcome":"opened"},{"when":{"field":"account.custom.x","op":"exists"},"outcome":"known"}],
             "steps":[{"notify":"owner","template":"context-card"},{"wait":["contacted"],"within":"5d"},{"notify":"manager","template":"breach"}]}
            """;

        SimulatedPlay byEvent = Run(Surge, new ScriptedEvent(TimeSpan.FromHours(5), "opportunityOpened"));
        SimulatedPlay byFact = Run(Surge, new ScriptedEvent(TimeSpan.FromHours(6), "noise", Facts: new Dictionary<string, string> { ["account.custom.x"] = "1" }));

        Assert.Equal((PlayOutcome.Stopped, "opened", TimeSpan.FromHours(5)), (byEvent.Outcome, byEvent.Result, byEvent.Timeline[^1].After));
        Assert.Equal((PlayOutcome.Stopped, "known", TimeSpan.FromHours(6)), (byFact.Outcome, byFact.Result, byFact.Timeline[^1].After));
        Assert.DoesNotContain(byEvent.Timeline, l => l.To == "max");
    }

    [Fact]
    public void People_are_told_in_their_working_hours_unless_it_is_urgent()
    {
        const string Calm = """{"name":"c","on":"surge","owner":[{"owner":"account"}],"steps":[{"delay":"10h"},{"name":"calm","notify":"owner","template":"context-card"},{"end":"x"}]}""";

        TimeSpan calm = Run(Calm).Timeline.Single(l => l.What == "notify").After;
        TimeSpan urgent = Run(Calm.Replace("\"name\":\"calm\",", "\"urgent\":true,", StringComparison.Ordinal)).Timeline.Single(l => l.What == "notify").After;

        Assert.Equal(TimeSpan.FromHours(10), urgent);
        Assert.Equal(TimeSpan.FromHours(23), calm); // Wednesday 20:00 waits for Thursday 9:00
    }

    [Fact]
    public void A_pause_stops_the_ladder_and_the_resumed_clock_has_what_was_left()
    {
        SimulatedPlay done = Run(
            HandOff,
            new ScriptedEvent(TimeSpan.FromMinutes(4), "pause", "ann", "waitingForCustomer"),
            new ScriptedEvent(TimeSpan.FromMinutes(64), "resume", "ann"),
            new ScriptedEvent(TimeSpan.FromMinutes(69), "accepted", "ann"));

        string[] ladder = [.. done.Timeline.Where(l => l.What is "notify" or "breach" && l.Step!.StartsWith("answer~", StringComparison.Ordinal)).Select(l => FormattableString.Invariant($"{l.After.TotalMinutes} {l.What} {l.To}"))];
        Assert.Equal(["65 notify ann", "68 notify ann", "68 notify max"], ladder);
        Assert.All(done.Clocks, c => Assert.Equal((Abm.Clocks.ClockState.Met, Start.AddMinutes(70)), (c.State, c.DueAt)));
    }

    [Fact]
    public void A_play_that_goes_round_in_circles_ends()
    {
        SimulatedPlay done = Run("""{"name":"r","on":"manual","steps":[{"name":"w","delay":"1s"},{"name":"t","webhook":"x","then":"w"}]}""");

        Assert.True(done.Outcome == PlayOutcome.Exhausted || done.IsCut);
    }

    [Theory]
    [InlineData("""{"name":"x","on":"event","steps":[{"end":"a"}]}""", "empty trigger.events")]
    [InlineData("""{"name":"x","on":"surge","steps":[{}]}""", "empty steps[0]")]
    [InlineData("""{"name":"x","on":"surge","steps":[{"end":"a","delay":"1d"}]}""", "badValues steps[0]")]
    [InlineData("""{"name":"x","on":"surge","steps":[{"wait":["a"]}]}""", "neverEnds steps[0]")]
    [InlineData("""{"name":"x","on":"surge","steps":[{"wait":["a"],"within":"0s"}]}""", "outOfRange steps[0].within")]
    [InlineData("""{"name":"x","on":"surge","steps":[{"wait":["a"],"within":"9000d"}]}""", "outOfRange steps[0].within")]
    [InlineData("""{"name":"x","on":"surge","steps":[{"branch":[{"when":{"field":"account.tier","op":"exists"},"goTo":"y"}]},{"name":"y","end":"a"}]}""", "noCatchAll steps[0].branch")]
    [InlineData("""{"name":"x","on":"surge","steps":[{"name":"a","webhook":"w","then":"a"}]}""", "cycle steps[0]")]
    [InlineData("""{"name":"x","on":"surge","steps":[{"webhook":"w","then":"nowhere"}]}""", "unknownReference steps[0].then")]
    [InlineData("""{"name":"x","on":"surge","steps":[{"start":"x"}]}""", "cycle steps[0].start")]
    [InlineData("""{"name":"x","on":"surge","steps":[{"notify":"owner"}]}""", "empty steps[0].template")]
    [InlineData("""{"name":"x","on":"surge","steps":[{"wait":["a"],"within":"1d","on":{"b":"1"}}]}""", "unknownReference steps[0]")]
    [InlineData("""{"name":"x","on":"surge","steps":[{"wait":["a"],"deadline":"none"}]}""", "unknownReference steps[0].deadline")]
    [InlineData("""{"name":"x","on":"routeAssigned","steps":[]}""", "noCatchAll firstTouch")]
    [InlineData("""{"name":"x","on":"surge","firstTouch":[{"policy":"ten"}],"steps":[{"end":"a"}]}""", "badValues firstTouch")]
    [InlineData("""{"name":"x","on":"surge","for":"lead","steps":[{"end":"a"}]}""", "badValues for")]
    [InlineData("""{"name":"x","on":"surge","steps":[{"notfy":"owner"}]}""", "unknownKey steps[0].notfy")]
    [InlineData("""{"name":"x","on":"surge","stop":[{}],"steps":[{"end":"a"}]}""", "empty stop[0]")]
    public void A_definition_that_could_not_run_is_refused_by_name(string json, string expected)
    {
        using JsonDocument document = JsonDocument.Parse(json);

        (PlayRules? play, _, IReadOnlyList<ConfigProblem> problems) = PlayDefinition.Read(document.RootElement, Config);

        Assert.Null(play);
        Assert.Contains(expected, problems.Select(p => $"{p.Code} {p.Path}"));
    }

    [Fact]
    public void Conditions_about_plays_are_refused_everywhere_else()
    {
        AbmConfig config = Config with { Routing = [new RoutingRule { Name = "a", When = A.Test("event.topic", PredicateOp.Exists), To = new RouteTarget.Queue("q") }, RoutingRule.Unassigned] };

        Assert.Contains(ConfigCheck.Problems(config), p => p is { Code: ConfigProblemCodes.UnknownField } && p.Path.StartsWith("routing[0]", StringComparison.Ordinal));
    }

    [Fact]
    public void A_leads_play_is_tried_with_whoever_would_get_the_lead_when_nobody_is_named()
    {
        PlayRules inbound = Config.Plays.First(p => p.On == PlayTrigger.RouteAssigned) with { FallbackPool = "ae" };
        AbmConfig config = Config with { Plays = [inbound] };
        SimulationScript script = new(inbound, config, Reps, null, Start, TimeSpan.FromDays(30));

        SimulatedPlay done = PlaySimulation.Run(script);

        Assert.Equal(["ann", "art"], done.Timeline.Where(l => l.What == "reassign").Select(l => l.To!).Prepend(PlaySimulation.FirstOwner(script)!).Take(2));
        Assert.Equal(inbound.MaxReassignments, done.Timeline.Count(l => l.What == "reassign"));
        Assert.Equal("sue", PlaySimulation.FirstOwner(script with { Account = Acme }));
        Assert.Throws<ArgumentException>(() => PlaySimulation.Run(script with { Reps = new Dictionary<RepId, Rep>() }));
    }

    [Fact]
    public void A_script_is_told_what_the_play_does_not_hear_and_what_would_be_refused()
    {
        SimulatedPlay done = Run(
            HandOff,
            new ScriptedEvent(TimeSpan.FromMinutes(1), "nonsense"),
            new ScriptedEvent(TimeSpan.FromMinutes(2), "rejected"),
            new ScriptedEvent(TimeSpan.FromMinutes(3), "pause", Reason: "lunch"),
            new ScriptedEvent(TimeSpan.FromMinutes(4), "resume"),
            new ScriptedEvent(TimeSpan.FromMinutes(5), "accepted"));

        Assert.Equal(["unheard", "refused", "refused", "refused", "heard"], done.Timeline.Where(l => l.What is "heard" or "unheard" or "refused").Select(l => l.What));
        Assert.Equal("accepted", done.Result);
    }

    private static SimulatedPlay Run(string json, params ScriptedEvent[] events)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        (PlayRules? play, AbmConfig config, IReadOnlyList<ConfigProblem> problems) = PlayDefinition.Read(document.RootElement, Config);
        Assert.True(play is not null, string.Join("; ", problems));
        config = config with { Calendars = AbmConfig.Default.Calendars, DefaultCalendar = AbmConfig.Default.DefaultCalendar };
        return PlaySimulation.Run(new SimulationScript(play, config, Reps, Acme, Start, TimeSpan.FromDays(120)) { Events = events });
    }

    private static string[] Told(SimulatedPlay done) => [.. done.Timeline.Where(l => l.What is "notify" or "assign").Select(l => $"{l.What} {l.To}")];
}
