using Abm.Local.ServiceBus;
using Abm.TestKit;
using Azure.Data.Tables;
using Azure.Messaging.ServiceBus;
using Azure.Storage.Queues;
using Microsoft.Extensions.Configuration;

namespace Abm.Local.Tests.ServiceBus;

/// <summary>A namespace on the shared emulator with a queue and a topic of the test's own.</summary>
internal sealed class TestBus : IAsyncDisposable
{
    private static int _names;
    private readonly string _storage;

    private TestBus(string storage, string queue, string topic, ServiceBusClient client)
    {
        _storage = storage;
        Queue = queue;
        Topic = topic;
        Client = client;
    }

    public string Queue { get; }

    public string Topic { get; }

    public ServiceBusClient Client { get; }

    public LocalNamespace Bus => Client.Bus;

    public TableClient Rows => Bus.Table;

    /// <summary>The storage queue with the tickets of the test's queue.</summary>
    public QueueClient TicketQueue => Bus.Queue(EntityPath.OfQueue(Queue));

    /// <summary>Options are settings below the queue (<c>queue:MaxDeliveryCount</c>) or the topic (<c>topic:Subscriptions:crm:LockDuration</c>).</summary>
    public static async Task<TestBus> CreateAsync(params (string Option, string Value)[] options)
    {
        string storage = await SharedAzurite.ConnectionStringAsync();
        int number = Interlocked.Increment(ref _names);
        string queue = $"test-queue-{number}";
        string topic = $"test-topic-{number}";
        Dictionary<string, string?> settings = options.ToDictionary(
            option => option.Option.StartsWith("queue", StringComparison.Ordinal)
                ? $"ServiceBus:Queues:{queue}{option.Option["queue".Length..]}"
                : $"ServiceBus:Topics:{topic}{option.Option["topic".Length..]}",
            option => (string?)option.Value);
        if (options.All(option => !option.Option.StartsWith("queue", StringComparison.Ordinal)))
            settings["ServiceBus:Queues"] = queue;
        if (options.All(option => !option.Option.StartsWith("topic", StringComparison.Ordinal)))
            settings[$"ServiceBus:Topics:{topic}"] = "crm,analytics";
        return new TestBus(storage, queue, topic, ClientOf(storage, settings));
    }

    /// <summary>Another client of the same namespace, as another process has one.</summary>
    public ServiceBusClient OtherClient() => ClientOf(_storage, []);

    public ServiceBusSender Sender() => Client.CreateSender(Queue);

    public ServiceBusReceiver Receiver(ServiceBusReceiveMode mode = ServiceBusReceiveMode.PeekLock) =>
        Client.CreateReceiver(Queue, new ServiceBusReceiverOptions { ReceiveMode = mode });

    public ServiceBusReceiver DeadLetters() => Client.CreateReceiver(Queue, new ServiceBusReceiverOptions { SubQueue = SubQueue.DeadLetter });

    public Task SendAsync(params ServiceBusMessage[] messages) => Sender().SendMessagesAsync(messages, TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync() => Client.DisposeAsync();

    private static ServiceBusClient ClientOf(string storage, Dictionary<string, string?> settings) =>
        new(BusAddress.Parse(storage), new ConfigurationBuilder().AddInMemoryCollection(settings).Build(), null);
}

internal static class Receiving
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    /// <summary>The next message, which must come.</summary>
    public static async Task<ServiceBusReceivedMessage> NextAsync(this ServiceBusReceiver receiver)
    {
        ServiceBusReceivedMessage? message = await receiver.ReceiveMessageAsync(Patience, TestContext.Current.CancellationToken);
        Assert.NotNull(message);
        return message;
    }

    /// <summary>Nothing is there now.</summary>
    public static async Task IsEmptyAsync(this ServiceBusReceiver receiver) =>
        Assert.Null(await receiver.ReceiveMessageAsync(TimeSpan.Zero, TestContext.Current.CancellationToken));

    public static async Task<ServiceBusException> FailsAsync(ServiceBusFailureReason reason, Func<Task> work)
    {
        ServiceBusException failure = await Assert.ThrowsAsync<ServiceBusException>(work);
        Assert.Equal(reason, failure.Reason);
        return failure;
    }
}
