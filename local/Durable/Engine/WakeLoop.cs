using Abm.Local.Durable.Storage;
using Microsoft.Extensions.Logging;

namespace Abm.Local.Durable.Engine;

/// <summary>
/// Gives the sign of life, reads the beginning of the wake index, fires what is due and takes over what dead sessions left. Reading costs
/// one short query, however many instances wait for later.
/// </summary>
internal sealed partial class WakeLoop : IDisposable
{
    /// <summary>How far ahead rows are kept in memory.</summary>
    private static readonly TimeSpan Horizon = TimeSpan.FromSeconds(15);

    /// <summary>An own row that nothing in memory knew for so long was left by a write whose answer was lost; its activities are looked after too.</summary>
    private static readonly TimeSpan Stray = TimeSpan.FromSeconds(30);

    private const int RowsPerPoll = 5000;

    private readonly DurableEngine _engine;
    private readonly SessionWatch _sessions;
    private readonly DueHeap _heap;
    private readonly ITimer _timer;
    private readonly ILogger _log;
    private readonly Lock _gate = new();
    private bool _polling;
    private bool _beating;
    private bool _stopped = true;
    private bool _ended;
    private int _beat;

    public WakeLoop(DurableEngine engine)
    {
        _engine = engine;
        _log = engine.Options.Loggers.CreateLogger("Durable");
        _sessions = new SessionWatch(engine.Wakes, engine.Time, engine.Options.IsKnownGone);
        _heap = new DueHeap(engine.Time, wake => engine.RunInBackground(() => FireAsync(wake)));
        _timer = engine.Time.CreateTimer(_ => Turn(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public void Start()
    {
        lock (_gate)
            _stopped = false;
        _timer.Change(_engine.Options.PollInterval, _engine.Options.PollInterval);
        Turn();
    }

    /// <summary>Takes nothing up any more. The sign of life goes on: what runs still runs here.</summary>
    public void Stop()
    {
        lock (_gate)
            _stopped = true;
    }

    /// <summary>Gives no further sign of life.</summary>
    public void End()
    {
        lock (_gate)
            _stopped = _ended = true;
        _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public void WatchIfSoon(Wake wake)
    {
        if (wake.DueAt <= _engine.Now + Horizon)
            _heap.Add(wake);
    }

    public void Dispose()
    {
        _timer.Dispose();
        _heap.Dispose();
    }

    /// <summary>Reads the index now, if it is not being read.</summary>
    public void Poll()
    {
        lock (_gate)
        {
            if (_polling || _stopped)
                return;
            _polling = true;
        }

        _engine.RunInBackground(async () =>
        {
            try
            {
                await PollAsync(_engine.Stopping).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (_engine.Stopping.IsCancellationRequested)
            {
                // The engine stops.
            }
            catch (Exception failure)
            {
                // The next turn reads the same rows.
                LogPollFailed(failure);
            }
            finally
            {
                lock (_gate)
                    _polling = false;
            }
        });
    }

    private void Turn()
    {
        Beat();
        Poll();
    }

    /// <summary>Beside the reading, which may take long when storage is slow or much is due: nobody shall take a busy process for a dead one.</summary>
    private void Beat()
    {
        lock (_gate)
        {
            if (_beating || _ended)
                return;
            _beating = true;
        }

        _engine.RunInBackground(async () =>
        {
            try
            {
                await _engine.Wakes.BeatAsync(_engine.Session, ++_beat, _engine.Stopping).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (_engine.Stopping.IsCancellationRequested)
            {
                // The engine stops.
            }
            catch (Exception failure)
            {
                LogBeatFailed(failure);
            }
            finally
            {
                lock (_gate)
                    _beating = false;
            }
        });
    }

    private async Task PollAsync(CancellationToken cancellationToken)
    {
        var dead = new Dictionary<string, bool>(StringComparer.Ordinal);
        IReadOnlyList<Wake> soon = await _engine.Wakes.DueAsync(_engine.Now + Horizon, RowsPerPoll, cancellationToken).ConfigureAwait(false);
        foreach (Wake wake in soon)
        {
            if (_heap.Contains(wake.Key) || _engine.IsHeld(wake))
                continue;
            if (wake.Owner == _engine.Session)
            {
                _heap.Add(wake);
                continue;
            }

            if (!dead.TryGetValue(wake.Owner, out bool isDead))
            {
                dead[wake.Owner] = isDead = await _sessions.IsDeadAsync(wake.Owner, cancellationToken).ConfigureAwait(false);
                if (isDead && _engine.Options.IsKnownGone(wake.Owner))
                    await _engine.Wakes.EndSessionAsync(wake.Owner, cancellationToken).ConfigureAwait(false);
            }

            if (isDead)
                _heap.Add(wake);
        }
    }

    private async Task FireAsync(Wake wake)
    {
        bool own = wake.Owner == _engine.Session;
        try
        {
            if (!own && !await _engine.Wakes.AdoptAsync(wake, _engine.Session, _engine.Stopping).ConfigureAwait(false))
                return;
        }
        catch (Exception failure)
        {
            // The row is still there for the next turn.
            LogPollFailed(failure);
            return;
        }

        using PinnedActor pinned = _engine.Pin(wake.InstanceId);
        pinned.Actor.Hold(wake.Key, isSure: !own);
        pinned.Actor.Signal(adopt: !own || wake.DueAt < _engine.Now - Stray);
    }

    [LoggerMessage(EventId = 5010, Level = LogLevel.Warning, Message = "The index of what is due could not be read; trying again in a few seconds")]
    private partial void LogPollFailed(Exception failure);

    [LoggerMessage(EventId = 5011, Level = LogLevel.Warning, Message = "The sign of life could not be given; trying again in a few seconds")]
    private partial void LogBeatFailed(Exception failure);
}
