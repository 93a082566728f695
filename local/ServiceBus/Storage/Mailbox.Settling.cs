using Azure;
using Azure.Data.Tables;
using Azure.Messaging.ServiceBus;

namespace Abm.Local.ServiceBus;

internal sealed partial class Mailbox
{
    private const string ExceededReason = "MaxDeliveryCountExceeded";
    private const string ExceededDescription = "Message could not be consumed after the largest allowed number of deliveries.";

    /// <summary>Removes the message for good.</summary>
    public Task CompleteAsync(MessageLock held) => SettleAsync(held, async () =>
    {
        if (!await RemoveAsync(held.RowKey, held.Version))
            throw Lost();
        await DropTicketAsync(held);
    });

    /// <summary>Gives the message back at once; after the last delivery it becomes a dead letter. A deferred message stays deferred.</summary>
    public Task AbandonAsync(MessageLock held, ServiceBusReceivedMessage message, IDictionary<string, object>? changes) => SettleAsync(held, async () =>
    {
        MessageHead head = message.Head.With(changes);
        if (!path.IsDeadLetter && message.DeliveryCount >= options.MaxDeliveryCount)
        {
            if (!await BuryAsync(held.RowKey, held.Version, head, ExceededReason, ExceededDescription, held.TicketId, held.TicketReceipt))
                throw Lost();
            return;
        }

        if (!await ChangeAsync(held, MessageRow.Change(path, held.RowKey, MessageRow.Unlocked, changes is null ? null : head)))
            throw Lost();
        if (held.TicketId is not null)
            await Tickets.HideAsync(_queue, held.TicketId, held.TicketReceipt!, TimeSpan.Zero);
    });

    /// <summary>Moves the message to the dead letters.</summary>
    public Task DeadLetterAsync(MessageLock held, ServiceBusReceivedMessage message, IDictionary<string, object>? changes, string? reason, string? description) => SettleAsync(held, async () =>
    {
        if (path.IsDeadLetter)
            throw new InvalidOperationException("A dead letter cannot be dead lettered again; complete, abandon or defer it.");
        if (!await BuryAsync(held.RowKey, held.Version, message.Head.With(changes), reason, description, held.TicketId, held.TicketReceipt))
            throw Lost();
    });

    /// <summary>Puts the message aside until it is asked for by its number.</summary>
    public Task DeferAsync(MessageLock held, ServiceBusReceivedMessage message, IDictionary<string, object>? changes) => SettleAsync(held, async () =>
    {
        if (!await ChangeAsync(held, MessageRow.Change(path, held.RowKey, MessageRow.Unlocked, changes is null ? null : message.Head.With(changes), isDeferred: true)))
            throw Lost();
        await DropTicketAsync(held);
    });

    /// <summary>Keeps the message for another lock time from now.</summary>
    public async Task RenewAsync(MessageLock held)
    {
        await held.Turn.WaitAsync();
        try
        {
            ThrowIfLost(held);
            DateTimeOffset lockedUntil = bus.Time.GetUtcNow() + options.LockDuration;
            if (held.TicketId is not null)
                held.TicketReceipt = await Tickets.HideAsync(_queue, held.TicketId, held.TicketReceipt!, options.LockDuration) ?? throw Lost();
            if (!await ChangeAsync(held, MessageRow.Change(path, held.RowKey, lockedUntil)))
                throw Lost();
            held.LockedUntil = lockedUntil;
        }
        finally
        {
            held.Turn.Release();
        }
    }

    private async Task SettleAsync(MessageLock held, Func<Task> settle)
    {
        await held.Turn.WaitAsync();
        try
        {
            ThrowIfLost(held);
            await settle();
            held.IsSettled = true;
        }
        finally
        {
            held.Turn.Release();
        }
    }

    private void ThrowIfLost(MessageLock held)
    {
        if (held.IsSettled || held.LockedUntil <= bus.Time.GetUtcNow())
            throw Lost();
    }

    /// <returns>False: the lock is lost.</returns>
    private async Task<bool> ChangeAsync(MessageLock held, TableEntity change)
    {
        try
        {
            Response written = await bus.Table.UpdateEntityAsync(change, held.Version, TableUpdateMode.Merge, CancellationToken.None);
            held.Version = written.Headers.ETag!.Value;
            return true;
        }
        catch (RequestFailedException other) when (other.Status is 404 or 412)
        {
            return false;
        }
    }

    /// <summary>The row's change is the move; the new ticket follows and then the old one goes, so a crash in between leaves one of them to finish it.</summary>
    /// <returns>False: somebody else has changed or removed the message.</returns>
    private async Task<bool> BuryAsync(string rowKey, ETag version, MessageHead head, string? reason, string? description, string? ticketId, string? ticketReceipt)
    {
        Dictionary<string, object> why = [];
        if (reason is not null)
            why[MessageHead.DeadLetterReason] = reason;
        if (description is not null)
            why[MessageHead.DeadLetterErrorDescription] = description;
        try
        {
            await bus.Table.UpdateEntityAsync(
                MessageRow.Change(path, rowKey, MessageRow.Unlocked, head.With(why), isDeadLetter: true, isDeferred: false), version, TableUpdateMode.Merge, CancellationToken.None);
        }
        catch (RequestFailedException other) when (other.Status is 404 or 412)
        {
            return false;
        }

        await Tickets.AddAsync(bus.Queue(path.DeadLetters), rowKey, TimeSpan.Zero, CancellationToken.None);
        if (ticketId is not null)
            await Tickets.DropAsync(_queue, ticketId, ticketReceipt!);
        return true;
    }

    private async Task DropTicketAsync(MessageLock held)
    {
        if (held.TicketId is not null)
            await Tickets.DropAsync(_queue, held.TicketId, held.TicketReceipt!);
    }

    private ServiceBusException Lost() => new(
        isTransient: false, "The lock is lost: it has lapsed, or the message is settled already.", path.Text, ServiceBusFailureReason.MessageLockLost);
}
