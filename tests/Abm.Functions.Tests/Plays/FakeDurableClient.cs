using Abm.Plays;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace Abm.Functions.Tests.Plays;

/// <summary>A durable client that behaves as the strictest one does: it throws for ids that exist, and for events to who is missing or over.</summary>
internal sealed class FakeDurableClient() : DurableTaskClient("fake")
{
    private readonly Dictionary<string, OrchestrationRuntimeStatus> _instances = [];

    public List<PlayStartInput> Started { get; } = [];

    public List<(string Id, string Event, object? Payload)> Raised { get; } = [];

    /// <summary>Set: every call fails with it, as when the storage is down.</summary>
    public Exception? Down { get; set; }

    public IReadOnlyList<string>? LastDedupe { get; private set; }

    public void Has(string id, OrchestrationRuntimeStatus status) => _instances[id] = status;

    public override Task<string> ScheduleNewOrchestrationInstanceAsync(
        TaskName orchestratorName, object? input = null, StartOrchestrationOptions? options = null, CancellationToken cancellation = default)
    {
        ThrowIfDown();
        lock (_instances)
            return Task.FromResult(Schedule((PlayStartInput)input!, options!));
    }

    private string Schedule(PlayStartInput input, StartOrchestrationOptions options)
    {
        string id = options.InstanceId!;
        LastDedupe = options.DedupeStatuses;
        if (_instances.TryGetValue(id, out OrchestrationRuntimeStatus status) && options.DedupeStatuses!.Contains(status.ToString()))
            throw new InvalidOperationException("An instance of this id exists already.");
        _instances[id] = OrchestrationRuntimeStatus.Pending;
        Started.Add(input);
        return id;
    }

    public override Task RaiseEventAsync(string instanceId, string eventName, object? eventPayload = null, CancellationToken cancellation = default)
    {
        ThrowIfDown();
        if (!_instances.TryGetValue(instanceId, out OrchestrationRuntimeStatus status))
            throw new ArgumentException("No such instance.");
        if (status is OrchestrationRuntimeStatus.Completed or OrchestrationRuntimeStatus.Failed or OrchestrationRuntimeStatus.Terminated)
            throw new InvalidOperationException("It is over.");
        Raised.Add((instanceId, eventName, eventPayload));
        return Task.CompletedTask;
    }

    public override Task<OrchestrationMetadata?> GetInstancesAsync(string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default)
    {
        ThrowIfDown();
        return Task.FromResult(_instances.TryGetValue(instanceId, out OrchestrationRuntimeStatus status)
            ? new OrchestrationMetadata("play", instanceId) { RuntimeStatus = status }
            : null);
    }

    public override Task<OrchestrationMetadata> WaitForInstanceStartAsync(string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default) =>
        throw new NotSupportedException();

    public override Task<OrchestrationMetadata> WaitForInstanceCompletionAsync(string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default) =>
        throw new NotSupportedException();

    public override Task SuspendInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellation = default) => throw new NotSupportedException();

    public override Task ResumeInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellation = default) => throw new NotSupportedException();

    public override AsyncPageable<OrchestrationMetadata> GetAllInstancesAsync(OrchestrationQuery? filter = null) => throw new NotSupportedException();

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private void ThrowIfDown()
    {
        if (Down is not null)
            throw Down;
    }
}
