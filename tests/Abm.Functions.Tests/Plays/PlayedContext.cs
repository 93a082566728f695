using System.Text.Json;
using Abm.Functions.Plays;
using Abm.Plays;
using Microsoft.DurableTask;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Abm.Functions.Tests.Plays;

/// <summary>An orchestration on the test's clock. Activities run at once, every payload goes through JSON as in the real thing, timers fire when the test lets time pass.</summary>
internal sealed class PlayedContext(PlayWorld world, PlayStartInput start) : TaskOrchestrationContext
{
    private readonly List<(DateTimeOffset At, TaskCompletionSource Done)> _timers = [];
    private readonly Queue<string> _events = [];
    private TaskCompletionSource<string>? _waiting;

    /// <summary>Activities in the order in which they were called.</summary>
    public List<string> Called { get; } = [];

    /// <summary>The most waits for an external event at one time: with two, one could take the event away from the other.</summary>
    public int WaitsAtOnce { get; private set; }

    /// <summary>How often each activity runs: 2 shows that running it twice does no harm.</summary>
    public int Times { get; init; } = 1;

    /// <summary>Until then the product is switched off.</summary>
    public DateTimeOffset? IsHeldUntil { get; init; }

    /// <summary>Timers that neither fired nor were cancelled: with one left an instance never completes.</summary>
    public int OpenTimers => _timers.Count(t => !t.Done.Task.IsCompleted);

    public override TaskName Name => nameof(PlayOrchestrator);

    public override string InstanceId => start.PlayId;

    public override ParentOrchestrationInstance? Parent => null;

    public override DateTime CurrentUtcDateTime => world.Clock.GetUtcNow().UtcDateTime;

    public override bool IsReplaying => false;

    protected override ILoggerFactory LoggerFactory => NullLoggerFactory.Instance;

    /// <summary>Lets time pass, from one timer to the next, until the play is over or the instant is reached.</summary>
    public async Task UntilAsync(Task play, DateTimeOffset until)
    {
        while (!play.IsCompleted && Next() is { } next && next.At <= until)
        {
            if (next.At > world.Clock.GetUtcNow())
                world.Clock.MoveTo(next.At);
            next.Done.TrySetResult();
            await Task.Yield();
        }

        if (play.IsCompleted)
            await play;
        else if (until > world.Clock.GetUtcNow())
            world.Clock.MoveTo(until);
    }

    /// <summary>The play to its end, however long that takes.</summary>
    public async Task<PlayOutput> ToTheEndAsync(Task<PlayOutput?> play)
    {
        await UntilAsync(play, DateTimeOffset.MaxValue);
        return (await play)!;
    }

    /// <summary>The play, begun anew each time its history does.</summary>
    public async Task<PlayOutput?> PlayAsync()
    {
        PlayOutput? output;
        do
        {
            IsContinued = false;
            output = await PlayOrchestrator.RunAsync(this);
        }
        while (IsContinued);
        return output;
    }

    public void Raise()
    {
        if (_waiting is { } waiting)
        {
            _waiting = null;
            waiting.SetResult(JsonSerializer.Serialize(new PlaySignal(1)));
        }
        else
        {
            _events.Enqueue(JsonSerializer.Serialize(new PlaySignal(1)));
        }
    }

    public override T? GetInput<T>()
        where T : default => Through<T>(start);

    public override async Task<TResult> CallActivityAsync<TResult>(TaskName name, object? input = null, TaskOptions? options = null)
    {
        Called.Add(name.Name);
        Assert.NotNull(options?.Retry); // an activity that fails once must not end a play
        if (world.Clock.GetUtcNow() < IsHeldUntil)
            return Through<TResult>(PlayTurnOutput.Held)!;
        PlayTurnOutput? output = null;
        for (int time = 0; time < Times; time++)
            output = await world.TurnAsync(Through<PlayTurnInput>(input!)!.Start);
        return Through<TResult>(output!)!;
    }

    public override Task CreateTimer(DateTime fireAt, CancellationToken cancellationToken)
    {
        TaskCompletionSource done = new();
        _timers.Add((new DateTimeOffset(fireAt.ToUniversalTime()), done));
        cancellationToken.Register(() => done.TrySetCanceled(cancellationToken));
        return done.Task;
    }

    public override async Task<T> WaitForExternalEvent<T>(string eventName, CancellationToken cancellationToken = default)
    {
        Assert.Equal(PlayOrchestrator.SignalEvent, eventName);
        if (_events.TryDequeue(out string? early))
            return JsonSerializer.Deserialize<T>(early)!;
        WaitsAtOnce = Math.Max(WaitsAtOnce, _waiting is null ? 1 : 2);
        _waiting = new TaskCompletionSource<string>();
        return JsonSerializer.Deserialize<T>(await _waiting.Task)!;
    }

    public override void SendEvent(string instanceId, string eventName, object payload) => throw new NotSupportedException();

    public override void SetCustomStatus(object? customStatus)
    {
    }

    public override Task<TResult> CallSubOrchestratorAsync<TResult>(TaskName orchestratorName, object? input = null, TaskOptions? options = null) =>
        throw new NotSupportedException();

    /// <summary>Whether its history began anew; the caller runs it again then.</summary>
    public bool IsContinued { get; set; }

    public override void ContinueAsNew(object? newInput = null, bool preserveUnprocessedEvents = true) => IsContinued = true;

    public override Guid NewGuid() => throw new NotSupportedException();

    private static T? Through<T>(object value)
    {
        string json = JsonSerializer.Serialize(value, value.GetType());
        Assert.DoesNotContain("@", json, StringComparison.Ordinal); // history keeps payloads: no personal data
        Assert.DoesNotContain("Byron", json, StringComparison.Ordinal);
        return JsonSerializer.Deserialize<T>(json);
    }

    private (DateTimeOffset At, TaskCompletionSource Done)? Next()
    {
        var open = _timers.Where(t => !t.Done.Task.IsCompleted).OrderBy(t => t.At).ToList();
        return open.Count == 0 ? null : open[0];
    }
}
