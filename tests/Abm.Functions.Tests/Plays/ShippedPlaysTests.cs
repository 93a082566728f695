using Abm.Accounts;
using Abm.Configuration;
using Abm.Decisions;
using Abm.Functions.Tests.Configuration;
using Abm.People;
using Abm.Plays;
using Abm.Signals;
using Abm.TestKit;

namespace Abm.Functions.Tests.Plays;

/// <summary>The plays of samples/config on a virtual clock: what happens when, what ends them, and when they start again.</summary>
public sealed class ShippedPlaysTests
{
    /// <summary>A Wednesday, 11 in Berlin.</summary>
    private static readonly DateTimeOffset Start = new(2026, 11, 18, 10, 0, 0, TimeSpan.Zero);

    private static readonly Dictionary<RepId, Rep> Reps =
        new[] { A.Rep("R1").In("sdr-emea").Under("M1"), A.Rep("R2").In("sdr-emea").Under("M1"), A.Rep("R3").In("enterprise").Under("M1"), A.Rep("M1") }.ToDictionary(r => r.Id);

    private static readonly Account Prospect = A.Account() with
    {
        Industry = "mining",
        EmployeeCount = 5000,
        Tier = AccountTier.OneToFew,
        OwnerId = RepId.Parse("R1"),
        OpportunityOwnerId = RepId.Parse("R2"),
    };

    private static readonly Account Customer = Prospect with { Status = AccountStatus.Customer };

    private static readonly Lazy<Task<AbmConfig>> Config = new(async () => (await SampleConfig.ReadAsync()).Config);

    [Fact]
    public async Task A_surge_is_enriched_told_and_followed_up_and_nobody_s_answer_is_escalated()
    {
        SimulatedPlay play = await RunAsync("intent-surge", Prospect, TimeSpan.FromDays(60));

        Assert.Equal(
            [
                "0.00:00 enrich firmographics",
                "0.00:10 notify R1",
                "0.00:10 sequence surge-multithread",
            ],
            Told(play)[..3]);
        Assert.Contains(Told(play), t => t == "1.00:10 breach R1");
        Assert.Equal(("missed", PlayOutcome.Completed), (play.Result, play.Outcome));
    }

    [Theory]
    [InlineData("accepted", null, "worked")]
    [InlineData("meeting.booked", null, "worked")]
    [InlineData("dismissed", "No budget", "dismissed")]
    public async Task A_surge_ends_as_it_was_answered(string answer, string? reason, string result)
    {
        SimulatedPlay play = await RunAsync("intent-surge", Prospect, TimeSpan.FromDays(60), new ScriptedEvent(TimeSpan.FromHours(2), answer, "R1", reason));

        Assert.Equal((result, PlayOutcome.Completed), (play.Result, play.Outcome));
        Assert.Equal(["0.00:00 enrich firmographics", "0.00:10 notify R1", "0.00:10 sequence surge-multithread"], Told(play));
    }

    [Theory]
    [InlineData("intent-surge")]
    [InlineData("re-engagement")]
    public async Task An_opportunity_stops_the_hunt_for_one(string name)
    {
        SimulatedPlay play = await RunAsync(name, Prospect, TimeSpan.FromDays(60), new ScriptedEvent(TimeSpan.FromHours(3), "opportunity.opened"));

        Assert.Equal((PlayOutcome.Stopped, "opportunity"), (play.Outcome, play.Result));
        Assert.Equal(Start.AddHours(3), play.Timeline[^1].At);
    }

    [Fact]
    public async Task A_surge_s_sequence_is_left_out_where_e_mail_is_unsubscribed()
    {
        SimulatedPlay play = await RunAsync("intent-surge", Prospect, TimeSpan.FromDays(1), new Dictionary<string, string> { ["signal.unsubscribed.email"] = "true" });

        Assert.DoesNotContain(Told(play), t => t.Contains("sequence", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Re_engagement_goes_back_to_the_owner_and_is_escalated_when_nobody_answers()
    {
        SimulatedPlay play = await RunAsync("re-engagement", Prospect, TimeSpan.FromDays(60));

        Assert.Equal("0.00:00 notify R1", Told(play)[0]);
        Assert.Contains("1.00:00 breach R1", Told(play));
        Assert.Equal("missed", play.Result);
    }

    [Fact]
    public async Task A_hand_off_goes_to_who_works_the_opportunity_and_is_accepted()
    {
        SimulatedPlay play = await RunAsync("hand-off-sales", Prospect, TimeSpan.FromDays(30), new ScriptedEvent(TimeSpan.FromHours(1), "accepted", "R2"));

        Assert.Equal(("accepted", "R2"), (play.Result, play.OwnerId));
        Assert.Equal(["0.00:00 assign R2", "0.00:00 notify R2"], Told(play));
    }

    [Fact]
    public async Task A_rejected_hand_off_returns_to_the_sender_and_twice_rejected_goes_to_the_manager()
    {
        SimulatedPlay play = await RunAsync(
            "hand-off-sales", Prospect, TimeSpan.FromDays(30),
            new ScriptedEvent(TimeSpan.FromHours(1), "rejected", "R2", "No budget named"),
            new ScriptedEvent(TimeSpan.FromHours(2), "resubmitted", "R1"),
            new ScriptedEvent(TimeSpan.FromHours(3), "rejected", "R2", "Still none"));

        Assert.Equal("escalated", play.Result);
        Assert.Equal(
            ["0.00:00 assign R2", "0.00:00 notify R2", "0.01:00 assign R1", "0.01:00 notify R1", "0.02:00 assign R2", "0.02:00 notify R2", "0.03:00 notify M1"],
            Told(play));
    }

    [Fact]
    public async Task A_hand_off_that_nobody_answers_is_missed_after_four_working_hours_and_ends_with_the_manager()
    {
        SimulatedPlay play = await RunAsync("hand-off-sales", Prospect, TimeSpan.FromDays(60));

        // From 11:00 in Berlin: an hour and a half, lunch, two and a half hours: 15:45.
        SimulatedLine breach = play.Timeline.First(l => l.What == "breach");
        Assert.Equal(new DateTimeOffset(2026, 11, 18, 14, 45, 0, TimeSpan.Zero), breach.At);
        Assert.Equal("escalated", play.Result);
    }

    [Fact]
    public async Task A_won_account_is_handed_to_customer_success()
    {
        SimulatedPlay play = await RunAsync("hand-off-success", Customer, TimeSpan.FromDays(30), new ScriptedEvent(TimeSpan.FromHours(1), "accepted", "R3"));

        Assert.Equal(("accepted", "R3"), (play.Result, play.OwnerId));
    }

    [Fact]
    public async Task A_renewal_is_looked_at_worked_and_ends_with_the_customer_s_word()
    {
        SimulatedPlay play = await RunAsync(
            "renewal", Customer, TimeSpan.FromDays(40), new ScriptedEvent(TimeSpan.FromHours(2), "accepted", "R1"), new ScriptedEvent(TimeSpan.FromDays(20), "renewed", "crm"));

        Assert.Equal(["0.00:00 notify R1"], Told(play));
        Assert.Equal(("renewed", Start.AddDays(20)), (play.Result, play.Timeline[^1].At));
    }

    [Fact]
    public async Task A_renewal_that_a_risk_joins_is_told_of_it_and_goes_on()
    {
        SimulatedPlay play = await RunAsync(
            "renewal", Customer, TimeSpan.FromDays(60), new ScriptedEvent(TimeSpan.FromHours(2), "accepted", "R1"), new ScriptedEvent(TimeSpan.FromDays(3), PlayNames.Joined, "renewal-risk"));

        Assert.Equal(["0.00:00 notify R1", "3.00:00 notify R1"], Told(play));
        Assert.Equal("open", play.Result);
    }

    [Fact]
    public async Task A_renewal_that_nobody_looks_at_is_missed_after_eight_working_hours_and_told_to_the_manager()
    {
        SimulatedPlay play = await RunAsync("renewal", Customer, TimeSpan.FromDays(90));

        SimulatedLine breach = play.Timeline.First(l => l.What == "breach");
        Assert.Equal(new DateTimeOffset(2026, 11, 19, 10, 15, 0, TimeSpan.Zero), breach.At); // 5:45 hours on Wednesday, 2:15 on Thursday
        Assert.Contains(play.Timeline, l => l is { What: "notify", To: "M1" } && l.Says.Contains("renewal-late", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("renewal")]
    [InlineData("renewal-risk")]
    public async Task A_customer_who_is_gone_needs_no_renewal(string name)
    {
        SimulatedPlay play = await RunAsync(name, Customer, TimeSpan.FromDays(60), new ScriptedEvent(TimeSpan.FromHours(3), "churned"));

        Assert.Equal((PlayOutcome.Stopped, "churned"), (play.Outcome, play.Result));
    }

    [Fact]
    public async Task A_gap_in_the_buying_group_is_a_task_for_each_role_that_is_missing_and_ends_when_it_is_filled()
    {
        Dictionary<string, string> facts = new()
        {
            ["signal.coverage"] = "50", ["signal.singleThreaded"] = "false", ["signal.rolesEngaged"] = "2",
            ["signal.role.economic-buyer"] = "0", ["signal.role.technical-evaluator"] = "1", ["signal.role.end-user"] = "2", ["signal.role.champion"] = "0",
        };
        ScriptedEvent filled = new(TimeSpan.FromDays(5), "department.new", Facts: new Dictionary<string, string> { ["signal.coverage"] = "75" });

        SimulatedPlay play = await RunAsync("buying-group-gap", Prospect, TimeSpan.FromDays(60), facts, filled);
        SimulatedPlay unfilled = await RunAsync("buying-group-gap", Prospect, TimeSpan.FromDays(60), facts);

        Assert.Equal(["0.00:00 notify R2", "0.00:00 task R2", "0.00:00 task R2"], Told(play));
        Assert.Equal(["find-economic-buyer", "find-champion"], play.Timeline.Where(l => l.What == "task").Select(l => l.Says.Split(' ')[^1].TrimEnd('.')));
        Assert.Equal((PlayOutcome.Stopped, "filled", Start.AddDays(5)), (play.Outcome, play.Result, play.Timeline[^1].At));
        Assert.Equal(("unfilled", "30.00:00 notify M1"), (unfilled.Result, Told(unfilled)[^1]));
    }

    [Fact]
    public async Task A_new_department_of_a_customer_is_told_with_a_task()
    {
        SimulatedPlay play = await RunAsync("expansion", Customer, TimeSpan.FromDays(60), new ScriptedEvent(TimeSpan.FromHours(5), "meeting.booked"));

        Assert.Equal(["0.00:00 notify R1", "0.00:00 task R1"], Told(play));
        Assert.Equal("worked", play.Result);
    }

    [Fact]
    public async Task An_anonymous_account_is_put_into_an_audience_until_somebody_is_known_or_a_month_is_over()
    {
        SimulatedPlay known = await RunAsync("anonymous-fit", Prospect, TimeSpan.FromDays(60), new ScriptedEvent(TimeSpan.FromDays(4), "person.identified"));
        SimulatedPlay never = await RunAsync("anonymous-fit", Prospect, TimeSpan.FromDays(60));

        Assert.Equal(["0.00:00 webhook add-to-audience"], Told(known));
        Assert.Equal(["0.00:00 webhook add-to-audience", "30.00:00 webhook remove-from-audience"], Told(never));
        Assert.Equal(("identified", "anonymous"), (known.Result, never.Result));
    }

    [Fact]
    public async Task Waves_go_out_on_their_dates_by_tier_and_leave_out_channels_that_are_unsubscribed()
    {
        SimulatedPlay few = await RunAsync("spring-waves", Prospect, TimeSpan.FromDays(200), new Dictionary<string, string> { ["signal.unsubscribed.email"] = "true" });
        SimulatedPlay many = await RunAsync("spring-waves", Prospect with { Tier = AccountTier.OneToMany }, TimeSpan.FromDays(200));

        Assert.Equal(["2027-02-28 23:00 webhook send-letter", "2027-03-15 08:00 task R1"], Dated(few));
        Assert.Equal(["2027-02-28 23:00 webhook add-to-audience", "2027-03-14 23:00 sequence spring-general"], Dated(many));
        Assert.Equal(("done", "done"), (few.Result, many.Result));

        static IEnumerable<string> Dated(SimulatedPlay play) =>
            play.Timeline.Where(l => l.What is "webhook" or "task" or "sequence").Select(l => FormattableString.Invariant($"{l.At.UtcDateTime:yyyy-MM-dd HH:mm} {l.What} {l.To}"));
    }

    [Theory]
    [InlineData("intent-surge", 90)]
    [InlineData("re-engagement", 60)]
    [InlineData("renewal", 7)]
    [InlineData("renewal-risk", 30)]
    [InlineData("buying-group-gap", 30)]
    [InlineData("expansion", 60)]
    public async Task Each_starts_when_it_shall_runs_once_and_rests_afterwards(string name, int restDays)
    {
        AbmConfig config = await Config.Value;
        (PlayOccasion occasion, Account account, Dictionary<string, string> facts) = Occasion(name);

        Assert.IsType<EnrolmentDecision.Start>(Decide([]));
        Assert.Equal(PlayReasons.AlreadyRuns, Decide([Known(null)]).Because.Code);
        Assert.Equal(PlayReasons.CoolOff, Decide([Known(Start.AddDays(1 - restDays))]).Because.Code);
        Assert.IsType<EnrolmentDecision.Start>(Decide([Known(Start.AddDays(-1 - restDays))]));

        EnrolmentDecision Decide(IReadOnlyList<KnownPlay> known) =>
            PlayEnrolment.Decide(occasion, new Facts(account, facts, Scoring.LeadScorer.Score(account, config)), config, known, Start).Single(d => d.Play == name);

        KnownPlay Known(DateTimeOffset? ended) => new("play-before", name, new PlaySubject(PlaySubjectKind.Account, "A1"), Start.AddDays(-200), ended);
    }

    [Fact]
    public async Task A_customer_s_risk_joins_the_renewal_that_runs_and_no_second_clock_starts()
    {
        AbmConfig config = await Config.Value;
        (PlayOccasion occasion, Account account, Dictionary<string, string> facts) = Occasion("renewal-risk");
        KnownPlay renewal = new("play-renewal", "renewal", new PlaySubject(PlaySubjectKind.Account, "A1"), Start.AddDays(-3), null);

        EnrolmentDecision decision = PlayEnrolment.Decide(occasion, new Facts(account, facts), config, [renewal], Start).Single(d => d.Play == "renewal-risk");

        Assert.Equal("play-renewal", Assert.IsType<EnrolmentDecision.Join>(decision).RunningPlayId);
    }

    [Theory]
    [InlineData("intent-surge", "account.hasOpenOpportunity")]
    [InlineData("re-engagement", "event.dormantDays")]
    [InlineData("buying-group-gap", "signal.coverage")]
    public async Task Each_says_why_it_does_not_start(string name, string because)
    {
        AbmConfig config = await Config.Value;
        (PlayOccasion occasion, Account account, Dictionary<string, string> facts) = Occasion(name);
        facts["event.dormantDays"] = "59";
        facts["signal.coverage"] = "100";
        account = account with { HasOpenOpportunity = true };

        EnrolmentDecision decision = PlayEnrolment.Decide(occasion, new Facts(account, facts, Scoring.LeadScorer.Score(account, config)), config, [], Start).Single(d => d.Play == name);

        Assert.Equal(PlayReasons.ConditionNotMet, decision.Because.Code);
        Assert.Contains(because, decision.Because.Says, StringComparison.Ordinal);
    }

    private static (PlayOccasion Occasion, Account Account, Dictionary<string, string> Facts) Occasion(string name)
    {
        PlaySubject subject = new(PlaySubjectKind.Account, "A1");
        return name switch
        {
            "intent-surge" => (new PlayOccasion.Surged(subject, "A1", "o1", Start, "CMMS", 72), Prospect, []),
            "re-engagement" => (Event("page.view"), Prospect, new() { ["event.dormantDays"] = "75" }),
            "renewal" => (new PlayOccasion.DateNear(subject, "A1", "o1", Start, "renewalDate", -90), Customer, []),
            "renewal-risk" => (Event("intent"), Customer, new() { ["event.kind"] = "intent", ["event.topicKind"] = "competitor" }),
            "buying-group-gap" => (Event("opportunity.opened"), Prospect, new() { ["signal.coverage"] = "50", ["signal.singleThreaded"] = "false" }),
            "expansion" => (Event("department.new"), Customer, []),
            _ => throw new ArgumentOutOfRangeException(nameof(name)),
        };

        PlayOccasion Event(string kind) => new PlayOccasion.Event(subject, "A1", "o1", Start, kind, []);
    }

    private static Task<SimulatedPlay> RunAsync(string name, Account account, TimeSpan length, params ScriptedEvent[] events) => RunAsync(name, account, length, [], events);

    private static async Task<SimulatedPlay> RunAsync(string name, Account account, TimeSpan length, Dictionary<string, string> facts, params ScriptedEvent[] events)
    {
        AbmConfig config = await Config.Value;
        Dictionary<string, string> known = new(AccountSignals.Facts(SignalState.Empty, config.Signals, Start), StringComparer.Ordinal);
        foreach ((string field, string value) in facts)
            known[field] = value;
        return PlaySimulation.Run(new SimulationScript(config.Plays.Single(p => p.Name == name), config, Reps, account, Start, length) { Facts = known, Events = events });
    }

    private static string[] Told(SimulatedPlay play) =>
    [
        .. play.Timeline.Where(l => l.What is "notify" or "task" or "sequence" or "webhook" or "enrich" or "assign" or "breach" or "reassign" or "revOps")
            .Where(l => l.Step != PlayDecider.FirstOwner)
            .Select(l => FormattableString.Invariant($"{l.After:d\\.hh\\:mm} {l.What} {l.To}")),
    ];
}
