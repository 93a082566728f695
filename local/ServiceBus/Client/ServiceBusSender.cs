using Abm.Local.ServiceBus;

namespace Azure.Messaging.ServiceBus;

/// <summary>Sends messages to one queue or topic. Safe to share between threads; make one and keep it.</summary>
public class ServiceBusSender : IAsyncDisposable
{
    private readonly ServiceBusClient? _client;
    private readonly Lazy<Outgoing> _outgoing;

    /// <summary>For test doubles that override the members they need.</summary>
    protected ServiceBusSender()
    {
        _outgoing = new Lazy<Outgoing>(() => throw new InvalidOperationException("A test double of ServiceBusSender overrides what it needs."));
        EntityPath = "";
        FullyQualifiedNamespace = "";
        Identifier = "";
    }

    /// <summary>For derived senders.</summary>
    protected ServiceBusSender(ServiceBusClient client, string queueOrTopicName) : this(client, queueOrTopicName, new ServiceBusSenderOptions())
    {
    }

    /// <summary>For derived senders.</summary>
    protected ServiceBusSender(ServiceBusClient client, string queueOrTopicName, ServiceBusSenderOptions options)
    {
        ArgumentNullException.ThrowIfNull(client);
        EntityPath path = Abm.Local.ServiceBus.EntityPath.OfQueue(queueOrTopicName);
        if (path.IsDeadLetter)
            throw new ArgumentException("Nobody can send to dead letters.", nameof(queueOrTopicName));
        _client = client;
        EntityPath = queueOrTopicName;
        FullyQualifiedNamespace = client.FullyQualifiedNamespace;
        Identifier = options?.Identifier is { Length: > 0 } chosen ? chosen : $"{queueOrTopicName}-{Guid.NewGuid()}";
        _outgoing = new Lazy<Outgoing>(() => new Outgoing(client.Bus, path.Queue));
    }

    /// <summary>The queue or topic.</summary>
    public virtual string EntityPath { get; }

    /// <summary>The namespace's host name.</summary>
    public virtual string FullyQualifiedNamespace { get; }

    /// <summary>The sender's name in logs.</summary>
    public virtual string Identifier { get; }

    /// <summary>The sender, or its client, is closed.</summary>
    public virtual bool IsClosed
    {
        get => field || _client is { IsClosed: true };
        private set;
    }

    /// <summary>Sends a message; its <see cref="ServiceBusMessage.ScheduledEnqueueTime"/> counts.</summary>
    /// <exception cref="ServiceBusException">It is too large, there is no such queue or topic, or storage fails.</exception>
    /// <exception cref="System.Runtime.Serialization.SerializationException">A property has a type that cannot be sent.</exception>
    public virtual Task SendMessageAsync(ServiceBusMessage message, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(message);
        return SendAsync([message], null, cancellationToken);
    }

    /// <summary>Sends messages that together fit into one batch.</summary>
    /// <inheritdoc cref="SendMessageAsync"/>
    public virtual Task SendMessagesAsync(IEnumerable<ServiceBusMessage> messages, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        return SendAsync([.. messages], null, cancellationToken);
    }

    /// <summary>Sends a batch; it can be sent again.</summary>
    /// <inheritdoc cref="SendMessageAsync"/>
    public virtual async Task SendMessagesAsync(ServiceBusMessageBatch messageBatch, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messageBatch);
        messageBatch.Seal(true);
        try
        {
            await SendAsync(messageBatch.Messages, null, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            messageBatch.Seal(false);
        }
    }

    /// <summary>An empty batch of the largest size.</summary>
    public virtual ValueTask<ServiceBusMessageBatch> CreateMessageBatchAsync(CancellationToken cancellationToken = default) =>
        CreateMessageBatchAsync(new CreateMessageBatchOptions(), cancellationToken);

    /// <summary>An empty batch.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It would be larger than the service takes.</exception>
    public virtual ValueTask<ServiceBusMessageBatch> CreateMessageBatchAsync(CreateMessageBatchOptions options, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ThrowIfClosed();
        long size = options?.MaxSizeInBytes ?? MessageSize.Largest;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(size, MessageSize.Largest, nameof(options));
        return new(new ServiceBusMessageBatch(size));
    }

    /// <summary>Sends a message that is enqueued later.</summary>
    /// <returns>Its sequence number, for <see cref="CancelScheduledMessageAsync"/>.</returns>
    public virtual async Task<long> ScheduleMessageAsync(ServiceBusMessage message, DateTimeOffset scheduledEnqueueTime, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(message);
        return (await SendAsync([message], scheduledEnqueueTime, cancellationToken).ConfigureAwait(false))[0];
    }

    /// <summary>Sends messages that are enqueued later.</summary>
    /// <returns>Their sequence numbers, in order.</returns>
    public virtual Task<IReadOnlyList<long>> ScheduleMessagesAsync(IEnumerable<ServiceBusMessage> messages, DateTimeOffset scheduledEnqueueTime, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        return SendAsync([.. messages], scheduledEnqueueTime, cancellationToken);
    }

    /// <summary>Takes back a message that is not enqueued yet.</summary>
    /// <exception cref="ServiceBusException">MessageNotFound: there is none, or it is enqueued already.</exception>
    public virtual Task CancelScheduledMessageAsync(long sequenceNumber, CancellationToken cancellationToken = default) =>
        CancelScheduledMessagesAsync([sequenceNumber], cancellationToken);

    /// <summary>Takes back messages that are not enqueued yet.</summary>
    /// <exception cref="ServiceBusException">MessageNotFound: one is not there, or is enqueued already; those before it are taken back.</exception>
    public virtual Task CancelScheduledMessagesAsync(IEnumerable<long> sequenceNumbers, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(sequenceNumbers);
        ThrowIfClosed();
        return BusFaults.GuardAsync(EntityPath, async () =>
        {
            foreach (long number in sequenceNumbers)
                await _outgoing.Value.CancelAsync(number, cancellationToken).ConfigureAwait(false);
        });
    }

    /// <summary>Closes the sender.</summary>
    public virtual Task CloseAsync(CancellationToken cancellationToken = default)
    {
        IsClosed = true;
        return Task.CompletedTask;
    }

    /// <summary>Closes the sender.</summary>
    public virtual async ValueTask DisposeAsync()
    {
        await CloseAsync(CancellationToken.None).ConfigureAwait(false);
        GC.SuppressFinalize(this);
    }

    private Task<IReadOnlyList<long>> SendAsync(IReadOnlyList<ServiceBusMessage> messages, DateTimeOffset? scheduledFor, CancellationToken cancellationToken)
    {
        ThrowIfClosed();
        BusFaults.ThrowInTransaction();
        return messages.Count == 0
            ? Task.FromResult<IReadOnlyList<long>>([])
            : BusFaults.GuardAsync(EntityPath, () => _outgoing.Value.SendAsync(messages, scheduledFor, cancellationToken));
    }

    private void ThrowIfClosed() => ObjectDisposedException.ThrowIf(IsClosed, this);
}
