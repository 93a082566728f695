using Abm.Local.Durable.Storage;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace Abm.Local.Durable.Engine;

/// <summary>
/// What is to be done for one instance: deliver what it sends, run an episode when something came, write the result, and only then let it
/// have effects. Everything before the write may be done twice, everything after it can be found in the row.
/// </summary>
internal sealed partial class InstanceWork(DurableEngine engine, InstanceActor actor)
{
    /// <summary>A wake row that is due sooner may be on its way out already, in another process or by another clock: it is looked at once more.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(30);

    private readonly ILogger _log = engine.Options.Loggers.CreateLogger("Durable");

    public async Task DoAsync(IReadOnlyList<Message> results, bool look, bool adopt, InstanceState? begun, CancellationToken cancellationToken)
    {
        InstanceState? state = look ? begun : actor.State;
        actor.State = null;
        for (; ; )
        {
            state ??= await engine.Store.LoadAsync(actor.InstanceId, cancellationToken).ConfigureAwait(false);
            if (state is null)
            {
                actor.ForgetYoungHolds();
                return;
            }

            if (state.Outbox.Count > 0)
            {
                state = await SendAsync(state, cancellationToken).ConfigureAwait(false);
                continue;
            }

            if (state.IsFinished)
                return;
            if (IsTooEarly(state))
            {
                if (await RearmAsync(state, state.StartAt, cancellationToken).ConfigureAwait(false))
                    return;
                state = null;
                continue;
            }

            DateTimeOffset now = engine.Now;
            if (EpisodeCommit.Gather(state, results, now) is not { } intake)
            {
                if (await RearmAsync(state, EarliestTimer(state), cancellationToken).ConfigureAwait(false))
                    break;
                state = null;
                continue;
            }

            state = await RunEpisodeAsync(state, intake, now, cancellationToken).ConfigureAwait(false);
        }

        if (adopt)
        {
            foreach (HistoryEvent activity in EpisodeCommit.PendingActivities(state))
                engine.Dispatch(actor, state, activity);
        }

        actor.State = state;
    }

    private static DateTimeOffset? EarliestTimer(InstanceState state) =>
        state.Timers.Count == 0 ? null : new DateTimeOffset(state.Timers.Min(timer => timer.FireAt), TimeSpan.Zero);

    private bool IsTooEarly(InstanceState state) =>
        state.Status == OrchestrationRuntimeStatus.Pending && state.StartAt > engine.Now
        && state.Inbox.All(message => message.Event.Kind != EventKind.ExecutionTerminated);

    /// <summary>Makes sure that a wake row stands for the instant, since those that led here are about to go.</summary>
    /// <remarks>
    /// Asked after the commit. A row that is not due yet by any clock stands for it: whoever comes by it will find what was committed. So does one
    /// that is due soon and still this process's own, since whoever takes it over from now on reads the instance later than that. One that another
    /// process took over may have been looked at before the commit, and be about to go.
    /// </remarks>
    /// <returns>False: the row of the instance changed meanwhile.</returns>
    private async Task<bool> RearmAsync(InstanceState state, DateTimeOffset? dueAt, CancellationToken cancellationToken)
    {
        string? wake = await ArmAsync(state.TimerWake, dueAt, cancellationToken).ConfigureAwait(false);
        if (wake is not null && wake == state.TimerWake && IsNear(wake)
            && await engine.Wakes.ReadOwnerAsync(wake, cancellationToken).ConfigureAwait(false) != engine.Session)
            wake = await engine.PutTimerWakeAsync(actor.InstanceId, dueAt!.Value, cancellationToken).ConfigureAwait(false);
        return wake == state.TimerWake
            || await engine.Store.UpdateTimerWakeAsync(state, wake, cancellationToken).ConfigureAwait(false) is not null;
    }

    private bool IsNear(string wake) => Wake.DueOf(wake) <= engine.Now + Margin;

    /// <summary>The wake row for the instant: the one that is there if it may serve, else a new one.</summary>
    private async Task<string?> ArmAsync(string? current, DateTimeOffset? dueAt, CancellationToken cancellationToken)
    {
        if (dueAt is not { } due)
            return null;
        bool stays = current is not null && Wake.DueOf(current) <= due && !actor.Holds(current)
            && (!IsNear(current) || (Wake.IsOf(current, engine.Session) && Wake.DueOf(current) > engine.Now));
        return stays ? current : await engine.PutTimerWakeAsync(actor.InstanceId, due, cancellationToken).ConfigureAwait(false);
    }

    /// <returns>The state after the episode; null: another process was first, read again.</returns>
    private async Task<InstanceState?> RunEpisodeAsync(
        InstanceState state, EpisodeCommit.Intake intake, DateTimeOffset now, CancellationToken cancellationToken)
    {
        EpisodeResult result = Run(state, intake);
        InstanceState next = EpisodeCommit.Next(state, intake, result, now);
        next = next with { TimerWake = await ArmAsync(state.TimerWake, EarliestTimer(next), cancellationToken).ConfigureAwait(false) };
        HistoryEvent[] activities = next.IsFinished || result.Outcome == EpisodeOutcome.ContinuedAsNew
            ? []
            : [.. result.Actions.Where(action => action.Kind == EventKind.TaskScheduled)];
        if (activities.Length > 0 || next.Outbox.Count > 0 || next.Inbox.Count > 0 || next.History.Count == 0)
            await actor.EnsureHoldAsync(cancellationToken).ConfigureAwait(false);

        if (await CommitAsync(state, next, intake, result, cancellationToken).ConfigureAwait(false) is not { } committed)
            return null;

        foreach (HistoryEvent activity in activities)
            engine.Dispatch(actor, committed, activity);
        engine.Changes.Changed(actor.InstanceId);
        await CleanUpAsync(state, committed).ConfigureAwait(false);
        LogEpisode(actor.InstanceId, state.Name, committed.Episode, committed.Status);
        if (committed.Status == OrchestrationRuntimeStatus.Failed)
            LogFailed(actor.InstanceId, state.Name, committed.Failure?.ToString());
        return committed;
    }

    private EpisodeResult Run(InstanceState state, EpisodeCommit.Intake intake)
    {
        if (!engine.Options.Orchestrators.TryGetValue(state.Name, out OrchestratorBody? body))
        {
            string message = $"There is no orchestrator function named '{state.Name}'.";
            return new EpisodeResult
            {
                Outcome = EpisodeOutcome.Failed,
                Actions = [],
                Timers = [],
                Failure = new TaskFailureDetails(typeof(InvalidOperationException).FullName!, message, null, null, null),
            };
        }

        ParentOrchestrationInstance? parent = state.Parent is { } link ? new(link.Name, link.InstanceId) : null;
        var identity = new ExecutionIdentity(state.Name, state.InstanceId, state.Version, parent, state.Input);
        string execution = state.ExecutionId;
        var run = new OrchestrationRun(
            identity, body, engine.Options.Converter, engine.Options.Loggers,
            lateIllegalUse: () => engine.RunInBackground(() => engine.AbortAsync(state.InstanceId, execution)));
        return run.Execute(state.History, intake.Arrived);
    }

    private async Task<InstanceState?> CommitAsync(
        InstanceState state, InstanceState next, EpisodeCommit.Intake intake, EpisodeResult result, CancellationToken cancellationToken)
    {
        string etag = state.ETag;
        for (; ; )
        {
            if (await engine.Store.ReplaceAsync(next, etag, cancellationToken).ConfigureAwait(false) is { } committed)
                return committed;

            InstanceState? current = await engine.Store.LoadAsync(state.InstanceId, cancellationToken).ConfigureAwait(false);
            if (current is not null && current.CommitId == next.CommitId)
                return current;
            if (current is null || current.Episode != state.Episode || current.ExecutionId != state.ExecutionId)
                return null;

            // Only the inbox grew while the episode ran: what it decided still holds.
            IReadOnlyList<Message> rest = EpisodeCommit.Rest(current.Inbox, intake);
            next = next with
            {
                Inbox = next.IsFinished ? [] : [.. EpisodeCommit.Carried(result), .. rest],
                Seen = current.Seen,
            };
            etag = current.ETag;
        }
    }

    /// <summary>Removes what nothing refers to any more. A failure is no harm: such rows are never read, and a stale wake finds nothing to do.</summary>
    private async Task CleanUpAsync(InstanceState before, InstanceState after)
    {
        try
        {
            await engine.Store.SweepAsync(before, after, engine.Stopping).ConfigureAwait(false);
            if (before.TimerWake is { } stale && stale != after.TimerWake && !actor.Holds(stale))
                await engine.Wakes.DeleteAsync(stale, engine.Stopping).ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            LogCleanUpFailed(actor.InstanceId, failure);
        }
    }

    private async Task<InstanceState?> SendAsync(InstanceState state, CancellationToken cancellationToken)
    {
        await actor.EnsureHoldAsync(cancellationToken).ConfigureAwait(false);
        foreach (Outgoing outgoing in state.Outbox)
        {
            if (outgoing.Start is { } child)
                await StartChildAsync(state, outgoing.To, child, cancellationToken).ConfigureAwait(false);
            else
                await engine.AppendAsync(outgoing.To, outgoing.Message!, cancellationToken).ConfigureAwait(false);
        }

        return await engine.Store.ClearOutboxAsync(state, cancellationToken).ConfigureAwait(false);
    }

    private async Task StartChildAsync(InstanceState parent, string id, ChildStart child, CancellationToken cancellationToken)
    {
        DateTimeOffset now = engine.Now;
        var fresh = new InstanceState
        {
            InstanceId = id,
            Name = child.Name,
            Version = child.Version,
            ExecutionId = EpisodeCommit.NewExecutionId(),
            CommitId = EpisodeCommit.NewExecutionId(),
            CreatedAt = now,
            UpdatedAt = now,
            Input = child.Input,
            Tags = child.Tags,
            Parent = child.Parent,
        };
        StartOutcome outcome = await engine.StartAsync(
            fresh,
            existing => existing.Parent == child.Parent ? ExistingInstance.IsTheSame : existing.IsFinished ? ExistingInstance.Replace : ExistingInstance.Keep,
            cancellationToken).ConfigureAwait(false);
        if (outcome != StartOutcome.Refused)
            return;

        var taken = new TaskFailureDetails(
            typeof(global::DurableTask.Core.Exceptions.OrchestrationAlreadyExistsException).FullName!,
            $"An orchestration with the id '{id}' exists already and is not finished.", null, null, null);
        await engine.AppendAsync(
            parent.InstanceId,
            new Message
            {
                Id = $"{parent.ExecutionId}:taken:{child.Parent.TaskId}",
                ExecutionId = parent.ExecutionId,
                Event = new HistoryEvent { Kind = EventKind.SubOrchestrationInstanceFailed, Id = child.Parent.TaskId, Failure = taken },
            },
            cancellationToken).ConfigureAwait(false);
    }

    [LoggerMessage(EventId = 5020, Level = LogLevel.Debug, Message = "Orchestration {InstanceId} ({Name}): episode {Episode}, now {Status}")]
    private partial void LogEpisode(string instanceId, string name, int episode, OrchestrationRuntimeStatus status);

    [LoggerMessage(EventId = 5022, Level = LogLevel.Error, Message = "Orchestration {InstanceId} ({Name}) failed: {Failure}")]
    private partial void LogFailed(string instanceId, string name, string? failure);

    [LoggerMessage(EventId = 5021, Level = LogLevel.Debug, Message = "Orchestration {InstanceId}: rows that are no longer needed could not be removed")]
    private partial void LogCleanUpFailed(string instanceId, Exception failure);
}
