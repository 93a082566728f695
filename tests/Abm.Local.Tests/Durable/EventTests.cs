using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace Abm.Local.Tests.Durable;

/// <summary>Events from outside and between orchestrations.</summary>
public class EventTests
{
    [Fact]
    public async Task An_event_that_came_before_the_wait_is_delivered_at_once_and_names_have_no_case()
    {
        await using EngineHarness durable = await new EngineHarness()
            .Orchestrator("Later", async context =>
            {
                await context.CreateTimer(TimeSpan.FromHours(1), CancellationToken.None);
                int first = await context.WaitForExternalEvent<int>("ACK");
                int second = await context.WaitForExternalEvent<int>("ack");
                return (first * 10) + second;
            })
            .StartAsync();

        string id = await durable.RunAsync("Later");
        await durable.RaiseAsync(id, "Ack", 1);
        await durable.RaiseAsync(id, "aCK", 2);
        await durable.AdvanceAsync(TimeSpan.FromHours(1));

        Assert.Equal(12, await durable.OutputAsync<int>(id));
    }

    [Fact]
    public async Task The_latest_waiter_gets_the_event_and_one_event_completes_one_waiter()
    {
        await using EngineHarness durable = await new EngineHarness()
            .Orchestrator("Waiters", async context =>
            {
                Task<string> first = context.WaitForExternalEvent<string>("e");
                Task<string> second = context.WaitForExternalEvent<string>("e");
                Task<string> winner = await Task.WhenAny(first, second);
                string report = winner == second ? "second" : "first";
                return $"{report} got {await winner}, {(first.IsCompleted && second.IsCompleted ? "both" : "one")} done; then {await first}";
            })
            .StartAsync();

        string id = await durable.RunAsync("Waiters");
        await durable.RaiseAsync(id, "e", "a");
        await durable.RaiseAsync(id, "e", "b");

        Assert.Equal("second got a, one done; then b", await durable.OutputAsync<string>(id));
    }

    [Fact]
    public async Task Waiting_for_one_name_with_two_types_is_refused()
    {
        await using EngineHarness durable = await new EngineHarness()
            .Orchestrator("Types", async context =>
            {
                _ = context.WaitForExternalEvent<string>("e");
                return (await Record.ExceptionAsync(() => context.WaitForExternalEvent<int>("E")))?.GetType().Name;
            })
            .StartAsync();

        Assert.Equal(nameof(ArgumentException), await durable.OutputAsync<string>(await durable.RunAsync("Types")));
    }

    [Fact]
    public async Task A_wait_that_times_out_throws_TaskCanceledException_and_swallows_the_next_event()
    {
        await using EngineHarness durable = await new EngineHarness()
            .Orchestrator("Timeout", async context =>
            {
                Exception? timeout = await Record.ExceptionAsync(() => context.WaitForExternalEvent<int>("e", TimeSpan.FromHours(1)));
                await context.WaitForExternalEvent<int>("go");
                Task<int> again = context.WaitForExternalEvent<int>("e");
                return $"{timeout?.GetType().Name}, {await again}";
            })
            .StartAsync();

        string id = await durable.RunAsync("Timeout");
        await durable.AdvanceAsync(TimeSpan.FromHours(2));
        await durable.RaiseAsync(id, "e", 1);
        await durable.RaiseAsync(id, "go");
        await durable.RaiseAsync(id, "e", 2);

        Assert.Equal("TaskCanceledException, 2", await durable.OutputAsync<string>(id));
    }

    [Fact]
    public async Task A_wait_in_time_cancels_its_timer()
    {
        await using EngineHarness durable = await new EngineHarness()
            .Orchestrator("InTime", async context => await context.WaitForExternalEvent<int>("e", TimeSpan.FromDays(1)))
            .StartAsync();

        string id = await durable.RunAsync("InTime");
        await durable.RaiseAsync(id, "e", 5);

        Assert.Equal(5, await durable.OutputAsync<int>(id));
    }

    [Fact]
    public async Task One_wait_raced_against_many_timers_loses_nothing()
    {
        await using EngineHarness durable = await new EngineHarness()
            .Orchestrator("Race", async context =>
            {
                Task<string> ack = context.WaitForExternalEvent<string>("ack");
                for (int reminders = 0; ; reminders++)
                {
                    using var stop = new CancellationTokenSource();
                    Task timer = context.CreateTimer(TimeSpan.FromHours(1), stop.Token);
                    if (await Task.WhenAny(ack, timer) != ack)
                        continue;
                    stop.Cancel();
                    return $"{reminders} reminders, {await ack}";
                }
            })
            .StartAsync();

        string id = await durable.RunAsync("Race");
        await durable.AdvanceAsync(TimeSpan.FromMinutes(210));
        await durable.RaiseAsync(id, "ack", "thanks");

        Assert.Equal("3 reminders, thanks", await durable.OutputAsync<string>(id));
    }

    [Fact]
    public async Task Raising_to_a_missing_or_finished_instance_is_an_error()
    {
        await using EngineHarness durable = await new EngineHarness().Orchestrator("Quick", _ => Task.FromResult(1)).StartAsync();
        string id = await durable.RunAsync("Quick");

        await Assert.ThrowsAsync<ArgumentException>(() => durable.Client.RaiseEventAsync("nobody", "e"));
        await Assert.ThrowsAsync<InvalidOperationException>(() => durable.Client.RaiseEventAsync(id, "e"));
    }

    [Fact]
    public async Task Orchestrations_send_each_other_events_and_those_to_nobody_are_dropped()
    {
        await using EngineHarness durable = await new EngineHarness()
            .Orchestrator("Receiver", async context => await context.WaitForExternalEvent<string>("note"))
            .Orchestrator("Sender", context =>
            {
                context.SendEvent("nobody", "note", "lost");
                context.SendEvent("receiver", "Note", "hello");
                return Task.FromResult("sent");
            })
            .StartAsync();

        await durable.RunAsync("Receiver", options: new StartOrchestrationOptions("receiver"));
        string sender = await durable.RunAsync("Sender");

        Assert.Equal("sent", await durable.OutputAsync<string>(sender));
        Assert.Equal("hello", await durable.OutputAsync<string>("receiver"));
    }

    [Fact]
    public async Task A_flood_of_events_from_many_clients_is_received_once_each()
    {
        await using EngineHarness durable = await new EngineHarness()
            .Orchestrator("Flood", async context =>
            {
                var seen = new List<int>();
                while (seen.Count < 300)
                    seen.Add(await context.WaitForExternalEvent<int>("n"));
                return seen;
            })
            .StartAsync();

        string id = await durable.RunAsync("Flood");
        await Task.WhenAll(Enumerable.Range(0, 300).Select(i => durable.Client.RaiseEventAsync(id, "n", i)));
        await durable.IdleAsync();

        List<int> seen = (await durable.OutputAsync<List<int>>(id))!;
        Assert.Equal(Enumerable.Range(0, 300), seen.Order());
    }

    [Fact]
    public async Task Continue_as_new_keeps_events_that_nobody_received_in_order()
    {
        await using EngineHarness durable = await new EngineHarness()
            .Orchestrator("Eternal", async context =>
            {
                List<int> seen = context.GetInput<List<int>>() ?? [];
                if (seen.Count == 4)
                    return seen;
                if (seen.Count == 0)
                    await context.WaitForExternalEvent<int>("go");
                seen.Add(await context.WaitForExternalEvent<int>("n"));
                context.ContinueAsNew(seen);
                return [];
            })
            .StartAsync();

        string id = await durable.RunAsync("Eternal");
        for (int i = 0; i < 4; i++)
            await durable.RaiseAsync(id, "n", i);
        await durable.RaiseAsync(id, "go");

        Assert.Equal([0, 1, 2, 3], (await durable.OutputAsync<List<int>>(id))!);
    }

    [Fact]
    public async Task Continue_as_new_without_preserving_drops_what_was_buffered()
    {
        await using EngineHarness durable = await new EngineHarness()
            .Orchestrator("Fresh", async context =>
            {
                if (context.GetInput<int>() == 1)
                    return await context.WaitForExternalEvent<int>("n");
                await context.WaitForExternalEvent<int>("go");
                context.ContinueAsNew(1, preserveUnprocessedEvents: false);
                return 0;
            })
            .StartAsync();

        string id = await durable.RunAsync("Fresh", 0);
        await durable.RaiseAsync(id, "n", 1);
        await durable.RaiseAsync(id, "go");
        Assert.True((await durable.GetAsync(id)).IsRunning);
        await durable.RaiseAsync(id, "n", 2);

        Assert.Equal(2, await durable.OutputAsync<int>(id));
    }

    [Fact]
    public async Task Continue_as_new_begins_with_an_empty_history_and_the_new_input()
    {
        await using EngineHarness durable = await new EngineHarness()
            .Activity<int, int>("Next", number => number + 1)
            .Orchestrator("Count", async context =>
            {
                int number = await context.CallActivityAsync<int>("Next", context.GetInput<int>());
                if (number < 50)
                    context.ContinueAsNew(number);
                return number;
            })
            .StartAsync();

        string id = await durable.RunAsync("Count", 0);

        Assert.Equal(50, await durable.OutputAsync<int>(id));
        Assert.Equal(50, durable.Calls.Count);
        Assert.True((await durable.Engine.Store.LoadAsync(id, CancellationToken.None))!.History.Count < 10);
    }

    [Fact]
    public async Task Continue_as_new_takes_effect_when_no_timer_is_open_any_more()
    {
        await using EngineHarness durable = await new EngineHarness()
            .Orchestrator("Patient", context =>
            {
                if (context.GetInput<int>() == 0)
                {
                    _ = context.CreateTimer(TimeSpan.FromHours(1), CancellationToken.None);
                    context.ContinueAsNew(1);
                }

                return Task.FromResult(context.CurrentUtcDateTime.Hour);
            })
            .StartAsync();

        string id = await durable.RunAsync("Patient", 0);
        Assert.True((await durable.GetAsync(id)).IsRunning);
        await durable.AdvanceAsync(TimeSpan.FromHours(2));

        Assert.Equal(10, await durable.OutputAsync<int>(id));
    }
}
