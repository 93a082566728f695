using System.Transactions;
using Abm.Local.ServiceBus;
using Azure.Data.Tables;
using Azure.Messaging.ServiceBus;
using Azure.Storage.Queues.Models;

namespace Abm.Local.Tests.ServiceBus;

public class QueueTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_message_arrives_with_everything_its_sender_said()
    {
        await using TestBus bus = await TestBus.CreateAsync();
        await bus.SendAsync(new ServiceBusMessage("hello")
        {
            MessageId = "m1", CorrelationId = "c1", Subject = "account.created", ContentType = "application/json", To = "abm", ReplyTo = "crm",
            ReplyToSessionId = "r", PartitionKey = "acme", TimeToLive = TimeSpan.FromHours(1), ApplicationProperties = { ["tier"] = 1, ["at"] = DateTimeOffset.UnixEpoch },
        });

        ServiceBusReceivedMessage message = await bus.Receiver().NextAsync();

        Assert.Equal(("hello", "m1", "c1", "account.created"), (message.Body.ToString(), message.MessageId, message.CorrelationId, message.Subject));
        Assert.Equal(("application/json", "abm", "crm", "r", "acme"), (message.ContentType, message.To, message.ReplyTo, message.ReplyToSessionId, message.PartitionKey));
        Assert.Equal((1, DateTimeOffset.UnixEpoch), (message.ApplicationProperties["tier"], message.ApplicationProperties["at"]));
        Assert.Equal((1, ServiceBusMessageState.Active, TimeSpan.FromHours(1)), (message.DeliveryCount, message.State, message.TimeToLive));
        Assert.Equal(message.EnqueuedTime.AddHours(1), message.ExpiresAt);
        Assert.True(message.LockedUntil > message.EnqueuedTime);
        Assert.NotEqual(Guid.Empty, Guid.Parse(message.LockToken));
    }

    [Fact]
    public async Task A_completed_message_leaves_nothing_behind()
    {
        await using TestBus bus = await TestBus.CreateAsync();
        await bus.SendAsync(new ServiceBusMessage("x"));
        ServiceBusReceiver receiver = bus.Receiver();

        await receiver.CompleteMessageAsync(await receiver.NextAsync(), Token);

        Assert.Null(await receiver.PeekMessageAsync(0, Token));
        Assert.Equal(0, ((QueueProperties)await bus.TicketQueue.GetPropertiesAsync(Token)).ApproximateMessagesCount);
    }

    [Fact]
    public async Task A_body_of_250_KB_arrives_whole()
    {
        await using TestBus bus = await TestBus.CreateAsync();
        byte[] body = new byte[250_000];
        new Random(7).NextBytes(body);
        await bus.SendAsync(new ServiceBusMessage(body) { ApplicationProperties = { ["note"] = new string('n', 4_000) } });

        ServiceBusReceivedMessage message = await bus.Receiver().NextAsync();

        Assert.Equal(body, message.Body.ToArray());
    }

    [Fact]
    public async Task Properties_of_100_KB_arrive_whole()
    {
        await using TestBus bus = await TestBus.CreateAsync();
        await bus.SendAsync(new ServiceBusMessage { ApplicationProperties = { ["note"] = new string('ä', 16_000), ["more"] = new string('b', 60_000) } });

        ServiceBusReceivedMessage message = await bus.Receiver().NextAsync();

        Assert.Equal((16_000, 60_000, 0), (((string)message.ApplicationProperties["note"]).Length, ((string)message.ApplicationProperties["more"]).Length, message.Body.ToMemory().Length));
    }

    [Fact]
    public async Task More_than_256_KB_is_refused()
    {
        await using TestBus bus = await TestBus.CreateAsync();

        await Receiving.FailsAsync(ServiceBusFailureReason.MessageSizeExceeded, () => bus.SendAsync(new ServiceBusMessage(new byte[262_144])));
        await Receiving.FailsAsync(ServiceBusFailureReason.MessageSizeExceeded, () => bus.SendAsync(new ServiceBusMessage(new byte[200_000]), new ServiceBusMessage(new byte[200_000])));
        await bus.Receiver().IsEmptyAsync();
    }

    [Fact]
    public async Task A_full_batch_of_many_messages_arrives()
    {
        await using TestBus bus = await TestBus.CreateAsync();
        ServiceBusSender sender = bus.Sender();
        using ServiceBusMessageBatch batch = await sender.CreateMessageBatchAsync(Token);
        while (batch.Count < 120 && batch.TryAddMessage(new ServiceBusMessage($"{batch.Count}")))
        {
        }

        await sender.SendMessagesAsync(batch, Token);

        IReadOnlyList<ServiceBusReceivedMessage> messages = await bus.Receiver(ServiceBusReceiveMode.ReceiveAndDelete).ReceiveMessagesAsync(500, TimeSpan.FromSeconds(5), Token);
        Assert.Equal(Enumerable.Range(0, 120), messages.Select(message => int.Parse(message.Body.ToString(), System.Globalization.CultureInfo.InvariantCulture)).Order());
    }

    [Fact]
    public async Task A_locked_message_is_nobody_elses()
    {
        await using TestBus bus = await TestBus.CreateAsync();
        await using ServiceBusClient other = bus.OtherClient();
        await bus.SendAsync(new ServiceBusMessage("x"));

        await bus.Receiver().NextAsync();

        await other.CreateReceiver(bus.Queue).IsEmptyAsync();
    }

    [Fact]
    public async Task An_abandoned_message_comes_again_at_once_with_its_changed_properties()
    {
        await using TestBus bus = await TestBus.CreateAsync();
        await bus.SendAsync(new ServiceBusMessage("x") { ApplicationProperties = { ["kept"] = "k" } });
        ServiceBusReceiver receiver = bus.Receiver();

        await receiver.AbandonMessageAsync(await receiver.NextAsync(), new Dictionary<string, object> { ["tries"] = 1 }, Token);

        ServiceBusReceivedMessage again = await receiver.NextAsync();
        Assert.Equal((2, 1, "k", "x"), (again.DeliveryCount, again.ApplicationProperties["tries"], again.ApplicationProperties["kept"], again.Body.ToString()));
    }

    [Fact]
    public async Task A_message_whose_lock_lapses_comes_again_and_its_first_holder_cannot_settle_it()
    {
        await using TestBus bus = await TestBus.CreateAsync(("queue:LockDuration", "00:00:01"));
        await bus.SendAsync(new ServiceBusMessage("x"));
        ServiceBusReceiver receiver = bus.Receiver();
        ServiceBusReceivedMessage first = await receiver.NextAsync();

        ServiceBusReceivedMessage second = await receiver.NextAsync();

        Assert.Equal((1, 2), (first.DeliveryCount, second.DeliveryCount));
        await Receiving.FailsAsync(ServiceBusFailureReason.MessageLockLost, () => receiver.CompleteMessageAsync(first, Token));
        await Receiving.FailsAsync(ServiceBusFailureReason.MessageLockLost, () => receiver.RenewMessageLockAsync(first, Token));
    }

    [Fact]
    public async Task A_lapsed_lock_settles_nothing_even_while_nobody_else_has_the_message()
    {
        await using TestBus bus = await TestBus.CreateAsync(("queue:LockDuration", "00:00:01"));
        await bus.SendAsync(new ServiceBusMessage("x"));
        ServiceBusReceiver receiver = bus.Receiver();
        ServiceBusReceivedMessage message = await receiver.NextAsync();

        while (DateTimeOffset.UtcNow < message.LockedUntil)
            await Task.Delay(20, Token);

        await Receiving.FailsAsync(ServiceBusFailureReason.MessageLockLost, () => receiver.CompleteMessageAsync(message, Token));
        Assert.NotNull(await receiver.PeekMessageAsync(0, Token));
    }

    [Fact]
    public async Task A_renewed_lock_holds_on()
    {
        // A machine that stalls for longer than a lock lets it lapse, rightly: then the same with a longer lock.
        foreach (double seconds in new[] { 2, 10, 60 })
        {
            if (await HoldsOnAsync(TimeSpan.FromSeconds(seconds)) is { } deliveries)
            {
                Assert.Equal(1, deliveries);
                return;
            }
        }

        Assert.Fail("The machine stalled for a minute.");
    }

    /// <summary>Renews a lock until it has held for longer than its duration, while nobody else may have the message.</summary>
    /// <returns>How often the message was delivered; null: this process was too late with a renewal.</returns>
    private static async Task<int?> HoldsOnAsync(TimeSpan duration)
    {
        await using TestBus bus = await TestBus.CreateAsync(("queue:LockDuration", duration.ToString("c")));
        await bus.SendAsync(new ServiceBusMessage("x"));
        ServiceBusReceiver receiver = bus.Receiver();
        ServiceBusReceivedMessage message = await receiver.NextAsync();
        DateTimeOffset firstEnd = message.LockedUntil;
        while (DateTimeOffset.UtcNow < firstEnd)
        {
            ServiceBusReceivedMessage? second = await receiver.ReceiveMessageAsync(TimeSpan.FromMilliseconds(500), Token);
            if (DateTimeOffset.UtcNow >= message.LockedUntil)
                return null;
            Assert.Null(second);
            if (!await InTimeAsync(() => receiver.RenewMessageLockAsync(message, Token)))
                return null;
        }

        return await InTimeAsync(() => receiver.CompleteMessageAsync(message, Token)) ? message.DeliveryCount : null;

        async Task<bool> InTimeAsync(Func<Task> act)
        {
            DateTimeOffset end = message.LockedUntil;
            try
            {
                await act();
                return true;
            }
            catch (ServiceBusException lost) when (lost.Reason == ServiceBusFailureReason.MessageLockLost && DateTimeOffset.UtcNow >= end)
            {
                return false;
            }
        }
    }

    [Fact]
    public async Task A_message_is_settled_once_only()
    {
        await using TestBus bus = await TestBus.CreateAsync();
        await bus.SendAsync(new ServiceBusMessage("x"));
        ServiceBusReceiver receiver = bus.Receiver();
        ServiceBusReceivedMessage message = await receiver.NextAsync();
        await receiver.CompleteMessageAsync(message, Token);

        await Receiving.FailsAsync(ServiceBusFailureReason.MessageLockLost, () => receiver.CompleteMessageAsync(message, Token));
        await Receiving.FailsAsync(ServiceBusFailureReason.MessageLockLost, () => receiver.AbandonMessageAsync(message, null, Token));
    }

    [Fact]
    public async Task Another_receiver_of_the_entity_may_settle()
    {
        await using TestBus bus = await TestBus.CreateAsync();
        await bus.SendAsync(new ServiceBusMessage("x"));

        ServiceBusReceivedMessage message = await bus.Receiver().NextAsync();
        await bus.Receiver().CompleteMessageAsync(message, Token);

        Assert.Null(await bus.Receiver().PeekMessageAsync(0, Token));
    }

    [Fact]
    public async Task Receive_and_delete_takes_the_message_away_at_once_and_settles_nothing()
    {
        await using TestBus bus = await TestBus.CreateAsync();
        await bus.SendAsync(new ServiceBusMessage("x"));
        ServiceBusReceiver receiver = bus.Receiver(ServiceBusReceiveMode.ReceiveAndDelete);

        ServiceBusReceivedMessage message = await receiver.NextAsync();

        Assert.Null(await receiver.PeekMessageAsync(0, Token));
        await Assert.ThrowsAsync<InvalidOperationException>(() => receiver.CompleteMessageAsync(message, Token));
    }

    [Fact]
    public async Task After_the_last_delivery_a_message_is_a_dead_letter_with_the_reason()
    {
        await using TestBus bus = await TestBus.CreateAsync();
        await bus.SendAsync(new ServiceBusMessage("x") { ApplicationProperties = { ["n"] = 1 } });
        ServiceBusReceiver receiver = bus.Receiver();

        for (int delivery = 1; delivery <= 10; delivery++)
        {
            ServiceBusReceivedMessage message = await receiver.NextAsync();
            Assert.Equal(delivery, message.DeliveryCount);
            await receiver.AbandonMessageAsync(message, null, Token);
        }

        await receiver.IsEmptyAsync();
        ServiceBusReceivedMessage dead = await bus.DeadLetters().NextAsync();
        Assert.Equal(("MaxDeliveryCountExceeded", 1, "x"), (dead.DeadLetterReason, dead.ApplicationProperties["n"], dead.Body.ToString()));
    }

    [Fact]
    public async Task A_lapsed_lock_counts_as_a_delivery_too()
    {
        await using TestBus bus = await TestBus.CreateAsync(("queue:MaxDeliveryCount", "1"), ("queue:LockDuration", "00:00:01"));
        await bus.SendAsync(new ServiceBusMessage("x"));
        ServiceBusReceiver receiver = bus.Receiver();
        await receiver.NextAsync();

        Assert.Null(await receiver.ReceiveMessageAsync(TimeSpan.FromSeconds(3), Token));

        Assert.Equal("MaxDeliveryCountExceeded", (await bus.DeadLetters().NextAsync()).DeadLetterReason);
    }

    [Fact]
    public async Task A_message_is_dead_lettered_on_demand_with_reason_description_and_properties()
    {
        await using TestBus bus = await TestBus.CreateAsync();
        await bus.SendAsync(new ServiceBusMessage("x"));
        ServiceBusReceiver receiver = bus.Receiver();
        ServiceBusReceivedMessage message = await receiver.NextAsync();

        await receiver.DeadLetterMessageAsync(message, new Dictionary<string, object> { ["field"] = "owner" }, "invalid", "no such owner", Token);

        ServiceBusReceiver deadLetters = bus.Client.CreateReceiver(bus.Queue + "/$DeadLetterQueue");
        ServiceBusReceivedMessage dead = await deadLetters.NextAsync();
        Assert.Equal(("invalid", "no such owner", "owner", message.SequenceNumber), (dead.DeadLetterReason, dead.DeadLetterErrorDescription, dead.ApplicationProperties["field"], dead.SequenceNumber));
        await deadLetters.CompleteMessageAsync(dead, Token);
        Assert.Null(await deadLetters.PeekMessageAsync(0, Token));
    }

    [Fact]
    public async Task A_dead_letter_may_be_delivered_any_number_of_times()
    {
        await using TestBus bus = await TestBus.CreateAsync(("queue:MaxDeliveryCount", "1"));
        await bus.SendAsync(new ServiceBusMessage("x"));
        ServiceBusReceiver receiver = bus.Receiver();
        await receiver.AbandonMessageAsync(await receiver.NextAsync(), null, Token);
        ServiceBusReceiver deadLetters = bus.DeadLetters();

        for (int i = 0; i < 3; i++)
            await deadLetters.AbandonMessageAsync(await deadLetters.NextAsync(), null, Token);

        Assert.NotNull(await deadLetters.NextAsync());
    }

    [Fact]
    public async Task A_deferred_message_comes_only_by_its_number()
    {
        await using TestBus bus = await TestBus.CreateAsync();
        await bus.SendAsync(new ServiceBusMessage("x"));
        ServiceBusReceiver receiver = bus.Receiver();
        ServiceBusReceivedMessage message = await receiver.NextAsync();

        await receiver.DeferMessageAsync(message, null, Token);

        await receiver.IsEmptyAsync();
        ServiceBusReceivedMessage deferred = await receiver.ReceiveDeferredMessageAsync(message.SequenceNumber, Token);
        Assert.Equal((ServiceBusMessageState.Deferred, 2), (deferred.State, deferred.DeliveryCount));
        await Receiving.FailsAsync(ServiceBusFailureReason.MessageNotFound, () => receiver.ReceiveDeferredMessageAsync(message.SequenceNumber, Token));
        await receiver.CompleteMessageAsync(deferred, Token);
        await Receiving.FailsAsync(ServiceBusFailureReason.MessageNotFound, () => receiver.ReceiveDeferredMessageAsync(message.SequenceNumber, Token));
    }

    [Fact]
    public async Task Peeking_shows_locked_deferred_and_scheduled_messages_in_order_and_goes_on_where_it_stopped()
    {
        await using TestBus bus = await TestBus.CreateAsync();
        ServiceBusReceiver receiver = bus.Receiver();
        await bus.SendAsync(new ServiceBusMessage("deferred"));
        await receiver.DeferMessageAsync(await receiver.NextAsync(), null, Token);
        await bus.SendAsync(new ServiceBusMessage("locked"));
        await receiver.NextAsync();
        await bus.Sender().ScheduleMessageAsync(new ServiceBusMessage("scheduled"), DateTimeOffset.UtcNow.AddDays(30), Token);
        await bus.SendAsync(new ServiceBusMessage("active"));

        ServiceBusReceivedMessage? first = await receiver.PeekMessageAsync(cancellationToken: Token);
        IReadOnlyList<ServiceBusReceivedMessage> others = await receiver.PeekMessagesAsync(10, cancellationToken: Token);

        Assert.Equal(
            ["deferred Deferred", "locked Active", "scheduled Scheduled", "active Active"],
            others.Prepend(first!).Select(message => $"{message.Body} {message.State}"));
        Assert.Null(await receiver.PeekMessageAsync(cancellationToken: Token));
        Assert.Equal("deferred", (await receiver.PeekMessageAsync(0, Token))!.Body.ToString());
        await Receiving.FailsAsync(ServiceBusFailureReason.MessageLockLost, () => receiver.CompleteMessageAsync(first!, Token));
    }

    [Fact]
    public async Task A_scheduled_message_comes_when_it_is_due_and_not_before()
    {
        await using TestBus bus = await TestBus.CreateAsync();
        DateTimeOffset due = DateTimeOffset.UtcNow.AddSeconds(2);
        await bus.SendAsync(new ServiceBusMessage("x") { ScheduledEnqueueTime = due });

        ServiceBusReceivedMessage message = await bus.Receiver().NextAsync();

        Assert.True(DateTimeOffset.UtcNow >= due);
        Assert.Equal((due, due, 1), (message.EnqueuedTime, message.ScheduledEnqueueTime, message.DeliveryCount));
    }

    [Fact]
    public async Task A_ticket_that_comes_up_early_is_hidden_again_so_a_schedule_may_exceed_seven_days()
    {
        await using TestBus bus = await TestBus.CreateAsync();
        await bus.Sender().ScheduleMessageAsync(new ServiceBusMessage("x"), DateTimeOffset.UtcNow.AddDays(20), Token);
        PeekedMessage[] visible = await bus.TicketQueue.PeekMessagesAsync(32, Token);
        Assert.Empty(visible);
        string key = (await bus.Receiver().PeekMessageAsync(0, Token))!.SequenceNumber.ToString("D19", System.Globalization.CultureInfo.InvariantCulture);
        await bus.TicketQueue.SendMessageAsync(BinaryData.FromString("m~~" + key), cancellationToken: Token); // as if seven days had passed

        await bus.Receiver().IsEmptyAsync();

        visible = await bus.TicketQueue.PeekMessagesAsync(32, Token);
        Assert.Empty(visible);
        Assert.Equal(2, ((QueueProperties)await bus.TicketQueue.GetPropertiesAsync(Token)).ApproximateMessagesCount);
    }

    [Fact]
    public async Task A_scheduled_message_can_be_taken_back_once_and_only_before_it_is_enqueued()
    {
        await using TestBus bus = await TestBus.CreateAsync();
        ServiceBusSender sender = bus.Sender();
        long number = await sender.ScheduleMessageAsync(new ServiceBusMessage("later"), DateTimeOffset.UtcNow.AddDays(8), Token);
        long gone = await sender.ScheduleMessageAsync(new ServiceBusMessage("now"), DateTimeOffset.UtcNow.AddMinutes(-1), Token);

        await sender.CancelScheduledMessageAsync(number, Token);

        await Receiving.FailsAsync(ServiceBusFailureReason.MessageNotFound, () => sender.CancelScheduledMessageAsync(number, Token));
        await Receiving.FailsAsync(ServiceBusFailureReason.MessageNotFound, () => sender.CancelScheduledMessageAsync(gone, Token));
        Assert.Equal("now", (await bus.Receiver().NextAsync()).Body.ToString());
    }

    [Fact]
    public async Task An_expired_message_vanishes()
    {
        await using TestBus bus = await TestBus.CreateAsync();
        await bus.SendAsync(new ServiceBusMessage("x") { TimeToLive = TimeSpan.FromTicks(1) });

        await bus.Receiver().IsEmptyAsync();

        Assert.Null(await bus.Receiver().PeekMessageAsync(0, Token));
    }

    [Fact]
    public async Task An_expired_message_is_a_dead_letter_where_the_queue_says_so()
    {
        await using TestBus bus = await TestBus.CreateAsync(("queue:DeadLetteringOnMessageExpiration", "true"));
        await bus.SendAsync(new ServiceBusMessage("x") { TimeToLive = TimeSpan.FromTicks(1) });

        await bus.Receiver().IsEmptyAsync();

        Assert.Equal("TTLExpiredException", (await bus.DeadLetters().NextAsync()).DeadLetterReason);
    }

    [Fact]
    public async Task A_duplicate_within_the_window_is_accepted_and_dropped()
    {
        await using TestBus bus = await TestBus.CreateAsync(("queue:DuplicateDetectionHistoryTimeWindow", "00:10:00"));
        await bus.SendAsync(new ServiceBusMessage("first") { MessageId = "a" });
        await bus.SendAsync(new ServiceBusMessage("second") { MessageId = "a" }, new ServiceBusMessage("other") { MessageId = "b" });
        ServiceBusReceiver receiver = bus.Receiver(ServiceBusReceiveMode.ReceiveAndDelete);

        IReadOnlyList<ServiceBusReceivedMessage> messages = await receiver.ReceiveMessagesAsync(10, TimeSpan.FromSeconds(5), Token);

        Assert.Equal(["first", "other"], messages.Select(message => message.Body.ToString()).Order());
        await bus.SendAsync(new ServiceBusMessage("again") { MessageId = "a" });
        await receiver.IsEmptyAsync();
    }

    [Fact]
    public async Task After_the_window_an_id_may_come_again()
    {
        await using TestBus bus = await TestBus.CreateAsync(("queue:DuplicateDetectionHistoryTimeWindow", "00:10:00"));
        await bus.SendAsync(new ServiceBusMessage("first") { MessageId = "a" });
        string partition = EntityPath.PartitionOf(bus.Queue);
        await foreach (TableEntity mark in bus.Rows.QueryAsync<TableEntity>($"PartitionKey eq '{partition}' and RowKey lt 'e'", cancellationToken: Token))
            await bus.Rows.UpdateEntityAsync(new TableEntity(partition, mark.RowKey) { ["ExpiresAt"] = DateTimeOffset.UtcNow.AddSeconds(-1) }, mark.ETag, cancellationToken: Token);

        await bus.SendAsync(new ServiceBusMessage("second") { MessageId = "a" });

        Assert.Equal(["first", "second"], (await bus.Receiver().PeekMessagesAsync(10, 0, Token)).Select(message => message.Body.ToString()));
    }

    [Fact]
    public async Task Many_receivers_share_the_messages_without_loss_or_doubling()
    {
        await using TestBus bus = await TestBus.CreateAsync();
        await bus.SendAsync([.. Enumerable.Range(0, 60).Select(i => new ServiceBusMessage($"{i}"))]);
        var taken = new System.Collections.Concurrent.ConcurrentBag<string>();

        await Task.WhenAll(Enumerable.Range(0, 3).Select(async _ =>
        {
            await using ServiceBusClient client = bus.OtherClient();
            ServiceBusReceiver receiver = client.CreateReceiver(bus.Queue);
            while (await receiver.ReceiveMessagesAsync(7, TimeSpan.FromSeconds(1), Token) is { Count: > 0 } messages)
                foreach (ServiceBusReceivedMessage message in messages)
                {
                    await receiver.CompleteMessageAsync(message, Token);
                    taken.Add(message.Body.ToString());
                }
        }));

        Assert.Equal(Enumerable.Range(0, 60).Select(i => $"{i}").Order(), taken.Order());
    }

    [Fact]
    public async Task A_waiting_receiver_hears_of_a_message_at_once_and_of_its_cancellation()
    {
        await using TestBus bus = await TestBus.CreateAsync();
        Task<ServiceBusReceivedMessage?> waiting = bus.Receiver().ReceiveMessageAsync(TimeSpan.FromSeconds(15), Token);
        await bus.SendAsync(new ServiceBusMessage("x"));
        Assert.Equal("x", (await waiting)!.Body.ToString());

        using var patience = new CancellationTokenSource();
        Task<ServiceBusReceivedMessage?> impatient = bus.Receiver().ReceiveMessageAsync(TimeSpan.FromMinutes(1), patience.Token);
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => impatient);
    }

    [Fact]
    public async Task An_entity_that_is_not_declared_does_not_exist()
    {
        await using TestBus bus = await TestBus.CreateAsync();

        ServiceBusException failure = await Receiving.FailsAsync(
            ServiceBusFailureReason.MessagingEntityNotFound, () => bus.Client.CreateSender("nowhere").SendMessageAsync(new ServiceBusMessage("x"), Token));
        await Receiving.FailsAsync(ServiceBusFailureReason.MessagingEntityNotFound, () => bus.Client.CreateReceiver("nowhere").ReceiveMessageAsync(TimeSpan.Zero, Token));
        await Receiving.FailsAsync(ServiceBusFailureReason.MessagingEntityNotFound, () => bus.Client.CreateReceiver(bus.Topic, "nobody").ReceiveMessageAsync(TimeSpan.Zero, Token));
        await Receiving.FailsAsync(ServiceBusFailureReason.MessagingEntityNotFound, () => bus.Client.CreateReceiver(bus.Topic).ReceiveMessageAsync(TimeSpan.Zero, Token));

        Assert.Contains("ServiceBus__Topics__nowhere", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_transaction_is_refused_by_name()
    {
        await using TestBus bus = await TestBus.CreateAsync();
        using var scope = new TransactionScope(TransactionScopeAsyncFlowOption.Enabled);

        NotSupportedException refusal = await Assert.ThrowsAsync<NotSupportedException>(() => bus.SendAsync(new ServiceBusMessage("x")));

        Assert.Contains("transactions", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whatever_a_closed_client_made_is_closed_too()
    {
        TestBus bus = await TestBus.CreateAsync();
        ServiceBusSender sender = bus.Sender();
        ServiceBusReceiver receiver = bus.Receiver();

        await bus.DisposeAsync();

        Assert.True(sender.IsClosed && receiver.IsClosed);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => sender.SendMessageAsync(new ServiceBusMessage("x"), Token));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => receiver.ReceiveMessageAsync(TimeSpan.Zero, Token));
    }

    [Fact]
    public async Task A_crash_halfway_to_the_dead_letters_is_made_good_when_the_ticket_comes_up()
    {
        await using TestBus bus = await TestBus.CreateAsync();
        await bus.SendAsync(new ServiceBusMessage("x"));
        TableEntity row = await SingleRowAsync(bus);
        await bus.Rows.UpdateEntityAsync(new TableEntity(row.PartitionKey, row.RowKey) { ["IsDeadLetter"] = true }, row.ETag, cancellationToken: Token);

        await bus.Receiver().IsEmptyAsync();

        Assert.Equal("x", (await bus.DeadLetters().NextAsync()).Body.ToString());
    }

    [Fact]
    public async Task A_message_whose_sender_crashed_before_its_ticket_is_found_when_the_queue_is_empty()
    {
        await using TestBus bus = await TestBus.CreateAsync();
        await bus.SendAsync(new ServiceBusMessage("x"));
        TableEntity row = await SingleRowAsync(bus);
        await bus.Rows.UpdateEntityAsync(new TableEntity(row.PartitionKey, row.RowKey) { ["EnqueuedAt"] = DateTimeOffset.UtcNow.AddMinutes(-2) }, row.ETag, cancellationToken: Token);
        await bus.TicketQueue.ClearMessagesAsync(Token);

        Assert.Equal("x", (await bus.Receiver().NextAsync()).Body.ToString());
    }

    [Fact]
    public async Task A_ticket_whose_message_is_gone_is_dropped()
    {
        await using TestBus bus = await TestBus.CreateAsync();
        await bus.SendAsync(new ServiceBusMessage("x"));
        TableEntity row = await SingleRowAsync(bus);
        await bus.Rows.DeleteEntityAsync(row.PartitionKey, row.RowKey, cancellationToken: Token);

        await bus.Receiver().IsEmptyAsync();

        Assert.Equal(0, ((QueueProperties)await bus.TicketQueue.GetPropertiesAsync(Token)).ApproximateMessagesCount);
    }

    private static async Task<TableEntity> SingleRowAsync(TestBus bus)
    {
        string partition = EntityPath.PartitionOf(bus.Queue);
        List<TableEntity> rows = [];
        await foreach (TableEntity row in bus.Rows.QueryAsync<TableEntity>(row => row.PartitionKey == partition, cancellationToken: Token))
            rows.Add(row);
        return Assert.Single(rows);
    }
}
