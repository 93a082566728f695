using System.Collections.Concurrent;
using Abm.Local.Hosting;
using Azure;
using Azure.Core;
using Azure.Data.Tables;
using Azure.Messaging.ServiceBus;
using Azure.Storage.Queues;
using Microsoft.Extensions.Configuration;

namespace Abm.Local.ServiceBus;

/// <summary>A Service Bus namespace on a storage account: one table with all messages, a storage queue of tickets for each queue and subscription.</summary>
// The semaphore lives as long as the process and never makes a wait handle, so there is nothing to dispose.
#pragma warning disable CA1001
internal sealed class LocalNamespace
#pragma warning restore CA1001
{
    public const string TableName = "LocalServiceBus";
    private const string EntitiesPartition = "$entities";
    private static readonly TimeSpan KnownFor = TimeSpan.FromSeconds(10);

    private readonly QueueServiceClient _queues;
    private readonly Declarations _ownDeclarations;
    private readonly SemaphoreSlim _loading = new(1, 1);
    private readonly ConcurrentDictionary<string, QueueClient> _clients = new();
    private Dictionary<string, EntityDescription> _entities = new(StringComparer.OrdinalIgnoreCase);
    private DateTimeOffset _loadedAt = DateTimeOffset.MinValue;
    private bool _isReady;

    public LocalNamespace(string name, QueueServiceClient queues, TableServiceClient tables, Declarations ownDeclarations, TimeProvider time)
    {
        Name = name;
        _queues = queues;
        Table = tables.GetTableClient(TableName);
        _ownDeclarations = ownDeclarations;
        Time = time;
        Numbers = new SequenceNumbers(time);
    }

    public string Name { get; }

    public TableClient Table { get; }

    public TimeProvider Time { get; }

    public SequenceNumbers Numbers { get; }

    /// <summary>Opens the namespace at an address.</summary>
    /// <param name="address">The address.</param>
    /// <param name="configuration">Where AzureWebJobsStorage and the declared entities stand.</param>
    /// <param name="retry">How storage calls are repeated.</param>
    /// <param name="usedBy">Who needs it, for messages.</param>
    /// <exception cref="LocalRuntimeException">There is no storage connection.</exception>
    public static LocalNamespace Open(BusAddress address, IConfiguration configuration, ServiceBusRetryOptions retry, string usedBy)
    {
        var queueOptions = new QueueClientOptions { MessageEncoding = QueueMessageEncoding.None };
        var tableOptions = new TableClientOptions();
        retry.ApplyTo(queueOptions.Retry);
        retry.ApplyTo(tableOptions.Retry);
        Declarations declared = TopologySettings.Read(configuration);
        var connections = new StorageConnections(configuration);
        if ((address.StorageConnectionString ?? (connections.TryResolve(null) is null ? address.OtherwiseStorage : null)) is { } own)
            return new LocalNamespace(address.Namespace, new QueueServiceClient(own, queueOptions), new TableServiceClient(own, tableOptions), declared, TimeProvider.System);
        return new LocalNamespace(
            address.Namespace, connections.Queues(null, usedBy, queueOptions), connections.Tables(null, usedBy, tableOptions), declared, TimeProvider.System);
    }

    public QueueClient Queue(EntityPath path) => _clients.GetOrAdd(path.StorageQueue, _queues.GetQueueClient);

    /// <summary>What is known of a queue or a topic.</summary>
    /// <exception cref="ServiceBusException">There is none of that name.</exception>
    public async Task<EntityDescription> FindAsync(string queueOrTopic, CancellationToken cancellationToken)
    {
        if (Time.GetUtcNow() - _loadedAt > KnownFor || !_entities.ContainsKey(queueOrTopic))
            await LoadAsync(cancellationToken);
        return _entities.TryGetValue(queueOrTopic, out EntityDescription? entity) ? entity : throw NotFound(
            $"There is no queue or topic '{queueOrTopic}': declare it in the settings (ServiceBus__Queues, ServiceBus__Topics__{queueOrTopic}) or by a function.", queueOrTopic);
    }

    /// <summary>The queue or subscription at a path.</summary>
    /// <exception cref="ServiceBusException">There is none.</exception>
    public async Task<Mailbox> MailboxAsync(EntityPath path, CancellationToken cancellationToken)
    {
        EntityDescription entity = await FindAsync(path.Queue, cancellationToken);
        if (path.Subscription is null)
            return entity.IsTopic ? throw NotFound($"'{path.Queue}' is a topic; receive from one of its subscriptions.", path.Text) : new Mailbox(this, path, entity.Mailbox);
        return entity.Subscriptions.TryGetValue(path.Subscription.ToLowerInvariant(), out MailboxOptions? options)
            ? new Mailbox(this, path, options)
            : throw NotFound($"The {entity.Kind} '{path.Queue}' has no subscription '{path.Subscription}': add it to the setting ServiceBus__Topics__{path.Queue}.", path.Text);
    }

    /// <summary>Makes sure that the declared entities exist. What is declared as a whole replaces what was known; the rest is added to it.</summary>
    /// <exception cref="LocalRuntimeException">A name is a queue here and a topic there.</exception>
    public async Task ProvisionAsync(Declarations declared, CancellationToken cancellationToken)
    {
        await Table.CreateIfNotExistsAsync(cancellationToken);
        foreach ((EntityDescription entity, bool isWhole) in declared.Entities)
            await ProvisionAsync(entity, isWhole, cancellationToken);
        _loadedAt = DateTimeOffset.MinValue;
    }

    private async Task ProvisionAsync(EntityDescription entity, bool isWhole, CancellationToken cancellationToken)
    {
        string key = EntityPath.PartitionOf(entity.Name);
        while (true)
        {
            NullableResponse<TableEntity> known = await Table.GetEntityIfExistsAsync<TableEntity>(EntitiesPartition, key, cancellationToken: cancellationToken);
            EntityDescription? before = known.HasValue ? EntityDescription.FromJson(known.Value!.GetString("Json")!) : null;
            EntityDescription after = before is null || isWhole ? entity : before.With(entity);
            string json = after.ToJson();
            if (before is not null && before.ToJson() == json)
                return;
            var row = new TableEntity(EntitiesPartition, key) { ["Json"] = json };
            try
            {
                if (before is null)
                    await Table.AddEntityAsync(row, cancellationToken);
                else
                    await Table.UpdateEntityAsync(row, known.Value!.ETag, TableUpdateMode.Replace, cancellationToken);
                return;
            }
            catch (RequestFailedException other) when (other.Status is 409 or 412)
            {
                // Another process declares entities at the same time; look again.
            }
        }
    }

    private async Task LoadAsync(CancellationToken cancellationToken)
    {
        await _loading.WaitAsync(cancellationToken);
        try
        {
            if (!_isReady)
            {
                await Table.CreateIfNotExistsAsync(cancellationToken);
                foreach ((EntityDescription entity, _) in _ownDeclarations.Entities)
                    await ProvisionAsync(entity, isWhole: false, cancellationToken);
                _isReady = true;
            }

            Dictionary<string, EntityDescription> entities = new(StringComparer.OrdinalIgnoreCase);
            await foreach (TableEntity row in Table.QueryAsync<TableEntity>($"PartitionKey eq '{EntitiesPartition}'", cancellationToken: cancellationToken))
            {
                EntityDescription entity = EntityDescription.FromJson(row.GetString("Json")!);
                entities[entity.Name] = entity;
            }

            _entities = entities;
            _loadedAt = Time.GetUtcNow();
        }
        finally
        {
            _loading.Release();
        }
    }

    private static ServiceBusException NotFound(string message, string path) => new(message, ServiceBusFailureReason.MessagingEntityNotFound, path);
}
