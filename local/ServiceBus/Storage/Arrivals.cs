using System.Collections.Concurrent;

namespace Abm.Local.ServiceBus;

/// <summary>Tells receivers of this process that this process has put a ticket on a queue. Purely a hint: without it the ticket is found by polling.</summary>
internal static class Arrivals
{
    private static readonly ConcurrentDictionary<Uri, TaskCompletionSource> Signals = new();

    /// <summary>Ends with the next arrival; asked for before looking, so that none is missed.</summary>
    public static Task Next(Uri queue) => Signals.GetOrAdd(queue, _ => NewSignal()).Task;

    public static void Signal(Uri queue)
    {
        if (Signals.TryRemove(queue, out TaskCompletionSource? waiting))
            waiting.TrySetResult();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
