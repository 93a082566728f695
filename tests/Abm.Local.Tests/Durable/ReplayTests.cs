using System.Security.Cryptography;
using System.Text;
using Abm.Local.Durable.Engine;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace Abm.Local.Tests.Durable;

/// <summary>What an orchestrator may rely on: steps, clock, ids, replays, and what it must not do.</summary>
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

        string id = await durable.RunAsync("greetings");

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

        Assert.Equal(new DateTime(2026, 3, 2, 11, 0, 0), await durable.OutputAsync<DateTime>(id));
    }

    [Fact]
    public async Task Many_activities_run_side_by_side_but_no_more_than_the_host_allows()
    {
        int running = 0;
        int most = 0;
        await using EngineHarness durable = await new EngineHarness { MaxConcurrentActivities = 3 }
            .ActivityAsync<int, int>("Square", async number =>
            {
                int now = Interlocked.Increment(ref running);
                InterlockedMax(ref most, now);
                await Task.Yield();
                Interlocked.Decrement(ref running);
                return number * number;
            })
            .Orchestrator("Sum", async context =>
                (await Task.WhenAll(Enumerable.Range(1, 20).Select(i => context.CallActivityAsync<int>("Square", i)))).Sum())
            .StartAsync();

        string id = await durable.RunAsync("Sum");

        Assert.Equal(2870, await durable.OutputAsync<int>(id));
        Assert.InRange(most, 1, 3);
    }

    [Fact]
    public async Task Code_before_a_finished_step_is_replaying_code_after_it_is_not()
    {
        var seen = new List<(string Where, bool IsReplaying)>();
        await using EngineHarness durable = await new EngineHarness()
            .Activity<int, int>("Echo", number => number)
            .Orchestrator("Two", async context =>
            {
                seen.Add(("start", context.IsReplaying));
                await context.CallActivityAsync<int>("Echo", 1);
                seen.Add(("middle", context.IsReplaying));
                await context.CallActivityAsync<int>("Echo", 2);
                seen.Add(("end", context.IsReplaying));
                return 0;
            })
            .StartAsync();

        await durable.RunAsync("Two");

        Assert.Equal([("start", false), ("start", true), ("middle", false), ("start", true), ("middle", true), ("end", false)], seen);
    }

    [Fact]
    public async Task A_replay_safe_logger_writes_each_line_once()
    {
        var loggers = new ListLoggers();
        await using EngineHarness durable = await new EngineHarness { Loggers = loggers }
            .Activity<int, int>("Echo", number => number)
            .Orchestrator("Two", async context =>
            {
                ILogger logger = context.CreateReplaySafeLogger("play");
                ILogger other = context.ReplaySafeLoggerFactory.CreateLogger("play");
                logger.LogInformation("first line");
                await context.CallActivityAsync<int>("Echo", 1);
                other.LogInformation("second line");
                await context.CallActivityAsync<int>("Echo", 2);
                return 0;
            })
            .StartAsync();

        await durable.RunAsync("Two");

        Assert.Single(loggers.Lines, line => line.Text.StartsWith("first line", StringComparison.Ordinal));
        Assert.Single(loggers.Lines, line => line.Text.StartsWith("second line", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Ids_are_version_5_of_instance_episode_and_counter_and_the_same_in_every_replay()
    {
        var seen = new List<Guid>();
        await using EngineHarness durable = await new EngineHarness()
            .Activity<int, int>("Echo", number => number)
            .Orchestrator("Ids", async context =>
            {
                seen.Add(context.NewGuid());
                seen.Add(context.NewGuid());
                await context.CallActivityAsync<int>("Echo", 1);
                return 0;
            })
            .StartAsync();

        await durable.RunAsync("Ids", options: new StartOrchestrationOptions("lead-1"));

        Assert.Equal(seen[..2], seen[2..]);
        Assert.NotEqual(seen[0], seen[1]);
        Assert.Equal(Version5("lead-1_2026-03-02T09:00:00.0000000Z_0"), seen[0]);
        Assert.Equal(Version5("lead-1_2026-03-02T09:00:00.0000000Z_1"), seen[1]);
    }

    [Fact]
    public async Task The_clock_stands_still_inside_an_episode()
    {
        var seen = new List<DateTime>();
        EngineHarness durable = new();
        await using EngineHarness started = await durable
            .Activity<int, int>("Late", _ =>
            {
                durable.Clock.Advance(TimeSpan.FromSeconds(1));
                return 0;
            })
            .Orchestrator("Clock", async context =>
            {
                seen.Add(context.CurrentUtcDateTime);
                durable.Clock.Advance(TimeSpan.FromMilliseconds(10));
                seen.Add(context.CurrentUtcDateTime);
                await context.CallActivityAsync<int>("Late", 0);
                seen.Add(context.CurrentUtcDateTime);
                return 0;
            })
            .StartAsync();

        await durable.RunAsync("Clock");

        Assert.Equal(seen[0], seen[1]);
        Assert.Equal(seen[0], seen[2]);
        Assert.True(seen[^1] > seen[0]);
        Assert.Equal(DateTimeKind.Utc, seen[0].Kind);
    }

    [Theory]
    [InlineData("name", "step #0 is activity 'First' in history, but activity 'Other' in the code as it is now")]
    [InlineData("kind", "step #0 is activity 'First' in history, but a timer in the code as it is now")]
    [InlineData("gone", "history has step #0, activity 'First', but the code as it is now does not reach that step")]
    public async Task Changed_code_fails_the_instance_and_names_the_step(string change, string says)
    {
        bool isChanged = false;
        await using EngineHarness durable = await new EngineHarness()
            .Activity<int, int>("First", number => number)
            .Orchestrator("Changing", async context =>
            {
                if (isChanged && change == "name")
                    await context.CallActivityAsync<int>("Other", 1);
                else if (isChanged && change == "kind")
                    await context.CreateTimer(TimeSpan.FromHours(1), CancellationToken.None);
                else if (!isChanged || change != "gone")
                    await context.CallActivityAsync<int>("First", 1);
                return await context.WaitForExternalEvent<int>("go");
            })
            .StartAsync();

        string id = await durable.RunAsync("Changing");
        isChanged = true;
        await durable.RaiseAsync(id, "go", 1);

        OrchestrationMetadata state = await durable.GetAsync(id);
        Assert.Equal(OrchestrationRuntimeStatus.Failed, state.RuntimeStatus);
        Assert.Contains(says, state.FailureDetails!.ErrorMessage, StringComparison.Ordinal);
        Assert.Contains("'Changing'", state.FailureDetails.ErrorMessage, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("delay")]
    [InlineData("configured")]
    [InlineData("thread")]
    public async Task An_orchestrator_that_leaves_its_thread_fails(string how)
    {
        await using EngineHarness durable = await new EngineHarness()
            .Activity<int, int>("Echo", number => number)
            .Orchestrator("Illegal", async context =>
            {
                switch (how)
                {
                    case "delay":
                        await Task.Delay(1);
                        break;
                    case "configured":
                        await context.CallActivityAsync<int>("Echo", 1).ConfigureAwait(false);
                        break;
                    default:
                        await Task.Run(() => Thread.Sleep(1));
                        break;
                }

                return await context.CallActivityAsync<int>("Echo", 2);
            })
            .StartAsync();

        string id = await durable.RunAsync("Illegal");

        await Worker.Eventually.BeTrueAsync(async () => (await durable.GetAsync(id)).RuntimeStatus == OrchestrationRuntimeStatus.Failed, "the instance failed"); // the delay is real time
        OrchestrationMetadata state = await durable.GetAsync(id);
        Assert.Equal(OrchestrationRuntimeStatus.Failed, state.RuntimeStatus);
        Assert.Contains("awaited something that is not a task of its context", state.FailureDetails!.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_foreign_wait_that_ends_after_the_episode_fails_the_instance_too()
    {
        var later = new TaskCompletionSource();
        await using EngineHarness durable = await new EngineHarness()
            .Orchestrator("Late", async context =>
            {
                await Task.WhenAny(context.WaitForExternalEvent<int>("go"), later.Task);
                return 0;
            })
            .StartAsync();

        string id = await durable.RunAsync("Late");
        Assert.True((await durable.GetAsync(id)).IsRunning);
        await Task.Run(later.SetResult);
        await durable.IdleAsync();

        Assert.Equal(OrchestrationRuntimeStatus.Failed, (await durable.GetAsync(id)).RuntimeStatus);
    }

    [Fact]
    public async Task Use_of_the_context_from_another_thread_is_refused()
    {
        Exception? refused = null;
        await using EngineHarness durable = await new EngineHarness()
            .Orchestrator("Threads", context =>
            {
                var thread = new Thread(() => refused = Record.Exception(() => context.NewGuid()));
                thread.Start();
                thread.Join();
                return Task.FromResult(0);
            })
            .StartAsync();

        string id = await durable.RunAsync("Threads");

        Assert.IsType<InvalidOperationException>(refused);
        Assert.Equal(OrchestrationRuntimeStatus.Failed, (await durable.GetAsync(id)).RuntimeStatus);
    }

    [Fact]
    public async Task An_instance_stays_Running_until_its_last_timer_has_fired()
    {
        await using EngineHarness durable = await new EngineHarness()
            .Orchestrator("Forgetful", context =>
            {
                _ = context.CreateTimer(TimeSpan.FromHours(5), CancellationToken.None);
                return Task.FromResult("done");
            })
            .StartAsync();

        string id = await durable.RunAsync("Forgetful");
        await durable.AdvanceAsync(TimeSpan.FromHours(4));
        Assert.Equal(OrchestrationRuntimeStatus.Running, (await durable.GetAsync(id)).RuntimeStatus);
        await durable.AdvanceAsync(TimeSpan.FromHours(2));

        Assert.Equal("done", await durable.OutputAsync<string>(id));
    }

    [Fact]
    public async Task A_cancelled_timer_holds_nothing_up_and_throws_TaskCanceledException()
    {
        await using EngineHarness durable = await new EngineHarness()
            .Orchestrator("Cancelling", async context =>
            {
                using var stop = new CancellationTokenSource();
                Task timer = context.CreateTimer(TimeSpan.FromDays(1), stop.Token);
                await context.WaitForExternalEvent<int>("go");
                stop.Cancel();
                return (await Record.ExceptionAsync(() => timer))?.GetType().Name;
            })
            .StartAsync();

        string id = await durable.RunAsync("Cancelling");
        await durable.RaiseAsync(id, "go", 1);

        Assert.Equal(nameof(TaskCanceledException), await durable.OutputAsync<string>(id));
        Assert.Empty(await durable.Engine.Wakes.DueAsync(DateTimeOffset.MaxValue.AddDays(-1), 100, CancellationToken.None));
    }

    [Fact]
    public async Task Long_timers_are_chains_of_three_days_each()
    {
        await using EngineHarness durable = await new EngineHarness()
            .Orchestrator("Long", async context =>
            {
                await context.CreateTimer(TimeSpan.FromDays(7), CancellationToken.None);
                return context.CurrentUtcDateTime;
            })
            .StartAsync();

        string id = await durable.RunAsync("Long");
        await durable.AdvanceAsync(TimeSpan.FromDays(8));

        Assert.Equal(new DateTime(2026, 3, 9, 9, 0, 0), await durable.OutputAsync<DateTime>(id));
        HistoryEvent[] timers = [.. (await durable.Engine.Store.LoadAsync(id, CancellationToken.None))!.History.Where(e => e.Kind == EventKind.TimerCreated)];
        Assert.Equal([5, 8, 9], timers.Select(timer => timer.FireAt!.Value.Day));
    }

    [Fact]
    public async Task A_failed_activity_arrives_as_TaskFailedException_with_its_details()
    {
        TaskFailedException? caught = null;
        await using EngineHarness durable = await new EngineHarness()
            .Activity<int, int>("Fail", _ => throw new FormatException("bad", new TimeoutException("inner")))
            .Orchestrator("Catching", async context =>
            {
                caught = await Assert.ThrowsAsync<TaskFailedException>(() => context.CallActivityAsync("Fail", 1));
                return 0;
            })
            .StartAsync();

        await durable.RunAsync("Catching");

        Assert.Equal("Fail", caught!.TaskName);
        Assert.Equal(0, caught.TaskId);
        Assert.Equal("Task 'Fail' (#0) failed with an unhandled exception: bad", caught.Message);
        Assert.True(caught.FailureDetails.IsCausedBy<FormatException>());
        Assert.True(caught.FailureDetails.IsCausedBy<SystemException>());
        Assert.False(caught.FailureDetails.IsCausedBy<TimeoutException>());
        Assert.Equal("System.TimeoutException: inner", caught.FailureDetails.InnerFailure!.ToString());
    }

    [Fact]
    public async Task A_failure_that_nobody_catches_fails_the_orchestration()
    {
        await using EngineHarness durable = await new EngineHarness()
            .Activity<int, int>("Fail", _ => throw new FormatException("bad"))
            .Orchestrator("Failing", async context => await context.CallActivityAsync<int>("Fail", 1))
            .StartAsync();

        string id = await durable.RunAsync("Failing");

        OrchestrationMetadata state = await durable.GetAsync(id);
        Assert.Equal(OrchestrationRuntimeStatus.Failed, state.RuntimeStatus);
        Assert.Equal(typeof(TaskFailedException).FullName, state.FailureDetails!.ErrorType);
        Assert.Equal("System.FormatException: bad", state.FailureDetails.InnerFailure!.ToString());
    }

    [Fact]
    public async Task An_unknown_activity_fails_without_retries_and_an_unknown_orchestrator_fails_the_instance()
    {
        await using EngineHarness durable = await new EngineHarness()
            .Orchestrator("Calls", async context =>
                (await Assert.ThrowsAsync<TaskFailedException>(() => context.CallActivityAsync(
                    "Nowhere", options: TaskOptions.FromRetryPolicy(new RetryPolicy(5, TimeSpan.FromHours(1)))))).FailureDetails.ErrorMessage)
            .StartAsync();

        string calls = await durable.RunAsync("Calls");
        string nobody = await durable.RunAsync("Nobody");

        Assert.Equal("There is no activity function named 'Nowhere'.", await durable.OutputAsync<string>(calls));
        OrchestrationMetadata state = await durable.GetAsync(nobody);
        Assert.Equal(OrchestrationRuntimeStatus.Failed, state.RuntimeStatus);
        Assert.Contains("'Nobody'", state.FailureDetails!.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Task_options_passed_as_the_input_are_refused()
    {
        await using EngineHarness durable = await new EngineHarness()
            .Orchestrator("Mistaken", async context =>
                (await Record.ExceptionAsync(async () => await context.CallActivityAsync("Echo", (object)new TaskOptions())))?.GetType().Name)
            .StartAsync();

        string id = await durable.RunAsync("Mistaken");

        Assert.Equal(nameof(ArgumentException), await durable.OutputAsync<string>(id));
    }

    [Fact]
    public async Task The_last_custom_status_wins_null_clears_it_and_16_KB_are_the_limit()
    {
        await using EngineHarness durable = await new EngineHarness()
            .Orchestrator("Status", async context =>
            {
                context.SetCustomStatus("one");
                context.SetCustomStatus(new { step = 2 });
                await context.WaitForExternalEvent<int>("next");
                context.SetCustomStatus(new string('x', 8190));
                await context.WaitForExternalEvent<int>("next");
                context.SetCustomStatus(null);
                await context.WaitForExternalEvent<int>("next");
                return Record.Exception(() => context.SetCustomStatus(new string('x', 8191)))?.GetType().Name;
            })
            .StartAsync();

        string id = await durable.RunAsync("Status");
        Assert.Equal("""{"step":2}""", (await durable.GetAsync(id)).SerializedCustomStatus);
        await durable.RaiseAsync(id, "next");
        Assert.Equal(8192, (await durable.GetAsync(id)).SerializedCustomStatus!.Length);
        await durable.RaiseAsync(id, "next");
        Assert.Null((await durable.GetAsync(id)).SerializedCustomStatus);
        await durable.RaiseAsync(id, "next");

        Assert.Equal(nameof(ArgumentException), await durable.OutputAsync<string>(id));
    }

    [Fact]
    public async Task A_history_far_beyond_one_row_replays_whole()
    {
        string blob = new('é', 20_000);
        await using EngineHarness durable = await new EngineHarness()
            .Activity<string, string>("Echo", text => text)
            .Orchestrator("Big", async context =>
            {
                int length = 0;
                for (int i = 0; i < 12; i++)
                    length += (await context.CallActivityAsync<string>("Echo", blob)).Length;
                return length + context.GetInput<string>()!.Length;
            })
            .StartAsync();

        string id = await durable.RunAsync("Big", blob + "😀" + blob);

        Assert.Equal((12 * 20_000) + 40_002, await durable.OutputAsync<int>(id));
        Assert.True((await durable.Engine.Store.LoadAsync(id, CancellationToken.None))!.Chunks.Count > 1);
    }

    private static void InterlockedMax(ref int target, int value)
    {
        for (int current = Volatile.Read(ref target); value > current; current = Volatile.Read(ref target))
        {
            if (Interlocked.CompareExchange(ref target, value, current) == current)
                return;
        }
    }

    private static Guid Version5(string name)
    {
#pragma warning disable CA5350 // version 5 UUIDs are defined on SHA-1
        byte[] hash = SHA1.HashData([.. Convert.FromHexString("9e9529585e334daf827f2fa12937b875"), .. Encoding.UTF8.GetBytes(name)]);
#pragma warning restore CA5350
        string hex = Convert.ToHexStringLower(hash)[..32];
        string variant = "89ab"[(hash[8] >> 4) & 3].ToString();
        return Guid.Parse($"{hex[..12]}5{hex[13..16]}{variant}{hex[17..]}");
    }
}
