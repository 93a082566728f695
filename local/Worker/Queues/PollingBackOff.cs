namespace Microsoft.Azure.Functions.Worker.Queues;

/// <summary>How long to wait between polls of an empty queue: from 100 ms, doubled each time, ± 20 %, up to a ceiling.</summary>
/// <param name="ceiling">The longest wait.</param>
/// <param name="random">0 to 1, asked for each wait.</param>
internal sealed class PollingBackOff(TimeSpan ceiling, Func<double> random)
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(100);
    private int _waits;

    public void Reset() => _waits = 0;

    public TimeSpan Next()
    {
        double spread = 0.8 + (0.4 * random());
        double ticks = First.Ticks * Math.Pow(2, Math.Min(_waits++, 30)) * spread;
        return ticks >= ceiling.Ticks ? ceiling : TimeSpan.FromTicks(Math.Max((long)ticks, First.Ticks));
    }
}
