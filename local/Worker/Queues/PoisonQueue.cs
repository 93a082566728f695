using Azure.Storage.Queues;

namespace Microsoft.Azure.Functions.Worker.Queues;

/// <summary>Where messages go that failed too often. Bodies are copied as they lie on the wire.</summary>
internal sealed class PoisonQueue(QueueClient queue)
{
    private const string Suffix = "-poison";
    private const int LongestName = 63;

    public string Name => queue.Name;

    /// <summary>The name of a queue's poison queue; null when it has none: it is one itself, or the name would be too long.</summary>
    public static string? NameFor(string queueName) =>
        queueName.EndsWith(Suffix, StringComparison.Ordinal) || queueName.Length + Suffix.Length > LongestName ? null : queueName + Suffix;

    public Task AddAsync(BinaryData body, CancellationToken cancellationToken) => QueueOutputWriter.SendAsync(queue, body, cancellationToken);
}
