using Abm.Local.ServiceBus;

namespace Azure.Messaging.ServiceBus;

public partial class ServiceBusReceiver
{
    /// <summary>Removes the message for good.</summary>
    /// <exception cref="ServiceBusException">MessageLockLost: the lock has lapsed, or the message is settled.</exception>
    /// <exception cref="InvalidOperationException">The receiver does not lock messages.</exception>
    public virtual Task CompleteMessageAsync(ServiceBusReceivedMessage message, CancellationToken cancellationToken = default) =>
        SettleAsync(message, held => held.Mailbox.CompleteAsync(held), cancellationToken);

    /// <summary>Gives the message back: it is delivered again at once, until it has been delivered too often.</summary>
    /// <param name="message">The message.</param>
    /// <param name="propertiesToModify">Application properties to set.</param>
    /// <param name="cancellationToken">Ends the attempt before it begins.</param>
    /// <inheritdoc cref="CompleteMessageAsync"/>
    public virtual Task AbandonMessageAsync(ServiceBusReceivedMessage message, IDictionary<string, object>? propertiesToModify = null, CancellationToken cancellationToken = default) =>
        SettleAsync(message, held => held.Mailbox.AbandonAsync(held, message, propertiesToModify), cancellationToken);

    /// <summary>Moves the message to the dead letters.</summary>
    /// <inheritdoc cref="AbandonMessageAsync"/>
    public virtual Task DeadLetterMessageAsync(ServiceBusReceivedMessage message, IDictionary<string, object>? propertiesToModify = null, CancellationToken cancellationToken = default) =>
        SettleAsync(message, held => held.Mailbox.DeadLetterAsync(held, message, propertiesToModify, null, null), cancellationToken);

    /// <summary>Moves the message to the dead letters and says why.</summary>
    /// <param name="message">The message.</param>
    /// <param name="deadLetterReason">A short reason, for sorting.</param>
    /// <param name="deadLetterErrorDescription">More, for people.</param>
    /// <param name="cancellationToken">Ends the attempt before it begins.</param>
    /// <inheritdoc cref="CompleteMessageAsync"/>
    public virtual Task DeadLetterMessageAsync(
        ServiceBusReceivedMessage message, string deadLetterReason, string? deadLetterErrorDescription = null, CancellationToken cancellationToken = default) =>
        SettleAsync(message, held => held.Mailbox.DeadLetterAsync(held, message, null, deadLetterReason, deadLetterErrorDescription), cancellationToken);

    /// <summary>Moves the message to the dead letters, says why and sets properties.</summary>
    /// <inheritdoc cref="DeadLetterMessageAsync(ServiceBusReceivedMessage, string, string?, CancellationToken)"/>
    public virtual Task DeadLetterMessageAsync(
        ServiceBusReceivedMessage message, IDictionary<string, object>? propertiesToModify, string? deadLetterReason, string? deadLetterErrorDescription = null,
        CancellationToken cancellationToken = default) =>
        SettleAsync(message, held => held.Mailbox.DeadLetterAsync(held, message, propertiesToModify, deadLetterReason, deadLetterErrorDescription), cancellationToken);

    /// <summary>Puts the message aside; from then on it is delivered only by its sequence number.</summary>
    /// <inheritdoc cref="AbandonMessageAsync"/>
    public virtual Task DeferMessageAsync(ServiceBusReceivedMessage message, IDictionary<string, object>? propertiesToModify = null, CancellationToken cancellationToken = default) =>
        SettleAsync(message, held => held.Mailbox.DeferAsync(held, message, propertiesToModify), cancellationToken);

    /// <summary>Keeps the message for another lock time; <see cref="ServiceBusReceivedMessage.LockedUntil"/> moves on.</summary>
    /// <inheritdoc cref="CompleteMessageAsync"/>
    public virtual Task RenewMessageLockAsync(ServiceBusReceivedMessage message, CancellationToken cancellationToken = default) =>
        SettleAsync(message, held => held.Mailbox.RenewAsync(held), cancellationToken);

    private Task SettleAsync(ServiceBusReceivedMessage message, Func<MessageLock, Task> settle, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        cancellationToken.ThrowIfCancellationRequested();
        ThrowIfClosed();
        if (ReceiveMode != ServiceBusReceiveMode.PeekLock)
            throw new InvalidOperationException("Only messages that were received in PeekLock mode can be settled.");
        BusFaults.ThrowInTransaction();
        return BusFaults.GuardAsync(EntityPath, () => message.Lock is { } held
            ? settle(held)
            : throw new ServiceBusException(
                false, "The message is not locked: it was peeked at, received and deleted, or made by hand.", EntityPath, ServiceBusFailureReason.MessageLockLost));
    }
}
