using Abm.Local.Durable.Storage;

namespace Abm.Local.Durable.Engine;

/// <summary>The wake rows of the next seconds, in memory; hands each one over when it is due.</summary>
internal sealed class DueHeap : IDisposable
{
    private readonly TimeProvider _time;
    private readonly Action<Wake> _onDue;
    private readonly ITimer _timer;
    private readonly Lock _gate = new();
    private readonly PriorityQueue<Wake, DateTimeOffset> _queue = new();
    private readonly HashSet<string> _keys = new(StringComparer.Ordinal);

    public DueHeap(TimeProvider time, Action<Wake> onDue)
    {
        _time = time;
        _onDue = onDue;
        _timer = time.CreateTimer(_ => HandOver(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public bool Contains(string key)
    {
        lock (_gate)
            return _keys.Contains(key);
    }

    public void Add(Wake wake)
    {
        lock (_gate)
        {
            if (_keys.Add(wake.Key))
                _queue.Enqueue(wake, wake.DueAt);
        }

        HandOver();
    }

    public void Dispose() => _timer.Dispose();

    private void HandOver()
    {
        for (; ; )
        {
            Wake due;
            lock (_gate)
            {
                if (!_queue.TryPeek(out Wake? first, out DateTimeOffset at))
                    return;
                TimeSpan left = at - _time.GetUtcNow();
                if (left > TimeSpan.Zero)
                {
                    // A millisecond more: timers may fire a little early, and then would have to be set again.
                    _timer.Change(left + TimeSpan.FromMilliseconds(1), Timeout.InfiniteTimeSpan);
                    return;
                }

                due = _queue.Dequeue();
                _keys.Remove(first.Key);
            }

            _onDue(due);
        }
    }
}
