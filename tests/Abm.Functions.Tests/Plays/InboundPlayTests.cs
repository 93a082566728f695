using System.Text.Json;
using Abm.Clocks;
using Abm.Configuration;
using Abm.Decisions;
using Abm.Functions.Plays;
using Abm.People;
using Abm.Plays;
using Abm.Ports;
using Abm.TestKit;

namespace Abm.Functions.Tests.Plays;

public sealed class InboundPlayTests
{
    private static readonly DateTimeOffset Begin = ManualTimeProvider.WednesdayMorning;

    [Fact]
    public async Task The_owner_gets_the_context_card_at_once()
    {
        PlayWorld world = new();
        (PlayedContext context, Task<PlayOutput?> play, PlayStartInput start) = await BeginAsync(world);

        await context.UntilAsync(play, Begin.AddMinutes(1));

        JsonElement card = Body(Assert.Single(world.Outbox.Items));
        Assert.Equal("context-card", card.GetProperty("kind").GetString());
        Assert.Equal((start.OwnerId, $"Rep {start.OwnerId}"), (card.GetProperty("to").GetProperty("id").GetString(), card.GetProperty("to").GetProperty("name").GetString()));
        Assert.Equal("New lead for Acme", card.GetProperty("subject").GetString());
        Assert.Equal("ada@acme.example", card.GetProperty("lead").GetProperty("email").GetString());
        Assert.DoesNotContain("{", card.GetProperty("text").GetString()!, StringComparison.Ordinal);
        LeadFile file = (await world.FileAsync(start))!;
        Assert.Equal(PlayStatus.Running, Assert.Single(file.Plays).Status);
        Assert.Equal([("account", ClockState.Running, Begin.AddHours(1)), ("owner", ClockState.Running, Begin.AddHours(1))], file.Clocks.Select(c => (c.Scope, c.State, c.DueAt)));
        Assert.Equal(file.Clocks.OrderBy(c => c.ClockId), world.Lists.Clocks.OrderBy(c => c.ClockId));
    }

    [Fact]
    public async Task Nobody_touches_it_each_step_happens_once_and_in_order()
    {
        PlayWorld world = new();
        (PlayedContext context, Task<PlayOutput?> play, PlayStartInput start) = await BeginAsync(world);

        PlayOutput output = await context.ToTheEndAsync(play);

        Assert.Equal((PlayOutcome.Unanswered, 2), (output.Outcome, output.Hops));
        IReadOnlyList<LeadEvent> events = await world.EventsAsync(start);
        LeadEvent[] reassigned = [.. events.Where(e => e.Kind == "reassigned")];
        Assert.Equal(2, reassigned.Length);
        Assert.Equal(3, new HashSet<string>([start.OwnerId!, .. reassigned.Select(e => e.Details["ownerId"])]).Count); // never back to a former owner
        Assert.Equal(4, events.Count(e => e.Kind == "breach")); // the account's clock once, each owner's once
        Assert.Equal(4, events.Where(e => e.Kind == "breach").Select(e => e.Details["clockId"]).Distinct().Count());
        Assert.Single(events, e => e.Kind == "handedOver");
        Assert.Equal(Begin.AddMinutes(75), reassigned[0].At);
        Assert.Equal("handedOver:revops", Assert.Single(world.Lists.Waiting).Why);

        LeadFile file = (await world.FileAsync(start))!;
        Assert.Equal(output.OwnerId, file.Lead.OwnerId!.Value);
        Assert.Equal(output.OwnerId, Assert.Single(world.Lists.Leads).OwnerId!.Value);
        Assert.Equal(PlayStatus.Completed, Assert.Single(file.Plays).Status);
        Assert.Equal(4, file.Clocks.Count);
        Assert.All(file.Clocks, c => Assert.Equal((ClockState.BreachedClosed, false), (c.State, c.IsOpen)));
        Assert.Equal(3, world.Pools.Turns.Count);

        string[] kinds = [.. world.Outbox.Items.Select(i => i.Kind)];
        Assert.Equal(world.Outbox.Items.Count, world.Queues.Sent.Count);
        Assert.Equal(3, kinds.Count(k => k == "context-card")); // one for each owner
        Assert.Single(kinds, k => k == "revops");
        Assert.Contains("reminder", kinds);
        Assert.Contains("breach", kinds);
        Assert.Equal(("M1", "breach"), world.Outbox.Items.Where(i => i.Kind == "breach").Select(i => (Body(i).GetProperty("to").GetProperty("id").GetString(), i.Kind)).First());
    }

    [Fact]
    public async Task The_play_has_one_wait_for_its_event_at_a_time_and_leaves_no_timer_behind()
    {
        PlayWorld world = new();
        (PlayedContext context, Task<PlayOutput?> play, PlayStartInput start) = await BeginAsync(world);
        await context.UntilAsync(play, Begin.AddMinutes(40));

        await world.TouchAsync(start);
        Assert.Single(world.Plays.Stops);
        context.Raise();
        PlayOutput output = (await play)!;

        Assert.Equal(PlayOutcome.Touched, output.Outcome);
        Assert.Equal((1, 0), (context.WaitsAtOnce, context.OpenTimers));
    }

    [Fact]
    public async Task A_touch_in_time_meets_the_clocks_and_nothing_follows()
    {
        PlayWorld world = new();
        (PlayedContext context, Task<PlayOutput?> play, PlayStartInput start) = await BeginAsync(world);
        await context.UntilAsync(play, Begin.AddMinutes(40));
        int sent = world.Outbox.Items.Count;

        await world.TouchAsync(start);
        Assert.Single(world.Plays.Stops);
        context.Raise();
        await play;

        LeadFile file = (await world.FileAsync(start))!;
        Assert.All(file.Clocks, c => Assert.Equal((ClockState.Met, Begin.AddMinutes(40)), (c.State, c.StoppedAt)));
        Assert.Equal(PlayStatus.Stopped, Assert.Single(file.Plays).Status);
        Assert.Equal(sent, world.Outbox.Items.Count);
        Assert.DoesNotContain(await world.EventsAsync(start), e => e.Kind == "breach");
        Assert.All(world.Lists.Clocks, c => Assert.Equal(ClockState.Met, c.State));
    }

    [Fact]
    public async Task A_touch_whose_event_got_lost_is_found_at_the_next_step()
    {
        PlayWorld world = new();
        (PlayedContext context, Task<PlayOutput?> play, PlayStartInput start) = await BeginAsync(world);
        await context.UntilAsync(play, Begin.AddMinutes(40));
        await world.TouchAsync(start); // kept, but the play is never told

        PlayOutput output = await context.ToTheEndAsync(play);

        Assert.Equal(PlayOutcome.Touched, output.Outcome);
        Assert.Equal(Begin.AddMinutes(48), world.Clock.GetUtcNow()); // the 80 % reminder would have been next
        Assert.DoesNotContain(await world.EventsAsync(start), e => e.Kind == "breach");
        Assert.DoesNotContain(world.Outbox.Items, i => i.Kind == "breach");
    }

    [Fact]
    public async Task A_touch_before_the_play_begins_stops_it_before_its_first_notification()
    {
        PlayWorld world = new();
        PlayStartInput start = await world.DecideAsync();
        await world.TouchAsync(start);
        PlayedContext context = new(world, start);

        PlayOutput output = (await PlayOrchestrator.RunAsync(context))!;

        Assert.Equal(PlayOutcome.Touched, output.Outcome);
        Assert.Empty(world.Outbox.Items);
        Assert.All((await world.FileAsync(start))!.Clocks, c => Assert.Equal(ClockState.Met, c.State));
    }

    [Fact]
    public async Task A_touch_in_time_that_is_told_late_still_meets_the_clock()
    {
        PlayWorld world = new();
        (PlayedContext context, Task<PlayOutput?> play, PlayStartInput start) = await BeginAsync(world);
        await context.UntilAsync(play, Begin.AddMinutes(70));
        Assert.Equal(2, (await world.EventsAsync(start)).Count(e => e.Kind == "breach"));

        await world.TouchAsync(start, Begin.AddMinutes(50));
        Assert.Single(world.Plays.Stops);
        context.Raise();
        await play;

        Assert.All((await world.FileAsync(start))!.Clocks, c => Assert.Equal((ClockState.Met, Begin.AddMinutes(50)), (c.State, c.StoppedAt)));
    }

    [Fact]
    public async Task A_late_touch_ends_the_measuring_and_the_clock_stays_missed()
    {
        PlayWorld world = new();
        (PlayedContext context, Task<PlayOutput?> play, PlayStartInput start) = await BeginAsync(world);
        await context.UntilAsync(play, Begin.AddMinutes(70));

        await world.TouchAsync(start);
        Assert.Single(world.Plays.Stops);
        context.Raise();
        await play;

        Assert.All(
            (await world.FileAsync(start))!.Clocks,
            c => Assert.Equal((ClockState.BreachedClosed, Begin.AddMinutes(60), Begin.AddMinutes(70)), (c.State, c.BreachedAt, c.StoppedAt)));
    }

    [Fact]
    public async Task A_touch_while_a_new_owner_is_being_found_keeps_the_lead_with_its_owner()
    {
        PlayWorld world = new();
        PlayStartInput start = await world.DecideAsync();
        while ((await world.TurnAsync(start)).Until is { } until && until <= Begin.AddMinutes(75))
        {
            world.Clock.MoveTo(until);
            if (until == Begin.AddMinutes(75))
                world.Facts.BeforeAccounts = () => world.TouchAsync(start); // after it was decided that somebody else gets it, before it is given
        }

        LeadFile file = (await world.FileAsync(start))!;
        Assert.Equal(PlayStatus.Stopped, Assert.Single(file.Plays).Status);
        Assert.Equal(start.OwnerId, file.Lead.OwnerId?.Value);
        Assert.DoesNotContain(file.Clocks, c => c.IsOpen);
        Assert.DoesNotContain(await world.EventsAsync(start), e => e.Kind == "reassigned");
    }

    [Fact]
    public async Task Running_every_activity_twice_changes_nothing()
    {
        PlayWorld once = new();
        PlayWorld twice = new();
        (PlayedContext first, Task<PlayOutput?> firstPlay, PlayStartInput start) = await BeginAsync(once);
        (PlayedContext second, Task<PlayOutput?> secondPlay, _) = await BeginAsync(twice, times: 2);

        await first.ToTheEndAsync(firstPlay);
        await second.ToTheEndAsync(secondPlay);

        Assert.Equal(first.Called, second.Called);
        Assert.Equal(await EndAsync(once, start), await EndAsync(twice, start));
    }

    [Fact]
    public async Task A_crash_after_any_call_of_any_activity_and_its_repeat_give_the_same_end()
    {
        PlayWorld unharmed = new();
        (PlayedContext context, Task<PlayOutput?> play, PlayStartInput start) = await BeginAsync(unharmed);
        unharmed.Faults.Off();
        await context.ToTheEndAsync(play);
        string expected = await EndAsync(unharmed, start);
        int calls = unharmed.Faults.Calls.Count;

        for (int crash = 1; crash <= calls; crash++)
        {
            PlayWorld world = new();
            PlayStartInput again = await world.DecideAsync();
            world.Faults.CrashAfter(crash);

            await world.ToTheEndAsync(again);

            Assert.True(expected == await EndAsync(world, again), $"call {crash}:\n{await EndAsync(world, again)}\nexpected:\n{expected}");
        }
    }

    [Fact]
    public async Task Without_anybody_to_reassign_to_the_lead_stays_and_ends_with_revenue_operations()
    {
        PlayWorld world = new();
        world.Facts.Reps = new[] { A.Rep("R1").In(PlayWorld.Pool) }.ById();
        (PlayedContext context, Task<PlayOutput?> play, PlayStartInput start) = await BeginAsync(world);

        PlayOutput output = await context.ToTheEndAsync(play);

        Assert.Equal((PlayOutcome.Unanswered, "R1", 0), (output.Outcome, output.OwnerId, output.Hops));
        Assert.Single(world.Pools.Turns);
        Assert.Single(await world.EventsAsync(start), e => e.Kind == "handedOver");
    }

    [Fact]
    public async Task A_running_play_stays_on_the_configuration_it_started_with()
    {
        PlayWorld world = new();
        (PlayedContext context, Task<PlayOutput?> play, PlayStartInput start) = await BeginAsync(world);
        world.Facts.Config = A.Config() with { Version = "newer", Plays = [] };

        PlayOutput output = await context.ToTheEndAsync(play);

        Assert.Equal(PlayOutcome.Unanswered, output.Outcome);
        Assert.Equal(2, (await world.EventsAsync(start)).Count(e => e.Kind == "reassigned"));
    }

    private static async Task<(PlayedContext Context, Task<PlayOutput?> Play, PlayStartInput Start)> BeginAsync(PlayWorld world, int times = 1)
    {
        PlayStartInput start = await world.DecideAsync();
        PlayedContext context = new(world, start) { Times = times };
        return (context, PlayOrchestrator.RunAsync(context), start);
    }

    private static JsonElement Body(OutboxItem item) => JsonDocument.Parse(item.Body).RootElement;

    private static async Task<string> EndAsync(PlayWorld world, PlayStartInput start)
    {
        LeadFile file = (await world.FileAsync(start))!;
        return string.Join(
            '\n',
            $"{file.Lead.OwnerId} {string.Join(' ', file.Plays)}",
            string.Join('\n', file.Clocks.OrderBy(c => c.ClockId)),
            string.Join('\n', world.Lists.Clocks.OrderBy(c => c.ClockId)),
            string.Join('\n', (await world.EventsAsync(start)).Select(e => $"{e.EventId} {e.Kind} {e.At:O}")),
            string.Join('\n', world.Outbox.Items.Select(i => $"{i.DeliveryId} {i.Kind} {i.Body}")),
            string.Join('\n', world.Published.Items.Select(i => $"{i.DeliveryId} {i.Kind} {i.Body}").Order(StringComparer.Ordinal)),
            string.Join('\n', world.Pools.Turns.Select(t => t.Assignment)),
            string.Join('\n', world.Lists.Leads),
            string.Join('\n', world.Lists.Waiting.Select(w => $"{w.LeadId} {w.Why}")),
            $"every event was queued: {world.Published.Items.All(i => world.PublishedQueues.Sent.Any(m => m.Text.Contains(i.DeliveryId, StringComparison.Ordinal)))}",
            $"every notification was queued: {world.Outbox.Items.All(i => world.Queues.Sent.Any(m => m.Text.Contains(i.DeliveryId, StringComparison.Ordinal)))}");
    }
}
