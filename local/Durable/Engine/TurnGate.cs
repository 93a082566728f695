namespace Abm.Local.Durable.Engine;

/// <summary>
/// Lets so many through at a time. What is under way or due goes before what only begins: thousands of new instances must not hold up a timer. Of those
/// that wait, every so many is one that begins, so that a stream of due work does not keep them out for ever.
/// </summary>
internal sealed class TurnGate(int slots)
{
    /// <summary>After so many of those that are due one that begins has its turn.</summary>
    private const int DueInARow = 7;

    private readonly Lock _gate = new();
    private readonly LinkedList<TaskCompletionSource> _due = [];
    private readonly LinkedList<TaskCompletionSource> _new = [];
    private int _free = slots;
    private int _row;

    /// <summary>Waits for a slot.</summary>
    /// <param name="isNew">Whether it only begins.</param>
    /// <param name="cancellationToken">Ends the waiting; a slot that was given is kept all the same.</param>
    public async Task WaitAsync(bool isNew, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        LinkedList<TaskCompletionSource> line = isNew ? _new : _due;
        LinkedListNode<TaskCompletionSource> place;
        lock (_gate)
        {
            // Nobody waits while a slot is free: slots are handed on.
            if (_free > 0)
            {
                _free--;
                return;
            }

            place = line.AddLast(new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        using (cancellationToken.Register(() => Leave(line, place, cancellationToken)))
            await place.Value.Task.ConfigureAwait(false);
    }

    /// <summary>Gives a slot back, to whoever is next.</summary>
    public void Release()
    {
        TaskCompletionSource next;
        lock (_gate)
        {
            LinkedList<TaskCompletionSource> line = _due.Count > 0 && (_new.Count == 0 || _row < DueInARow) ? _due : _new;
            _row = line == _due ? _row + 1 : 0;
            if (line.First is not { } first)
            {
                _free++;
                return;
            }

            next = first.Value;
            line.RemoveFirst();
        }

        next.SetResult();
    }

    private void Leave(LinkedList<TaskCompletionSource> line, LinkedListNode<TaskCompletionSource> place, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (place.List != line)
                return; // its turn has come in the same moment
            line.Remove(place);
        }

        place.Value.SetCanceled(cancellationToken);
    }
}
