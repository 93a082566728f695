using Azure.Data.Tables;
using Azure.Storage.Queues;
using Microsoft.Extensions.Hosting;

namespace Abm.Functions.Storage;

/// <summary>Tables and queues that a part of the app needs; each part registers its own.</summary>
public sealed record StorageNeeds(IReadOnlyList<string> Tables, IReadOnlyList<string> Queues);

/// <summary>Creates tables and queues that are missing, all at the same time, before the app takes anything in. Safe on any number of instances at once.</summary>
/// <remarks>Runs ahead of what listens: on the platform the worker's own services are registered, and so started, before ours.</remarks>
public sealed class StorageSetup(TableServiceClient tables, QueueServiceClient queues, IEnumerable<StorageNeeds> needs) : IHostedLifecycleService
{
    /// <inheritdoc/>
    public Task StartingAsync(CancellationToken cancellationToken) => Task.WhenAll(
        [
            .. needs.SelectMany(need => need.Tables).Distinct(StringComparer.Ordinal).Select(name => tables.CreateTableIfNotExistsAsync(name, cancellationToken)),
            .. needs.SelectMany(need => need.Queues).Distinct(StringComparer.Ordinal).Select(name => queues.GetQueueClient(name).CreateIfNotExistsAsync(cancellationToken: cancellationToken)),
        ]);

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
