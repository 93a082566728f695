using System.Security.Cryptography;
using System.Text;
using Azure;
using Azure.Data.Tables;
using Azure.Messaging.ServiceBus;

namespace Abm.Local.ServiceBus;

/// <summary>Stores messages for a queue, or for every subscription of a topic, and then puts out their tickets.</summary>
internal sealed class Outgoing(LocalNamespace bus, string queueOrTopic)
{
    private const int MostActions = 100;
    private const long MostBytes = 3_500_000; // a transaction has 4 MiB, names and encoding included
    private static readonly TimeSpan PurgeEvery = TimeSpan.FromMinutes(1);
    private DateTimeOffset _purgedAt = DateTimeOffset.MinValue;

    /// <summary>Sends messages that fit together.</summary>
    /// <param name="messages">The messages.</param>
    /// <param name="scheduledFor">When they are to be enqueued; null: each as it says itself.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <returns>Their sequence numbers, in order.</returns>
    public async Task<IReadOnlyList<long>> SendAsync(IReadOnlyList<ServiceBusMessage> messages, DateTimeOffset? scheduledFor, CancellationToken cancellationToken)
    {
        EntityDescription entity = await bus.FindAsync(queueOrTopic, cancellationToken);
        DateTimeOffset now = bus.Time.GetUtcNow();
        Parcel[] parcels = [.. messages.Select(message => Pack(entity, message, scheduledFor, now))];
        long size = parcels.Sum(parcel => parcel.Size) + (parcels.Length > 1 ? MessageSize.EmptyBatch : 0);
        if (size > MessageSize.Largest)
            throw new ServiceBusException(
                $"{(parcels.Length == 1 ? "The message has" : $"The {parcels.Length} messages together have")} {size} bytes; {MessageSize.Largest} is the limit.",
                ServiceBusFailureReason.MessageSizeExceeded, entity.Name);

        List<Stored> stored = entity.DuplicateDetectionWindow is { } window
            ? await StoreOnceAsync(entity, parcels, window, now, cancellationToken)
            : await StoreAsync([.. parcels.SelectMany(parcel => parcel.Rows)], null, cancellationToken);
        await AddTicketsAsync(stored, now, cancellationToken);
        return [.. parcels.Select(parcel => parcel.SequenceNumber)];
    }

    /// <summary>Takes back a message that is not enqueued yet.</summary>
    /// <exception cref="ServiceBusException">There is no such message, or it is enqueued.</exception>
    public async Task CancelAsync(long sequenceNumber, CancellationToken cancellationToken)
    {
        EntityDescription entity = await bus.FindAsync(queueOrTopic, cancellationToken);
        bool found = false;
        foreach ((EntityPath path, _) in Targets(entity))
        {
            string key = MessageRow.Key(path, sequenceNumber);
            NullableResponse<TableEntity> row = await bus.Table.GetEntityIfExistsAsync<TableEntity>(path.Partition, key, cancellationToken: cancellationToken);
            if (!row.HasValue || new MessageRow(row.Value!).State(bus.Time.GetUtcNow()) != ServiceBusMessageState.Scheduled)
                continue;
            await bus.Table.DeleteEntityAsync(path.Partition, key, row.Value!.ETag, cancellationToken);
            found = true;
        }

        if (!found)
            throw new ServiceBusException($"There is no scheduled message with the sequence number {sequenceNumber}.", ServiceBusFailureReason.MessageNotFound, entity.Name);
    }

    private Parcel Pack(EntityDescription entity, ServiceBusMessage message, DateTimeOffset? scheduledFor, DateTimeOffset now)
    {
        MessageHead head = MessageHead.Of(message);
        if (scheduledFor is { } wanted)
            head = head with { ScheduledEnqueueTime = wanted };
        byte[] written = HeadCodec.Write(head);
        DateTimeOffset enqueuedAt = head.ScheduledEnqueueTime > now ? head.ScheduledEnqueueTime : now;
        long number = bus.Numbers.Next();
        Stored[] rows = [.. Targets(entity).Select(target => new Stored(
            target.Path, enqueuedAt, MessageRow.New(target.Path, number, written, message.Body, enqueuedAt, ExpiresAt(enqueuedAt, head.TimeToLive, target.Options)), written.Length + message.Body.ToMemory().Length))];
        return new Parcel(number, message.MessageId, MessageSize.Of(written.Length, message.Body), rows);
    }

    private static DateTimeOffset? ExpiresAt(DateTimeOffset enqueuedAt, TimeSpan own, MailboxOptions options)
    {
        TimeSpan life = own < options.DefaultMessageTimeToLive ? own : options.DefaultMessageTimeToLive;
        return life >= DateTimeOffset.MaxValue - enqueuedAt ? null : enqueuedAt + life;
    }

    private static IEnumerable<(EntityPath Path, MailboxOptions Options)> Targets(EntityDescription entity) => entity.IsTopic
        ? entity.Subscriptions.Select(subscription => (new EntityPath(entity.Name, subscription.Key, false), subscription.Value))
        : [(new EntityPath(entity.Name, null, false), entity.Mailbox)];

    /// <summary>Stores each message unless one with its id was stored within the window; the mark and the message lie in one transaction.</summary>
    private async Task<List<Stored>> StoreOnceAsync(EntityDescription entity, Parcel[] parcels, TimeSpan window, DateTimeOffset now, CancellationToken cancellationToken)
    {
        List<Stored> stored = [];
        foreach (Parcel parcel in parcels)
        {
            if (parcel.MessageId is null)
            {
                stored.AddRange(await StoreAsync(parcel.Rows, null, cancellationToken));
                continue;
            }

            string partition = EntityPath.PartitionOf(entity.Name);
            string key = "d~" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(parcel.MessageId)));
            NullableResponse<TableEntity> mark = await bus.Table.GetEntityIfExistsAsync<TableEntity>(partition, key, cancellationToken: cancellationToken);
            if (mark.HasValue && mark.Value!.GetDateTimeOffset("ExpiresAt") > now)
                continue;
            TableEntity row = new(partition, key) { ["ExpiresAt"] = now + window };
            TableTransactionAction action = mark.HasValue
                ? new(TableTransactionActionType.UpdateReplace, row, mark.Value!.ETag)
                : new(TableTransactionActionType.Add, row);
            try
            {
                stored.AddRange(await StoreAsync(parcel.Rows, action, cancellationToken));
            }
            catch (TableTransactionFailedException first) when (first.FailedTransactionActionIndex == 0 && first.Status is 409 or 412)
            {
                // Another sender stored the same id a moment ago.
            }
        }

        await PurgeAsync(entity, now, cancellationToken);
        return stored;
    }

    private async Task<List<Stored>> StoreAsync(IReadOnlyList<Stored> rows, TableTransactionAction? first, CancellationToken cancellationToken)
    {
        if (rows.Count == 1 && first is null)
        {
            await bus.Table.AddEntityAsync(rows[0].Row, cancellationToken);
            return [rows[0]];
        }

        List<TableTransactionAction> actions = first is null ? [] : [first];
        long bytes = 0;
        foreach (Stored row in rows)
        {
            if (actions.Count == MostActions || bytes + row.Bytes > MostBytes)
            {
                await bus.Table.SubmitTransactionAsync(actions, cancellationToken);
                actions = [];
                bytes = 0;
            }

            actions.Add(new TableTransactionAction(TableTransactionActionType.Add, row.Row));
            bytes += row.Bytes * 4 / 3; // bytes travel as Base64
        }

        if (actions.Count > 0)
            await bus.Table.SubmitTransactionAsync(actions, cancellationToken);
        return [.. rows];
    }

    private async Task AddTicketsAsync(List<Stored> stored, DateTimeOffset now, CancellationToken cancellationToken)
    {
        try
        {
            // One after the other in each queue, so that messages come up in the order in which they were sent.
            await Task.WhenAll(stored.GroupBy(row => row.Path).Select(async rows =>
            {
                foreach (Stored row in rows)
                {
                    await Tickets.AddAsync(bus.Queue(row.Path), row.Row.RowKey, Tickets.Delay(row.EnqueuedAt, now), cancellationToken);
                    row.HasTicket = true;
                }
            }));
        }
        catch (Exception)
        {
            // The sender learns that it failed, so what cannot be delivered must not lie about. What a crash leaves here, Mailbox.RepairAsync finds.
            foreach (Stored row in stored.Where(row => !row.HasTicket))
                await TakeBackAsync(row);
            throw;
        }

        async Task TakeBackAsync(Stored row)
        {
            try
            {
                await bus.Table.DeleteEntityAsync(row.Path.Partition, row.Row.RowKey, ETag.All, CancellationToken.None);
            }
            catch (RequestFailedException)
            {
                // Storage is away altogether; the failure of the send says so.
            }
        }
    }

    private async Task PurgeAsync(EntityDescription entity, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (now - _purgedAt < PurgeEvery)
            return;
        _purgedAt = now;
        string filter = TableClient.CreateQueryFilter($"PartitionKey eq {EntityPath.PartitionOf(entity.Name)} and RowKey ge 'd~' and RowKey lt 'd~~' and ExpiresAt lt {now}");
        await foreach (TableEntity mark in bus.Table.QueryAsync<TableEntity>(filter, cancellationToken: cancellationToken))
            try
            {
                await bus.Table.DeleteEntityAsync(mark.PartitionKey, mark.RowKey, mark.ETag, cancellationToken);
            }
            catch (RequestFailedException renewed) when (renewed.Status == 412)
            {
            }
    }

    private sealed record Parcel(long SequenceNumber, string? MessageId, long Size, Stored[] Rows);

    private sealed record Stored(EntityPath Path, DateTimeOffset EnqueuedAt, TableEntity Row, long Bytes)
    {
        public bool HasTicket { get; set; }
    }
}
