using System.Runtime.CompilerServices;
using Abm.Local.ServiceBus;

namespace Azure.Messaging.ServiceBus;

/// <summary>Receives from one queue or subscription, or from its dead letters. Safe to share between threads.</summary>
public partial class ServiceBusReceiver : IAsyncDisposable
{
    private static readonly TimeSpan RepairEvery = TimeSpan.FromMinutes(5);
    private readonly ServiceBusClient? _client;
    private readonly EntityPath? _path;
    private DateTimeOffset _repairedAt = DateTimeOffset.MinValue;
    private long _lastPeeked;

    /// <summary>For test doubles that override the members they need.</summary>
    protected ServiceBusReceiver()
    {
        EntityPath = "";
        FullyQualifiedNamespace = "";
        Identifier = "";
    }

    /// <summary>For derived receivers of a queue.</summary>
    protected ServiceBusReceiver(ServiceBusClient client, string queueName, ServiceBusReceiverOptions options)
        : this(client, Abm.Local.ServiceBus.EntityPath.OfQueue(queueName), options)
    {
    }

    /// <summary>For derived receivers of a subscription.</summary>
    protected ServiceBusReceiver(ServiceBusClient client, string topicName, string subscriptionName, ServiceBusReceiverOptions options)
        : this(client, Abm.Local.ServiceBus.EntityPath.OfSubscription(topicName, subscriptionName), options)
    {
    }

    private protected ServiceBusReceiver(ServiceBusClient client, EntityPath path, ServiceBusReceiverOptions options)
    {
        ArgumentNullException.ThrowIfNull(client);
        options ??= new ServiceBusReceiverOptions();
        if (options.SubQueue == SubQueue.TransferDeadLetter)
            throw new NotSupportedException("The Local runtime does not forward Service Bus messages, so there is no TransferDeadLetter sub-queue.");
        _client = client;
        _path = options.SubQueue == SubQueue.DeadLetter ? path.DeadLetters : path;
        EntityPath = _path.Text;
        FullyQualifiedNamespace = client.FullyQualifiedNamespace;
        Identifier = string.IsNullOrEmpty(options.Identifier) ? $"{EntityPath}-{Guid.NewGuid()}" : options.Identifier;
        ReceiveMode = options.ReceiveMode;
        PrefetchCount = options.PrefetchCount;
    }

    /// <summary>The queue or subscription, with <c>/$DeadLetterQueue</c> for dead letters.</summary>
    public virtual string EntityPath { get; }

    /// <summary>The namespace's host name.</summary>
    public virtual string FullyQualifiedNamespace { get; }

    /// <summary>The receiver's name in logs.</summary>
    public virtual string Identifier { get; }

    /// <summary>What happens to a message when it is received.</summary>
    public virtual ServiceBusReceiveMode ReceiveMode { get; }

    /// <summary>What the options say; without effect here.</summary>
    public virtual int PrefetchCount { get; }

    /// <summary>The receiver, or its client, is closed.</summary>
    public virtual bool IsClosed
    {
        get => field || _client is { IsClosed: true };
        private set;
    }

    /// <summary>Waits for a message.</summary>
    /// <param name="maxWaitTime">How long; default: the client's <see cref="ServiceBusRetryOptions.TryTimeout"/>, a minute.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The message; null: none came.</returns>
    public virtual async Task<ServiceBusReceivedMessage?> ReceiveMessageAsync(TimeSpan? maxWaitTime = default, CancellationToken cancellationToken = default) =>
        (await ReceiveMessagesAsync(1, maxWaitTime, cancellationToken).ConfigureAwait(false)) is [var message, ..] ? message : null;

    /// <summary>Waits for messages and returns as soon as there is one, with others that are there too.</summary>
    /// <param name="maxMessages">How many at most.</param>
    /// <param name="maxWaitTime">How long to wait for the first; default: the client's <see cref="ServiceBusRetryOptions.TryTimeout"/>, a minute.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The messages; empty: none came.</returns>
    public virtual Task<IReadOnlyList<ServiceBusReceivedMessage>> ReceiveMessagesAsync(int maxMessages, TimeSpan? maxWaitTime = default, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxMessages, 1);
        if (maxWaitTime is { } wait)
            ArgumentOutOfRangeException.ThrowIfLessThan(wait, TimeSpan.Zero, nameof(maxWaitTime));
        ThrowIfClosed();
        return BusFaults.GuardAsync(EntityPath, () => ReceiveAsync(maxMessages, maxWaitTime ?? _client!.Options.RetryOptions.TryTimeout, cancellationToken));
    }

    /// <summary>Receives one message after the other until the token is cancelled.</summary>
    public virtual async IAsyncEnumerable<ServiceBusReceivedMessage> ReceiveMessagesAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            ServiceBusReceivedMessage? message;
            try
            {
                message = await ReceiveMessageAsync(null, cancellationToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                yield break;
            }

            if (message is not null)
                yield return message;
        }
    }

    /// <summary>Receives a deferred message.</summary>
    /// <exception cref="ServiceBusException">MessageNotFound: there is none with that number, or it is locked.</exception>
    public virtual async Task<ServiceBusReceivedMessage> ReceiveDeferredMessageAsync(long sequenceNumber, CancellationToken cancellationToken = default) =>
        (await ReceiveDeferredMessagesAsync([sequenceNumber], cancellationToken).ConfigureAwait(false))[0];

    /// <summary>Receives deferred messages.</summary>
    /// <inheritdoc cref="ReceiveDeferredMessageAsync"/>
    public virtual Task<IReadOnlyList<ServiceBusReceivedMessage>> ReceiveDeferredMessagesAsync(IEnumerable<long> sequenceNumbers, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(sequenceNumbers);
        ThrowIfClosed();
        return BusFaults.GuardAsync<IReadOnlyList<ServiceBusReceivedMessage>>(EntityPath, async () =>
        {
            Mailbox mailbox = await MailboxAsync(cancellationToken).ConfigureAwait(false);
            return await mailbox.TakeDeferredAsync(sequenceNumbers, ReceiveMode, cancellationToken).ConfigureAwait(false);
        });
    }

    /// <summary>Shows the next message without taking it: locked, deferred and scheduled ones too.</summary>
    /// <param name="fromSequenceNumber">Where to start; default: after the last one that this receiver peeked at.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <returns>The message; null: there is none.</returns>
    public virtual async Task<ServiceBusReceivedMessage?> PeekMessageAsync(long? fromSequenceNumber = default, CancellationToken cancellationToken = default) =>
        (await PeekMessagesAsync(1, fromSequenceNumber, cancellationToken).ConfigureAwait(false)) is [var message, ..] ? message : null;

    /// <summary>Shows the next messages without taking them: locked, deferred and scheduled ones too.</summary>
    /// <param name="maxMessages">How many at most.</param>
    /// <param name="fromSequenceNumber">Where to start; default: after the last one that this receiver peeked at.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    public virtual Task<IReadOnlyList<ServiceBusReceivedMessage>> PeekMessagesAsync(int maxMessages, long? fromSequenceNumber = default, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxMessages, 1);
        ThrowIfClosed();
        return BusFaults.GuardAsync<IReadOnlyList<ServiceBusReceivedMessage>>(EntityPath, async () =>
        {
            Mailbox mailbox = await MailboxAsync(cancellationToken).ConfigureAwait(false);
            List<ServiceBusReceivedMessage> messages = await mailbox.PeekAsync(maxMessages, fromSequenceNumber ?? Interlocked.Read(ref _lastPeeked) + 1, cancellationToken).ConfigureAwait(false);
            if (messages is [.., var last])
                Interlocked.Exchange(ref _lastPeeked, last.SequenceNumber);
            return messages;
        });
    }

    /// <summary>Closes the receiver; locked messages come back when their locks lapse.</summary>
    public virtual Task CloseAsync(CancellationToken cancellationToken = default)
    {
        IsClosed = true;
        return Task.CompletedTask;
    }

    /// <summary>Closes the receiver.</summary>
    public virtual async ValueTask DisposeAsync()
    {
        await CloseAsync(CancellationToken.None).ConfigureAwait(false);
        GC.SuppressFinalize(this);
    }

    /// <summary>Takes what is there now, without waiting.</summary>
    internal Task<IReadOnlyList<ServiceBusReceivedMessage>> TakeAsync(int most, CancellationToken cancellationToken) =>
        BusFaults.GuardAsync(EntityPath, () => ReceiveAsync(most, TimeSpan.Zero, cancellationToken));

    /// <summary>The address of the storage queue with the tickets, for wake-ups.</summary>
    internal Uri TicketQueue => _client!.Bus.Queue(_path!).Uri;

    private async Task<IReadOnlyList<ServiceBusReceivedMessage>> ReceiveAsync(int most, TimeSpan wait, CancellationToken cancellationToken)
    {
        Mailbox mailbox = await MailboxAsync(cancellationToken).ConfigureAwait(false);
        TimeProvider time = _client!.Bus.Time;
        DateTimeOffset end = time.GetUtcNow() + wait;
        var backOff = new Microsoft.Azure.Functions.Worker.Queues.PollingBackOff(TimeSpan.FromSeconds(1), Random.Shared.NextDouble);
        await RepairAsync(mailbox, time.GetUtcNow(), cancellationToken).ConfigureAwait(false);
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Task arrival = Arrivals.Next(mailbox.QueueUri);
            List<ServiceBusReceivedMessage> messages = [];
            while (messages.Count < most && await mailbox.TakeAsync(most - messages.Count, ReceiveMode).ConfigureAwait(false) is { Count: > 0 } more)
                messages.AddRange(more);
            TimeSpan left = end - time.GetUtcNow();
            if (messages.Count > 0 || left <= TimeSpan.Zero)
                return messages;
            TimeSpan pause = backOff.Next();
            try
            {
                await arrival.WaitAsync(pause < left ? pause : left, time, cancellationToken).ConfigureAwait(false);
            }
            catch (TimeoutException)
            {
                // time to look again
            }
        }
    }

    private async Task RepairAsync(Mailbox mailbox, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (now - _repairedAt < RepairEvery)
            return;
        _repairedAt = now;
        await mailbox.RepairAsync(cancellationToken).ConfigureAwait(false);
    }

    private Task<Mailbox> MailboxAsync(CancellationToken cancellationToken) => _client is null || _path is null
        ? throw new InvalidOperationException("A test double of ServiceBusReceiver overrides what it needs.")
        : _client.Bus.MailboxAsync(_path, cancellationToken);

    private void ThrowIfClosed() => ObjectDisposedException.ThrowIf(IsClosed, this);
}
