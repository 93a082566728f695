using Abm.Local.Durable.Storage;
using Microsoft.DurableTask;

namespace Abm.Local.Durable.Engine;

/// <summary>Runs activities, a limited number at a time. An answer lives in memory only until the episode that takes it in was committed.</summary>
#pragma warning disable CA1001 // activities may outlive the stop that no longer waits for them; nothing here holds a handle
internal sealed class ActivityRunner(DurableEngine engine)
#pragma warning restore CA1001
{
    private readonly TurnGate _slots = new(engine.Options.MaxConcurrentActivities);
    private readonly CancellationTokenSource _noMore = new();

    /// <summary>Starts none of those that still wait for their turn.</summary>
    public void StopTaking() => _noMore.Cancel();

    public void Dispatch(InstanceActor actor, InstanceState state, HistoryEvent scheduled)
    {
        string execution = state.ExecutionId;
        int task = scheduled.Id!.Value;
        if (!actor.TryBegin(execution, task))
            return;
        var call = new ActivityCall(state.InstanceId, task, scheduled.Name!, scheduled.Data);
        bool isNew = state.Episode <= 1;
        engine.RunInBackground(async () => actor.Answer(execution, task, await RunAsync(execution, call, isNew).ConfigureAwait(false)));
    }

    private async Task<Message?> RunAsync(string execution, ActivityCall call, bool isNew)
    {
        try
        {
            await _slots.WaitAsync(isNew, _noMore.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return null;
        }

        try
        {
            // A slot that came free in the same moment is not taken.
            if (_noMore.IsCancellationRequested)
                return null;
            if (!engine.Options.Activities.TryGetValue(call.Name, out ActivityBody? body))
                return Failed(execution, call, new InvalidOperationException($"There is no activity function named '{call.Name}'."), nonRetriable: true);
            string? result = await body(call, engine.Stopping).ConfigureAwait(false);
            return new Message
            {
                ExecutionId = execution,
                Event = new HistoryEvent { Kind = EventKind.TaskCompleted, Id = call.TaskId, Data = result },
            };
        }
        catch (OperationCanceledException) when (engine.Stopping.IsCancellationRequested)
        {
            return null;
        }
        catch (Exception failure)
        {
            return Failed(execution, call, failure, nonRetriable: false);
        }
        finally
        {
            _slots.Release();
        }
    }

    private static Message Failed(string execution, ActivityCall call, Exception failure, bool nonRetriable) => new()
    {
        ExecutionId = execution,
        Event = new HistoryEvent
        {
            Kind = EventKind.TaskFailed,
            Id = call.TaskId,
            Failure = TaskFailureDetails.FromException(failure),
            NonRetriable = nonRetriable,
        },
    };
}
