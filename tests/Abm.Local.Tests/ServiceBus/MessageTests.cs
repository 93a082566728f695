using System.Runtime.Serialization;
using Abm.Local.ServiceBus;
using Azure.Messaging.ServiceBus;

namespace Abm.Local.Tests.ServiceBus;

public class MessageTests
{
    public static TheoryData<object> PropertyValues =>
    [
        "text with ‘quotes’ and \0", "", true, false, (byte)255, (sbyte)-128, (short)-3, (ushort)3, int.MinValue, uint.MaxValue, long.MaxValue, ulong.MaxValue, 0.1f, double.Epsilon, double.NaN,
        1234567890.123456789m, 'ß', Guid.Parse("3f2504e0-4f89-11d3-9a0c-0305e82c3301"), new Uri("https://example.org/a?b=c"), TimeSpan.FromTicks(-1), new DateTimeOffset(2026, 2, 28, 23, 59, 59, TimeSpan.Zero).AddTicks(7),
    ];

    [Theory]
    [MemberData(nameof(PropertyValues))]
    public void An_application_property_keeps_type_and_value(object value)
    {
        var message = new ServiceBusMessage("body") { ApplicationProperties = { ["x"] = value } };

        object read = HeadCodec.Read(HeadCodec.Write(MessageHead.Of(message))).Properties["x"];

        Assert.IsType(value.GetType(), read);
        Assert.Equal(value, read);
    }

    [Fact]
    public void A_DateTime_travels_as_UTC_with_milliseconds_and_a_DateTimeOffset_as_its_instant()
    {
        var message = new ServiceBusMessage
        {
            ApplicationProperties =
            {
                ["time"] = new DateTime(2026, 3, 1, 12, 0, 0, 123, DateTimeKind.Utc).AddTicks(4567),
                ["instant"] = new DateTimeOffset(2026, 3, 1, 14, 0, 0, TimeSpan.FromHours(2)),
            },
        };

        MessageHead read = HeadCodec.Read(HeadCodec.Write(MessageHead.Of(message)));

        Assert.Equal(new DateTime(2026, 3, 1, 12, 0, 0, 123, DateTimeKind.Utc), read.Properties["time"]);
        Assert.Equal(DateTimeKind.Utc, ((DateTime)read.Properties["time"]).Kind);
        Assert.Equal(TimeSpan.Zero, ((DateTimeOffset)read.Properties["instant"]).Offset);
    }

    [Fact]
    public void A_property_of_another_type_is_refused_by_name()
    {
        var message = new ServiceBusMessage { ApplicationProperties = { ["when"] = new DateOnly(2026, 1, 1) } };

        SerializationException refusal = Assert.Throws<SerializationException>(() => HeadCodec.Write(MessageHead.Of(message)));

        Assert.Contains("'when' is a System.DateOnly", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Ids_and_keys_have_128_characters_at_most()
    {
        var message = new ServiceBusMessage { MessageId = new string('x', 128) };

        Assert.Throws<ArgumentException>(() => message.MessageId = new string('x', 129));
        Assert.Throws<ArgumentException>(() => message.MessageId = "");
        Assert.Throws<ArgumentException>(() => message.SessionId = new string('x', 129));
        Assert.Throws<ArgumentException>(() => message.PartitionKey = new string('x', 129));
        Assert.Throws<ArgumentException>(() => message.ReplyToSessionId = new string('x', 129));
    }

    [Fact]
    public void The_partition_key_of_a_session_message_is_its_session()
    {
        var message = new ServiceBusMessage { PartitionKey = "a", SessionId = "b" };

        Assert.Equal("b", message.PartitionKey);
        Assert.Throws<ArgumentOutOfRangeException>(() => message.PartitionKey = "c");
    }

    [Fact]
    public void A_life_must_be_positive_and_is_endless_by_default()
    {
        var message = new ServiceBusMessage();

        Assert.Equal(TimeSpan.MaxValue, message.TimeToLive);
        Assert.Throws<ArgumentOutOfRangeException>(() => message.TimeToLive = TimeSpan.Zero);
    }

    [Fact]
    public void The_factory_makes_every_property_of_a_received_message()
    {
        Guid token = Guid.Parse("3f2504e0-4f89-11d3-9a0c-0305e82c3301");
        var enqueued = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

        ServiceBusReceivedMessage message = ServiceBusModelFactory.ServiceBusReceivedMessage(
            BinaryData.FromString("b"), "id", "pk", "via", "session", "reply-session", TimeSpan.FromMinutes(1), "cor", "sub", "to", "ct", "reply", enqueued.AddDays(1),
            new Dictionary<string, object> { ["DeadLetterReason"] = "why", ["DeadLetterErrorDescription"] = "more", ["n"] = 1 }, token, 3, enqueued.AddMinutes(5), 42, "source", 41, enqueued, ServiceBusMessageState.Deferred);

        Assert.Equal(("b", "id", "pk", "via"), (message.Body.ToString(), message.MessageId, message.PartitionKey, message.TransactionPartitionKey));
        Assert.Equal(("session", "reply-session", "cor", "sub"), (message.SessionId, message.ReplyToSessionId, message.CorrelationId, message.Subject));
        Assert.Equal(("to", "ct", "reply"), (message.To, message.ContentType, message.ReplyTo));
        Assert.Equal((token.ToString(), 3, 42L, 41L), (message.LockToken, message.DeliveryCount, message.SequenceNumber, message.EnqueuedSequenceNumber));
        Assert.Equal((enqueued, enqueued.AddMinutes(1), enqueued.AddMinutes(5)), (message.EnqueuedTime, message.ExpiresAt, message.LockedUntil));
        Assert.Equal(("why", "more", "source"), (message.DeadLetterReason, message.DeadLetterErrorDescription, message.DeadLetterSource));
        Assert.Equal((1, ServiceBusMessageState.Deferred), (message.ApplicationProperties["n"], message.State));
    }

    [Fact]
    public void A_message_that_lives_without_end_expires_at_the_largest_instant()
    {
        ServiceBusReceivedMessage message = ServiceBusModelFactory.ServiceBusReceivedMessage(enqueuedTime: new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

        Assert.Equal(DateTimeOffset.MaxValue, message.ExpiresAt);
    }

    [Fact]
    public void A_copy_of_a_dead_letter_leaves_its_reasons_behind()
    {
        ServiceBusReceivedMessage dead = ServiceBusModelFactory.ServiceBusReceivedMessage(
            BinaryData.FromString("b"), messageId: "id", subject: "s", properties: new Dictionary<string, object> { ["DeadLetterReason"] = "why", ["DeadLetterErrorDescription"] = "more", ["n"] = 1 });

        var copy = new ServiceBusMessage(dead);

        Assert.Equal(("id", "s", "b"), (copy.MessageId, copy.Subject, copy.Body.ToString()));
        Assert.Equal(["n"], copy.ApplicationProperties.Keys);
    }

    [Fact]
    public void A_batch_takes_what_fits_and_says_no_to_the_rest()
    {
        using var batch = new ServiceBusMessageBatch(MessageSize.Largest);
        var third = new ServiceBusMessage(new byte[100_000]);

        Assert.True(batch.TryAddMessage(third));
        Assert.True(batch.TryAddMessage(third));
        long before = batch.SizeInBytes;

        Assert.False(batch.TryAddMessage(third));
        Assert.Equal((2, before), (batch.Count, batch.SizeInBytes));
        Assert.True(batch.TryAddMessage(new ServiceBusMessage("small")));
        Assert.InRange(batch.SizeInBytes, 200_000, batch.MaxSizeInBytes);
    }

    [Fact]
    public void Sequence_numbers_rise_even_when_the_clock_stands_still()
    {
        var numbers = new SequenceNumbers(new StandingClock());

        long[] taken = [.. Enumerable.Range(0, 10_000).Select(_ => numbers.Next())];

        Assert.Equal(taken.Order().Distinct(), taken);
    }

    [Fact]
    public void An_exception_names_reason_and_entity_and_knows_what_is_transient()
    {
        var busy = new ServiceBusException("Later.", ServiceBusFailureReason.ServiceBusy, "orders");
        var lost = new ServiceBusException("Gone.", ServiceBusFailureReason.MessageLockLost);

        Assert.True(busy.IsTransient);
        Assert.False(lost.IsTransient);
        Assert.Equal("Later. (ServiceBusy - orders)", busy.Message);
    }

    private sealed class StandingClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    }
}
