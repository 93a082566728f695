namespace Azure.Messaging.ServiceBus;

/// <summary>Why an operation failed.</summary>
public enum ServiceBusFailureReason
{
    /// <summary>None of the others.</summary>
    GeneralError,

    /// <summary>There is no such queue, topic or subscription.</summary>
    MessagingEntityNotFound,

    /// <summary>The lock has lapsed, or the message is settled already.</summary>
    MessageLockLost,

    /// <summary>There is no message with that sequence number in that state.</summary>
    MessageNotFound,

    /// <summary>The message or the batch is larger than the service takes.</summary>
    MessageSizeExceeded,

    /// <summary>The entity is switched off.</summary>
    MessagingEntityDisabled,

    /// <summary>The entity is full.</summary>
    QuotaExceeded,

    /// <summary>The service asks to come back later.</summary>
    ServiceBusy,

    /// <summary>The service did not answer in time.</summary>
    ServiceTimeout,

    /// <summary>The service cannot be reached.</summary>
    ServiceCommunicationProblem,

    /// <summary>The session is in other hands.</summary>
    SessionCannotBeLocked,

    /// <summary>The session's lock has lapsed.</summary>
    SessionLockLost,

    /// <summary>The entity exists already.</summary>
    MessagingEntityAlreadyExists,
}

/// <summary>A Service Bus operation failed.</summary>
public class ServiceBusException : Exception
{
    /// <summary>For test doubles.</summary>
    public ServiceBusException()
    {
    }

    /// <summary>A failure.</summary>
    /// <param name="isTransient">Trying again may help.</param>
    /// <param name="message">What went wrong.</param>
    /// <param name="entityName">The queue, topic or subscription.</param>
    /// <param name="reason">Why.</param>
    /// <param name="innerException">The cause.</param>
    public ServiceBusException(
        bool isTransient, string? message, string? entityName = null, ServiceBusFailureReason reason = ServiceBusFailureReason.GeneralError, Exception? innerException = null)
        : base(message, innerException)
    {
        IsTransient = isTransient;
        EntityPath = entityName;
        Reason = reason;
    }

    /// <summary>A failure; whether it is transient follows from the reason.</summary>
    public ServiceBusException(string? message, ServiceBusFailureReason reason, string? entityPath = null, Exception? innerException = null)
        : this(
            reason is ServiceBusFailureReason.ServiceBusy or ServiceBusFailureReason.ServiceTimeout or ServiceBusFailureReason.ServiceCommunicationProblem,
            message, entityPath, reason, innerException)
    {
    }

    /// <summary>Trying again may help.</summary>
    public bool IsTransient { get; }

    /// <summary>Why.</summary>
    public ServiceBusFailureReason Reason { get; }

    /// <summary>The queue, topic or subscription.</summary>
    public string? EntityPath { get; }

    /// <inheritdoc/>
    public override string Message => string.IsNullOrEmpty(EntityPath) ? $"{base.Message} ({Reason})" : $"{base.Message} ({Reason} - {EntityPath})";
}
