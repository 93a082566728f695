using Abm.Local.Durable.Storage;
using Microsoft.Extensions.Logging;

namespace Abm.Local.Durable.Engine;

/// <summary>Now and then removes what nobody needs: the rows of sessions that ended without a word, and further rows of instances that a crash left.</summary>
internal sealed partial class Sweeper : IDisposable
{
    /// <summary>A session whose beat is the same in two turns is over. Should it only have slept, its next sign of life is its row again.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan First = TimeSpan.FromMinutes(1);

    /// <summary>Looking for further rows reads through the whole table of instances, so not with every turn.</summary>
    private const int TurnsPerSearch = 36;

    /// <summary>No commit is under way for so long.</summary>
    private static readonly TimeSpan Commit = TimeSpan.FromDays(1);

    private readonly DurableEngine _engine;
    private readonly ITimer _timer;
    private readonly ILogger _log;
    private IReadOnlyDictionary<string, int> _beats = new Dictionary<string, int>();
    private int _isBusy;
    private int _turns;

    public Sweeper(DurableEngine engine)
    {
        _engine = engine;
        _log = engine.Options.Loggers.CreateLogger("Durable");
        _timer = engine.Time.CreateTimer(_ => Turn(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public void Start() => _timer.Change(First, Interval);

    public void Stop() => _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    public void Dispose() => _timer.Dispose();

    private void Turn()
    {
        if (Interlocked.Exchange(ref _isBusy, 1) == 1)
            return;
        _engine.RunInBackground(async () =>
        {
            try
            {
                await EndSessionsAsync(_engine.Stopping).ConfigureAwait(false);
                if (_turns++ % TurnsPerSearch == 0)
                    LogRemoved(await _engine.Store.RemoveOrphansAsync(_engine.Now - Commit, _engine.Stopping).ConfigureAwait(false));
            }
            catch (OperationCanceledException) when (_engine.Stopping.IsCancellationRequested)
            {
                // The engine stops.
            }
            catch (Exception failure)
            {
                // What is left over does no harm until the next turn.
                LogFailed(failure);
            }
            finally
            {
                Volatile.Write(ref _isBusy, 0);
            }
        });
    }

    private async Task EndSessionsAsync(CancellationToken cancellationToken)
    {
        IReadOnlyDictionary<string, int> beats = await _engine.Wakes.ReadBeatsAsync(cancellationToken).ConfigureAwait(false);
        foreach ((string session, int beat) in beats)
        {
            bool stoodStill = _beats.TryGetValue(session, out int earlier) && earlier == beat;
            if (session != _engine.Session && (stoodStill || _engine.Options.IsKnownGone(session)))
                await _engine.Wakes.EndSessionAsync(session, cancellationToken).ConfigureAwait(false);
        }

        _beats = beats;
    }

    [LoggerMessage(EventId = 5030, Level = LogLevel.Debug, Message = "{Count} rows that no orchestration refers to were removed")]
    private partial void LogRemoved(int count);

    [LoggerMessage(EventId = 5031, Level = LogLevel.Warning, Message = "What crashes left in storage could not be removed; trying again later")]
    private partial void LogFailed(Exception failure);
}
