namespace Abm.Local.Tests.Durable;

/// <summary>A clock that stands still until a test moves it; timers fire inside <see cref="Advance"/>, in their order.</summary>
internal sealed class VirtualClock(DateTimeOffset start) : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<VirtualTimer> _timers = [];
    private DateTimeOffset _now = start;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate)
            return _now;
    }

    public override long GetTimestamp() => GetUtcNow().UtcTicks;

    public void Advance(TimeSpan by)
    {
        DateTimeOffset end = GetUtcNow() + by;
        for (; ; )
        {
            VirtualTimer? next;
            lock (_gate)
            {
                next = _timers.Where(timer => timer.DueAt <= end).MinBy(timer => timer.DueAt);
                _now = next is null ? end : next.DueAt > _now ? next.DueAt.Value : _now;
                next?.Rearm();
            }

            if (next is null)
                return;
            next.Fire();
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new VirtualTimer(this, () => callback(state));
        timer.Change(dueTime, period);
        lock (_gate)
            _timers.Add(timer);
        return timer;
    }

    private sealed class VirtualTimer(VirtualClock clock, Action callback) : ITimer
    {
        private TimeSpan _period;

        public DateTimeOffset? DueAt { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._gate)
            {
                _period = period;
                DueAt = dueTime == Timeout.InfiniteTimeSpan ? null : clock._now + dueTime;
            }

            return true;
        }

        public void Rearm() => DueAt = _period > TimeSpan.Zero ? DueAt + _period : null;

        public void Fire() => callback();

        public void Dispose()
        {
            lock (clock._gate)
                clock._timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
