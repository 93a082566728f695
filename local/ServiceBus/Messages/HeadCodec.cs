using System.Globalization;
using System.Runtime.Serialization;
using System.Text.Json;

namespace Abm.Local.ServiceBus;

/// <summary>Writes a message's head as JSON and reads it again; properties keep their types.</summary>
internal static class HeadCodec
{
    private static readonly JsonSerializerOptions Options = new() { DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingDefault };

    /// <exception cref="SerializationException">A property has a type that cannot be sent.</exception>
    public static byte[] Write(MessageHead head) => JsonSerializer.SerializeToUtf8Bytes(
        new Stored(
            head.MessageId, head.PartitionKey, head.TransactionPartitionKey, head.SessionId, head.ReplyToSessionId,
            head.TimeToLive == TimeSpan.MaxValue ? null : head.TimeToLive.Ticks,
            head.CorrelationId, head.Subject, head.ContentType, head.To, head.ReplyTo,
            head.ScheduledEnqueueTime == default ? null : head.ScheduledEnqueueTime.UtcTicks,
            [.. head.Properties.Select(Write)]),
        Options);

    public static MessageHead Read(ReadOnlySpan<byte> json)
    {
        Stored stored = JsonSerializer.Deserialize<Stored>(json, Options) ?? throw new SerializationException("The stored head of a message is empty.");
        return new MessageHead
        {
            MessageId = stored.MessageId,
            PartitionKey = stored.PartitionKey,
            TransactionPartitionKey = stored.TransactionPartitionKey,
            SessionId = stored.SessionId,
            ReplyToSessionId = stored.ReplyToSessionId,
            TimeToLive = stored.TimeToLive is { } ticks ? TimeSpan.FromTicks(ticks) : TimeSpan.MaxValue,
            CorrelationId = stored.CorrelationId,
            Subject = stored.Subject,
            ContentType = stored.ContentType,
            To = stored.To,
            ReplyTo = stored.ReplyTo,
            ScheduledEnqueueTime = stored.ScheduledEnqueueTime is { } at ? new DateTimeOffset(at, TimeSpan.Zero) : default,
            Properties = (stored.Properties ?? []).ToDictionary(property => property.Name, Read),
        };
    }

    private static Property Write(KeyValuePair<string, object> property)
    {
        (string type, string? value) = property.Value switch
        {
            null => ("null", null),
            string text => ("string", text),
            bool flag => ("bool", flag ? "true" : "false"),
            byte or sbyte or short or ushort or int or uint or long or ulong or decimal =>
                (property.Value.GetType().Name, ((IFormattable)property.Value).ToString(null, CultureInfo.InvariantCulture)),
            float number => ("Single", number.ToString("R", CultureInfo.InvariantCulture)),
            double number => ("Double", number.ToString("R", CultureInfo.InvariantCulture)),
            char letter => ("char", ((int)letter).ToString(CultureInfo.InvariantCulture)),
            Guid guid => ("Guid", guid.ToString()),
            // The wire format of a DateTime counts milliseconds in UTC; the other two keep their ticks.
            DateTime instant => ("DateTime", (instant.ToUniversalTime().Ticks / TimeSpan.TicksPerMillisecond).ToString(CultureInfo.InvariantCulture)),
            DateTimeOffset instant => ("DateTimeOffset", instant.UtcTicks.ToString(CultureInfo.InvariantCulture)),
            TimeSpan length => ("TimeSpan", length.Ticks.ToString(CultureInfo.InvariantCulture)),
            Uri address => ("Uri", address.OriginalString),
            var other => throw new SerializationException(
                $"The application property '{property.Key}' is a {other.GetType().FullName}, which Service Bus cannot carry; send text, a number, a bool, a char, a Guid, an instant, a TimeSpan or a Uri."),
        };
        return new Property(property.Key, type, value);
    }

    private static object Read(Property property)
    {
        string text = property.Value ?? "";
        CultureInfo invariant = CultureInfo.InvariantCulture;
        return property.Type switch
        {
            "null" => null!,
            "string" => text,
            "bool" => text == "true",
            "Byte" => byte.Parse(text, invariant),
            "SByte" => sbyte.Parse(text, invariant),
            "Int16" => short.Parse(text, invariant),
            "UInt16" => ushort.Parse(text, invariant),
            "Int32" => int.Parse(text, invariant),
            "UInt32" => uint.Parse(text, invariant),
            "Int64" => long.Parse(text, invariant),
            "UInt64" => ulong.Parse(text, invariant),
            "Decimal" => decimal.Parse(text, invariant),
            "Single" => float.Parse(text, invariant),
            "Double" => double.Parse(text, invariant),
            "char" => (char)int.Parse(text, invariant),
            "Guid" => Guid.Parse(text),
            "DateTime" => new DateTime(long.Parse(text, invariant) * TimeSpan.TicksPerMillisecond, DateTimeKind.Utc),
            "DateTimeOffset" => new DateTimeOffset(long.Parse(text, invariant), TimeSpan.Zero),
            "TimeSpan" => TimeSpan.FromTicks(long.Parse(text, invariant)),
            "Uri" => new Uri(text, UriKind.RelativeOrAbsolute),
            var unknown => throw new SerializationException($"The stored property '{property.Name}' has the unknown type '{unknown}'."),
        };
    }

    private sealed record Stored(
        string? MessageId, string? PartitionKey, string? TransactionPartitionKey, string? SessionId, string? ReplyToSessionId, long? TimeToLive,
        string? CorrelationId, string? Subject, string? ContentType, string? To, string? ReplyTo, long? ScheduledEnqueueTime, Property[]? Properties);

    private sealed record Property(string Name, string Type, string? Value);
}
