using Azure.Messaging.ServiceBus;

namespace Abm.Local.Tests.ServiceBus;

public class TopicTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_subscription_gets_its_own_copy()
    {
        await using TestBus bus = await TestBus.CreateAsync();
        await bus.Client.CreateSender(bus.Topic).SendMessageAsync(new ServiceBusMessage("x") { Subject = "decided" }, Token);
        ServiceBusReceiver crm = bus.Client.CreateReceiver(bus.Topic, "crm");
        ServiceBusReceiver analytics = bus.Client.CreateReceiver(bus.Topic, "Analytics");

        await crm.CompleteMessageAsync(await crm.NextAsync(), Token);

        Assert.Null(await crm.PeekMessageAsync(0, Token));
        Assert.Equal("decided", (await analytics.NextAsync()).Subject);
        Assert.Equal($"{bus.Topic}/Subscriptions/crm", crm.EntityPath);
    }

    [Fact]
    public async Task A_subscription_has_its_own_options_and_dead_letters()
    {
        await using TestBus bus = await TestBus.CreateAsync(("topic:Subscriptions:crm:MaxDeliveryCount", "1"), ("topic:Subscriptions:analytics:MaxDeliveryCount", "2"));
        await bus.Client.CreateSender(bus.Topic).SendMessageAsync(new ServiceBusMessage("x"), Token);
        ServiceBusReceiver crm = bus.Client.CreateReceiver(bus.Topic, "crm");
        ServiceBusReceiver analytics = bus.Client.CreateReceiver(bus.Topic, "analytics");

        await crm.AbandonMessageAsync(await crm.NextAsync(), null, Token);
        await analytics.AbandonMessageAsync(await analytics.NextAsync(), null, Token);

        await crm.IsEmptyAsync();
        Assert.Equal(2, (await analytics.NextAsync()).DeliveryCount);
        ServiceBusReceivedMessage dead = await bus.Client.CreateReceiver(bus.Topic, "crm", new ServiceBusReceiverOptions { SubQueue = SubQueue.DeadLetter }).NextAsync();
        Assert.Equal("MaxDeliveryCountExceeded", dead.DeadLetterReason);
    }

    [Fact]
    public async Task Large_messages_reach_many_subscriptions()
    {
        await using TestBus bus = await TestBus.CreateAsync(("topic", string.Join(',', Enumerable.Range(0, 18).Select(i => $"s{i}"))));
        await bus.Client.CreateSender(bus.Topic).SendMessageAsync(new ServiceBusMessage(new byte[250_000]), Token);

        foreach (string subscription in new[] { "s0", "s9", "s17" })
            Assert.Equal(250_000, (await bus.Client.CreateReceiver(bus.Topic, subscription).NextAsync()).Body.ToMemory().Length);
    }

    [Fact]
    public async Task A_scheduled_message_is_taken_back_from_all_subscriptions()
    {
        await using TestBus bus = await TestBus.CreateAsync();
        ServiceBusSender sender = bus.Client.CreateSender(bus.Topic);
        long number = await sender.ScheduleMessageAsync(new ServiceBusMessage("x"), DateTimeOffset.UtcNow.AddHours(1), Token);

        await sender.CancelScheduledMessageAsync(number, Token);

        Assert.Null(await bus.Client.CreateReceiver(bus.Topic, "crm").PeekMessageAsync(0, Token));
        Assert.Null(await bus.Client.CreateReceiver(bus.Topic, "analytics").PeekMessageAsync(0, Token));
    }

    [Fact]
    public async Task A_duplicate_reaches_no_subscription_twice()
    {
        await using TestBus bus = await TestBus.CreateAsync(("topic:Subscriptions", "crm,analytics"), ("topic:DuplicateDetectionHistoryTimeWindow", "00:10:00"));
        ServiceBusSender sender = bus.Client.CreateSender(bus.Topic);
        await sender.SendMessageAsync(new ServiceBusMessage("x") { MessageId = "a" }, Token);
        await sender.SendMessageAsync(new ServiceBusMessage("x") { MessageId = "a" }, Token);

        foreach (string subscription in new[] { "crm", "analytics" })
            Assert.Single(await bus.Client.CreateReceiver(bus.Topic, subscription).PeekMessagesAsync(10, 0, Token));
    }

    [Fact]
    public async Task A_topic_without_subscriptions_takes_messages_and_keeps_none()
    {
        await using TestBus bus = await TestBus.CreateAsync(("topic:Subscriptions", ""));

        await bus.Client.CreateSender(bus.Topic).SendMessageAsync(new ServiceBusMessage("x"), Token);

        await Receiving.FailsAsync(ServiceBusFailureReason.MessagingEntityNotFound, () => bus.Client.CreateReceiver(bus.Topic, "crm").PeekMessageAsync(0, Token));
    }
}
