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
    private TaskCompletionSource<string>? _event;

    /// <summary>Activities in the order in which they were called.</summary>
    public List<string> Called { get; } = [];

    /// <summary>Waits for an external event: there must be one in a whole play.</summary>
    public int Waits { get; private set; }

    /// <summary>How often each activity runs: 2 shows that running it twice does no harm.</summary>
    public int Times { get; init; } = 1;

    /// <summary>Until then the product is switched off.</summary>
    public DateTimeOffset? IsHeldUntil { get; init; }

    /// <summary>Timers that neither fired nor were cancelled: with one left an instance never completes.</summary>
    public int OpenTimers => _timers.Count(t => !t.Done.Task.IsCompleted);

    public override TaskName Name => nameof(InboundPlayOrchestrator);

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
    public async Task<PlayOutput> ToTheEndAsync(Task<PlayOutput> play)
    {
        await UntilAsync(play, DateTimeOffset.MaxValue);
        return await play;
    }

    public void Raise(PlayStop stop) => (_event ??= NewEvent()).TrySetResult(JsonSerializer.Serialize(stop));

    public override T? GetInput<T>()
        where T : default => Through<T>(start);

    public override async Task<TResult> CallActivityAsync<TResult>(TaskName name, object? input = null, TaskOptions? options = null)
    {
        Called.Add(name.Name);
        Assert.NotNull(options?.Retry); // an activity that fails once must not end a play
        if (world.Clock.GetUtcNow() < IsHeldUntil)
            return Through<TResult>(PlayStepOutput.Held)!;
        PlayStepOutput? output = null;
        for (int time = 0; time < Times; time++)
            output = await world.ActAsync(name.Name, input switch
            {
                PlayStartInput i => Through<PlayStartInput>(i),
                PlayStepInput i => Through<PlayStepInput>(i),
                PlayEndInput i => Through<PlayEndInput>(i),
                _ => throw new InvalidOperationException("An unknown payload."),
            });
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
        Assert.Equal(InboundPlayOrchestrator.StopEvent, eventName);
        Waits++;
        string json = await (_event ??= NewEvent()).Task;
        return JsonSerializer.Deserialize<T>(json)!;
    }

    public override void SendEvent(string instanceId, string eventName, object payload) => throw new NotSupportedException();

    public override void SetCustomStatus(object? customStatus)
    {
    }

    public override Task<TResult> CallSubOrchestratorAsync<TResult>(TaskName orchestratorName, object? input = null, TaskOptions? options = null) =>
        throw new NotSupportedException();

    public override void ContinueAsNew(object? newInput = null, bool preserveUnprocessedEvents = true) => throw new NotSupportedException();

    public override Guid NewGuid() => throw new NotSupportedException();

    private static TaskCompletionSource<string> NewEvent() => new();

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
