namespace Abm.Local.ServiceBus;

/// <summary>
/// Sequence numbers without asking storage: milliseconds, the process, a counter. Rising within a process; between processes they rise with the clock.
/// </summary>
internal sealed class SequenceNumbers(TimeProvider time)
{
    private const int CounterBits = 12;
    private const int ProcessBits = 10;
    private static readonly DateTimeOffset Start = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly long Process = Random.Shared.NextInt64(1 << ProcessBits);
    private readonly Lock _gate = new();
    private long _millisecond;
    private int _counter;

    public long Next()
    {
        lock (_gate)
        {
            long now = (long)(time.GetUtcNow() - Start).TotalMilliseconds;
            if (now > _millisecond)
            {
                _millisecond = now;
                _counter = 0;
            }
            else if (++_counter == 1 << CounterBits)
            {
                _millisecond++; // borrowed from the future; the clock catches up
                _counter = 0;
            }

            return (_millisecond << (CounterBits + ProcessBits)) | (Process << CounterBits) | (long)_counter;
        }
    }
}
