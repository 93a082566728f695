using System.Collections.Concurrent;
using Abm.Local.Durable.Engine;
using Abm.Local.Durable.Storage;
using DurableTask.Core.Exceptions;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace Abm.Local.Tests.Durable;

/// <summary>
/// One scenario with everything in it, run as often as it makes storage calls: each time another call goes wrong. Nothing may be lost,
/// nothing delivered twice, every timer fires once, activities run at least once.
/// </summary>
public class CrashTests
{
    [Theory]
    [InlineData(FaultKind.CrashBefore)]
    [InlineData(FaultKind.CrashAfter)]
    [InlineData(FaultKind.FailBefore)]
    [InlineData(FaultKind.FailAfter)]
    public async Task Whichever_storage_call_goes_wrong_the_orchestration_ends_as_if_none_had(FaultKind kind)
    {
        int calls = await Scenario.RunAsync(Fault.None);
        Assert.InRange(calls, 40, 400);
        Assert.Equal(calls, await Scenario.RunAsync(Fault.None)); // else another call than the counted one would go wrong

        for (int at = 1; at <= calls; at++)
        {
            try
            {
                await Scenario.RunAsync(new Fault(at, kind));
            }
            catch (Exception failure)
            {
                throw new InvalidOperationException($"Call {at} of {calls}, {kind}: {failure.Message}", failure);
            }
        }
    }

    [Fact]
    public async Task What_a_killed_process_left_is_taken_over_within_fifteen_seconds()
    {
        var instances = new MemoryTable();
        var wakes = new MemoryTable();
        var fault = Fault.None;
        await using EngineHarness first = Scenario.Functions(new EngineHarness(new FaultyTable(instances, fault), new FaultyTable(wakes, fault)), new TaskCompletionSource().Task);
        await first.StartAsync();
        await using EngineHarness second = Scenario.Functions(new EngineHarness(instances, wakes, first.Clock), Task.CompletedTask);
        await second.StartAsync();

        // The first process dies in the middle of an activity.
        await first.Client.ScheduleNewOrchestrationInstanceAsync("Stuck", null, new StartOrchestrationOptions("stuck"));
        await WaitForAsync(() => first.Calls.Count == 1);
        fault.Kill();
        for (int second_ = 0; second_ < 15; second_++)
        {
            second.Clock.Advance(TimeSpan.FromSeconds(1));
            await second.IdleAsync();
        }

        Assert.Equal("done", await second.OutputAsync<string>("stuck"));
    }

    [Fact]
    public async Task Work_of_a_living_process_is_left_alone()
    {
        var instances = new MemoryTable();
        var wakes = new MemoryTable();
        var running = new TaskCompletionSource();
        await using EngineHarness first = Scenario.Functions(new EngineHarness(instances, wakes) { Scheduler = OneAtATime() }, running.Task);
        await first.StartAsync();
        await using EngineHarness second = Scenario.Functions(new EngineHarness(instances, wakes, first.Clock), Task.CompletedTask);
        await second.StartAsync();

        await first.Client.ScheduleNewOrchestrationInstanceAsync("Stuck", null, new StartOrchestrationOptions("stuck"));
        await WaitForAsync(() => first.Calls.Count == 1);
        for (int i = 0; i < 120; i++)
        {
            first.Clock.Advance(TimeSpan.FromSeconds(1));
            await second.IdleAsync();
            await first.TurnAsync();
            Assert.True(Beats(wakes, first) > i / 4);
        }

        Assert.Empty(second.Calls);
        running.SetResult();
        await first.IdleAsync();
        Assert.Equal("done", await second.OutputAsync<string>("stuck"));
        Assert.Single(first.Calls);
    }

    [Fact]
    public async Task A_restart_goes_on_at_once_after_an_orderly_stop_too()
    {
        var instances = new MemoryTable();
        var wakes = new MemoryTable();
        await using EngineHarness first = Scenario.Functions(new EngineHarness(instances, wakes), new TaskCompletionSource().Task);
        await first.StartAsync();
        await first.Client.ScheduleNewOrchestrationInstanceAsync("Stuck", null, new StartOrchestrationOptions("stuck"));
        await WaitForAsync(() => first.Calls.Count == 1);
        using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));
        await first.Engine.StopAsync(patience.Token);

        await using EngineHarness second = Scenario.Functions(new EngineHarness(instances, wakes, first.Clock), Task.CompletedTask);
        await second.StartAsync();

        Assert.Equal("done", await second.OutputAsync<string>("stuck"));
    }

    [Fact]
    public async Task Activities_that_waited_for_their_turn_at_an_orderly_stop_are_done_by_the_next_process()
    {
        var instances = new MemoryTable();
        var wakes = new MemoryTable();
        var running = new TaskCompletionSource();
        await using EngineHarness first = Scenario.Functions(new EngineHarness(instances, wakes) { MaxConcurrentActivities = 1 }, running.Task);
        await first.StartAsync();
        foreach (string id in new[] { "runs", "waits" })
            await first.Client.ScheduleNewOrchestrationInstanceAsync("Stuck", null, new StartOrchestrationOptions(id));
        await WaitForAsync(() => first.Calls.Count == 1 && instances.Rows.Count(row => row.Number("Episode") == 1) == 2);

        Task stopping = first.Engine.StopAsync(CancellationToken.None);
        running.SetResult();
        await stopping;
        await using EngineHarness second = Scenario.Functions(new EngineHarness(instances, wakes, first.Clock), Task.CompletedTask);
        await second.StartAsync();

        Assert.Equal("done", await second.OutputAsync<string>("runs"));
        Assert.Equal("done", await second.OutputAsync<string>("waits"));
        Assert.Single(first.Calls);
        Assert.Single(second.Calls);
    }

    private static int Beats(MemoryTable wakes, EngineHarness harness) =>
        wakes.Rows.Where(row => row.PartitionKey == "sessions" && row.RowKey == harness.Session.Text).Select(row => row.Number("Beat")).SingleOrDefault();

    private static TaskScheduler OneAtATime() => new ConcurrentExclusiveSchedulerPair().ExclusiveScheduler;

    private static async Task WaitForAsync(Func<bool> isSo)
    {
        for (int i = 0; i < 2000 && !isSo(); i++)
            await Task.Delay(5);
        Assert.True(isSo());
    }

    private sealed class Scenario(Fault fault)
    {
        private readonly MemoryTable _instances = new();
        private readonly MemoryTable _wakes = new();
        private readonly ConcurrentBag<string> _effects = [];
        private readonly HashSet<int> _unsure = [];
        private readonly VirtualClock _clock = new(new DateTimeOffset(2026, 3, 2, 9, 0, 0, TimeSpan.Zero));
        private readonly TaskScheduler _scheduler = OneAtATime();
        private EngineHarness? _process;

        /// <summary>Plays it, test and engines in turn on one scheduler: the same storage calls in the same order however busy the machine is.</summary>
        /// <returns>How many calls the process made that the fault belongs to.</returns>
        public static async Task<int> RunAsync(Fault fault)
        {
            var scenario = new Scenario(fault);
            await Task.Factory.StartNew(scenario.PlayAsync, CancellationToken.None, TaskCreationOptions.None, scenario._scheduler).Unwrap();
            return fault.Calls;
        }

        /// <summary>An activity that ends only when it is let, and an orchestration around it.</summary>
        public static EngineHarness Functions(EngineHarness harness, Task gate) => harness
            .ActivityAsync<string, string>("Slow", async _ =>
            {
                await gate;
                return "done";
            })
            .Orchestrator("Stuck", async context => await context.CallActivityAsync<string>("Slow", "x"));

        private async Task PlayAsync()
        {
            await TryAsync(() => Task.CompletedTask);
            await TryAsync(async () =>
            {
                try
                {
                    await _process!.Client.ScheduleNewOrchestrationInstanceAsync("Main", null, new StartOrchestrationOptions("main"));
                }
                catch (OrchestrationAlreadyExistsException)
                {
                    // The attempt whose answer was lost had succeeded.
                }
            });
            for (int i = 0; i < 3; i++)
                await TryAsync(() => _process!.Client.RaiseEventAsync("main", "n", i), onRetry: () => _unsure.Add(i));
            await TryAsync(() => _process!.AdvanceAsync(TimeSpan.FromHours(2)));
            await TryAsync(() => _process!.AdvanceAsync(TimeSpan.FromMinutes(2)));

            await using EngineHarness judge = await Process(Fault.None, "judge").StartAsync();
            await judge.AdvanceAsync(TimeSpan.FromMinutes(2));
            string output = await judge.OutputAsync<string>("main") ?? "";
            string[] parts = output.Split('|');
            int[] numbers = [.. parts[1].Split(',').Select(int.Parse)];
            Assert.Equal("child said hi", parts[0]);
            Assert.Equal(3, numbers.Length);
            foreach (int repeated in numbers.GroupBy(n => n).Where(n => n.Count() > 1).Select(n => n.Key))
                Assert.Contains(repeated, _unsure);
            if (_unsure.Count == 0)
                Assert.Equal([0, 1, 2], numbers.Order());
            Assert.Equal(["a", "b", "child"], _effects.Distinct().Order());

            InstanceState state = (await judge.Engine.Store.LoadAsync("main", CancellationToken.None))!;
            Assert.Single(state.History, e => e.Kind == EventKind.TimerFired);
            Assert.Equal(OrchestrationRuntimeStatus.Completed, (await judge.GetAsync("child")).RuntimeStatus);
            await judge.AdvanceAsync(TimeSpan.FromMinutes(10));
            Assert.Empty(await judge.Engine.Wakes.DueAsync(DateTimeOffset.MaxValue.AddDays(-1), 100, CancellationToken.None));
        }

        /// <summary>Does a step; when the process died of it, starts another one and does it again.</summary>
        private async Task TryAsync(Func<Task> step, Action? onRetry = null)
        {
            bool isDone = false;
            for (int attempt = 0; ; attempt++)
            {
                try
                {
                    if (_process is null || fault.IsDead)
                    {
                        bool isFirst = _process is null;
                        EngineHarness? dead = _process;
                        _process = Process(isFirst ? fault : Fault.None, isFirst ? "first" : $"next{attempt}");
                        if (dead is not null)
                        {
                            await dead.DisposeAsync();
                            fault = Fault.None;
                        }

                        await _process.StartAsync();
                    }

                    if (!isDone)
                        await step();
                    isDone = true;
                    await SettleAsync();
                    if (!fault.IsDead)
                        return;
                }
                catch (IOException) when (attempt < 10)
                {
                    if (!isDone)
                        onRetry?.Invoke();
                }
            }
        }

        private async Task SettleAsync()
        {
            // Half a minute: whatever failed once has been tried again by then.
            for (int i = 0; i < 3; i++)
            {
                await _process!.IdleAsync();
                await _process.AdvanceAsync(TimeSpan.FromSeconds(10));
            }
        }

        private EngineHarness Process(Fault with, string name)
        {
            var harness = new EngineHarness(new FaultyTable(_instances, with), new FaultyTable(_wakes, with), _clock)
            {
                Scheduler = _scheduler,
                Session = new SessionId(name),
                DeadSessions = [.. new[] { "first", "next0", "next1", "next2" }.Where(other => other != name)],
            };
            return harness
                .Activity<string, string>("Effect", text =>
                {
                    _effects.Add(text);
                    return text;
                })
                .Orchestrator("Child", async context =>
                {
                    await context.CallActivityAsync("Effect", "child");
                    context.SendEvent("main", "fromChild", "hi");
                    return "said";
                })
                .Orchestrator("Main", async context =>
                {
                    if (context.GetInput<string>() is { } so_far)
                    {
                        await context.CreateTimer(TimeSpan.FromHours(1), CancellationToken.None);
                        await context.CallActivityAsync("Effect", "b");
                        return so_far;
                    }

                    await context.CallActivityAsync("Effect", "a");
                    await context.CreateTimer(TimeSpan.FromSeconds(15), CancellationToken.None);
                    string said = await context.CallSubOrchestratorAsync<string>("Child", new SubOrchestrationOptions(instanceId: "child"));
                    string heard = await context.WaitForExternalEvent<string>("fromchild");
                    var numbers = new List<int>();
                    for (int i = 0; i < 3; i++)
                        numbers.Add(await context.WaitForExternalEvent<int>("n"));
                    context.ContinueAsNew($"child {said} {heard}|{string.Join(',', numbers)}", preserveUnprocessedEvents: false);
                    return "";
                });
        }
    }
}
