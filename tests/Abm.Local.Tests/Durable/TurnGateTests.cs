using Abm.Local.Durable.Engine;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace Abm.Local.Tests.Durable;

public class TurnGateTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_due_goes_before_what_begins_but_does_not_keep_it_out()
    {
        TurnGate gate = new(1);
        await gate.WaitAsync(isNew: true, Token);
        List<string> order = [];
        Task[] waiting = [.. Enumerable.Range(0, 20).Select(i => Enter($"new {i}", isNew: true)), .. Enumerable.Range(0, 20).Select(i => Enter($"due {i}", isNew: false))];

        gate.Release();
        await Task.WhenAll(waiting).WaitAsync(TimeSpan.FromSeconds(20), Token);

        Assert.Equal(Enumerable.Range(0, 7).Select(i => $"due {i}").Append("new 0"), order.Take(8));
        Assert.Equal(40, order.Distinct().Count());

        async Task Enter(string name, bool isNew)
        {
            await gate.WaitAsync(isNew, Token);
            order.Add(name); // one at a time is let in
            gate.Release();
        }
    }

    [Fact]
    public async Task Whoever_gives_up_waiting_leaves_no_gap()
    {
        TurnGate gate = new(1);
        await gate.WaitAsync(isNew: false, Token);
        using CancellationTokenSource patience = new();
        Task impatient = gate.WaitAsync(isNew: true, patience.Token);
        Task patient = gate.WaitAsync(isNew: true, Token);

        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => impatient);
        gate.Release();
        await patient.WaitAsync(TimeSpan.FromSeconds(20), Token);
        gate.Release();

        await gate.WaitAsync(isNew: true, Token).WaitAsync(TimeSpan.FromSeconds(20), Token);
    }

    [Fact]
    public async Task A_timer_that_is_due_does_not_wait_for_instances_that_begin()
    {
        TaskCompletionSource first = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using EngineHarness durable = await new EngineHarness { MaxConcurrentActivities = 1 }
            .ActivityAsync<string, string>("Work", async name =>
            {
                if (name == "blocker")
                    await first.Task;
                return name;
            })
            .Orchestrator("Play", async context =>
            {
                string name = context.GetInput<string>()!;
                if (name == "due")
                    await context.CreateTimer(TimeSpan.FromMinutes(1), CancellationToken.None);
                return await context.CallActivityAsync<string>("Work", name);
            })
            .StartAsync();
        await durable.RunAsync("Play", "due", new StartOrchestrationOptions("due"));
        await durable.Client.ScheduleNewOrchestrationInstanceAsync("Play", "blocker", new StartOrchestrationOptions("blocker"), Token);
        await UntilAsync(() => durable.Calls.Count == 1);
        for (int i = 0; i < 5; i++)
            await durable.Client.ScheduleNewOrchestrationInstanceAsync("Play", $"new-{i}", new StartOrchestrationOptions($"new-{i}"), Token);
        await UntilAsync(async () => await HasBegunAsync("new-4"));

        durable.Clock.Advance(TimeSpan.FromMinutes(2));
        await UntilAsync(async () => (await durable.Engine.Store.LoadAsync("due", Token))!.Episode == 2);
        first.SetResult();
        await durable.IdleAsync();

        Assert.Equal(["\"blocker\"", "\"due\""], durable.Calls.Take(2).Select(call => call.Input));
        Assert.Equal(7, durable.Calls.Count);

        async Task<bool> HasBegunAsync(string id) => (await durable.Engine.Store.LoadAsync(id, Token))!.Episode == 1;
    }

    private static Task UntilAsync(Func<bool> isSo) => UntilAsync(() => Task.FromResult(isSo()));

    private static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(Token);
        limit.CancelAfter(TimeSpan.FromSeconds(20));
        while (!await isSo())
            await Task.Delay(5, limit.Token);
    }
}
