using Abm.Local.ServiceBus;
using Azure.Core;
using Microsoft.Extensions.Configuration;

namespace Azure.Messaging.ServiceBus;

/// <summary>
/// A Service Bus namespace. In the Local runtime it lies on a storage account: that of the setting <c>AzureWebJobsStorage</c> for the connection strings
/// <c>UseDevelopmentStorage=true</c> and <c>Endpoint=sb://localhost;UseDevelopmentEmulator=true;</c>, or the one that a storage connection string names.
/// Safe to share between threads; make one and keep it.
/// </summary>
public class ServiceBusClient : IAsyncDisposable
{
    private readonly Lazy<LocalNamespace> _bus;

    /// <summary>The namespace of a connection string.</summary>
    /// <exception cref="FormatException">It is malformed.</exception>
    /// <exception cref="NotSupportedException">It means a namespace in the cloud.</exception>
    public ServiceBusClient(string connectionString) : this(connectionString, new ServiceBusClientOptions())
    {
    }

    /// <inheritdoc cref="ServiceBusClient(string)"/>
    public ServiceBusClient(string connectionString, ServiceBusClientOptions options) : this(BusAddress.Parse(connectionString), BusAddress.Environment, options)
    {
    }

    /// <summary>A namespace by name, with an identity: locally <c>localhost</c>, on the storage of <c>AzureWebJobsStorage</c>, which signs in on its own.</summary>
    /// <exception cref="NotSupportedException">It is a namespace in the cloud.</exception>
    public ServiceBusClient(string fullyQualifiedNamespace, TokenCredential credential) : this(fullyQualifiedNamespace, credential, new ServiceBusClientOptions())
    {
    }

    /// <inheritdoc cref="ServiceBusClient(string, TokenCredential)"/>
    public ServiceBusClient(string fullyQualifiedNamespace, TokenCredential credential, ServiceBusClientOptions options)
        : this(BusAddress.OfNamespace(fullyQualifiedNamespace), BusAddress.Environment, options) => ArgumentNullException.ThrowIfNull(credential);

    /// <summary>For test doubles that override the members they need.</summary>
    protected ServiceBusClient()
    {
        _bus = new Lazy<LocalNamespace>(() => throw new InvalidOperationException("A test double of ServiceBusClient overrides what it needs."));
        FullyQualifiedNamespace = "";
        Identifier = "";
        Options = new ServiceBusClientOptions();
    }

    /// <summary>A namespace with the settings of a runtime instead of the process's environment.</summary>
    internal ServiceBusClient(BusAddress address, IConfiguration configuration, ServiceBusClientOptions? options)
    {
        Options = options ?? new ServiceBusClientOptions();
        FullyQualifiedNamespace = address.Namespace;
        Identifier = string.IsNullOrEmpty(Options.Identifier) ? $"{address.Namespace}-{Guid.NewGuid()}" : Options.Identifier;
        _bus = new Lazy<LocalNamespace>(() => LocalNamespace.Open(address, configuration, Options.RetryOptions, nameof(ServiceBusClient)));
    }

    /// <summary>The namespace's host name.</summary>
    public virtual string FullyQualifiedNamespace { get; }

    /// <summary>The client's name in logs.</summary>
    public virtual string Identifier { get; }

    /// <summary>The client is closed; what it made is too.</summary>
    public virtual bool IsClosed { get; private set; }

    /// <summary>What the options say; without effect here.</summary>
    public ServiceBusTransportType TransportType => Options.TransportType;

    internal ServiceBusClientOptions Options { get; }

    internal LocalNamespace Bus => _bus.Value;

    /// <summary>Sends to a queue or a topic. Nothing is connected or checked before the first use.</summary>
    public virtual ServiceBusSender CreateSender(string queueOrTopicName) => CreateSender(queueOrTopicName, new ServiceBusSenderOptions());

    /// <inheritdoc cref="CreateSender(string)"/>
    public virtual ServiceBusSender CreateSender(string queueOrTopicName, ServiceBusSenderOptions options)
    {
        ThrowIfClosed();
        return new LocalSender(this, queueOrTopicName, options);
    }

    /// <summary>Receives from a queue; a name that ends in <c>/$DeadLetterQueue</c> means its dead letters. Nothing is connected or checked before the first use.</summary>
    public virtual ServiceBusReceiver CreateReceiver(string queueName) => CreateReceiver(queueName, new ServiceBusReceiverOptions());

    /// <inheritdoc cref="CreateReceiver(string)"/>
    public virtual ServiceBusReceiver CreateReceiver(string queueName, ServiceBusReceiverOptions options)
    {
        ThrowIfClosed();
        return new LocalReceiver(this, EntityPath.OfQueue(queueName), options);
    }

    /// <summary>Receives from a subscription of a topic.</summary>
    public virtual ServiceBusReceiver CreateReceiver(string topicName, string subscriptionName) => CreateReceiver(topicName, subscriptionName, new ServiceBusReceiverOptions());

    /// <inheritdoc cref="CreateReceiver(string, string)"/>
    public virtual ServiceBusReceiver CreateReceiver(string topicName, string subscriptionName, ServiceBusReceiverOptions options)
    {
        ThrowIfClosed();
        return new LocalReceiver(this, EntityPath.OfSubscription(topicName, subscriptionName), options);
    }

    /// <summary>Closes the client.</summary>
    public virtual ValueTask DisposeAsync()
    {
        IsClosed = true;
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    internal void ThrowIfClosed() => ObjectDisposedException.ThrowIf(IsClosed, this);

    private sealed class LocalSender(ServiceBusClient client, string queueOrTopicName, ServiceBusSenderOptions options)
        : ServiceBusSender(client, queueOrTopicName, options);

    private sealed class LocalReceiver(ServiceBusClient client, EntityPath path, ServiceBusReceiverOptions options) : ServiceBusReceiver(client, path, options);
}
