using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace Abm.Local.Tests.Durable;

/// <summary>What an orchestrator may rely on: steps, clock, ids, replays.</summary>
public class ReplayTests
{
    [Fact]
    public async Task An_orchestration_runs_its_activities_in_order_and_returns_the_result()
    {
        await using EngineHarness durable = await new EngineHarness()
            .Activity<string, string>("Greet", name => $"Hello {name}")
            .Orchestrator("Greetings", async context =>
            {
                string first = await context.CallActivityAsync<string>("Greet", "Ann");
                string second = await context.CallActivityAsync<string>("greet", "Bob");
                return $"{first}, {second}";
            })
            .StartAsync();

        string id = await durable.RunAsync("Greetings");

        Assert.Equal("Hello Ann, Hello Bob", await durable.OutputAsync<string>(id));
        Assert.Equal(["\"Ann\"", "\"Bob\""], durable.Calls.Select(call => call.Input));
    }

    [Fact]
    public async Task A_timer_fires_when_its_time_has_come_and_not_before()
    {
        await using EngineHarness durable = await new EngineHarness()
            .Orchestrator("Wait", async context =>
            {
                await context.CreateTimer(TimeSpan.FromHours(2), CancellationToken.None);
                return context.CurrentUtcDateTime;
            })
            .StartAsync();

        string id = await durable.RunAsync("Wait");
        await durable.AdvanceAsync(TimeSpan.FromMinutes(119));
        Assert.True((await durable.GetAsync(id)).IsRunning);
        await durable.AdvanceAsync(TimeSpan.FromMinutes(2));

        DateTime fired = await durable.OutputAsync<DateTime>(id);
        Assert.InRange(fired, new DateTime(2026, 3, 2, 11, 0, 0), new DateTime(2026, 3, 2, 11, 0, 1));
    }
}
