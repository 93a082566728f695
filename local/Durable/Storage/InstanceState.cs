using Abm.Local.Durable.Engine;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace Abm.Local.Durable.Storage;

/// <summary>
/// All of an instance: what its row holds, and its history. The row is the only thing that commits; every change of it is conditional on
/// its tag, so that of two processes one wins.
/// </summary>
internal sealed record InstanceState
{
    public required string InstanceId { get; init; }

    public required string Name { get; init; }

    public string Version { get; init; } = "";

    /// <summary>Another one after continue-as-new and when the id is used again.</summary>
    public required string ExecutionId { get; init; }

    public OrchestrationRuntimeStatus Status { get; init; } = OrchestrationRuntimeStatus.Pending;

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset UpdatedAt { get; init; }

    public DateTimeOffset? CompletedAt { get; init; }

    /// <summary>Not before; null: at once.</summary>
    public DateTimeOffset? StartAt { get; init; }

    public ParentLink? Parent { get; init; }

    public Dictionary<string, string>? Tags { get; init; }

    public string? Input { get; init; }

    public string? Output { get; init; }

    public string? CustomStatus { get; init; }

    public TaskFailureDetails? Failure { get; init; }

    /// <summary>How many episodes of this execution were committed. A row whose number differs was changed by another episode.</summary>
    public int Episode { get; init; }

    /// <summary>Marks the last commit, so that a writer whose answer was lost knows its own.</summary>
    public string CommitId { get; init; } = "";

    public IReadOnlyList<OpenTimer> Timers { get; init; } = [];

    /// <summary>Key of the wake row that stands for the earliest timer (or the start), null if there is none.</summary>
    public string? TimerWake { get; init; }

    /// <summary>What came and was not taken in yet, oldest first.</summary>
    public IReadOnlyList<Message> Inbox { get; init; } = [];

    /// <summary>Ids of the latest messages, in the inbox or taken in.</summary>
    public IReadOnlyList<string> Seen { get; init; } = [];

    /// <summary>What is to be sent and was not confirmed yet, in order.</summary>
    public IReadOnlyList<Outgoing> Outbox { get; init; } = [];

    public IReadOnlyList<HistoryEvent> History { get; init; } = [];

    /// <summary>References of the rows that hold the beginning of the history.</summary>
    public IReadOnlyList<string> Chunks { get; init; } = [];

    /// <summary>How many events those rows hold.</summary>
    public int ChunkedEvents { get; init; }

    /// <summary>References of all further rows that the row refers to.</summary>
    public IReadOnlyList<string> Spilled { get; init; } = [];

    public string ETag { get; init; } = "";

    public bool IsFinished => IsFinishedStatus(Status);

    public static bool IsFinishedStatus(OrchestrationRuntimeStatus status) => status
        is OrchestrationRuntimeStatus.Completed or OrchestrationRuntimeStatus.Failed or OrchestrationRuntimeStatus.Terminated;
}
