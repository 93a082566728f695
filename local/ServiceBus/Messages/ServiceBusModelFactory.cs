using Abm.Local.ServiceBus;

namespace Azure.Messaging.ServiceBus;

/// <summary>Makes objects for tests that only the client makes otherwise.</summary>
public static class ServiceBusModelFactory
{
    /// <summary>A received message; settling it fails, as nothing holds its lock.</summary>
    public static ServiceBusReceivedMessage ServiceBusReceivedMessage(
        BinaryData? body = null,
        string? messageId = null,
        string? partitionKey = null,
        string? viaPartitionKey = null,
        string? sessionId = null,
        string? replyToSessionId = null,
        TimeSpan timeToLive = default,
        string? correlationId = null,
        string? subject = null,
        string? to = null,
        string? contentType = null,
        string? replyTo = null,
        DateTimeOffset scheduledEnqueueTime = default,
        IDictionary<string, object>? properties = null,
        Guid lockTokenGuid = default,
        int deliveryCount = default,
        DateTimeOffset lockedUntil = default,
        long sequenceNumber = -1,
        string? deadLetterSource = null,
        long enqueuedSequenceNumber = default,
        DateTimeOffset enqueuedTime = default,
        ServiceBusMessageState serviceBusMessageState = ServiceBusMessageState.Active)
    {
        var head = new MessageHead
        {
            MessageId = messageId,
            PartitionKey = partitionKey,
            TransactionPartitionKey = viaPartitionKey,
            SessionId = sessionId,
            ReplyToSessionId = replyToSessionId,
            TimeToLive = timeToLive == default ? TimeSpan.MaxValue : timeToLive,
            CorrelationId = correlationId,
            Subject = subject,
            To = to,
            ContentType = contentType,
            ReplyTo = replyTo,
            ScheduledEnqueueTime = scheduledEnqueueTime,
            Properties = new Dictionary<string, object>(properties ?? new Dictionary<string, object>()),
        };
        var status = new MessageStatus(
            sequenceNumber, enqueuedSequenceNumber, enqueuedTime, deliveryCount, lockTokenGuid, lockedUntil, serviceBusMessageState, deadLetterSource);
        return new ServiceBusReceivedMessage(head, body ?? BinaryData.FromBytes(ReadOnlyMemory<byte>.Empty), status, held: null);
    }

    /// <summary>A batch whose <c>TryAddMessage</c> asks <paramref name="tryAddCallback"/> and puts what it takes into <paramref name="batchMessageStore"/>.</summary>
    public static ServiceBusMessageBatch ServiceBusMessageBatch(
        long batchSizeBytes, IList<ServiceBusMessage> batchMessageStore, CreateMessageBatchOptions? batchOptions = null, Func<ServiceBusMessage, bool>? tryAddCallback = null)
    {
        ArgumentNullException.ThrowIfNull(batchMessageStore);
        return new ServiceBusMessageBatch(batchOptions?.MaxSizeInBytes ?? MessageSize.Largest, batchMessageStore, batchSizeBytes, tryAddCallback ?? (_ => true));
    }
}
