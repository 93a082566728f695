using Azure;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;

namespace Abm.Local.ServiceBus;

/// <summary>Puts tickets on storage queues. A ticket is the row key of a message; it becomes visible when the message is due.</summary>
internal static class Tickets
{
    /// <summary>The longest time that a storage queue hides a message; a ticket for later is hidden again when it comes up.</summary>
    public static readonly TimeSpan LongestDelay = TimeSpan.FromDays(7);

    private static readonly TimeSpan Forever = TimeSpan.FromSeconds(-1);

    /// <summary>How long to hide a ticket now for a message that is due then.</summary>
    public static TimeSpan Delay(DateTimeOffset due, DateTimeOffset now)
    {
        if (due <= now)
            return TimeSpan.Zero;
        TimeSpan delay = TimeSpan.FromSeconds(Math.Ceiling((due - now).TotalSeconds)); // storage counts whole seconds, and early is wrong
        return delay < LongestDelay ? delay : LongestDelay;
    }

    public static async Task AddAsync(QueueClient queue, string rowKey, TimeSpan delay, CancellationToken cancellationToken)
    {
        try
        {
            await SendAsync(queue, rowKey, delay, cancellationToken);
        }
        catch (RequestFailedException missing) when (missing.Status == 404)
        {
            await queue.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
            await SendAsync(queue, rowKey, delay, cancellationToken);
        }

        if (delay == TimeSpan.Zero)
            Arrivals.Signal(queue.Uri);
    }

    /// <summary>Takes tickets; none when the queue does not exist yet.</summary>
    /// <remarks>Never cancelled: tickets on their way would stay hidden for the whole time.</remarks>
    public static async Task<QueueMessage[]> TakeAsync(QueueClient queue, int most, TimeSpan hiddenFor)
    {
        try
        {
            return await queue.ReceiveMessagesAsync(most, hiddenFor, CancellationToken.None);
        }
        catch (RequestFailedException missing) when (missing.Status == 404)
        {
            return [];
        }
    }

    /// <summary>Hides a ticket for a time from now on.</summary>
    /// <returns>The new receipt; null when the ticket is in other hands by now.</returns>
    public static async Task<string?> HideAsync(QueueClient queue, string ticketId, string receipt, TimeSpan time)
    {
        try
        {
            UpdateReceipt updated = await queue.UpdateMessageAsync(ticketId, receipt, visibilityTimeout: time, cancellationToken: CancellationToken.None);
            if (time == TimeSpan.Zero)
                Arrivals.Signal(queue.Uri);
            return updated.PopReceipt;
        }
        catch (RequestFailedException elsewhere) when (elsewhere.Status is 400 or 404 or 409)
        {
            return null;
        }
    }

    /// <summary>Drops a ticket; one that is in other hands finds no message and is dropped there.</summary>
    public static async Task DropAsync(QueueClient queue, string ticketId, string receipt)
    {
        try
        {
            await queue.DeleteMessageAsync(ticketId, receipt, CancellationToken.None);
        }
        catch (RequestFailedException elsewhere) when (elsewhere.Status is 400 or 404 or 409)
        {
        }
    }

    private static async Task SendAsync(QueueClient queue, string rowKey, TimeSpan delay, CancellationToken cancellationToken) =>
        await queue.SendMessageAsync(BinaryData.FromString(rowKey), delay, Forever, cancellationToken);
}
