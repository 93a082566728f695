using DurableTask.Core.Exceptions;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace Abm.Local.Tests.Durable;

/// <summary>Starting, pausing, ending, removing and listing instances.</summary>
public class LifecycleTests
{
    [Fact]
    public async Task A_paused_instance_keeps_what_arrives_and_goes_on_when_resumed()
    {
        await using EngineHarness durable = await Plays().StartAsync();
        string id = await durable.RunAsync("Play");

        await durable.Client.SuspendInstanceAsync(id, "lunch");
        await durable.RaiseAsync(id, "touch", "a");
        await durable.AdvanceAsync(TimeSpan.FromHours(3));
        OrchestrationMetadata paused = await durable.GetAsync(id);
        await durable.Client.ResumeInstanceAsync(id, "back");
        await durable.IdleAsync();

        Assert.Equal(OrchestrationRuntimeStatus.Suspended, paused.RuntimeStatus);
        Assert.Empty(durable.Calls);
        Assert.Equal("touched a", await durable.OutputAsync<string>(id));
    }

    [Fact]
    public async Task A_timer_that_fell_due_during_the_pause_fires_at_the_resume()
    {
        await using EngineHarness durable = await Plays().StartAsync();
        string id = await durable.RunAsync("Play");

        await durable.Client.SuspendInstanceAsync(id);
        await durable.AdvanceAsync(TimeSpan.FromHours(3));
        Assert.Empty(durable.Calls);
        await durable.Client.ResumeInstanceAsync(id);
        await durable.IdleAsync();

        Assert.Equal("late", await durable.OutputAsync<string>(id));
        Assert.Single(durable.Calls);
    }

    [Fact]
    public async Task A_terminated_instance_has_the_given_output_and_runs_no_further()
    {
        await using EngineHarness durable = await Plays().StartAsync();
        string id = await durable.RunAsync("Play");

        await durable.Client.TerminateInstanceAsync(id, (object)"enough");
        await durable.Client.TerminateInstanceAsync("nobody", CancellationToken.None);
        await durable.AdvanceAsync(TimeSpan.FromHours(3));
        await durable.Client.TerminateInstanceAsync(id, (object)"again");
        await durable.IdleAsync();

        OrchestrationMetadata state = await durable.GetAsync(id);
        Assert.Equal(OrchestrationRuntimeStatus.Terminated, state.RuntimeStatus);
        Assert.Equal("enough", state.ReadOutputAs<string>());
        Assert.Empty(durable.Calls);
    }

    [Fact]
    public async Task A_start_in_the_future_waits_for_its_time_and_can_be_terminated_before()
    {
        await using EngineHarness durable = await Plays().StartAsync();
        DateTimeOffset later = durable.Clock.GetUtcNow().AddHours(10);
        string runs = await durable.RunAsync("Play", options: new StartOrchestrationOptions("runs", later));
        string dies = await durable.RunAsync("Play", options: new StartOrchestrationOptions("dies", later));

        await durable.RaiseAsync(runs, "touch", "early");
        await durable.Client.TerminateInstanceAsync(dies, CancellationToken.None);
        await durable.AdvanceAsync(TimeSpan.FromHours(9));
        Assert.Equal(OrchestrationRuntimeStatus.Pending, (await durable.GetAsync(runs)).RuntimeStatus);
        Assert.Equal(OrchestrationRuntimeStatus.Terminated, (await durable.GetAsync(dies)).RuntimeStatus);
        await durable.AdvanceAsync(TimeSpan.FromHours(2));

        Assert.Equal("touched early", await durable.OutputAsync<string>(runs));
    }

    [Fact]
    public async Task By_default_a_running_id_is_protected_and_a_finished_one_is_used_again()
    {
        await using EngineHarness durable = await Plays().StartAsync();
        string id = await durable.RunAsync("Play", "1", new StartOrchestrationOptions("play-1"));

        await Assert.ThrowsAsync<OrchestrationAlreadyExistsException>(() => durable.RunAsync("Play", "2", new StartOrchestrationOptions("play-1")));
        await durable.RaiseAsync(id, "touch", "a");
        await durable.RunAsync("Play", "3", new StartOrchestrationOptions("play-1"));

        OrchestrationMetadata state = await durable.GetAsync(id);
        Assert.Equal(OrchestrationRuntimeStatus.Running, state.RuntimeStatus);
        Assert.Equal("3", state.ReadInputAs<string>());
        Assert.Null(state.SerializedOutput);
    }

    [Fact]
    public async Task Dedupe_statuses_protect_finished_instances_too()
    {
        await using EngineHarness durable = await Plays().StartAsync();
        StartOrchestrationOptions once = new StartOrchestrationOptions("once").WithDedupeStatuses(
            OrchestrationRuntimeStatus.Pending, OrchestrationRuntimeStatus.Running, OrchestrationRuntimeStatus.Suspended,
            OrchestrationRuntimeStatus.Completed, OrchestrationRuntimeStatus.Failed, OrchestrationRuntimeStatus.Terminated);

        await durable.RunAsync("Play", options: once);
        await Assert.ThrowsAsync<OrchestrationAlreadyExistsException>(() => durable.RunAsync("Play", options: once));
        await durable.RaiseAsync("once", "touch", "a");
        await Assert.ThrowsAsync<OrchestrationAlreadyExistsException>(() => durable.RunAsync("Play", options: once));

        Assert.Equal("touched a", await durable.OutputAsync<string>("once"));
    }

    [Fact]
    public async Task Without_any_dedupe_status_a_running_instance_is_ended_and_replaced()
    {
        await using EngineHarness durable = await Plays().StartAsync();
        await durable.RunAsync("Play", "1", new StartOrchestrationOptions("id"));

        await durable.RunAsync("Play", "2", new StartOrchestrationOptions("id").WithDedupeStatuses());

        OrchestrationMetadata state = await durable.GetAsync("id");
        Assert.Equal(("2", OrchestrationRuntimeStatus.Running), (state.ReadInputAs<string>(), state.RuntimeStatus));
    }

    [Fact]
    public async Task Of_many_starts_under_one_id_one_wins()
    {
        await using EngineHarness durable = await Plays().StartAsync();

        Exception?[] results = await Task.WhenAll(Enumerable.Range(0, 20).Select(i =>
            Record.ExceptionAsync(() => durable.Client.ScheduleNewOrchestrationInstanceAsync("Play", i, new StartOrchestrationOptions("one"))).AsTask()));
        await durable.IdleAsync();

        Assert.Single(results, result => result is null);
        Assert.All(results.OfType<Exception>(), result => Assert.IsType<OrchestrationAlreadyExistsException>(result));
    }

    [Theory]
    [InlineData("@entity@key")]
    [InlineData("a/b")]
    [InlineData("a\\b")]
    [InlineData("a#b")]
    [InlineData("a?b")]
    [InlineData("a\nb")]
    [InlineData("")]
    public async Task Ids_that_storage_or_entities_reserve_are_refused(string id)
    {
        await using EngineHarness durable = await Plays().StartAsync();

        await Assert.ThrowsAnyAsync<ArgumentException>(() => durable.RunAsync("Play", options: new StartOrchestrationOptions(id)));
    }

    [Fact]
    public async Task A_misspelt_dedupe_status_is_refused()
    {
        await using EngineHarness durable = await Plays().StartAsync();

        await Assert.ThrowsAsync<ArgumentException>(() => durable.RunAsync("Play", options: new StartOrchestrationOptions("x") { DedupeStatuses = ["Runing"] }));
    }

    [Fact]
    public async Task A_finished_instance_can_be_purged_a_running_one_cannot()
    {
        await using EngineHarness durable = await Plays().StartAsync();
        string id = await durable.RunAsync("Play", new string('x', 100_000));

        await Assert.ThrowsAsync<InvalidOperationException>(() => durable.Client.PurgeInstanceAsync(id));
        await durable.RaiseAsync(id, "touch", "a");
        PurgeResult first = await durable.Client.PurgeInstanceAsync(id);
        PurgeResult second = await durable.Client.PurgeInstanceAsync(id);

        Assert.Equal((1, 0), (first.PurgedInstanceCount, second.PurgedInstanceCount));
        Assert.Null(await durable.Client.GetInstanceAsync(id));
        Assert.Empty(((Abm.Local.Durable.Storage.MemoryTable)durable.Instances).Rows);
    }

    [Fact]
    public async Task Instances_are_listed_and_purged_by_time_status_and_prefix_page_by_page()
    {
        await using EngineHarness durable = await Plays().StartAsync();
        for (int i = 0; i < 7; i++)
        {
            await durable.RunAsync("Play", options: new StartOrchestrationOptions($"{(i % 2 == 0 ? "even" : "odd")}-{i}"));
            if (i < 4)
                await durable.RaiseAsync($"{(i % 2 == 0 ? "even" : "odd")}-{i}", "touch", "a");
            await durable.AdvanceAsync(TimeSpan.FromMinutes(1));
        }

        DateTimeOffset start = durable.Clock.GetUtcNow().AddMinutes(-7);
        async Task<string[]> Ids(OrchestrationQuery query)
        {
            var ids = new List<string>();
            await foreach (OrchestrationMetadata state in durable.Client.GetAllInstancesAsync(query))
                ids.Add(state.InstanceId);
            return [.. ids];
        }

        Assert.Equal(7, (await Ids(new OrchestrationQuery(PageSize: 2))).Length);
        Assert.Equal(["even-0", "even-2", "even-4", "even-6"], await Ids(new OrchestrationQuery(InstanceIdPrefix: "even-")));
        Assert.Equal(["even-4", "even-6", "odd-5"], await Ids(new OrchestrationQuery(Statuses: [OrchestrationRuntimeStatus.Running])));
        Assert.Equal(["even-2", "odd-1", "odd-3"], await Ids(new OrchestrationQuery(start.AddSeconds(30), start.AddMinutes(3.5))));
        await Assert.ThrowsAsync<NotSupportedException>(() => Ids(new OrchestrationQuery(TaskHubNames: ["Other"])));

        PurgeResult purged = await durable.Client.PurgeAllInstancesAsync(new PurgeInstancesFilter(start.AddSeconds(30), null, null));
        Assert.Equal((3, true), (purged.PurgedInstanceCount, purged.IsComplete));
        Assert.Equal(["even-0", "even-4", "even-6", "odd-5"], await Ids(new OrchestrationQuery()));
    }

    [Fact]
    public async Task Waiting_for_start_and_completion_ends_with_the_change()
    {
        await using EngineHarness durable = await Plays().StartAsync();
        string id = await durable.Client.ScheduleNewOrchestrationInstanceAsync("Play");

        OrchestrationMetadata started = await durable.Client.WaitForInstanceStartAsync(id, CancellationToken.None);
        Task<OrchestrationMetadata> completion = durable.Client.WaitForInstanceCompletionAsync(id, getInputsAndOutputs: true);
        await durable.RaiseAsync(id, "touch", "a");
        OrchestrationMetadata completed = await completion.WaitAsync(TimeSpan.FromSeconds(10));

        Assert.True(started.IsRunning);
        Assert.Equal("touched a", completed.ReadOutputAs<string>());
        await Assert.ThrowsAsync<ArgumentException>(() => durable.Client.WaitForInstanceStartAsync("nobody", CancellationToken.None));
    }

    [Fact]
    public async Task Inputs_and_outputs_can_be_read_only_when_they_were_asked_for()
    {
        await using EngineHarness durable = await Plays().StartAsync();
        string id = await durable.RunAsync("Play", "in", new StartOrchestrationOptions { Tags = new Dictionary<string, string> { ["team"] = "blue" } });

        OrchestrationMetadata bare = (await durable.Client.GetInstanceAsync(id))!;
        OrchestrationMetadata full = await durable.GetAsync(id);

        Assert.Throws<InvalidOperationException>(() => bare.ReadInputAs<string>());
        Assert.Equal("in", full.ReadInputAs<string>());
        Assert.Equal("blue", full.Tags["team"]);
    }

    [Fact]
    public async Task Waiting_instances_are_not_in_memory()
    {
        await using EngineHarness durable = await Plays().StartAsync();

        for (int i = 0; i < 200; i++)
            await durable.Client.ScheduleNewOrchestrationInstanceAsync("Play");
        await durable.IdleAsync();

        Assert.Equal(0, durable.Engine.ActorCount);
    }

    /// <summary>A play that waits two hours for a touch.</summary>
    private static EngineHarness Plays() => new EngineHarness()
        .Activity<int, int>("Breach", number => number)
        .Orchestrator("Play", async context =>
        {
            Task<string> touch = context.WaitForExternalEvent<string>("touch");
            using var stop = new CancellationTokenSource();
            Task timer = context.CreateTimer(TimeSpan.FromHours(2), stop.Token);
            if (await Task.WhenAny(touch, timer) == touch)
            {
                stop.Cancel();
                return $"touched {await touch}";
            }

            await context.CallActivityAsync("Breach", 1);
            return "late";
        });
}
