using System.Collections.Concurrent;
using Abm.Local.Durable.Engine;
using Abm.Local.Durable.Storage;
using Azure.Core.Serialization;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Abm.Local.Tests.Durable;

/// <summary>An engine on two tables and a clock that the test moves.</summary>
internal sealed class EngineHarness : IAsyncDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);

    private readonly Dictionary<string, OrchestratorBody> _orchestrators = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, ActivityBody> _activities = new(StringComparer.OrdinalIgnoreCase);
    private DurableEngine? _engine;

    public EngineHarness(ITable? instances = null, ITable? wakes = null, VirtualClock? clock = null)
    {
        Instances = instances ?? new MemoryTable();
        Wakes = wakes ?? new MemoryTable();
        Clock = clock ?? new VirtualClock(Start);
    }

    public ITable Instances { get; }

    public ITable Wakes { get; }

    public VirtualClock Clock { get; }

    public JsonShim Json { get; } = new(new JsonObjectSerializer());

    public ILoggerFactory Loggers { get; init; } = NullLoggerFactory.Instance;

    public SessionId Session { get; init; } = new($"test-{Guid.NewGuid():N}");

    /// <summary>Sessions that the engine takes for dead at once.</summary>
    public HashSet<string> DeadSessions { get; init; } = [];

    public int MaxConcurrentActivities { get; init; } = 8;

    /// <summary>Where the engine's work runs; one that does one thing at a time makes every run the same.</summary>
    public TaskScheduler Scheduler { get; init; } = TaskScheduler.Default;

    /// <summary>Every call of an activity: name and input.</summary>
    public ConcurrentQueue<(string Name, string? Input)> Calls { get; } = new();

    public DurableEngine Engine => _engine ?? throw new InvalidOperationException("Not started.");

    public DurableTaskClient Client => new LocalDurableTaskClient(Engine, "TestHub", () => (new Uri("http://localhost:7071/runtime/webhooks/durabletask"), "taskHub=TestHub"));

    public EngineHarness Orchestrator<T>(string name, Func<TaskOrchestrationContext, Task<T>> code)
    {
        _orchestrators[name] = async context => Json.Serialize(await code(context));
        return this;
    }

    public EngineHarness Activity<TIn, TOut>(string name, Func<TIn, TOut> code) =>
        ActivityAsync<TIn, TOut>(name, input => Task.FromResult(code(input)));

    public EngineHarness ActivityAsync<TIn, TOut>(string name, Func<TIn, Task<TOut>> code)
    {
        _activities[name] = async (call, _) =>
        {
            Calls.Enqueue((call.Name, call.Input));
            return Json.Serialize(await code(Json.Deserialize<TIn>(call.Input)!));
        };
        return this;
    }

    public async Task<EngineHarness> StartAsync()
    {
        _engine = new DurableEngine(Instances, Wakes, new DurableEngineOptions
        {
            Converter = Json,
            Time = Clock,
            Loggers = Loggers,
            Session = Session,
            IsKnownGone = DeadSessions.Contains,
            MaxConcurrentActivities = MaxConcurrentActivities,
            Scheduler = Scheduler,
            Orchestrators = _orchestrators,
            Activities = _activities,
        });
        await _engine.StartAsync(TestContext.Current.CancellationToken);
        await IdleAsync();
        return this;
    }

    public Task IdleAsync() => Engine.IdleAsync(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(20));

    /// <summary>On a scheduler that does one thing at a time: waits until what was begun before this call is done or waits for something.</summary>
    public Task TurnAsync() => Task.Factory.StartNew(() => { }, CancellationToken.None, TaskCreationOptions.None, Scheduler).WaitAsync(TimeSpan.FromSeconds(20));

    /// <summary>Moves the clock and waits until all that became due is done.</summary>
    public async Task AdvanceAsync(TimeSpan by)
    {
        DateTimeOffset end = Clock.GetUtcNow() + by;
        for (; ; )
        {
            // Polls run beside the test, so a clock that jumps would leave them behind: stop wherever something is due.
            DateTimeOffset now = Clock.GetUtcNow();
            IReadOnlyList<Wake> due = await Engine.Wakes.DueAsync(end, int.MaxValue, CancellationToken.None);
            DateTimeOffset next = due.Select(wake => wake.DueAt).Where(at => at > now).Append(end).Min();
            Clock.Advance(next - now);
            await IdleAsync();
            Engine.Poll();
            await IdleAsync();
            if (next >= end)
                return;
        }
    }

    /// <summary>Starts an orchestration and waits until it waits.</summary>
    public async Task<string> RunAsync(string name, object? input = null, StartOrchestrationOptions? options = null)
    {
        string id = await Client.ScheduleNewOrchestrationInstanceAsync(name, input, options);
        await IdleAsync();
        return id;
    }

    public async Task RaiseAsync(string id, string name, object? payload = null)
    {
        await Client.RaiseEventAsync(id, name, payload);
        await IdleAsync();
    }

    public async Task<OrchestrationMetadata> GetAsync(string id) =>
        await Client.GetInstanceAsync(id, getInputsAndOutputs: true) ?? throw new InvalidOperationException($"No instance {id}.");

    public async Task<T?> OutputAsync<T>(string id)
    {
        OrchestrationMetadata state = await GetAsync(id);
        Assert.True(state.RuntimeStatus == OrchestrationRuntimeStatus.Completed, $"{state.RuntimeStatus}: {state.FailureDetails}\n{Dump()}");
        return state.ReadOutputAs<T>();
    }

    /// <summary>All rows in memory, for the message of a failed test.</summary>
    public string Dump() => string.Join('\n', new[] { Instances, Wakes }.Select(table => table is FaultyTable faulty ? faulty.Inner : table).OfType<MemoryTable>().SelectMany(table => table.Rows).Select(row =>
        $"{row.PartitionKey} {row.RowKey}: {string.Join(", ", row.Properties.Where(p => !p.Key.EndsWith("Parts", StringComparison.Ordinal)).Select(p => $"{p.Key}={p.Value}"))}"));

    public async ValueTask DisposeAsync()
    {
        if (_engine is not null)
            await _engine.DisposeAsync();
    }
}
