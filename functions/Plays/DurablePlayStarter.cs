using Abm.Plays;
using Abm.Ports;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace Abm.Functions.Plays;

/// <summary>Starts and stops plays as durable orchestrations.</summary>
public sealed class DurablePlayStarter(DurableTaskClient client) : IPlayStarter
{
    /// <summary>Every status: an instance of this id, running or finished, is never started again nor replaced.</summary>
    private static readonly string[] AnyStatus =
    [
        nameof(OrchestrationRuntimeStatus.Pending),
        nameof(OrchestrationRuntimeStatus.Running),
        nameof(OrchestrationRuntimeStatus.Suspended),
        nameof(OrchestrationRuntimeStatus.Completed),
        nameof(OrchestrationRuntimeStatus.Failed),
        nameof(OrchestrationRuntimeStatus.Terminated),
    ];

    /// <inheritdoc/>
    public async Task StartAsync(PlayStartInput start, CancellationToken cancellationToken)
    {
        StartOrchestrationOptions options = new(start.PlayId) { DedupeStatuses = AnyStatus };
        try
        {
            await client.ScheduleNewOrchestrationInstanceAsync(nameof(PlayOrchestrator), start, options, cancellationToken);
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            // "Exists already" comes as different exceptions from different versions: what counts is whether it does.
            if (await client.GetInstanceAsync(start.PlayId, cancellationToken) is null)
                throw;
        }
    }

    /// <inheritdoc/>
    public Task<bool> StopAsync(string playId, PlayStop stop, CancellationToken cancellationToken) => SignalAsync(playId, cancellationToken);

    /// <inheritdoc/>
    public Task<bool> ClocksChangedAsync(string playId, CancellationToken cancellationToken) => SignalAsync(playId, cancellationToken);

    /// <inheritdoc/>
    public async Task<bool> SignalAsync(string playId, CancellationToken cancellationToken)
    {
        try
        {
            await client.RaiseEventAsync(playId, PlayOrchestrator.SignalEvent, new PlaySignal(1), cancellationToken);
            return true;
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            // Missing and finished instances are refused by several exception types: ask what became of it.
            if (await client.GetInstanceAsync(playId, cancellationToken) is { IsCompleted: false })
                throw;
            return false;
        }
    }
}
