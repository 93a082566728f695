using System.Net;
using Azure.Core;

namespace Azure.Messaging.ServiceBus;

/// <summary>How the cloud's client connects; without effect here.</summary>
public enum ServiceBusTransportType
{
    /// <summary>AMQP over TCP.</summary>
    AmqpTcp,

    /// <summary>AMQP over WebSockets.</summary>
    AmqpWebSockets,
}

/// <summary>How waits between tries grow.</summary>
public enum ServiceBusRetryMode
{
    /// <summary>They stay as they are.</summary>
    Fixed,

    /// <summary>They grow.</summary>
    Exponential,
}

/// <summary>How failed calls are repeated.</summary>
public class ServiceBusRetryOptions
{
    private int _maxRetries = 3;
    private TimeSpan _tryTimeout = TimeSpan.FromMinutes(1);

    /// <summary>How waits grow. Default exponentially.</summary>
    public ServiceBusRetryMode Mode { get; set; } = ServiceBusRetryMode.Exponential;

    /// <summary>Tries after the first. Default 3; 0 to 100.</summary>
    public int MaxRetries
    {
        get => _maxRetries;
        set => _maxRetries = value is >= 0 and <= 100 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "0 to 100.");
    }

    /// <summary>The first wait. Default 0.8 seconds.</summary>
    public TimeSpan Delay { get; set; } = TimeSpan.FromSeconds(0.8);

    /// <summary>The longest wait. Default a minute.</summary>
    public TimeSpan MaxDelay { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How long one try may take; also how long a receiver waits for messages unless told otherwise. Default a minute.</summary>
    public TimeSpan TryTimeout
    {
        get => _tryTimeout;
        set => _tryTimeout = value > TimeSpan.Zero ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "A try needs time.");
    }

    internal void ApplyTo(RetryOptions storage)
    {
        storage.Mode = Mode == ServiceBusRetryMode.Fixed ? RetryMode.Fixed : RetryMode.Exponential;
        storage.MaxRetries = MaxRetries;
        storage.Delay = Delay;
        storage.MaxDelay = MaxDelay;
        storage.NetworkTimeout = TryTimeout;
    }
}

/// <summary>Options of a <see cref="ServiceBusClient"/>.</summary>
public class ServiceBusClientOptions
{
    private bool _enableCrossEntityTransactions;

    /// <summary>A name for logs; default: a new one.</summary>
    public string? Identifier { get; set; }

    /// <summary>How failed calls are repeated.</summary>
    public ServiceBusRetryOptions RetryOptions { get; set; } = new();

    /// <summary>Without effect here.</summary>
    public ServiceBusTransportType TransportType { get; set; }

    /// <summary>Without effect here.</summary>
    public IWebProxy? WebProxy { get; set; }

    /// <summary>Without effect here.</summary>
    public Uri? CustomEndpointAddress { get; set; }

    /// <summary>Without effect here. Default a minute.</summary>
    public TimeSpan ConnectionIdleTimeout { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Transactions are not supported here.</summary>
    /// <exception cref="NotSupportedException">Set to true.</exception>
    public bool EnableCrossEntityTransactions
    {
        get => _enableCrossEntityTransactions;
        set => _enableCrossEntityTransactions = value
            ? throw new NotSupportedException("The Local runtime does not support Service Bus transactions (EnableCrossEntityTransactions).")
            : value;
    }
}

/// <summary>Options of a <see cref="ServiceBusSender"/>.</summary>
public class ServiceBusSenderOptions
{
    /// <summary>A name for logs; default: a new one.</summary>
    public string? Identifier { get; set; }
}

/// <summary>What happens to a message when it is received.</summary>
public enum ServiceBusReceiveMode
{
    /// <summary>It is locked until it is settled or the lock lapses.</summary>
    PeekLock,

    /// <summary>It is gone at once; whoever fails afterwards has lost it.</summary>
    ReceiveAndDelete,
}

/// <summary>Which part of an entity is received from.</summary>
public enum SubQueue
{
    /// <summary>The entity itself.</summary>
    None = 0,

    /// <summary>Its dead letters.</summary>
    DeadLetter = 1,

    /// <summary>Dead letters of forwarding; there is no forwarding here.</summary>
    TransferDeadLetter = 2,
}

/// <summary>Options of a <see cref="ServiceBusReceiver"/>.</summary>
public class ServiceBusReceiverOptions
{
    private int _prefetchCount;

    /// <summary>A name for logs; default: a new one.</summary>
    public string? Identifier { get; set; }

    /// <summary>What happens to a message when it is received. Default <see cref="ServiceBusReceiveMode.PeekLock"/>.</summary>
    public ServiceBusReceiveMode ReceiveMode { get; set; }

    /// <summary>Messages fetched ahead; without effect here. Default 0.</summary>
    public int PrefetchCount
    {
        get => _prefetchCount;
        set => _prefetchCount = value >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "0 or more.");
    }

    /// <summary>The entity itself, or its dead letters.</summary>
    public SubQueue SubQueue { get; set; }
}
