using Abm.Ports;
using Azure;
using Azure.Storage.Queues;

namespace Abm.Functions.Storage;

/// <summary>The queues of the storage account. The client is set to base64, as queue triggers expect by default.</summary>
public sealed class StorageMessageSender(QueueServiceClient queues) : IMessageSender
{
    /// <inheritdoc/>
    public Task SendAsync(string queue, string text, TimeSpan visibleAfter, CancellationToken cancellationToken) => queues.GetQueueClient(queue).SendMessageAsync(
        text, visibilityTimeout: visibleAfter > TimeSpan.Zero ? visibleAfter : null, cancellationToken: cancellationToken);

    /// <inheritdoc/>
    public async Task<int> CountAsync(string queue, CancellationToken cancellationToken)
    {
        try
        {
            return (await queues.GetQueueClient(queue).GetPropertiesAsync(cancellationToken)).Value.ApproximateMessagesCount;
        }
        catch (RequestFailedException missing) when (missing.Status == 404)
        {
            return 0; // nothing was ever put on it
        }
    }

    /// <inheritdoc/>
    public async Task<DateTimeOffset?> OldestAsync(string queue, CancellationToken cancellationToken)
    {
        try
        {
            return (await queues.GetQueueClient(queue).PeekMessagesAsync(1, cancellationToken)).Value is [var first, ..] ? first.InsertedOn : null;
        }
        catch (RequestFailedException missing) when (missing.Status == 404)
        {
            return null;
        }
    }
}
