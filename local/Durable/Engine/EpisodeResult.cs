using Microsoft.DurableTask;

namespace Abm.Local.Durable.Engine;

/// <summary>How an execution stands at the end of an episode.</summary>
internal enum EpisodeOutcome
{
    Waiting,
    Suspended,
    Completed,
    Failed,
    Terminated,
    ContinuedAsNew,
}

/// <summary>A timer that is neither due nor cancelled.</summary>
internal sealed record OpenTimer(
    [property: System.Text.Json.Serialization.JsonPropertyName("i")] int Id,
    [property: System.Text.Json.Serialization.JsonPropertyName("f")] DateTime FireAt);

/// <summary>What one episode of an orchestration decided. Nothing of it is real before it was committed.</summary>
internal sealed record EpisodeResult
{
    public required EpisodeOutcome Outcome { get; init; }

    /// <summary>What the orchestrator did that is not in history yet, in the order of its step numbers.</summary>
    public required IReadOnlyList<HistoryEvent> Actions { get; init; }

    public required IReadOnlyList<OpenTimer> Timers { get; init; }

    /// <summary>As JSON; null: none.</summary>
    public string? CustomStatus { get; init; }

    /// <summary>Output of a completed or terminated execution, input of the next one after continue-as-new.</summary>
    public string? Data { get; init; }

    public TaskFailureDetails? Failure { get; init; }

    /// <summary>Whether a termination reaches the children.</summary>
    public bool Recursive { get; init; }

    /// <summary>After continue-as-new: the version, null for the same one.</summary>
    public string? NextVersion { get; init; }

    /// <summary>After continue-as-new: events for the next execution.</summary>
    public IReadOnlyList<HistoryEvent> CarriedEvents { get; init; } = [];
}
