using System.Globalization;
using Microsoft.DurableTask;
using Microsoft.Extensions.Logging;

namespace Abm.Local.Durable.Engine;

/// <summary>What an orchestrator function is, to the engine.</summary>
/// <returns>Its result as JSON, null for none.</returns>
internal delegate Task<string?> OrchestratorBody(TaskOrchestrationContext context);

/// <summary>Who runs: what stays the same through all episodes of an execution.</summary>
internal sealed record ExecutionIdentity(string Name, string InstanceId, string Version, ParentOrchestrationInstance? Parent, string? Input);

/// <summary>
/// One episode: replays the history on one thread, applies what is new, lets the orchestrator run until it waits, and tells what it did.
/// Pure but for what the orchestrator's code does; used once.
/// </summary>
internal sealed class OrchestrationRun
{
    private const string IllegalUse =
        "The orchestrator used a thread that is not its own or awaited something that is not a task of its context (a delay, HTTP, storage, "
        + "Task.Run, ConfigureAwait(false)). Orchestrators await only their context; everything else belongs into an activity.";

    private readonly ExecutionIdentity _identity;
    private readonly OrchestratorBody _body;
    private readonly EpisodeThread _thread;
    private readonly ReplayContext _context;
    private readonly EventMailbox _mailbox;
    private readonly SortedDictionary<int, HistoryEvent> _actions = [];
    private readonly Dictionary<int, OpenTask> _openTasks = [];
    private readonly HashSet<int> _firedWhileSuspended = [];
    private readonly Queue<HistoryEvent> _whileSuspended = [];
    private readonly List<HistoryEvent> _forNextExecution = [];
    private int _nextId;
    private Task<string?>? _result;
    private HistoryEvent? _terminated;
    private bool _suspended;
    private string? _aborted;

    public OrchestrationRun(
        ExecutionIdentity identity, OrchestratorBody body, DataConverter converter, ILoggerFactory loggers, Action lateIllegalUse)
    {
        _identity = identity;
        _body = body;
        _thread = new EpisodeThread(lateIllegalUse);
        _mailbox = new EventMailbox(converter);
        _context = new ReplayContext(this, identity, converter, loggers);
    }

    /// <summary>The clock of the current episode.</summary>
    public DateTime Now { get; private set; }

    public bool IsReplaying { get; private set; }

    public string? CustomStatus { get; set; }

    public EventMailbox Mailbox => _mailbox;

    /// <summary>Set by continue-as-new: input, version, and what becomes of events.</summary>
    public (string? Input, string? Version, bool KeepsEvents)? Next { get; set; }

    /// <summary>Runs the episode.</summary>
    public EpisodeResult Execute(IEnumerable<HistoryEvent> past, IEnumerable<HistoryEvent> arrived)
    {
        try
        {
            return _thread.Run(() => ExecuteHere(past, arrived));
        }
        catch (NonDeterminismException changed)
        {
            return Result(EpisodeOutcome.Failed) with
            {
                Actions = [],
                Timers = [],
                Failure = new TaskFailureDetails(typeof(NonDeterminismException).FullName!, changed.Message, null, null, null),
            };
        }
    }

    /// <summary>Throws when the caller is not on the orchestrator's thread.</summary>
    public void EnsureLegalUse()
    {
        if (_thread.IsHere)
            return;
        _thread.NoteIllegalUse();
        throw new InvalidOperationException(IllegalUse);
    }

    /// <summary>Adds an action under the next step number and returns its answer to come.</summary>
    public OpenTask Schedule(HistoryEvent action, bool expectsAnswer)
    {
        int id = _nextId++;
        _actions.Add(id, action with { Id = id });
        var task = new OpenTask(id, action.Name ?? "", action.Kind, action.FireAt);
        if (expectsAnswer)
            _openTasks.Add(id, task);
        return task;
    }

    /// <summary>A cancelled timer no longer keeps the orchestration open; that it fires in history changes nothing.</summary>
    public void CancelTimer(OpenTask timer, CancellationToken cancellationToken)
    {
        if (timer.Source.TrySetCanceled(cancellationToken))
            _openTasks.Remove(timer.Id);
    }

    private EpisodeResult ExecuteHere(IEnumerable<HistoryEvent> past, IEnumerable<HistoryEvent> arrived)
    {
        IsReplaying = true;
        foreach (HistoryEvent old in past)
            Apply(old);
        IsReplaying = false;
        foreach (HistoryEvent fresh in arrived)
            Apply(fresh);
        return Conclude();
    }

    private EpisodeResult Conclude()
    {
        if (_terminated is { } terminated)
            return Result(EpisodeOutcome.Terminated) with { Data = terminated.Data, Recursive = terminated.Recursive };
        if (_aborted is not null || _thread.SawIllegalUse)
            return Failed(new InvalidOperationException(_aborted ?? IllegalUse));
        if (_openTasks.Count == 0 && _result is { IsCompleted: true })
        {
            if (_result.IsFaulted)
                return Failed(_result.Exception.InnerExceptions[0]);
            if (_result.IsCanceled)
                return Failed(new TaskCanceledException(_result));
            if (Next is { } next)
                return Result(EpisodeOutcome.ContinuedAsNew) with
                {
                    Data = next.Input,
                    NextVersion = next.Version,
                    CarriedEvents = next.KeepsEvents ? [.. _mailbox.TakeBuffered(), .. _forNextExecution] : _forNextExecution,
                };
            return Result(EpisodeOutcome.Completed) with { Data = _result.Result };
        }

        if (_suspended)
            return Result(EpisodeOutcome.Suspended);
        if (_openTasks.Count == 0 && _result is { IsCompleted: false } && !_mailbox.HasOpenWaiters)
            return Failed(new InvalidOperationException(IllegalUse));
        return Result(EpisodeOutcome.Waiting);
    }

    private EpisodeResult Failed(Exception failure)
    {
        TaskFailureDetails details = TaskFailureDetails.FromException(failure);
        if (failure is TaskFailedException { InnerException: null } step)
            details = details with { InnerFailure = step.FailureDetails };
        return Result(EpisodeOutcome.Failed) with { Failure = details };
    }

    private EpisodeResult Result(EpisodeOutcome outcome) => new()
    {
        Outcome = outcome,
        Actions = [.. _actions.Values],
        Timers = [.. _openTasks.Values
            .Where(task => task is { Kind: EventKind.TimerCreated, FireAt: not null } && !_firedWhileSuspended.Contains(task.Id))
            .Select(task => new OpenTimer(task.Id, task.FireAt!.Value))],
        CustomStatus = CustomStatus,
    };

    private void Apply(HistoryEvent e)
    {
        if (e.Kind == EventKind.OrchestratorStarted)
        {
            Now = e.At;
            return;
        }

        if (_suspended && e.Kind is not (EventKind.ExecutionResumed or EventKind.ExecutionTerminated or EventKind.ExecutionAborted) && !IsOwnStep(e.Kind))
        {
            _whileSuspended.Enqueue(e);
            if (e is { Kind: EventKind.TimerFired, Id: { } timer })
                _firedWhileSuspended.Add(timer);
            return;
        }

        switch (e.Kind)
        {
            case EventKind.ExecutionStarted:
                _result = _body(_context);
                break;
            case EventKind.TaskScheduled or EventKind.TimerCreated or EventKind.EventSent or EventKind.SubOrchestrationInstanceCreated:
                CheckStep(e);
                break;
            case EventKind.TaskCompleted or EventKind.SubOrchestrationInstanceCompleted or EventKind.TimerFired:
                Answered(e)?.Source.TrySetResult(e.Data);
                break;
            case EventKind.TaskFailed or EventKind.SubOrchestrationInstanceFailed:
                Fail(e);
                break;
            case EventKind.EventRaised when Next is null:
                _mailbox.Raise(e);
                break;
            case EventKind.EventRaised:
                _forNextExecution.Add(e);
                break;
            case EventKind.ExecutionSuspended:
                _suspended = true;
                break;
            case EventKind.ExecutionResumed:
                _suspended = false;
                _firedWhileSuspended.Clear();
                while (!_suspended && _whileSuspended.TryDequeue(out HistoryEvent? kept))
                    Apply(kept);
                break;
            case EventKind.ExecutionTerminated:
                _terminated ??= e;
                break;
            case EventKind.ExecutionAborted:
                _aborted = IllegalUse;
                break;
        }

        _thread.Drain();
    }

    private static bool IsOwnStep(EventKind kind) =>
        kind is EventKind.TaskScheduled or EventKind.TimerCreated or EventKind.EventSent or EventKind.SubOrchestrationInstanceCreated;

    private OpenTask? Answered(HistoryEvent e) => e.Id is { } id && _openTasks.Remove(id, out OpenTask? task) ? task : null;

    private void Fail(HistoryEvent e)
    {
        if (Answered(e) is { } task)
            task.Source.TrySetException(new TaskFailedException(task.Name, task.Id, e.Failure!) { IsNonRetriable = e.NonRetriable });
    }

    private void CheckStep(HistoryEvent e)
    {
        int id = e.Id ?? -1;
        if (!_actions.Remove(id, out HistoryEvent? now))
            throw Changed($"history has step #{id}, {Describe(e)}, but the code as it is now does not reach that step");
        bool same = now.Kind == e.Kind
            && (e.Kind == EventKind.TimerCreated || string.Equals(now.Name, e.Name, StringComparison.OrdinalIgnoreCase));
        if (!same)
            throw Changed($"step #{id} is {Describe(e)} in history, but {Describe(now)} in the code as it is now");
    }

    private NonDeterminismException Changed(string what) => new(string.Create(
        CultureInfo.InvariantCulture,
        $"Non-deterministic orchestrator '{_identity.Name}': {what}. Running instances replay the code: give changed steps a new orchestrator name and let the old one finish."));

    private static string Describe(HistoryEvent step) => step.Kind switch
    {
        EventKind.TaskScheduled => $"activity '{step.Name}'",
        EventKind.SubOrchestrationInstanceCreated => $"sub-orchestration '{step.Name}'",
        EventKind.EventSent => $"sent event '{step.Name}'",
        _ => "a timer",
    };
}

/// <summary>A step whose answer is not here yet.</summary>
internal sealed class OpenTask(int id, string name, EventKind kind, DateTime? fireAt)
{
    public int Id => id;

    public string Name => name;

    public EventKind Kind => kind;

    public DateTime? FireAt => fireAt;

    public TaskCompletionSource<string?> Source { get; } = new();
}

/// <summary>The orchestrator's code does not do what its history says.</summary>
#pragma warning disable CA1032 // made in one place only
internal sealed class NonDeterminismException(string message) : Exception(message);
#pragma warning restore CA1032
