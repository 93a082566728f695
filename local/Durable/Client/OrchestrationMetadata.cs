using System.Collections.Immutable;
using System.Globalization;

namespace Microsoft.DurableTask.Client;

/// <summary>Where an orchestration stands.</summary>
public enum OrchestrationRuntimeStatus
{
    /// <summary>Started and not finished; most of the time it waits.</summary>
    Running,

    /// <summary>Returned.</summary>
    Completed,

    /// <summary>Between two executions; never seen by clients.</summary>
    [Obsolete("Clients never see this status.")]
    ContinuedAsNew,

    /// <summary>Ended by an exception.</summary>
    Failed,

    /// <summary>Never used.</summary>
    [Obsolete("Orchestrations are terminated, not cancelled.")]
    Canceled,

    /// <summary>Ended from outside.</summary>
    Terminated,

    /// <summary>Scheduled, not yet started.</summary>
    Pending,

    /// <summary>Paused.</summary>
    Suspended,
}

/// <summary>The state of an orchestration at one moment.</summary>
public sealed class OrchestrationMetadata
{
    /// <summary>A state of an instance.</summary>
    public OrchestrationMetadata(string name, string instanceId)
    {
        Name = name;
        InstanceId = instanceId;
    }

    /// <summary>The orchestrator.</summary>
    public string Name { get; }

    /// <summary>The instance id.</summary>
    public string InstanceId { get; }

    /// <summary>Reads inputs and outputs; null when they were not asked for.</summary>
    public DataConverter? DataConverter { get; init; }

    /// <summary>Where it stands.</summary>
    public OrchestrationRuntimeStatus RuntimeStatus { get; init; }

    /// <summary>When it was scheduled.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>When its state last changed.</summary>
    public DateTimeOffset LastUpdatedAt { get; init; }

    /// <summary>The input as JSON.</summary>
    public string? SerializedInput { get; init; }

    /// <summary>The output as JSON.</summary>
    public string? SerializedOutput { get; init; }

    /// <summary>The custom status as JSON.</summary>
    public string? SerializedCustomStatus { get; init; }

    /// <summary>Labels given at the start.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = ImmutableDictionary.Create<string, string>();

    /// <summary>How it failed, if it did.</summary>
    public TaskFailureDetails? FailureDetails { get; init; }

    /// <summary>Whether the status is Running, and nothing else.</summary>
    public bool IsRunning => RuntimeStatus == OrchestrationRuntimeStatus.Running;

    /// <summary>Whether it is Completed, Failed or Terminated.</summary>
    public bool IsCompleted => RuntimeStatus
        is OrchestrationRuntimeStatus.Completed or OrchestrationRuntimeStatus.Failed or OrchestrationRuntimeStatus.Terminated;

    /// <summary>The input.</summary>
    /// <exception cref="InvalidOperationException">The state was fetched without inputs and outputs.</exception>
    public T? ReadInputAs<T>() => Read<T>(SerializedInput, nameof(ReadInputAs));

    /// <summary>The output.</summary>
    /// <exception cref="InvalidOperationException">The state was fetched without inputs and outputs.</exception>
    public T? ReadOutputAs<T>() => Read<T>(SerializedOutput, nameof(ReadOutputAs));

    /// <summary>The custom status.</summary>
    /// <exception cref="InvalidOperationException">The state was fetched without inputs and outputs.</exception>
    public T? ReadCustomStatusAs<T>() => Read<T>(SerializedCustomStatus, nameof(ReadCustomStatusAs));

    /// <summary>Name, id, status and times, without payloads.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"[Name: '{Name}', ID: '{InstanceId}', RuntimeStatus: {RuntimeStatus}, CreatedAt: {CreatedAt:s}, LastUpdatedAt: {LastUpdatedAt:s}]");

    private T? Read<T>(string? json, string method) => DataConverter is { } converter
        ? converter.Deserialize<T>(json)
        : throw new InvalidOperationException($"{method} needs a state that was fetched with getInputsAndOutputs (or FetchInputsAndOutputs).");
}
