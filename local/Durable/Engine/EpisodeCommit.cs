using Abm.Local.Durable.Storage;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace Abm.Local.Durable.Engine;

/// <summary>Pure: from an instance and what came for it to the episode to run, and from its result to the instance's next state.</summary>
internal static class EpisodeCommit
{
    /// <summary>At most so many messages an episode, so that an instance with a flood of events still commits.</summary>
    private const int MessagesPerEpisode = 100;

    /// <summary>What an episode takes in.</summary>
    /// <param name="Consumed">Ids of the inbox messages that it takes in, or drops because they came twice or for a former execution.</param>
    /// <param name="Arrived">The new events.</param>
    public sealed record Intake(IReadOnlySet<string> Consumed, IReadOnlyList<HistoryEvent> Arrived);

    /// <summary>Gathers what is new; null: nothing.</summary>
    public static Intake? Gather(InstanceState state, IReadOnlyList<Message> results, DateTimeOffset now)
    {
        DateTime at = now.UtcDateTime;
        HashSet<int> answered = Answered(state.History);
        var known = state.History.Select(e => e.MessageId).OfType<string>().ToHashSet(StringComparer.Ordinal);
        var consumed = new HashSet<string>(StringComparer.Ordinal);
        var arrived = new List<HistoryEvent>();

        foreach (Message message in state.Inbox.Take(MessagesPerEpisode))
        {
            consumed.Add(message.Id!);
            bool forThis = message.ExecutionId is null || message.ExecutionId == state.ExecutionId;
            if (forThis && known.Add(message.Id!) && !IsAnswerTo(message.Event, answered))
                arrived.Add(message.Event with { At = at, MessageId = message.Id });
        }

        foreach (Message result in results)
        {
            if (result.ExecutionId == state.ExecutionId && !IsAnswerTo(result.Event, answered))
                arrived.Add(result.Event with { At = at });
        }

        foreach (OpenTimer timer in state.Timers.Where(timer => timer.FireAt <= at).OrderBy(timer => timer.FireAt))
        {
            if (answered.Add(timer.Id))
                arrived.Add(new HistoryEvent { Kind = EventKind.TimerFired, Id = timer.Id, At = at });
        }

        bool first = state.History.Count == 0;
        if (arrived.Count == 0 && consumed.Count == 0 && !first)
            return null;
        List<HistoryEvent> all = [new HistoryEvent { Kind = EventKind.OrchestratorStarted, At = at }];
        // What is terminated before it began never begins.
        if (first && arrived.All(e => e.Kind != EventKind.ExecutionTerminated))
            all.Add(new HistoryEvent { Kind = EventKind.ExecutionStarted, Name = state.Name, At = at });
        return new Intake(consumed, [.. all, .. arrived]);
    }

    /// <summary>The state after the episode. Its inbox is what the episode did not take in.</summary>
    public static InstanceState Next(InstanceState state, Intake intake, EpisodeResult result, DateTimeOffset now)
    {
        IReadOnlyList<HistoryEvent> actions = result.Outcome switch
        {
            EpisodeOutcome.Waiting or EpisodeOutcome.Suspended => result.Actions,
            EpisodeOutcome.Terminated => [],

            // Nothing waits for answers any more; what was told to others still holds.
            _ => [.. result.Actions.Where(action => action.Kind == EventKind.EventSent)],
        };
        HistoryEvent[] history = [.. state.History, .. intake.Arrived, .. actions.Select(action => action with { At = now.UtcDateTime })];
        InstanceState next = state with
        {
            Episode = state.Episode + 1,
            CommitId = Guid.NewGuid().ToString("N")[..12],
            UpdatedAt = now,
            CustomStatus = result.CustomStatus ?? (result.Outcome is EpisodeOutcome.Terminated or EpisodeOutcome.Failed ? state.CustomStatus : null),
            Timers = result.Timers,
            Inbox = Rest(state.Inbox, intake),
            Outbox = [.. state.Outbox, .. actions.Select(action => ToOutgoing(state, action)).OfType<Outgoing>()],
            History = history,
        };

        return result.Outcome switch
        {
            EpisodeOutcome.Waiting => next with { Status = OrchestrationRuntimeStatus.Running },
            EpisodeOutcome.Suspended => next with { Status = OrchestrationRuntimeStatus.Suspended },
            EpisodeOutcome.ContinuedAsNew => next with
            {
                Status = OrchestrationRuntimeStatus.Running,
                ExecutionId = NewExecutionId(),
                Version = result.NextVersion ?? state.Version,
                Input = result.Data,
                History = [],
                Chunks = [],
                ChunkedEvents = 0,
                Timers = [],
                Inbox = [.. Carried(result), .. next.Inbox],
            },
            EpisodeOutcome.Completed => Finished(next, OrchestrationRuntimeStatus.Completed, result, now),
            EpisodeOutcome.Failed => Finished(next, OrchestrationRuntimeStatus.Failed, result, now),
            _ => Finished(next, OrchestrationRuntimeStatus.Terminated, result, now),
        };
    }

    /// <summary>What the episode did not take in of an inbox, which may have grown since it began.</summary>
    public static IReadOnlyList<Message> Rest(IReadOnlyList<Message> inbox, Intake intake) =>
        [.. inbox.Where(message => !intake.Consumed.Contains(message.Id!))];

    /// <summary>Events that continue-as-new hands on, as messages that are known already.</summary>
    public static IEnumerable<Message> Carried(EpisodeResult result) =>
        result.CarriedEvents.Select(e => new Message { Id = e.MessageId, Event = e with { MessageId = null } });

    /// <summary>Activities that were called and have not answered.</summary>
    public static IEnumerable<HistoryEvent> PendingActivities(InstanceState state) => Unanswered(state.History, EventKind.TaskScheduled);

    /// <summary>A new id for an execution.</summary>
    public static string NewExecutionId() => Guid.NewGuid().ToString("N");

    private static IEnumerable<HistoryEvent> Unanswered(IReadOnlyList<HistoryEvent> history, EventKind kind)
    {
        HashSet<int> answered = Answered(history);
        return history.Where(e => e.Kind == kind && !answered.Contains(e.Id ?? -1));
    }

    private static InstanceState Finished(InstanceState next, OrchestrationRuntimeStatus status, EpisodeResult result, DateTimeOffset now)
    {
        List<Outgoing> outbox = [.. next.Outbox];
        if (next.Parent is { } parent)
            outbox.Add(AnswerToParent(next, parent, status, result));
        if (result is { Outcome: EpisodeOutcome.Terminated, Recursive: true })
        {
            outbox.AddRange(Unanswered(next.History, EventKind.SubOrchestrationInstanceCreated).Select(child => new Outgoing
            {
                To = child.InstanceId!,
                Message = new Message
                {
                    Id = $"{next.ExecutionId}:end:{child.Id}",
                    Event = new HistoryEvent { Kind = EventKind.ExecutionTerminated, Data = result.Data, Recursive = true },
                },
            }));
        }

        return next with
        {
            Status = status,
            CompletedAt = now,
            Output = result.Data,
            Failure = result.Failure,
            Timers = [],
            Inbox = [],
            Outbox = outbox,
            History = [.. next.History, new HistoryEvent { Kind = EventKind.ExecutionCompleted, At = now.UtcDateTime }],
        };
    }

    private static Outgoing AnswerToParent(InstanceState child, ParentLink parent, OrchestrationRuntimeStatus status, EpisodeResult result) => new()
    {
        To = parent.InstanceId,
        Message = new Message
        {
            Id = $"{child.ExecutionId}:end",
            ExecutionId = parent.ExecutionId,
            Event = status == OrchestrationRuntimeStatus.Completed
                ? new HistoryEvent { Kind = EventKind.SubOrchestrationInstanceCompleted, Id = parent.TaskId, Data = result.Data }
                : new HistoryEvent
                {
                    Kind = EventKind.SubOrchestrationInstanceFailed,
                    Id = parent.TaskId,
                    Failure = result.Failure ?? new TaskFailureDetails(
                        "Terminated", $"The sub-orchestration '{child.InstanceId}' was terminated.", null, null, null),
                },
        },
    };

    private static Outgoing? ToOutgoing(InstanceState sender, HistoryEvent action) => action.Kind switch
    {
        EventKind.EventSent => new Outgoing
        {
            To = action.InstanceId!,
            Message = new Message
            {
                Id = $"{sender.ExecutionId}:{action.Id}",
                Event = new HistoryEvent { Kind = EventKind.EventRaised, Name = action.Name, Data = action.Data },
            },
        },
        EventKind.SubOrchestrationInstanceCreated => new Outgoing
        {
            To = action.InstanceId!,
            Start = new ChildStart
            {
                Name = action.Name!,
                Version = action.Version ?? "",
                Input = action.Data,
                Parent = new ParentLink(sender.Name, sender.InstanceId, sender.ExecutionId, action.Id!.Value),
            },
        },
        _ => null,
    };

    private static bool IsAnswerTo(HistoryEvent e, HashSet<int> answered) => IsAnswer(e.Kind) && !answered.Add(e.Id ?? -1);

    private static HashSet<int> Answered(IReadOnlyList<HistoryEvent> history) =>
        [.. history.Where(e => IsAnswer(e.Kind)).Select(e => e.Id ?? -1)];

    private static bool IsAnswer(EventKind kind) => kind
        is EventKind.TaskCompleted or EventKind.TaskFailed or EventKind.TimerFired
        or EventKind.SubOrchestrationInstanceCompleted or EventKind.SubOrchestrationInstanceFailed;
}
