using Azure;
using Azure.Data.Tables;
using Azure.Messaging.ServiceBus;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;

namespace Abm.Local.ServiceBus;

/// <summary>
/// A queue or a subscription, or its dead letters, as receivers see it. A message's row decides everything under its ETag; the ticket only makes the
/// message come up, and again when a lock lapses. So whatever a crash leaves behind is put right when the ticket comes up next.
/// </summary>
internal sealed partial class Mailbox(LocalNamespace bus, EntityPath path, MailboxOptions options)
{
    private const int MostTickets = 32;
    private static readonly TimeSpan Clearing = TimeSpan.FromSeconds(30);
    private readonly QueueClient _queue = bus.Queue(path);

    public EntityPath Path => path;

    public MailboxOptions Options => options;

    public Uri QueueUri => _queue.Uri;

    /// <summary>Takes up to so many messages that are there now; may be fewer than there are.</summary>
    public async Task<List<ServiceBusReceivedMessage>> TakeAsync(int most, ServiceBusReceiveMode mode)
    {
        DateTimeOffset lockedUntil = bus.Time.GetUtcNow() + options.LockDuration; // read before the ticket is taken: the lock lapses no later than the ticket comes up
        QueueMessage[] tickets = await Tickets.TakeAsync(_queue, Math.Min(most, MostTickets), mode == ServiceBusReceiveMode.PeekLock ? options.LockDuration : Clearing);
        ServiceBusReceivedMessage?[] messages = await Task.WhenAll(tickets.Select(ticket => OpenAsync(ticket, mode, lockedUntil)));
        return [.. messages.OfType<ServiceBusReceivedMessage>()];
    }

    /// <summary>Takes deferred messages by number.</summary>
    /// <exception cref="ServiceBusException">One of them is not there, not deferred, or locked.</exception>
    public async Task<List<ServiceBusReceivedMessage>> TakeDeferredAsync(IEnumerable<long> sequenceNumbers, ServiceBusReceiveMode mode, CancellationToken cancellationToken)
    {
        List<ServiceBusReceivedMessage> messages = [];
        foreach (long number in sequenceNumbers)
        {
            DateTimeOffset now = bus.Time.GetUtcNow();
            MessageRow? row = await FindAsync(MessageRow.Key(path, number), cancellationToken);
            if (row is null || !row.IsDeferred || row.IsDeadLetter != path.IsDeadLetter || row.LockedUntil > now
                || await TakeAsync(row, null, mode, now + options.LockDuration) is not { } message)
                throw new ServiceBusException($"There is no deferred message with the sequence number {number}, or it is locked.", ServiceBusFailureReason.MessageNotFound, path.Text);
            messages.Add(message);
        }

        return messages;
    }

    /// <summary>Shows messages in the order of their numbers without taking them, locked, deferred and scheduled ones too.</summary>
    public async Task<List<ServiceBusReceivedMessage>> PeekAsync(int most, long fromSequenceNumber, CancellationToken cancellationToken)
    {
        DateTimeOffset now = bus.Time.GetUtcNow();
        string from = MessageRow.Key(path, Math.Max(0, fromSequenceNumber));
        string filter = TableClient.CreateQueryFilter(
            $"PartitionKey eq {path.Partition} and RowKey ge {from} and RowKey lt {path.RowPrefix + ":"} and IsDeadLetter eq {path.IsDeadLetter}");
        List<ServiceBusReceivedMessage> messages = [];
        await foreach (TableEntity row in bus.Table.QueryAsync<TableEntity>(filter, Math.Min(most, 100), cancellationToken: cancellationToken))
        {
            var message = new MessageRow(row);
            messages.Add(message.ToMessage(now, null, Guid.Empty, message.DeliveryCount));
            if (messages.Count == most)
                break;
        }

        return messages;
    }

    /// <summary>
    /// Puts out tickets for messages that have none: their sender crashed between the two. Looks only when the storage queue is empty, hidden tickets
    /// included, and only at messages that are a minute old.
    /// </summary>
    public async Task RepairAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (((QueueProperties)await _queue.GetPropertiesAsync(cancellationToken)).ApproximateMessagesCount > 0)
                return;
        }
        catch (RequestFailedException missing) when (missing.Status == 404)
        {
        }

        DateTimeOffset now = bus.Time.GetUtcNow();
        string filter = TableClient.CreateQueryFilter(
            $"PartitionKey eq {path.Partition} and RowKey ge {path.RowPrefix} and RowKey lt {path.RowPrefix + ":"} and IsDeadLetter eq {path.IsDeadLetter} and IsDeferred eq {false} and EnqueuedAt lt {now.AddMinutes(-1)}");
        await foreach (TableEntity row in bus.Table.QueryAsync<TableEntity>(filter, select: ["RowKey"], cancellationToken: cancellationToken))
            await Tickets.AddAsync(_queue, row.RowKey, TimeSpan.Zero, cancellationToken);
    }

    private async Task<ServiceBusReceivedMessage?> OpenAsync(QueueMessage ticket, ServiceBusReceiveMode mode, DateTimeOffset lockedUntil)
    {
        while (true)
        {
            DateTimeOffset now = bus.Time.GetUtcNow();
            MessageRow? row = await FindAsync(ticket.Body.ToString(), CancellationToken.None);
            if (row is null || row.IsDeferred)
                return await DropAsync(ticket); // settled, cancelled or put aside
            if (row.IsDeadLetter != path.IsDeadLetter)
            {
                await Tickets.AddAsync(bus.Queue(row.IsDeadLetter ? path.DeadLetters : path.WithoutDeadLetters), row.RowKey, TimeSpan.Zero, CancellationToken.None); // its move was interrupted
                return await DropAsync(ticket);
            }

            DateTimeOffset due = row.EnqueuedAt > row.LockedUntil ? row.EnqueuedAt : row.LockedUntil;
            if (due > now)
            {
                await Tickets.HideAsync(_queue, ticket.MessageId, ticket.PopReceipt, Tickets.Delay(due, now));
                return null;
            }

            if (!path.IsDeadLetter && row.ExpiresAt <= now)
            {
                if (options.DeadLetteringOnMessageExpiration)
                    await BuryAsync(row.RowKey, row.Version, row.Head, "TTLExpiredException", "The message expired and was dead lettered.", ticket.MessageId, ticket.PopReceipt);
                else if (await RemoveAsync(row.RowKey, row.Version))
                    await DropAsync(ticket);
                return null;
            }

            if (!path.IsDeadLetter && row.DeliveryCount >= options.MaxDeliveryCount)
            {
                await BuryAsync(row.RowKey, row.Version, row.Head, ExceededReason, ExceededDescription, ticket.MessageId, ticket.PopReceipt);
                return null;
            }

            if (await TakeAsync(row, ticket, mode, lockedUntil) is { } message)
                return message;
        }
    }

    private async Task<ServiceBusReceivedMessage?> TakeAsync(MessageRow row, QueueMessage? ticket, ServiceBusReceiveMode mode, DateTimeOffset lockedUntil)
    {
        if (mode == ServiceBusReceiveMode.ReceiveAndDelete)
        {
            if (!await RemoveAsync(row.RowKey, row.Version))
                return null;
            if (ticket is not null)
                await DropAsync(ticket);
            return row.ToMessage(bus.Time.GetUtcNow(), null, Guid.Empty, row.DeliveryCount + 1);
        }

        try
        {
            Response written = await bus.Table.UpdateEntityAsync(row.Taken(lockedUntil), row.Version, TableUpdateMode.Merge, CancellationToken.None);
            var held = new MessageLock(this, row.RowKey, written.Headers.ETag!.Value, lockedUntil, ticket?.MessageId, ticket?.PopReceipt);
            return row.ToMessage(bus.Time.GetUtcNow(), held, Guid.NewGuid(), row.DeliveryCount + 1);
        }
        catch (RequestFailedException other) when (other.Status is 404 or 412)
        {
            return null;
        }
    }

    private async Task<MessageRow?> FindAsync(string rowKey, CancellationToken cancellationToken)
    {
        NullableResponse<TableEntity> row = await bus.Table.GetEntityIfExistsAsync<TableEntity>(path.Partition, rowKey, cancellationToken: cancellationToken);
        return row.HasValue ? new MessageRow(row.Value!) : null;
    }

    /// <returns>False: somebody else has changed or removed it.</returns>
    private async Task<bool> RemoveAsync(string rowKey, ETag version)
    {
        try
        {
            return (await bus.Table.DeleteEntityAsync(path.Partition, rowKey, version, CancellationToken.None)).Status != 404;
        }
        catch (RequestFailedException other) when (other.Status == 412)
        {
            return false;
        }
    }

    private async Task<ServiceBusReceivedMessage?> DropAsync(QueueMessage ticket)
    {
        await Tickets.DropAsync(_queue, ticket.MessageId, ticket.PopReceipt);
        return null;
    }
}
