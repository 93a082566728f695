using Abm.Local.Durable.Storage;
using Microsoft.DurableTask;

namespace Abm.Local.Tests.Durable;

/// <summary>What thousands of waiting instances cost: counted in storage calls, so that the machine's speed does not matter.</summary>
public class ScaleTests
{
    [Fact]
    public async Task Ten_thousand_waiting_plays_cost_neither_the_start_nor_the_waiting_anything()
    {
        var instances = new MemoryTable();
        var wakes = new MemoryTable();
        await using (EngineHarness first = await Plays(new EngineHarness(instances, wakes)).StartAsync())
        {
            await Parallel.ForAsync(0, 10_000, TestContext.Current.CancellationToken, async (i, token) =>
                await first.Client.ScheduleNewOrchestrationInstanceAsync("Play", i, new StartOrchestrationOptions($"play-{i:D5}"), token));
            await first.IdleAsync();
            Assert.Equal(0, first.Engine.ActorCount);
        }

        var calls = Fault.None;
        await using EngineHarness second = await Plays(new EngineHarness(new FaultyTable(instances, calls), new FaultyTable(wakes, calls))).StartAsync();
        Assert.InRange(calls.Calls, 1, 10);

        second.Clock.Advance(TimeSpan.FromHours(1));
        await second.IdleAsync();
        int before = calls.Calls;
        second.Engine.Poll();
        await second.IdleAsync();

        Assert.InRange(calls.Calls - before, 1, 3);
        Assert.Equal(0, second.Engine.ActorCount);
    }

    [Fact]
    public async Task A_thousand_timers_that_fell_due_while_nothing_ran_all_fire_once()
    {
        var instances = new MemoryTable();
        var wakes = new MemoryTable();
        VirtualClock clock;
        string session;
        await using (EngineHarness first = await Plays(new EngineHarness(instances, wakes)).StartAsync())
        {
            for (int i = 0; i < 1000; i++)
                await first.Client.ScheduleNewOrchestrationInstanceAsync("Play", i, new StartOrchestrationOptions($"play-{i:D5}"));
            await first.IdleAsync();
            (clock, session) = (first.Clock, first.Session.Text);
        }

        clock.Advance(TimeSpan.FromDays(3));
        await using EngineHarness second = await Plays(new EngineHarness(instances, wakes, clock) { DeadSessions = [session] }).StartAsync();

        Assert.Equal(1000, second.Calls.Count);
        Assert.Equal(1000, second.Calls.Select(call => call.Input).Distinct().Count());
        Assert.Equal("late", await second.OutputAsync<string>("play-00500"));
    }

    private static EngineHarness Plays(EngineHarness harness) => harness
        .Activity<int, int>("Breach", number => number)
        .Orchestrator("Play", async context =>
        {
            await context.CreateTimer(TimeSpan.FromDays(2), CancellationToken.None);
            await context.CallActivityAsync("Breach", context.GetInput<int>());
            return "late";
        });
}
