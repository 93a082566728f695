using Abm.Accounts;
using Abm.Configuration;
using Abm.Decisions;
using Abm.People;
using Abm.Plays;
using Abm.TestKit;
using static Abm.Shared.Tests.Clocks.BusinessCalendarTests;

namespace Abm.Shared.Tests.Plays;

public sealed class PlayDeciderTests
{
    private static readonly DateTimeOffset Start = ManualTimeProvider.WednesdayMorning;
    private static readonly Rep Ann = A.Rep("ann").Under("max").DelegatingTo("dee");
    private static readonly Rep Bob = A.Rep("bob").Under("max");
    private static readonly Rep Cat = A.Rep("cat").Under("max");

    private static readonly AbmConfig Config = A.Config()
        .RoutingToPool(new PoolRules { Name = "inbound" })
        .With(new SlaPolicy { Name = "ten", Budget = TimeSpan.FromSeconds(10), Hours = SlaHours.Always });

    [Fact]
    public void An_untouched_lead_is_reminded_breached_escalated_and_handed_on_each_once()
    {
        Simulation play = new(Config, "ten", Ann, Bob, Cat);

        string[] story = play.Run("bob", "cat");

        Assert.Equal(
            [
                "+0 Notify ann context-card",
                "+5 Notify ann reminder",
                "+8 Notify ann reminder",
                "+8 Notify dee backup",
                "+10 RecordOwnerBreach",
                "+10 RecordAccountBreach",
                "+10 Notify max breach",
                "+12.5 Reassign to bob",
                "+12.5 Notify bob context-card",
                "+12.5 Notify ann reassigned",
                "+17.5 Notify bob reminder",
                "+20.5 Notify bob reminder",
                "+20.5 Notify max backup",
                "+22.5 RecordOwnerBreach",
                "+22.5 Notify max breach",
                "+25 Reassign to cat",
                "+25 Notify cat context-card",
                "+25 Notify bob reassigned",
                "+30 Notify cat reminder",
                "+33 Notify cat reminder",
                "+33 Notify max backup",
                "+35 RecordOwnerBreach",
                "+35 Notify max breach",
                "+45 HandToRevOps revops",
                "+2592045 End Unanswered, owner BreachedClosed, account BreachedClosed",
            ],
            story);
    }

    [Fact]
    public void When_nobody_is_left_to_take_it_it_goes_to_revops()
    {
        string[] story = new Simulation(Config, "ten", Ann).Run();

        Assert.Contains("+12.5 Reassign to nobody", story);
        Assert.Contains("+20 HandToRevOps revops", story);
    }

    [Fact]
    public void A_lead_that_came_from_no_pool_goes_to_revops_unless_a_pool_is_named()
    {
        Assert.DoesNotContain(new Simulation(Config, "ten", Ann) { Pool = null }.Run(), s => s.Contains("Reassign", StringComparison.Ordinal));

        AbmConfig named = Config with { Plays = [PlayRules.Inbound with { FallbackPool = "inbound" }] };
        Assert.Contains("+12.5 Reassign to bob", new Simulation(named, "ten", Ann, Bob) { Pool = null }.Run("bob"));
    }

    [Theory]
    [InlineData(PlayStopKind.Touched, "Touched", "Met")]
    [InlineData(PlayStopKind.Disqualified, "Disqualified", "Cancelled")]
    [InlineData(PlayStopKind.Merged, "Merged", "Cancelled")]
    [InlineData(PlayStopKind.Cancelled, "Cancelled", "Cancelled")]
    public void Anything_that_settles_it_in_time_ends_it_at_once(PlayStopKind kind, string outcome, string clock)
    {
        string[] story = new Simulation(Config, "ten", Ann) { StopAt = (TimeSpan.FromSeconds(6), kind) }.Run();

        Assert.Equal(["+0 Notify ann context-card", "+5 Notify ann reminder", $"+6 End {outcome}, owner {clock}, account {clock}"], story);
    }

    [Fact]
    public void A_touch_after_the_deadline_ends_it_as_breached()
    {
        string[] story = new Simulation(Config, "ten", Ann) { StopAt = (TimeSpan.FromSeconds(11), PlayStopKind.Touched) }.Run();

        Assert.Equal("+11 End Touched, owner BreachedClosed, account BreachedClosed", story[^1]);
    }

    [Fact]
    public void A_new_owner_in_time_is_met_though_the_account_waited_too_long()
    {
        string[] story = new Simulation(Config, "ten", Ann, Bob) { StopAt = (TimeSpan.FromSeconds(14), PlayStopKind.Touched) }.Run("bob");

        Assert.Equal("+14 End Touched, owner Met, account BreachedClosed", story[^1]);
    }

    [Fact]
    public void The_first_thing_that_stops_it_counts()
    {
        PlayProgress progress = PlayDecider.Stopped(PlayProgress.Start, PlayStopKind.Touched, Start.AddSeconds(1));

        Assert.Same(progress, PlayDecider.Stopped(progress, PlayStopKind.Cancelled, Start.AddSeconds(2)));
    }

    [Fact]
    public void Asking_again_without_doing_gives_the_same_step()
    {
        Simulation play = new(Config, "ten", Ann);
        PlayPlan plan = PlayDecider.Plan(play.Input, Config, play.Reps);

        Assert.Equal(PlayDecider.Next(plan, PlayProgress.Start, Start), PlayDecider.Next(plan, PlayProgress.Start, Start));
    }

    [Fact]
    public void A_reminder_that_is_a_moment_late_is_sent_though_the_next_step_is_due_too()
    {
        Simulation play = new(Config, "ten", Ann);
        PlayPlan plan = PlayDecider.Plan(play.Input, Config, play.Reps);
        PlannedStep reminder = plan.Steps.First(s => s.IsReminder) with { DueAt = Start, DoAt = Start };
        plan = plan with { Steps = [reminder, plan.Steps.First(s => !s.IsReminder) with { DueAt = Start.AddSeconds(1), DoAt = Start.AddSeconds(1) }] };

        Assert.IsType<PlayStep.Do>(PlayDecider.Next(plan, PlayProgress.Start, Start.AddMinutes(5)));
        Assert.IsType<PlayStep.Skip>(PlayDecider.Next(plan, PlayProgress.Start, Start.AddMinutes(5).AddSeconds(1)));
    }

    [Fact]
    public void After_a_long_outage_reminders_that_say_nothing_any_more_are_left_out_and_everything_else_is_done_once_and_in_order()
    {
        Simulation play = new(Config, "ten", Ann) { WakesAt = TimeSpan.FromHours(5) };

        string[] story = play.Run();

        Assert.Equal(
            [
                "+18000 Notify ann context-card",
                "+18000 left out 0.remind-50",
                "+18000 left out 0.remind-80",
                "+18000 left out 0.backup-80",
                "+18000 RecordOwnerBreach",
                "+18000 RecordAccountBreach",
                "+18000 Notify max breach",
                "+18000 Reassign to nobody",
                "+18000 HandToRevOps revops",
            ],
            story[..^1]);
    }

    [Fact]
    public void Steps_in_closed_hours_wait_for_the_opening_but_a_breach_is_recorded_when_it_happens()
    {
        AbmConfig config = AbmConfig.Default with { Pools = Config.Pools };
        Simulation play = new(config, "first-touch", Ann.Working("default"), Bob) { RoutedAt = Utc("2026-11-19T16:00") };

        PlayPlan plan = PlayDecider.Plan(play.Input, config, play.Reps);

        Assert.Equal(Utc("2026-11-20T16:00"), plan.OwnerClock.DueAt);
        Assert.Equal(Utc("2026-11-20T09:00"), Step("0.remind-50").DoAt); // due at 04:00
        Assert.Equal(Utc("2026-11-20T11:12"), Step("0.remind-80").DoAt);
        Assert.Equal(Utc("2026-11-20T16:00"), Step("0.breach").DoAt);
        Assert.Equal(Utc("2026-11-23T09:00"), Step("0.reassign").DoAt); // due on Friday at 22:00
        PlannedStep Step(string id) => plan.Steps.Single(s => s.Id == id);
    }

    [Fact]
    public void A_reminder_that_waited_past_the_deadline_is_left_out()
    {
        AbmConfig config = AbmConfig.Default with { Pools = Config.Pools };
        Simulation play = new(config, "first-touch", Ann.Working("default"), Bob) { RoutedAt = Utc("2026-11-20T18:00") };

        PlayPlan plan = PlayDecider.Plan(play.Input, config, play.Reps);

        Assert.DoesNotContain(plan.Steps, s => s.Id.Contains("remind", StringComparison.Ordinal));
        Assert.Equal(Utc("2026-11-21T18:00"), plan.Steps.Single(s => s.Id == "0.breach").DoAt);
        Assert.Equal(Utc("2026-11-23T09:00"), plan.Steps.Single(s => s.Id == "0.manager-100").DoAt);
    }

    [Fact]
    public void An_urgent_policy_does_not_wait_for_the_morning()
    {
        AbmConfig config = (AbmConfig.Default with { Pools = Config.Pools }).With(SlaPolicy.Defaults["first-touch"] with { Urgent = true });
        Simulation play = new(config, "first-touch", Ann.Working("default")) { RoutedAt = Utc("2026-11-20T18:00") };

        Assert.All(PlayDecider.Plan(play.Input, config, play.Reps).Steps, s => Assert.Equal(s.DueAt, s.DoAt));
    }

    [Fact]
    public void The_owners_clock_counts_the_owners_hours_and_the_accounts_clock_goes_on_over_a_change_of_hands()
    {
        AbmConfig config = AbmConfig.Default with { Pools = Config.Pools };
        Simulation play = new(config, "first-touch-1to1", Ann.Working("default", "America/New_York"), Bob.Working("default", "Asia/Tokyo")) { RoutedAt = Utc("2026-11-18T10:00") };

        PlayPlan first = PlayDecider.Plan(play.Input, config, play.Reps);
        PlayPlan second = PlayDecider.Replan(first, Bob.Id, Utc("2026-11-18T15:15"), config, play.Reps, isAfterBreach: true);

        Assert.Equal(Utc("2026-11-18T15:00"), first.OwnerClock.DueAt); // nine in New York is two in the afternoon
        Assert.Equal(Utc("2026-11-18T11:00"), first.AccountClock.DueAt);
        Assert.Equal(Utc("2026-11-19T01:00"), second.OwnerClock.DueAt);
        Assert.Equal(first.AccountClock, second.AccountClock);
        Assert.NotEqual(first.OwnerClock.ClockId, second.OwnerClock.ClockId);
        Assert.Equal(["ann"], second.FormerOwnerIds);
        Assert.Equal(["ann", "bob"], PlayDecider.ExcludedOwners(second).Select(o => o.Value));
    }

    [Fact]
    public void Plans_and_progress_survive_durable_history_and_stay_small()
    {
        Simulation play = new(Config, "ten", Ann, Bob);
        PlayPlan plan = PlayDecider.Replan(PlayDecider.Plan(play.Input, Config, play.Reps), Bob.Id, Start.AddSeconds(13), Config, play.Reps);
        PlayProgress progress = PlayDecider.Stopped(PlayDecider.Done(PlayProgress.Start, plan.Steps[0]), PlayStopKind.Touched, Start);

        string written = System.Text.Json.JsonSerializer.Serialize(plan);
        PlayPlan read = System.Text.Json.JsonSerializer.Deserialize<PlayPlan>(written)!;
        PlayProgress readProgress = System.Text.Json.JsonSerializer.Deserialize<PlayProgress>(System.Text.Json.JsonSerializer.Serialize(progress))!;

        Assert.Equal(written, System.Text.Json.JsonSerializer.Serialize(read));
        Assert.Equal(PlayDecider.Next(plan, progress, Start), PlayDecider.Next(read, readProgress, Start));
        Assert.True(written.Length < 6000, $"{written.Length} characters");
        Assert.DoesNotContain("Rep ann", written, StringComparison.Ordinal);
    }

    [Fact]
    public void A_template_is_filled_in_and_unknown_braces_stay()
    {
        Assert.Equal(
            "Lead 7 of {nobody} {",
            PlayDecider.Fill("Lead {leadId} of {nobody} {", new Dictionary<string, string> { ["leadId"] = "7" }));
    }

    /// <summary>An orchestrator without durability: asks, does, asks again, on a clock that jumps from wait to wait.</summary>
    private sealed class Simulation(AbmConfig config, string policy, params Rep[] reps)
    {
        public string? Pool { get; init; } = "inbound";
        public DateTimeOffset RoutedAt { get; init; } = Start;
        public (TimeSpan After, PlayStopKind Kind)? StopAt { get; init; }
        public TimeSpan WakesAt { get; init; } = TimeSpan.Zero;
        public IReadOnlyDictionary<RepId, Rep> Reps { get; } = reps.Append(A.Rep("dee")).Append(A.Rep("max")).ById();

        public PlayStartInput Input => new(
            1, PlayStartInput.IdFor("lead-1", "inbound"), "inbound", "lead-1", "A1", "dec-1", config.Version, reps[0].Id.Value, Pool, policy, RoutedAt, RoutedAt);

        public string[] Run(params string[] takeOver)
        {
            List<string> story = [];
            PlayPlan plan = PlayDecider.Plan(Input, config, Reps);
            PlayProgress progress = PlayProgress.Start;
            DateTimeOffset now = RoutedAt + WakesAt;
            Queue<string> next = new(takeOver);
            for (int i = 0; i < 100; i++)
            {
                string at = FormattableString.Invariant($"+{(now - RoutedAt).TotalSeconds}");
                switch (PlayDecider.Next(plan, progress, now))
                {
                    case PlayStep.Do { Step.Action: PlayAction.Reassign } reassign:
                        story.Add($"{at} Reassign to {(next.TryPeek(out string? owner) ? owner : "nobody")}");
                        progress = owner is null ? PlayDecider.Done(progress, reassign.Step) : PlayDecider.Reassigned(progress, reassign.Step);
                        if (owner is not null)
                            plan = PlayDecider.Replan(plan, RepId.Parse(next.Dequeue()), now, config, Reps, isAfterBreach: true);
                        break;
                    case PlayStep.Do step:
                        story.Add($"{at} {string.Join(' ', new[] { step.Step.Action.ToString(), step.Step.To, step.Step.Action == PlayAction.HandToRevOps ? null : step.Step.Template }.Where(t => t is not null))}");
                        progress = PlayDecider.Done(progress, step.Step);
                        break;
                    case PlayStep.Skip skip:
                        story.Add($"{at} left out {skip.Step.Id}");
                        progress = PlayDecider.Done(progress, skip.Step);
                        break;
                    case PlayStep.Wait wait:
                        Assert.True(wait.Until > now, "A wait is for later.");
                        bool isStopped = StopAt is { } stop && RoutedAt + stop.After <= wait.Until;
                        now = isStopped ? RoutedAt + StopAt!.Value.After : wait.Until;
                        if (isStopped)
                            progress = PlayDecider.Stopped(progress, StopAt!.Value.Kind, now);
                        break;
                    case PlayStep.End end:
                        story.Add($"{at} End {end.Outcome}, owner {end.OwnerClock}, account {end.AccountClock}");
                        return [.. story];
                }
            }

            throw new InvalidOperationException("The play does not end: " + string.Join("; ", story));
        }
    }
}
