using Azure.Messaging.ServiceBus;

namespace Abm.Local.ServiceBus;

/// <summary>Everything of a message that its sender says, but the body.</summary>
internal sealed record MessageHead
{
    /// <summary>Property names that the broker sets on dead letters.</summary>
    public const string DeadLetterReason = "DeadLetterReason";
    public const string DeadLetterErrorDescription = "DeadLetterErrorDescription";

    public string? MessageId { get; init; }

    public string? PartitionKey { get; init; }

    public string? TransactionPartitionKey { get; init; }

    public string? SessionId { get; init; }

    public string? ReplyToSessionId { get; init; }

    public TimeSpan TimeToLive { get; init; } = TimeSpan.MaxValue;

    public string? CorrelationId { get; init; }

    public string? Subject { get; init; }

    public string? ContentType { get; init; }

    public string? To { get; init; }

    public string? ReplyTo { get; init; }

    public DateTimeOffset ScheduledEnqueueTime { get; init; }

    public IReadOnlyDictionary<string, object> Properties { get; init; } = new Dictionary<string, object>();

    public static MessageHead Of(ServiceBusMessage message) => new()
    {
        MessageId = message.MessageId,
        PartitionKey = message.PartitionKey,
        TransactionPartitionKey = message.TransactionPartitionKey,
        SessionId = message.SessionId,
        ReplyToSessionId = message.ReplyToSessionId,
        TimeToLive = message.TimeToLive,
        CorrelationId = message.CorrelationId,
        Subject = message.Subject,
        ContentType = message.ContentType,
        To = message.To,
        ReplyTo = message.ReplyTo,
        ScheduledEnqueueTime = message.ScheduledEnqueueTime,
        Properties = new Dictionary<string, object>(message.ApplicationProperties),
    };

    /// <summary>The head with some properties set anew, as a receiver may do when it settles.</summary>
    public MessageHead With(IEnumerable<KeyValuePair<string, object>>? changes)
    {
        if (changes is null)
            return this;
        Dictionary<string, object> properties = new(Properties);
        foreach ((string name, object value) in changes)
            properties[name] = value;
        return this with { Properties = properties };
    }
}

/// <summary>What the broker says of a message.</summary>
internal sealed record MessageStatus(
    long SequenceNumber, long EnqueuedSequenceNumber, DateTimeOffset EnqueuedTime, int DeliveryCount, Guid LockToken, DateTimeOffset LockedUntil,
    ServiceBusMessageState State, string? DeadLetterSource);
