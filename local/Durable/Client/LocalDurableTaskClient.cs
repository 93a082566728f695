using Abm.Local.Durable.Engine;
using Abm.Local.Durable.Storage;
using DurableTask.Core.Exceptions;
using Microsoft.Azure.Functions.Worker;

namespace Microsoft.DurableTask.Client;

/// <summary>The client that <c>[DurableClient]</c> parameters get.</summary>
internal sealed class LocalDurableTaskClient(DurableEngine engine, string hub, Func<(Uri? Address, string Query)> management)
    : DurableTaskClient(hub), IHasManagementAddress
{
    private const string Protected = "Pending, Running, Suspended";

    public Uri? ManagementAddress => management().Address;

    public string ManagementQuery => management().Query;

    private DataConverter Converter => engine.Options.Converter;

    public override async Task<string> ScheduleNewOrchestrationInstanceAsync(
        TaskName orchestratorName, object? input = null, StartOrchestrationOptions? options = null, CancellationToken cancellation = default)
    {
        if (string.IsNullOrEmpty(orchestratorName.Name))
            throw new ArgumentException("The name of the orchestrator is empty.", nameof(orchestratorName));
        if (input is StartOrchestrationOptions && options is null)
            throw new ArgumentException("Start options were passed as the input. Pass them as the options.", nameof(input));
        string id = options?.InstanceId ?? Guid.NewGuid().ToString("N");
        InstanceIds.Check(id);
        Func<InstanceState, ExistingInstance> onExisting = OnExisting(options?.DedupeStatuses);
        DateTimeOffset now = engine.Now;
        var fresh = new InstanceState
        {
            InstanceId = id,
            Name = orchestratorName.Name,
            Version = options?.Version?.Version ?? "",
            ExecutionId = EpisodeCommit.NewExecutionId(),
            CommitId = EpisodeCommit.NewExecutionId(),
            CreatedAt = now,
            UpdatedAt = now,
            StartAt = options?.StartAt?.ToUniversalTime(),
            Input = Converter.Serialize(input),
            Tags = options is { Tags.Count: > 0 } ? options.Tags.ToDictionary(StringComparer.Ordinal) : null,
        };
        return await engine.StartAsync(fresh, onExisting, cancellation) == StartOutcome.Started
            ? id
            : throw new OrchestrationAlreadyExistsException($"An orchestration with the id '{id}' exists already.");
    }

    public override async Task RaiseEventAsync(
        string instanceId, string eventName, object? eventPayload = null, CancellationToken cancellation = default)
    {
        InstanceIds.Check(instanceId);
        ArgumentException.ThrowIfNullOrEmpty(eventName);
        Message raised = DurableEngine.NewMessage(
            new HistoryEvent { Kind = EventKind.EventRaised, Name = eventName, Data = Converter.Serialize(eventPayload) });
        switch (await engine.AppendAsync(instanceId, raised, cancellation))
        {
            case AppendOutcome.Missing:
                throw new ArgumentException($"There is no orchestration with the id '{instanceId}'.", nameof(instanceId));
            case AppendOutcome.Finished:
                throw new InvalidOperationException($"The orchestration '{instanceId}' is finished and takes no more events.");
        }
    }

    public override Task<OrchestrationMetadata> WaitForInstanceStartAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default) =>
        WaitAsync(instanceId, state => state.Status != OrchestrationRuntimeStatus.Pending, getInputsAndOutputs, cancellation);

    public override Task<OrchestrationMetadata> WaitForInstanceCompletionAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default) =>
        WaitAsync(instanceId, state => state.IsFinished, getInputsAndOutputs, cancellation);

    public override Task TerminateInstanceAsync(
        string instanceId, TerminateInstanceOptions? options = null, CancellationToken cancellation = default)
    {
        InstanceIds.Check(instanceId);
        return engine.TerminateAsync(instanceId, Converter.Serialize(options?.Output), options?.Recursive ?? false, cancellation);
    }

    public override Task SuspendInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellation = default) =>
        SteerAsync(instanceId, EventKind.ExecutionSuspended, reason, cancellation);

    public override Task ResumeInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellation = default) =>
        SteerAsync(instanceId, EventKind.ExecutionResumed, reason, cancellation);

    public override async Task<OrchestrationMetadata?> GetInstancesAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default)
    {
        InstanceIds.Check(instanceId);
        InstanceState? state = getInputsAndOutputs
            ? await engine.Store.LoadOutputAsync(instanceId, cancellation)
            : await engine.Store.LoadSummaryAsync(instanceId, cancellation);
        return state is null ? null : Metadata(state, getInputsAndOutputs);
    }

    public override AsyncPageable<OrchestrationMetadata> GetAllInstancesAsync(OrchestrationQuery? filter = null)
    {
        OrchestrationQuery query = filter ?? new OrchestrationQuery();
        if (query.TaskHubNames?.Any(name => !string.Equals(name, Name, StringComparison.OrdinalIgnoreCase)) == true)
            throw new NotSupportedException($"The Local runtime lists the instances of its own task hub '{Name}' only.");
        return Pageable.Create<OrchestrationMetadata>(async (token, size, cancellation) =>
        {
            (IReadOnlyList<InstanceState> states, string? next) = await engine.Store.ListAsync(
                Range(query.CreatedFrom, query.CreatedTo, query.Statuses, query.InstanceIdPrefix),
                query.FetchInputsAndOutputs,
                Math.Clamp(size ?? query.PageSize, 1, 1000),
                token ?? query.ContinuationToken,
                cancellation);
            return new Page<OrchestrationMetadata>(
                [.. states
                    .Where(state => query.InstanceIdPrefix is not { } prefix || state.InstanceId.StartsWith(prefix, StringComparison.Ordinal))
                    .Select(state => Metadata(state, query.FetchInputsAndOutputs))],
                next);
        });
    }

    public override async Task<PurgeResult> PurgeInstanceAsync(
        string instanceId, PurgeInstanceOptions? options = null, CancellationToken cancellation = default)
    {
        InstanceIds.Check(instanceId);
        return new PurgeResult(await PurgeAsync(instanceId, options?.Recursive ?? false, cancellation), true);
    }

    public override async Task<PurgeResult> PurgeAllInstancesAsync(
        PurgeInstancesFilter filter, PurgeInstanceOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(filter);
        OrchestrationRuntimeStatus[] finished = [.. (filter.Statuses ?? []).Where(InstanceState.IsFinishedStatus)];
        if (finished.Length == 0 && filter.Statuses?.Any() == true)
            return new PurgeResult(0, true);
        if (finished.Length == 0)
            finished = [OrchestrationRuntimeStatus.Completed, OrchestrationRuntimeStatus.Failed, OrchestrationRuntimeStatus.Terminated];

        long begun = engine.Time.GetTimestamp();
        int purged = 0;
        string? continuation = null;
        do
        {
            (IReadOnlyList<InstanceState> states, continuation) = await engine.Store.ListAsync(
                Range(filter.CreatedFrom, filter.CreatedTo, finished, null), withOutputs: false, 500, continuation, cancellation);
            foreach (InstanceState state in states)
            {
                if (filter.Timeout is { } limit && engine.Time.GetElapsedTime(begun) >= limit)
                    return new PurgeResult(purged, false);
                purged += await PurgeAsync(state.InstanceId, options?.Recursive ?? false, cancellation);
            }
        }
        while (continuation is not null);
        return new PurgeResult(purged, true);
    }

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static TableRange Range(
        DateTimeOffset? from, DateTimeOffset? to, IEnumerable<OrchestrationRuntimeStatus>? statuses, string? prefix) => new()
        {
            PartitionFrom = string.IsNullOrEmpty(prefix) ? null : prefix,
            PartitionTo = string.IsNullOrEmpty(prefix) ? null : prefix[..^1] + (char)(prefix[^1] + 1),
            Between = from is null && to is null ? null : ("CreatedTime", from, to),
            OneOf = statuses?.Select(status => status.ToString()).ToArray() is { Length: > 0 } names ? ("RuntimeStatus", names) : null,
        };

    private static Func<InstanceState, ExistingInstance> OnExisting(IReadOnlyList<string>? dedupe)
    {
        var statuses = new HashSet<OrchestrationRuntimeStatus>();
        foreach (string name in dedupe ?? Protected.Split(", "))
        {
            if (!Enum.TryParse(name, ignoreCase: true, out OrchestrationRuntimeStatus status)
                || !StartOrchestrationOptionsExtensions.ValidDedupeStatuses.Contains(status))
                throw new ArgumentException($"'{name}' is no dedupe status. There are: {string.Join(", ", StartOrchestrationOptionsExtensions.ValidDedupeStatuses)}.");
            statuses.Add(status);
        }

        return existing => statuses.Contains(existing.Status)
            ? ExistingInstance.Keep
            : existing.IsFinished ? ExistingInstance.Replace : ExistingInstance.TerminateFirst;
    }

    private async Task<OrchestrationMetadata> WaitAsync(
        string instanceId, Func<InstanceState, bool> isAsWished, bool withOutputs, CancellationToken cancellation)
    {
        InstanceIds.Check(instanceId);
        InstanceState? state = await engine.WaitUntilAsync(instanceId, found => found is null || isAsWished(found), withOutputs, cancellation);
        return state is null
            ? throw new ArgumentException($"There is no orchestration with the id '{instanceId}'.", nameof(instanceId))
            : Metadata(state, withOutputs);
    }

    private async Task SteerAsync(string instanceId, EventKind kind, string? reason, CancellationToken cancellation)
    {
        InstanceIds.Check(instanceId);
        await engine.AppendAsync(instanceId, DurableEngine.NewMessage(new HistoryEvent { Kind = kind, Data = Converter.Serialize(reason) }), cancellation);
    }

    private async Task<int> PurgeAsync(string instanceId, bool recursive, CancellationToken cancellation)
    {
        InstanceState? state = await engine.Store.LoadAsync(instanceId, cancellation);
        if (state is null)
            return 0;
        if (!state.IsFinished)
            throw new InvalidOperationException($"The orchestration '{instanceId}' is not finished and cannot be purged.");
        if (state.Outbox.Count > 0)
        {
            // It still owes somebody an answer; that goes first.
            using (PinnedActor pinned = engine.Pin(instanceId))
                pinned.Actor.Signal();
            await Task.Delay(TimeSpan.FromMilliseconds(50), engine.Time, cancellation);
            return await PurgeAsync(instanceId, recursive, cancellation);
        }

        if (!await engine.Store.DeleteAsync(state, cancellation))
            return 0;

        int purged = 1;
        if (recursive)
        {
            foreach (HistoryEvent child in state.History.Where(e => e.Kind == EventKind.SubOrchestrationInstanceCreated))
                purged += await PurgeAsync(child.InstanceId!, recursive, cancellation);
        }

        return purged;
    }

    private OrchestrationMetadata Metadata(InstanceState state, bool withData) => new(state.Name, state.InstanceId)
    {
        DataConverter = withData ? Converter : null,
        RuntimeStatus = state.Status,
        CreatedAt = state.CreatedAt,
        LastUpdatedAt = state.UpdatedAt,
        SerializedInput = withData ? state.Input : null,
        SerializedOutput = withData ? state.Output : null,
        SerializedCustomStatus = withData ? state.CustomStatus : null,
        FailureDetails = withData ? state.Failure : null,
        Tags = state.Tags ?? new Dictionary<string, string>(),
    };
}
