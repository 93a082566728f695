namespace Microsoft.DurableTask.Client;

/// <summary>Which instances are listed.</summary>
/// <param name="CreatedFrom">Created at or after.</param>
/// <param name="CreatedTo">Created at or before.</param>
/// <param name="Statuses">In one of these statuses; null: in any.</param>
/// <param name="TaskHubNames">In one of these hubs; the Local runtime refuses any other than its own.</param>
/// <param name="InstanceIdPrefix">With an id that begins so.</param>
/// <param name="PageSize">How many a page.</param>
/// <param name="FetchInputsAndOutputs">Whether inputs, outputs and custom statuses are read too.</param>
/// <param name="ContinuationToken">Where to go on.</param>
public record OrchestrationQuery(
    DateTimeOffset? CreatedFrom = null,
    DateTimeOffset? CreatedTo = null,
    IEnumerable<OrchestrationRuntimeStatus>? Statuses = null,
    IEnumerable<string>? TaskHubNames = null,
    string? InstanceIdPrefix = null,
    int PageSize = OrchestrationQuery.DefaultPageSize,
    bool FetchInputsAndOutputs = false,
    string? ContinuationToken = null)
{
    /// <summary>100 instances a page.</summary>
    public const int DefaultPageSize = 100;
}

/// <summary>Which finished instances are removed.</summary>
/// <param name="CreatedFrom">Created at or after.</param>
/// <param name="CreatedTo">Created at or before.</param>
/// <param name="Statuses">In one of these statuses; null: in any finished one.</param>
public record PurgeInstancesFilter(
    DateTimeOffset? CreatedFrom = null,
    DateTimeOffset? CreatedTo = null,
    IEnumerable<OrchestrationRuntimeStatus>? Statuses = null)
{
    /// <summary>How long to go on; what is left is reported as not complete. Null: until done.</summary>
    public TimeSpan? Timeout { get; init; }
}

/// <summary>How instances are removed.</summary>
/// <param name="Recursive">Whether children are removed too.</param>
public record PurgeInstanceOptions(bool Recursive = false);

/// <summary>What a purge did.</summary>
public class PurgeResult
{
    /// <summary>So many were removed.</summary>
    public PurgeResult(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        PurgedInstanceCount = count;
    }

    /// <summary>So many were removed, and whether that was all.</summary>
    public PurgeResult(int count, bool? isComplete)
        : this(count) => IsComplete = isComplete;

    /// <summary>How many instances were removed.</summary>
    public int PurgedInstanceCount { get; }

    /// <summary>Whether all were removed; null: not said.</summary>
    public bool? IsComplete { get; }
}

/// <summary>How an instance is ended.</summary>
/// <param name="Output">Its output.</param>
/// <param name="Recursive">Whether its children are ended too.</param>
public record TerminateInstanceOptions(object? Output = null, bool Recursive = false);

/// <summary>Helps to spell out dedupe statuses.</summary>
public static class StartOrchestrationOptionsExtensions
{
    /// <summary>The statuses that may protect an existing instance.</summary>
    public static readonly IReadOnlyList<OrchestrationRuntimeStatus> ValidDedupeStatuses =
    [
        OrchestrationRuntimeStatus.Completed,
        OrchestrationRuntimeStatus.Failed,
        OrchestrationRuntimeStatus.Terminated,
#pragma warning disable CS0618 // the obsolete status is part of the list that callers may pass
        OrchestrationRuntimeStatus.Canceled,
#pragma warning restore CS0618
        OrchestrationRuntimeStatus.Pending,
        OrchestrationRuntimeStatus.Running,
        OrchestrationRuntimeStatus.Suspended,
    ];

    /// <summary>The same options; an existing instance in one of these statuses stays, and starting is refused.</summary>
    public static StartOrchestrationOptions WithDedupeStatuses(
        this StartOrchestrationOptions options, params OrchestrationRuntimeStatus[] dedupeStatuses)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options with { DedupeStatuses = dedupeStatuses.Select(status => status.ToString()).ToList() };
    }
}
