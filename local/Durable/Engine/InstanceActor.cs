using Abm.Local.Durable.Storage;

namespace Abm.Local.Durable.Engine;

/// <summary>
/// All work of this process on one instance, one thing at a time. It lives while there is something to do or an activity of the instance
/// runs here, and holds at least one wake row of its own for as long: if the process dies, another one finds that row and goes on.
/// </summary>
#pragma warning disable CA1001 // the semaphores never make wait handles, and actors end while others may still look at them
internal sealed class InstanceActor(DurableEngine engine, string instanceId)
#pragma warning restore CA1001
{
    private static readonly TimeSpan LongestBackOff = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _holding = new(1, 1);
    private readonly List<string> _holds = [];

    /// <summary>Rows that led here and go with the others, but may be gone already: no protection for new work.</summary>
    private readonly List<string> _fired = [];
    private readonly HashSet<(string Execution, int Task)> _inFlight = [];
    private List<Message> _results = [];
    private bool _look;

    /// <summary>With <see cref="_look"/>: the instance as its start stored it, unless something came since.</summary>
    private InstanceState? _begun;
    private bool _adopt;
    private bool _running;

    /// <summary>An activity was left to others at the stop: they find it by the rows, which must stay.</summary>
    private bool _isLeft;
    private int _pins;
    private int _failures;
    private ITimer? _backOff;

    public string InstanceId => instanceId;

    /// <summary>Appends from this process go one after another: they would only defeat each other.</summary>
    public SemaphoreSlim Appending { get; } = new(1, 1);

    /// <summary>What the last piece of work left in memory; null: read it again.</summary>
    public InstanceState? State { get; set; }

    public void Pin()
    {
        lock (_gate)
            _pins++;
    }

    /// <summary>Lets go; what is held and not needed is released.</summary>
    public void Unpin()
    {
        lock (_gate)
        {
            _pins--;
            if (_running || _pins > 0 || _backOff is not null)
                return;
            if (!HasRows || _isLeft || _inFlight.Count > 0)
            {
                engine.Retire(this);
                return;
            }

            _running = true;
        }

        engine.RunInBackground(RunAsync);
    }

    /// <summary>Whether nothing keeps the actor; asked and acted upon under the engine's lock.</summary>
    public bool CanRetire()
    {
        lock (_gate)
            return !_running && _pins == 0 && _inFlight.Count == 0 && _results.Count == 0 && !_look && _backOff is null;
    }

    /// <summary>There may be something to do.</summary>
    /// <param name="adopt">Whether activities that were called and do not run here are to be run: their process died.</param>
    /// <param name="begun">The instance as it was just stored by its start.</param>
    public void Signal(bool adopt = false, InstanceState? begun = null)
    {
        lock (_gate)
        {
            _begun = _look ? null : begun;
            _look = true;
            _adopt |= adopt;
            if (_running)
                return;
            _running = true;
        }

        engine.RunInBackground(RunAsync);
    }

    /// <summary>An activity that ran here has answered; null when the process stops and the activity is left to others.</summary>
    public void Answer(string executionId, int taskId, Message? result)
    {
        lock (_gate)
        {
            // An answer counts as running until it was taken in: nobody may start the activity again meanwhile.
            if (result is not null)
            {
                _results.Add(result);
            }
            else
            {
                _inFlight.Remove((executionId, taskId));
                _isLeft = true;
            }

            if (_running)
                return;
            _running = true;
        }

        engine.RunInBackground(RunAsync);
    }

    /// <summary>Notes that an activity will run here; false: it does already.</summary>
    public bool TryBegin(string executionId, int taskId)
    {
        lock (_gate)
            return _inFlight.Add((executionId, taskId));
    }

    /// <summary>Whether this actor keeps the wake row.</summary>
    public bool Holds(string key)
    {
        lock (_gate)
            return _holds.Contains(key) || _fired.Contains(key);
    }

    /// <summary>Keeps a wake row until the work is done.</summary>
    /// <param name="key">The row.</param>
    /// <param name="isSure">Whether the row is there for certain: just written, or just made one's own.</param>
    public void Hold(string key, bool isSure)
    {
        lock (_gate)
        {
            List<string> rows = isSure ? _holds : _fired;
            if (!rows.Contains(key))
                rows.Add(key);
        }
    }

    /// <summary>Makes sure that there is a wake row for the work that is about to be committed.</summary>
    public async Task EnsureHoldAsync(CancellationToken cancellationToken)
    {
        await _holding.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            string? led;
            lock (_gate)
            {
                if (_holds.Count > 0)
                    return;
                led = _fired.Count > 0 ? _fired[^1] : null;
            }

            // A row that led here protects as well as a new one, if it is still there and nobody else's.
            if (led is not null && await engine.Wakes.ReadOwnerAsync(led, cancellationToken).ConfigureAwait(false) == engine.Session)
            {
                lock (_gate)
                {
                    if (_fired.Remove(led))
                        _holds.Add(led);
                    if (_holds.Count > 0)
                        return;
                }
            }

            Wake wake = engine.NewWake(instanceId, engine.Now);
            await engine.Wakes.PutAsync(wake, cancellationToken).ConfigureAwait(false);
            Hold(wake.Key, isSure: true);
        }
        finally
        {
            _holding.Release();
        }
    }

    /// <summary>Leaves young wake rows alone although there is no such instance: somebody may be about to write it.</summary>
    public void ForgetYoungHolds()
    {
        DateTimeOffset young = engine.Now - TimeSpan.FromMinutes(1);
        lock (_gate)
        {
            _holds.RemoveAll(key => Wake.DueOf(key) > young);
            _fired.RemoveAll(key => Wake.DueOf(key) > young);
        }
    }

    private bool HasRows => _holds.Count > 0 || _fired.Count > 0;

    private async Task RunAsync()
    {
        for (; ; )
        {
            List<Message> results;
            bool look;
            bool adopt;
            InstanceState? begun;
            lock (_gate)
            {
                (results, _results) = (_results, []);
                (look, _look) = (_look, false);
                (adopt, _adopt) = (_adopt, false);
                (begun, _begun) = (_begun, null);
                bool idle = results.Count == 0 && !look;
                if (idle && (!HasRows || _isLeft || _inFlight.Count > 0 || _pins > 0))
                {
                    _running = false;
                    if (_inFlight.Count == 0)
                        State = null;
                    engine.Retire(this);
                    return;
                }
            }

            try
            {
                if (results.Count == 0 && !look)
                    await ReleaseAsync().ConfigureAwait(false);
                else
                    await engine.WorkAsync(this, results, look, adopt, begun).ConfigureAwait(false);
                _failures = 0;
                lock (_gate)
                    _inFlight.ExceptWith(results.Select(result => (result.ExecutionId!, result.Event.Id!.Value)));
            }
            catch (Exception) when (engine.Stopping.IsCancellationRequested)
            {
                // Whoever starts next finds the wake rows.
                lock (_gate)
                    _running = false;
                return;
            }
            catch (Exception failure)
            {
                BackOff(failure, results);
                return;
            }
        }
    }

    private async Task ReleaseAsync()
    {
        string[] holds;
        await _holding.WaitAsync(engine.Stopping).ConfigureAwait(false);
        try
        {
            lock (_gate)
            {
                if (_results.Count > 0 || _look || _pins > 0)
                    return;
                holds = [.. _holds.Union(_fired)];
                _holds.Clear();
                _fired.Clear();
            }
        }
        finally
        {
            _holding.Release();
        }

        foreach (string key in holds)
            await engine.Wakes.DeleteAsync(key, engine.Stopping).ConfigureAwait(false);
    }

    /// <summary>Keeps what was to be done and tries again a little later: storage may be away for a while.</summary>
    private void BackOff(Exception failure, List<Message> results)
    {
        TimeSpan delay;
        lock (_gate)
        {
            State = null;
            _begun = null;
            _results.InsertRange(0, results);
            _look = true;

            // The commit may have happened although its answer was lost: then its activities still wait to be started.
            _adopt = true;
            _running = false;
            delay = TimeSpan.FromMilliseconds(Math.Min(200 * Math.Pow(2, Math.Min(_failures++, 10)), LongestBackOff.TotalMilliseconds));
            _backOff?.Dispose();
            _backOff = engine.Time.CreateTimer(_ => Resume(), null, delay, Timeout.InfiniteTimeSpan);
        }

        engine.LogBackOff(instanceId, delay, failure);
    }

    private void Resume()
    {
        lock (_gate)
        {
            _backOff?.Dispose();
            _backOff = null;
        }

        Signal();
    }
}
