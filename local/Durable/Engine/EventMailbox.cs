using Microsoft.DurableTask;

namespace Abm.Local.Durable.Engine;

/// <summary>
/// Events by name, without case. Events that nobody waits for queue up; waiters are served last come, first served. A cancelled waiter
/// stays in line and swallows the event that reaches it, exactly as the real runtime does.
/// </summary>
internal sealed class EventMailbox(DataConverter converter)
{
    private readonly Dictionary<string, Stack<Waiter>> _waiters = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<HistoryEvent> _buffer = [];

    /// <summary>Whether anybody waits who was not cancelled.</summary>
    public bool HasOpenWaiters => _waiters.Values.Any(stack => stack.Any(waiter => !waiter.IsCompleted));

    /// <summary>Adds a waiter; a buffered event completes it at once.</summary>
    /// <exception cref="ArgumentException">Somebody waits for the same name with another type.</exception>
    public Task<T> WaitAsync<T>(string name, CancellationToken cancellationToken)
    {
        if (!_waiters.TryGetValue(name, out Stack<Waiter>? stack))
            _waiters[name] = stack = new Stack<Waiter>();
        if (stack.TryPeek(out Waiter? top) && top.Type != typeof(T))
            throw new ArgumentException($"The event '{name}' is already waited for as {top.Type.FullName}; it cannot be waited for as {typeof(T).FullName} too.");

        var waiter = new Waiter<T>();
        stack.Push(waiter);
        int buffered = _buffer.FindIndex(e => string.Equals(e.Name, name, StringComparison.OrdinalIgnoreCase));
        if (buffered >= 0)
        {
            HistoryEvent earliest = _buffer[buffered];
            _buffer.RemoveAt(buffered);
            stack.Pop().Complete(converter, earliest.Data);
        }

        // The registration lives as long as the token source of the orchestrator, which is as long as the episode.
        cancellationToken.Register(() => waiter.Cancel(cancellationToken));
        return waiter.Task;
    }

    /// <summary>Hands an event to the latest waiter, or keeps it.</summary>
    public void Raise(HistoryEvent raised)
    {
        if (_waiters.TryGetValue(raised.Name ?? "", out Stack<Waiter>? stack) && stack.TryPop(out Waiter? waiter))
            waiter.Complete(converter, raised.Data);
        else
            _buffer.Add(raised);
    }

    /// <summary>Takes out what nobody has received, oldest first.</summary>
    public IReadOnlyList<HistoryEvent> TakeBuffered()
    {
        HistoryEvent[] all = [.. _buffer];
        _buffer.Clear();
        return all;
    }

    private abstract class Waiter
    {
        public abstract Type Type { get; }

        public abstract bool IsCompleted { get; }

        public abstract void Complete(DataConverter converter, string? data);
    }

    private sealed class Waiter<T> : Waiter
    {
        private readonly TaskCompletionSource<T> _source = new();

        public Task<T> Task => _source.Task;

        public override Type Type => typeof(T);

        public override bool IsCompleted => _source.Task.IsCompleted;

        public void Cancel(CancellationToken cancellationToken) => _source.TrySetCanceled(cancellationToken);

        public override void Complete(DataConverter converter, string? data)
        {
            T value;
            try
            {
                value = converter.Deserialize<T>(data)!;
            }
            catch (Exception unreadable)
            {
                _source.TrySetException(unreadable);
                return;
            }

            _source.TrySetResult(value);
        }
    }
}
