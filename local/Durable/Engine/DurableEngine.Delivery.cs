using Abm.Local.Durable.Storage;
using Microsoft.DurableTask.Client;

namespace Abm.Local.Durable.Engine;

/// <summary>What became of a message.</summary>
internal enum AppendOutcome
{
    /// <summary>It is in the inbox, or was before.</summary>
    Kept,

    /// <summary>There is no such instance.</summary>
    Missing,

    /// <summary>The instance is finished.</summary>
    Finished,
}

/// <summary>What a start does with an instance that has the id already.</summary>
internal enum ExistingInstance
{
    /// <summary>It stays; the start is refused.</summary>
    Keep,

    /// <summary>It makes room; it is finished.</summary>
    Replace,

    /// <summary>It is ended first and makes room then.</summary>
    TerminateFirst,

    /// <summary>It is what an earlier attempt of the same start made.</summary>
    IsTheSame,
}

/// <summary>What became of a start.</summary>
internal enum StartOutcome
{
    Started,
    Refused,
}

/// <content>How messages and starts get into storage.</content>
internal sealed partial class DurableEngine
{
    /// <summary>How many ids of latest messages an instance remembers.</summary>
    private const int RememberedMessages = 100;

    /// <summary>Puts a message into an instance's inbox, once: its id makes repeating harmless.</summary>
    public async Task<AppendOutcome> AppendAsync(string instanceId, Message message, CancellationToken cancellationToken)
    {
        using PinnedActor pinned = Pin(instanceId);
        InstanceActor actor = pinned.Actor;
        await actor.Appending.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            for (; ; )
            {
                InstanceState? state = await Store.LoadInboxAsync(instanceId, cancellationToken).ConfigureAwait(false);
                if (state is null)
                    return AppendOutcome.Missing;
                if (state.IsFinished)
                    return AppendOutcome.Finished;
                if (state.Seen.Contains(message.Id!))
                    break;

                await actor.EnsureHoldAsync(cancellationToken).ConfigureAwait(false);
                string[] seen = [.. state.Seen.TakeLast(RememberedMessages - 1), message.Id!];
                if (await Store.UpdateInboxAsync(state, [.. state.Inbox, message], seen, cancellationToken).ConfigureAwait(false))
                    break;
            }
        }
        finally
        {
            actor.Appending.Release();
        }

        actor.Signal();
        return AppendOutcome.Kept;
    }

    /// <summary>Starts an instance.</summary>
    /// <param name="fresh">How it begins.</param>
    /// <param name="onExisting">What becomes of an instance that has the id already.</param>
    /// <param name="cancellationToken">Ends the attempt; it may have succeeded then.</param>
    public async Task<StartOutcome> StartAsync(
        InstanceState fresh, Func<InstanceState, ExistingInstance> onExisting, CancellationToken cancellationToken)
    {
        using PinnedActor pinned = Pin(fresh.InstanceId);
        InstanceActor actor = pinned.Actor;
        if (fresh.StartAt is { } later && later > Now)
            fresh = fresh with { TimerWake = await PutTimerWakeAsync(fresh.InstanceId, later, cancellationToken).ConfigureAwait(false) };
        else
            await actor.EnsureHoldAsync(cancellationToken).ConfigureAwait(false);

        InstanceState? begun;
        while ((begun = await Store.AddAsync(fresh, cancellationToken).ConfigureAwait(false)) is null)
        {
            InstanceState? existing = await Store.LoadAsync(fresh.InstanceId, cancellationToken).ConfigureAwait(false);
            if (existing is null)
                continue;
            if (existing.ExecutionId == fresh.ExecutionId)
                break;
            ExistingInstance what = onExisting(existing);
            if (what == ExistingInstance.Keep)
                return StartOutcome.Refused;
            if (what == ExistingInstance.IsTheSame)
                break;
            if (what == ExistingInstance.TerminateFirst)
            {
                await TerminateAsync(fresh.InstanceId, null, recursive: false, cancellationToken).ConfigureAwait(false);
                await WaitUntilAsync(fresh.InstanceId, state => state is null || state.IsFinished, withOutputs: false, cancellationToken).ConfigureAwait(false);
                continue;
            }

            if (existing.Outbox.Count > 0)
            {
                // It still owes somebody an answer; that goes first.
                actor.Signal();
                await Task.Delay(TimeSpan.FromMilliseconds(50), Time, cancellationToken).ConfigureAwait(false);
                continue;
            }

            if (await Store.ReplaceAsync(fresh, existing.ETag, cancellationToken).ConfigureAwait(false) is { } stored)
            {
                await Store.SweepAsync(existing, stored, cancellationToken).ConfigureAwait(false);
                break;
            }
        }

        actor.Signal(begun: begun);
        return StartOutcome.Started;
    }

    /// <summary>Ends an instance; nothing happens if it is missing or finished.</summary>
    public Task TerminateAsync(string instanceId, string? output, bool recursive, CancellationToken cancellationToken) => AppendAsync(
        instanceId,
        NewMessage(new HistoryEvent { Kind = EventKind.ExecutionTerminated, Data = output, Recursive = recursive }),
        cancellationToken);

    /// <summary>Fails the execution whose orchestrator was seen on a foreign thread after its episode.</summary>
    public async Task AbortAsync(string instanceId, string executionId)
    {
        if (Stopping.IsCancellationRequested)
            return;
        var message = new Message
        {
            Id = $"{executionId}:abort",
            ExecutionId = executionId,
            Event = new HistoryEvent { Kind = EventKind.ExecutionAborted },
        };
        await AppendAsync(instanceId, message, Stopping).ConfigureAwait(false);
    }

    /// <summary>A message from outside, under a new id.</summary>
    public static Message NewMessage(HistoryEvent happened) => new() { Id = Guid.NewGuid().ToString("N")[..16], Event = happened };

    /// <summary>Waits until an instance is as wished: at once for changes made by this process, within a second for those of others.</summary>
    public async Task<InstanceState?> WaitUntilAsync(
        string instanceId, Func<InstanceState?, bool> isAsWished, bool withOutputs, CancellationToken cancellationToken)
    {
        for (; ; )
        {
            Task change = Changes.NextAsync(instanceId);
            InstanceState? state = withOutputs
                ? await Store.LoadOutputAsync(instanceId, cancellationToken).ConfigureAwait(false)
                : await Store.LoadSummaryAsync(instanceId, cancellationToken).ConfigureAwait(false);
            if (isAsWished(state))
                return state;
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            await Task.WhenAny(change, Task.Delay(TimeSpan.FromSeconds(1), Time, stop.Token)).ConfigureAwait(false);
            await stop.CancelAsync().ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
        }
    }
}
