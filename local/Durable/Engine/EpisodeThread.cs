using System.Collections.Concurrent;

namespace Abm.Local.Durable.Engine;

/// <summary>
/// The one thread an orchestrator runs on during an episode. Continuations that come back from elsewhere (a delay, HTTP, Task.Run) show that
/// the orchestrator awaited what is not of its context: that is noted, and reported even when it happens after the episode.
/// </summary>
internal sealed class EpisodeThread(Action lateIllegalUse) : SynchronizationContext
{
    [ThreadStatic]
    private static EpisodeThread? s_current;

    private readonly ConcurrentQueue<(SendOrPostCallback Callback, object? State)> _queue = new();
    private readonly Lock _gate = new();
    private bool _ended;
    private bool _reported;

    /// <summary>Whether something ran, or wanted to go on, on a thread that is not the orchestrator's.</summary>
    public bool SawIllegalUse { get; private set; }

    /// <summary>Whether the calling thread is the orchestrator's, now.</summary>
    public bool IsHere => s_current == this;

    /// <summary>Runs work and everything it posts on the calling thread.</summary>
    public T Run<T>(Func<T> work)
    {
        SynchronizationContext? before = Current;
        EpisodeThread? outer = s_current;
        SetSynchronizationContext(this);
        s_current = this;
        try
        {
            return work();
        }
        finally
        {
            s_current = outer;
            SetSynchronizationContext(before);
            lock (_gate)
                _ended = true;
        }
    }

    /// <summary>Runs what was posted until nothing is left.</summary>
    public void Drain()
    {
        while (_queue.TryDequeue(out (SendOrPostCallback Callback, object? State) next))
            next.Callback(next.State);
    }

    /// <summary>Notes that the orchestrator was seen on another thread.</summary>
    public void NoteIllegalUse()
    {
        bool late;
        lock (_gate)
        {
            SawIllegalUse = true;
            late = _ended && !_reported;
            _reported |= _ended;
        }

        if (late)
            lateIllegalUse();
    }

    public override void Post(SendOrPostCallback d, object? state)
    {
        if (IsHere)
            _queue.Enqueue((d, state));
        else
            NoteIllegalUse();
    }

    public override void Send(SendOrPostCallback d, object? state)
    {
        if (IsHere)
            d(state);
        else
            NoteIllegalUse();
    }

    public override SynchronizationContext CreateCopy() => this;
}
