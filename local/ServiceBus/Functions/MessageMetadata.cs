using Azure.Messaging.ServiceBus;

namespace Microsoft.Azure.Functions.Worker.ServiceBus;

/// <summary>What a Service Bus trigger tells beside the message: bindable by parameter name, and in the binding data.</summary>
internal static class MessageMetadata
{
    private static readonly (string Name, Func<ServiceBusReceivedMessage, object?> Read)[] Values =
    [
        ("MessageId", message => message.MessageId),
        ("DeliveryCount", message => message.DeliveryCount),
        ("SequenceNumber", message => message.SequenceNumber),
        ("EnqueuedTimeUtc", message => message.EnqueuedTime.UtcDateTime),
        ("EnqueuedTime", message => message.EnqueuedTime),
        ("ExpiresAtUtc", message => message.ExpiresAt.UtcDateTime),
        ("ExpiresAt", message => message.ExpiresAt),
        ("LockToken", message => message.LockToken),
        ("ContentType", message => message.ContentType),
        ("CorrelationId", message => message.CorrelationId),
        ("DeadLetterSource", message => message.DeadLetterSource),
        ("ReplyTo", message => message.ReplyTo),
        ("To", message => message.To),
        ("Subject", message => message.Subject),
        ("Label", message => message.Subject),
        ("SessionId", message => message.SessionId),
        ("PartitionKey", message => message.PartitionKey),
        ("TransactionPartitionKey", message => message.TransactionPartitionKey),
        ("ApplicationProperties", message => new Dictionary<string, object>(message.ApplicationProperties)),
    ];

    public static Dictionary<string, object?> Of(ServiceBusReceivedMessage message) =>
        Values.ToDictionary(value => value.Name, value => value.Read(message), StringComparer.OrdinalIgnoreCase);

    /// <summary>The values of a batch are arrays, named <c>…Array</c>.</summary>
    public static Dictionary<string, object?> Of(IReadOnlyList<ServiceBusReceivedMessage> messages) =>
        Values.ToDictionary(value => value.Name + "Array", value => (object?)Array(messages, value.Read), StringComparer.OrdinalIgnoreCase);

    private static Array Array(IReadOnlyList<ServiceBusReceivedMessage> messages, Func<ServiceBusReceivedMessage, object?> read)
    {
        object?[] values = [.. messages.Select(read)];
        var typed = System.Array.CreateInstance(values.FirstOrDefault(value => value is not null)?.GetType() ?? typeof(string), values.Length);
        values.CopyTo(typed, 0);
        return typed;
    }
}
