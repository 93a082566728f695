using System.Globalization;
using Abm.Local.ServiceBus;

namespace Azure.Messaging.ServiceBus;

/// <summary>A message to be sent.</summary>
public class ServiceBusMessage
{
    private const int LongestId = 128;
    private string? _messageId;
    private string? _partitionKey;
    private string? _transactionPartitionKey;
    private string? _sessionId;
    private string? _replyToSessionId;
    private BinaryData _body;
    private TimeSpan _timeToLive = TimeSpan.MaxValue;

    /// <summary>A message without a body.</summary>
    public ServiceBusMessage() : this(BinaryData.FromBytes(ReadOnlyMemory<byte>.Empty))
    {
    }

    /// <summary>A message with this text, in UTF-8.</summary>
    public ServiceBusMessage(string body) : this(BinaryData.FromString(body ?? throw new ArgumentNullException(nameof(body))))
    {
    }

    /// <summary>A message with these bytes.</summary>
    public ServiceBusMessage(ReadOnlyMemory<byte> body) : this(BinaryData.FromBytes(body))
    {
    }

    /// <summary>A message with this body.</summary>
    public ServiceBusMessage(BinaryData body)
    {
        ArgumentNullException.ThrowIfNull(body);
        _body = body;
    }

    /// <summary>A copy of a received message to be sent again; what the broker added and the reasons of a dead letter stay behind.</summary>
    public ServiceBusMessage(ServiceBusReceivedMessage receivedMessage) : this((receivedMessage ?? throw new ArgumentNullException(nameof(receivedMessage))).Body)
    {
        MessageHead head = receivedMessage.Head;
        _messageId = head.MessageId;
        _partitionKey = head.PartitionKey;
        _sessionId = head.SessionId;
        _replyToSessionId = head.ReplyToSessionId;
        _timeToLive = head.TimeToLive;
        CorrelationId = head.CorrelationId;
        Subject = head.Subject;
        ContentType = head.ContentType;
        To = head.To;
        ReplyTo = head.ReplyTo;
        foreach ((string name, object value) in head.Properties)
            if (name is not (MessageHead.DeadLetterReason or MessageHead.DeadLetterErrorDescription))
                ApplicationProperties[name] = value;
    }

    /// <summary>The content.</summary>
    public BinaryData Body
    {
        get => _body;
        set => _body = value ?? throw new ArgumentNullException(nameof(value));
    }

    /// <summary>Identifies the message for its sender and, where the entity detects duplicates, for the broker; at most 128 characters.</summary>
    /// <exception cref="ArgumentException">Empty or too long.</exception>
    public string? MessageId
    {
        get => _messageId;
        set => _messageId = NotTooLong(string.IsNullOrEmpty(value) && value is not null ? throw new ArgumentException("The id is empty.", nameof(value)) : value);
    }

    /// <summary>Keeps related messages together; at most 128 characters. Equal to <see cref="SessionId"/> where both are set.</summary>
    public string? PartitionKey
    {
        get => _partitionKey;
        set => _partitionKey = SameAsSession(NotTooLong(value), _sessionId);
    }

    /// <summary>The partition of a transaction's transfer queue; carried, without effect here.</summary>
    public string? TransactionPartitionKey
    {
        get => _transactionPartitionKey;
        set => _transactionPartitionKey = NotTooLong(value);
    }

    /// <summary>The session that the message belongs to; at most 128 characters. Setting it sets <see cref="PartitionKey"/> too, where that is set.</summary>
    public string? SessionId
    {
        get => _sessionId;
        set
        {
            _sessionId = NotTooLong(value);
            if (_partitionKey is not null)
                _partitionKey = value;
        }
    }

    /// <summary>The session to reply to; at most 128 characters.</summary>
    public string? ReplyToSessionId
    {
        get => _replyToSessionId;
        set => _replyToSessionId = NotTooLong(value);
    }

    /// <summary>How long the message counts from when it is enqueued. Default: without end.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not positive.</exception>
    public TimeSpan TimeToLive
    {
        get => _timeToLive;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(value, TimeSpan.Zero);
            _timeToLive = value;
        }
    }

    /// <summary>Relates the message to another one.</summary>
    public string? CorrelationId { get; set; }

    /// <summary>What the message is about, like the subject of a letter.</summary>
    public string? Subject { get; set; }

    /// <summary>The media type of <see cref="Body"/>.</summary>
    public string? ContentType { get; set; }

    /// <summary>The logical addressee.</summary>
    public string? To { get; set; }

    /// <summary>Where to send a reply.</summary>
    public string? ReplyTo { get; set; }

    /// <summary>When the message is enqueued; <c>default</c>: at once.</summary>
    public DateTimeOffset ScheduledEnqueueTime { get; set; }

    /// <summary>
    /// The application's own values: text, numbers, <see cref="bool"/>, <see cref="char"/>, <see cref="Guid"/>, <see cref="DateTime"/>,
    /// <see cref="DateTimeOffset"/>, <see cref="TimeSpan"/> and <see cref="Uri"/>; sending any other type fails.
    /// </summary>
    public IDictionary<string, object> ApplicationProperties { get; } = new Dictionary<string, object>();

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{{MessageId:{MessageId}}}");

    private static string? NotTooLong(string? value) =>
        value is { Length: > LongestId } ? throw new ArgumentException($"At most {LongestId} characters.", nameof(value)) : value;

    private static string? SameAsSession(string? partitionKey, string? sessionId) =>
        sessionId is not null && partitionKey is not null && partitionKey != sessionId
            ? throw new ArgumentOutOfRangeException(nameof(partitionKey), partitionKey, "A message with a session has the session as its partition key.")
            : partitionKey;
}
