using System.Text.Json;
using Abm.Decisions;
using Abm.Functions.Messages;
using Azure.Storage.Queues;

namespace Abm.Functions.Intake;

/// <summary>The queue in the storage account. Messages are base64, as the queue trigger expects by default.</summary>
public sealed class StorageLeadQueue(QueueServiceClient queues) : ILeadQueue
{
    private readonly QueueClient _queue = queues.GetQueueClient(LeadsReceivedMessage.Queue);

    /// <inheritdoc/>
    public Task EnqueueAsync(IReadOnlyList<LeadId> leads, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfZero(leads.Count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(leads.Count, LeadsReceivedMessage.MaxLeads);
        var message = new LeadsReceivedMessage(1, [.. leads.Select(lead => lead.Value)]);
        return _queue.SendMessageAsync(JsonSerializer.Serialize(message), cancellationToken);
    }
}
