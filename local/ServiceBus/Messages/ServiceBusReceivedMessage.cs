using System.Globalization;
using Abm.Local.ServiceBus;

namespace Azure.Messaging.ServiceBus;

/// <summary>What became of a message.</summary>
public enum ServiceBusMessageState
{
    /// <summary>To be delivered, or delivered and locked.</summary>
    Active,

    /// <summary>Put aside; delivered only when asked for by its sequence number.</summary>
    Deferred,

    /// <summary>Not yet enqueued.</summary>
    Scheduled,
}

/// <summary>A message as it was received or peeked at.</summary>
public class ServiceBusReceivedMessage
{
    internal ServiceBusReceivedMessage(MessageHead head, BinaryData body, MessageStatus status, MessageLock? held)
    {
        Head = head;
        Body = body;
        Status = status;
        Lock = held;
        ApplicationProperties = new Dictionary<string, object>(head.Properties);
    }

    /// <summary>The content.</summary>
    public BinaryData Body { get; }

    /// <summary>The sender's id of the message.</summary>
    public string? MessageId => Head.MessageId;

    /// <summary>Keeps related messages together.</summary>
    public string? PartitionKey => Head.PartitionKey;

    /// <summary>The partition of a transaction's transfer queue.</summary>
    public string? TransactionPartitionKey => Head.TransactionPartitionKey;

    /// <summary>The session of the message.</summary>
    public string? SessionId => Head.SessionId;

    /// <summary>The session to reply to.</summary>
    public string? ReplyToSessionId => Head.ReplyToSessionId;

    /// <summary>How long the message counts from when it is enqueued.</summary>
    public TimeSpan TimeToLive => Head.TimeToLive;

    /// <summary>Relates the message to another one.</summary>
    public string? CorrelationId => Head.CorrelationId;

    /// <summary>What the message is about.</summary>
    public string? Subject => Head.Subject;

    /// <summary>The media type of <see cref="Body"/>.</summary>
    public string? ContentType => Head.ContentType;

    /// <summary>The logical addressee.</summary>
    public string? To => Head.To;

    /// <summary>Where to send a reply.</summary>
    public string? ReplyTo => Head.ReplyTo;

    /// <summary>When the sender wanted it enqueued; <c>default</c>: at once.</summary>
    public DateTimeOffset ScheduledEnqueueTime => Head.ScheduledEnqueueTime;

    /// <summary>The application's own values.</summary>
    public IReadOnlyDictionary<string, object> ApplicationProperties { get; }

    /// <summary>Identifies the lock; only messages received in <see cref="ServiceBusReceiveMode.PeekLock"/> have one.</summary>
    public string LockToken => Status.LockToken.ToString();

    /// <summary>How often the message was delivered, this time included.</summary>
    public int DeliveryCount => Status.DeliveryCount;

    /// <summary>Until when the message is ours; moves on when the lock is renewed.</summary>
    public DateTimeOffset LockedUntil => Lock?.LockedUntil ?? Status.LockedUntil;

    /// <summary>The broker's number of the message: unique in its entity and rising.</summary>
    public long SequenceNumber => Status.SequenceNumber;

    /// <summary>The number that the message had in the entity it was first sent to.</summary>
    public long EnqueuedSequenceNumber => Status.EnqueuedSequenceNumber;

    /// <summary>When the message became available.</summary>
    public DateTimeOffset EnqueuedTime => Status.EnqueuedTime;

    /// <summary><see cref="EnqueuedTime"/> and <see cref="TimeToLive"/> together; the largest instant when it lives without end.</summary>
    public DateTimeOffset ExpiresAt => TimeToLive >= DateTimeOffset.MaxValue - EnqueuedTime ? DateTimeOffset.MaxValue : EnqueuedTime + TimeToLive;

    /// <summary>Where a forwarded dead letter came from.</summary>
    public string? DeadLetterSource => Status.DeadLetterSource;

    /// <summary>Why the message is a dead letter.</summary>
    public string? DeadLetterReason => ApplicationProperties.GetValueOrDefault(MessageHead.DeadLetterReason) as string;

    /// <summary>More about why the message is a dead letter.</summary>
    public string? DeadLetterErrorDescription => ApplicationProperties.GetValueOrDefault(MessageHead.DeadLetterErrorDescription) as string;

    /// <summary>What became of the message.</summary>
    public ServiceBusMessageState State => Status.State;

    internal MessageHead Head { get; }

    internal MessageStatus Status { get; }

    /// <summary>The lock, if this message was received under one.</summary>
    internal MessageLock? Lock { get; }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{{MessageId:{MessageId}, SequenceNumber:{SequenceNumber}}}");
}
