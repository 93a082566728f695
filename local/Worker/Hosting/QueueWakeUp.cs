using System.Collections.Concurrent;

namespace Abm.Local.Hosting;

/// <summary>
/// Tells the queue listeners of this process that something was sent, so that they need not wait for their next poll. Purely a hint: without it
/// the message is found by polling.
/// </summary>
public sealed class QueueWakeUp
{
    private readonly ConcurrentDictionary<string, Action> _listeners = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Something was put on the queue and is visible now.</summary>
    /// <param name="queue">The queue's address, as <c>QueueClient.Uri</c> has it.</param>
    public void Signal(Uri queue)
    {
        ArgumentNullException.ThrowIfNull(queue);
        if (_listeners.TryGetValue(Key(queue), out Action? wake))
            wake();
    }

    /// <summary>Calls <paramref name="wake"/> at each signal for the queue until the result is disposed of.</summary>
    internal IDisposable Listen(Uri queue, Action wake)
    {
        string key = Key(queue);
        _listeners.AddOrUpdate(key, wake, (_, others) => others + wake);
        return new Subscription(() => _listeners.AddOrUpdate(key, static () => { }, (_, all) => (all - wake) ?? (static () => { })));
    }

    private static string Key(Uri queue) => queue.GetLeftPart(UriPartial.Path).TrimEnd('/');

    private sealed class Subscription(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}
