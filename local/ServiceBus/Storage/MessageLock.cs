using Azure;

namespace Abm.Local.ServiceBus;

/// <summary>A receiver's hold on a message: the ticket it took from the queue and the version of the row it wrote.</summary>
internal sealed class MessageLock(Mailbox mailbox, string rowKey, ETag version, DateTimeOffset lockedUntil, string? ticketId, string? ticketReceipt) : IDisposable
{
    public Mailbox Mailbox { get; } = mailbox;

    public string RowKey { get; } = rowKey;

    /// <summary>The row's version under this lock; another version means that it is lost.</summary>
    public ETag Version { get; set; } = version;

    public DateTimeOffset LockedUntil { get; set; } = lockedUntil;

    /// <summary>The ticket; null for a deferred message, which has none.</summary>
    public string? TicketId { get; } = ticketId;

    public string? TicketReceipt { get; set; } = ticketReceipt;

    public bool IsSettled { get; set; }

    /// <summary>Renewing and settling take turns.</summary>
    public SemaphoreSlim Turn { get; } = new(1, 1);

    public void Dispose() => Turn.Dispose();
}
