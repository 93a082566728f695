using System.Collections.Concurrent;
using Abm.Local.Durable.Engine;
using Abm.Local.Durable.Storage;
using Abm.Local.Tests.Tables;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace Abm.Local.Tests.Durable;

/// <summary>Two engines on the same tables of the emulator, getting in each other's way.</summary>
[Collection(nameof(TablesOnAzurite))]
public class TwoEnginesTests(TablesFixture azurite)
{
    [Fact]
    public async Task Each_episode_is_committed_by_one_of_them_and_each_event_and_timer_counts_once()
    {
        const int Plays = 20;
        var effects = new ConcurrentBag<string>();
        var instances = new AzureTable(azurite.Service.GetTableClient(azurite.NewName()));
        var wakes = new AzureTable(azurite.Service.GetTableClient(azurite.NewName()));
        await using EngineHarness left = await Functions(new EngineHarness(instances, wakes), effects).StartAsync();
        await using EngineHarness right = await Functions(new EngineHarness(instances, wakes, left.Clock), effects).StartAsync();
        EngineHarness[] both = [left, right];

        // Both start the same instances, then both raise events to all of them at once.
        await Task.WhenAll(both.SelectMany(engine => Enumerable.Range(0, Plays).Select(i =>
            Record.ExceptionAsync(() => engine.Client.ScheduleNewOrchestrationInstanceAsync("Play", i, new StartOrchestrationOptions($"play-{i}"))).AsTask())));
        await Task.WhenAll(both.Select(engine => engine.IdleAsync()));
        await Task.WhenAll(both.SelectMany((engine, e) => Enumerable.Range(0, Plays).SelectMany(i =>
            Enumerable.Range(0, 3).Select(n => engine.Client.RaiseEventAsync($"play-{i}", "n", (e * 10) + n)))));
        await Task.WhenAll(both.Select(engine => engine.IdleAsync()));
        left.Clock.Advance(TimeSpan.FromMinutes(61));
        for (int i = 0; i < 5; i++)
        {
            foreach (EngineHarness engine in both)
            {
                engine.Engine.Poll();
                await engine.IdleAsync();
            }
        }

        for (int i = 0; i < Plays; i++)
        {
            Assert.Equal("0,1,2,10,11,12", await left.OutputAsync<string>($"play-{i}"));
            InstanceState state = (await left.Engine.Store.LoadAsync($"play-{i}", CancellationToken.None))!;
            Assert.Equal(6, state.History.Count(e => e.Kind == EventKind.EventRaised));
            Assert.Single(state.History, e => e.Kind == EventKind.TimerFired);
            Assert.Single(state.History, e => e.Kind == EventKind.TaskCompleted);
        }

        // At least once each; twice only when both engines ran the same instance's first episode.
        Assert.Equal(Plays, effects.Distinct().Count());
    }

    [Fact]
    public async Task What_one_of_them_starts_the_other_sees_and_steers()
    {
        var instances = new AzureTable(azurite.Service.GetTableClient(azurite.NewName()));
        var wakes = new AzureTable(azurite.Service.GetTableClient(azurite.NewName()));
        await using EngineHarness left = await Functions(new EngineHarness(instances, wakes), []).StartAsync();
        await using EngineHarness right = await Functions(new EngineHarness(instances, wakes, left.Clock), []).StartAsync();

        string id = await left.RunAsync("Play", 1);
        for (int n = 0; n < 6; n++)
            await right.RaiseAsync(id, "n", n);
        await right.Client.TerminateInstanceAsync(id, (object)"by right");
        await right.IdleAsync();

        Assert.Equal("by right", (await left.GetAsync(id)).ReadOutputAs<string>());
        Assert.Equal(OrchestrationRuntimeStatus.Terminated, (await left.GetAsync(id)).RuntimeStatus);
    }

    private static EngineHarness Functions(EngineHarness harness, ConcurrentBag<string> effects) => harness
        .Activity<int, int>("Effect", number =>
        {
            effects.Add($"effect {number}");
            return number;
        })
        .Orchestrator("Play", async context =>
        {
            Task timer = context.CreateTimer(TimeSpan.FromHours(1), CancellationToken.None);
            await context.CallActivityAsync<int>("Effect", context.GetInput<int>());
            var seen = new List<int>();
            for (int i = 0; i < 6; i++)
                seen.Add(await context.WaitForExternalEvent<int>("n"));
            await timer;
            return string.Join(',', seen.Order());
        });
}
