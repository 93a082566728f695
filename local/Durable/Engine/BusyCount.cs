namespace Abm.Local.Durable.Engine;

/// <summary>Counts what runs, so that a stop (or a test) can wait until nothing does.</summary>
internal sealed class BusyCount
{
    private readonly Lock _gate = new();
    private int _count;
    private TaskCompletionSource? _idle;

    public void Enter()
    {
        lock (_gate)
            _count++;
    }

    public void Exit()
    {
        TaskCompletionSource? idle = null;
        lock (_gate)
        {
            if (--_count == 0)
                (idle, _idle) = (_idle, null);
        }

        idle?.TrySetResult();
    }

    /// <summary>Completes when nothing runs.</summary>
    public Task IdleAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_count == 0)
                return Task.CompletedTask;
            _idle ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _idle.Task.WaitAsync(cancellationToken);
        }
    }
}
