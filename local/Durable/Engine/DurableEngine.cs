using Abm.Local.Durable.Storage;
using Microsoft.Extensions.Logging;

namespace Abm.Local.Durable.Engine;

/// <summary>
/// Runs orchestrations on two tables. Any number of engines may work on the same tables: whoever brings work about does it, the row of the
/// instance decides who commits, and the wake rows of a dead engine are taken over by the others or by its successor.
/// </summary>
internal sealed partial class DurableEngine : IAsyncDisposable
{
    private readonly Dictionary<string, InstanceActor> _actors = new(StringComparer.Ordinal);
    private readonly Lock _actorsGate = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly BusyCount _busy = new();
    private readonly ILogger _log;
    private readonly TurnGate _episodes;
    private readonly ActivityRunner _activities;
    private readonly WakeLoop _wakeLoop;
    private readonly Sweeper _sweeper;
    private long _wakeNumber;
    private bool _started;

    public DurableEngine(ITable instances, ITable wakes, DurableEngineOptions options)
    {
        Options = options;
        Instances = instances;
        Store = new InstanceStore(instances, options.Time);
        Wakes = new WakeTable(wakes);
        Stopping = _stopping.Token;
        _log = options.Loggers.CreateLogger("Durable");
        _episodes = new TurnGate(options.MaxConcurrentOrchestrators);
        _activities = new ActivityRunner(this);
        _wakeLoop = new WakeLoop(this);
        _sweeper = new Sweeper(this);
    }

    public DurableEngineOptions Options { get; }

    public ITable Instances { get; }

    public InstanceStore Store { get; }

    public WakeTable Wakes { get; }

    public TimeProvider Time => Options.Time;

    public DateTimeOffset Now => Time.GetUtcNow();

    public string Session => Options.Session.Text;

    public CancellationToken Stopping { get; }

    public ChangeSignal Changes { get; } = new();

    /// <summary>Creates what is missing in storage, gives the first sign of life and takes up what lies there.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await Instances.CreateIfMissingAsync(cancellationToken).ConfigureAwait(false);
        await Wakes.CreateIfMissingAsync(cancellationToken).ConfigureAwait(false);
        await Wakes.BeatAsync(Session, 0, cancellationToken).ConfigureAwait(false);
        _started = true;
        _wakeLoop.Start();
        _sweeper.Start();
    }

    /// <summary>Begins nothing new, waits for what runs as long as the token lets it, and hands the rest to others.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _wakeLoop.Stop();
        _activities.StopTaking();
        try
        {
            await _busy.IdleAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            LogLeftBehind();
        }

        _sweeper.Stop();
        await _stopping.CancelAsync().ConfigureAwait(false);
        _wakeLoop.End();
        if (_started)
            await Wakes.EndSessionAsync(Session, CancellationToken.None).ConfigureAwait(false);
    }

    /// <summary>Reads the index of what is due now instead of at the next turn.</summary>
    public void Poll() => _wakeLoop.Poll();

    /// <summary>Completes when nothing runs: all that is left waits for time, events or storage.</summary>
    public Task IdleAsync(CancellationToken cancellationToken) => _busy.IdleAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        _wakeLoop.End();
        _sweeper.Stop();
        await _stopping.CancelAsync().ConfigureAwait(false);
        _wakeLoop.Dispose();
        _sweeper.Dispose();
    }

    /// <summary>The actor of an instance, kept until the result is disposed of.</summary>
    public PinnedActor Pin(string instanceId)
    {
        lock (_actorsGate)
        {
            if (!_actors.TryGetValue(instanceId, out InstanceActor? actor))
                _actors[instanceId] = actor = new InstanceActor(this, instanceId);
            actor.Pin();
            return new PinnedActor(actor);
        }
    }

    /// <summary>Drops the actor if nothing keeps it any more.</summary>
    public void Retire(InstanceActor actor)
    {
        // Not at once: the caller holds the actor's own lock, and pinning takes the locks in the other order.
        RunInBackground(() =>
        {
            lock (_actorsGate)
            {
                if (actor.CanRetire() && _actors.TryGetValue(actor.InstanceId, out InstanceActor? current) && current == actor)
                    _actors.Remove(actor.InstanceId);
            }

            return Task.CompletedTask;
        });
    }

    /// <summary>How many instances are in memory.</summary>
    public int ActorCount
    {
        get
        {
            lock (_actorsGate)
                return _actors.Count;
        }
    }

    /// <summary>Whether a wake row is known here already.</summary>
    public bool IsHeld(Wake wake)
    {
        lock (_actorsGate)
            return _actors.TryGetValue(wake.InstanceId, out InstanceActor? actor) && actor.Holds(wake.Key);
    }

    /// <summary>A wake row of this engine, not written yet.</summary>
    public Wake NewWake(string instanceId, DateTimeOffset dueAt) =>
        new(Wake.NewKey(dueAt, Session, Interlocked.Increment(ref _wakeNumber)), instanceId, Session);

    /// <summary>Writes the wake row of a timer and watches it if it is due soon.</summary>
    public async Task<string> PutTimerWakeAsync(string instanceId, DateTimeOffset dueAt, CancellationToken cancellationToken)
    {
        Wake wake = NewWake(instanceId, dueAt);
        await Wakes.PutAsync(wake, cancellationToken).ConfigureAwait(false);
        _wakeLoop.WatchIfSoon(wake);
        return wake.Key;
    }

    /// <summary>Runs work that <see cref="IdleAsync"/> waits for.</summary>
    public void RunInBackground(Func<Task> work)
    {
        _busy.Enter();
        _ = Task.Factory.StartNew(() => AnsweringAsync(work), CancellationToken.None, TaskCreationOptions.DenyChildAttach, Options.Scheduler);
    }

    /// <summary>Runs an activity here.</summary>
    public void Dispatch(InstanceActor actor, InstanceState state, HistoryEvent scheduled) => _activities.Dispatch(actor, state, scheduled);

    /// <summary>Does all there is to do for an instance now.</summary>
    /// <param name="actor">The instance.</param>
    /// <param name="results">Answers of activities that ran here.</param>
    /// <param name="look">Whether there may be more to do than to take them in.</param>
    /// <param name="adopt">Whether activities that were called and do not run here are to be run.</param>
    /// <param name="begun">The instance as it was just stored by its start: it need not be read. Null: read it.</param>
    public async Task WorkAsync(InstanceActor actor, IReadOnlyList<Message> results, bool look, bool adopt, InstanceState? begun)
    {
        await _episodes.WaitAsync(isNew: begun is not null, Stopping).ConfigureAwait(false);
        try
        {
            await new InstanceWork(this, actor).DoAsync(results, look, adopt, begun, Stopping).ConfigureAwait(false);
        }
        finally
        {
            _episodes.Release();
        }
    }

    private async Task AnsweringAsync(Func<Task> work)
    {
        try
        {
            await work().ConfigureAwait(false);
        }
        catch (Exception defect)
        {
            // Each piece of work answers for its own failures; what comes here is a defect of the engine.
            LogDefect(defect);
        }
        finally
        {
            _busy.Exit();
        }
    }

    public void LogBackOff(string instanceId, TimeSpan delay, Exception failure) => LogRetry(instanceId, delay.TotalSeconds, failure);

    [LoggerMessage(EventId = 5001, Level = LogLevel.Warning, Message = "Orchestration {InstanceId}: could not go on; trying again in {Seconds} s")]
    private partial void LogRetry(string instanceId, double seconds, Exception failure);

    [LoggerMessage(EventId = 5002, Level = LogLevel.Error, Message = "The durable engine has a defect")]
    private partial void LogDefect(Exception defect);

    [LoggerMessage(EventId = 5003, Level = LogLevel.Warning, Message = "Durable work was still running at the stop; it is done again at the next start")]
    private partial void LogLeftBehind();
}

/// <summary>Keeps an actor in memory while it is used.</summary>
internal readonly struct PinnedActor(InstanceActor actor) : IDisposable
{
    public InstanceActor Actor => actor;

    public void Dispose() => actor.Unpin();
}

/// <summary>Tells those who wait in this process that an instance changed.</summary>
internal sealed class ChangeSignal
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, TaskCompletionSource> _waiting = new(StringComparer.Ordinal);

    /// <summary>Completes at the next change.</summary>
    public Task NextAsync(string instanceId)
    {
        lock (_gate)
        {
            if (!_waiting.TryGetValue(instanceId, out TaskCompletionSource? source))
                _waiting[instanceId] = source = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return source.Task;
        }
    }

    public void Changed(string instanceId)
    {
        TaskCompletionSource? source;
        lock (_gate)
            _waiting.Remove(instanceId, out source);
        source?.TrySetResult();
    }
}
