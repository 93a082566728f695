using Azure.Messaging.ServiceBus;

namespace Abm.Local.ServiceBus;

/// <summary>How large a message counts: its body, what surrounds it, and an allowance. Never less than in the cloud's own format, so what fits here fits there.</summary>
internal static class MessageSize
{
    /// <summary>The largest message and batch of the Standard tier, in bytes.</summary>
    public const long Largest = 256 * 1024;

    public const long EmptyBatch = 84;
    private const long Allowance = 64;
    private const long BatchEntry = 8;

    /// <exception cref="System.Runtime.Serialization.SerializationException">A property has a type that cannot be sent.</exception>
    public static long Of(ServiceBusMessage message) => Of(HeadCodec.Write(MessageHead.Of(message)).Length, message.Body);

    public static long Of(int headLength, BinaryData body) => headLength + body.ToMemory().Length + Allowance;

    public static long InBatch(ServiceBusMessage message) => Of(message) + BatchEntry;
}
