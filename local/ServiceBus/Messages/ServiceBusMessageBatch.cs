using Abm.Local.ServiceBus;

namespace Azure.Messaging.ServiceBus;

/// <summary>Options of a batch.</summary>
public class CreateMessageBatchOptions
{
    private long? _maxSizeInBytes;

    /// <summary>The largest size of the batch; default: what the service takes.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not positive.</exception>
    public long? MaxSizeInBytes
    {
        get => _maxSizeInBytes;
        set => _maxSizeInBytes = value is < 1 ? throw new ArgumentOutOfRangeException(nameof(value), value, "A batch needs room.") : value;
    }
}

/// <summary>Messages that are sent together and fit together.</summary>
public sealed class ServiceBusMessageBatch : IDisposable
{
    private readonly IList<ServiceBusMessage> _messages;
    private readonly Func<ServiceBusMessage, bool>? _mayAdd;
    private readonly Lock _gate = new();
    private bool _isSealed;
    private bool _isDisposed;

    internal ServiceBusMessageBatch(long maxSizeInBytes)
    {
        MaxSizeInBytes = maxSizeInBytes;
        SizeInBytes = MessageSize.EmptyBatch;
        _messages = [];
    }

    internal ServiceBusMessageBatch(long maxSizeInBytes, IList<ServiceBusMessage> messages, long sizeInBytes, Func<ServiceBusMessage, bool> mayAdd)
    {
        MaxSizeInBytes = maxSizeInBytes;
        SizeInBytes = sizeInBytes;
        _messages = messages;
        _mayAdd = mayAdd;
    }

    /// <summary>The largest size.</summary>
    public long MaxSizeInBytes { get; }

    /// <summary>The size so far.</summary>
    public long SizeInBytes { get; private set; }

    /// <summary>How many messages are in it.</summary>
    public int Count => _messages.Count;

    internal IReadOnlyList<ServiceBusMessage> Messages => [.. _messages];

    /// <summary>Adds the message if there is room for it.</summary>
    /// <returns>False: it does not fit; the batch is as before.</returns>
    /// <exception cref="System.Runtime.Serialization.SerializationException">A property has a type that cannot be sent.</exception>
    /// <exception cref="InvalidOperationException">The batch is being sent.</exception>
    public bool TryAddMessage(ServiceBusMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        lock (_gate)
        {
            if (_isSealed)
                throw new InvalidOperationException("The batch is being sent; add to it before or after.");
            if (_mayAdd is not null)
            {
                if (!_mayAdd(message))
                    return false;
                _messages.Add(message);
                return true;
            }

            long size = MessageSize.InBatch(message);
            if (SizeInBytes + size > MaxSizeInBytes)
                return false;
            SizeInBytes += size;
            _messages.Add(message);
            return true;
        }
    }

    /// <summary>Lets go of the messages.</summary>
    public void Dispose()
    {
        _isDisposed = true;
        lock (_gate)
            _messages.Clear();
    }

    internal void Seal(bool isSealed)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        lock (_gate)
            _isSealed = isSealed;
    }
}
