using System.Text.Json;
using Abm.Decisions;
using Abm.Functions.Messages;
using Azure.Storage.Queues;

namespace Abm.Functions.Intake;

/// <summary>The queues in the storage account. Messages are base64, as the queue trigger expects by default.</summary>
public sealed class StorageLeadQueue(QueueServiceClient queues, Abm.Ports.IMessageSender messages) : ILeadQueue
{
    private readonly QueueClient _queue = queues.GetQueueClient(LeadsReceivedMessage.Queue);
    private readonly QueueClient _bulk = queues.GetQueueClient(LeadsReceivedMessage.BulkQueue);

    /// <inheritdoc/>
    public Task EnqueueAsync(IReadOnlyList<LeadId> leads, CancellationToken cancellationToken) => SendAsync(_queue, leads, cancellationToken);

    /// <inheritdoc/>
    public Task EnqueueBulkAsync(IReadOnlyList<LeadId> leads, CancellationToken cancellationToken) => SendAsync(_bulk, leads, cancellationToken);

    /// <inheritdoc/>
    public async Task<DateTimeOffset?> WaitingSinceAsync(CancellationToken cancellationToken)
    {
        DateTimeOffset?[] since = await Task.WhenAll(
            messages.OldestAsync(LeadsReceivedMessage.Queue, cancellationToken), messages.OldestAsync(LeadsReceivedMessage.BulkQueue, cancellationToken));
        return since.Min();
    }

    private static async Task SendAsync(QueueClient queue, IReadOnlyList<LeadId> leads, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfZero(leads.Count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(leads.Count, LeadsReceivedMessage.MaxLeads);
        var message = new LeadsReceivedMessage(1, [.. leads.Select(lead => lead.Value)]);
        await queue.SendMessageAsync(JsonSerializer.Serialize(message), cancellationToken);
    }
}
