using Abm.Functions.Journeys;
using Abm.Functions.Messages;
using Abm.Functions.Plays;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace Abm.Functions.Quarantine;

/// <summary>Takes what the host gave up on and keeps it. Bound as raw text: whatever it is, it must not fail here again.</summary>
/// <remarks>While the storage is down this fails as well, and the host tries again: a poison queue has no poison queue.</remarks>
public sealed class QuarantinePoisonedMessages(LeadProcessing processing, SetAside setAside)
{
    /// <summary>Tries once more before it sets a message aside: a process that was killed a few times uses up its messages' deliveries, though nothing is wrong with them.</summary>
    [Function("QuarantinePoisonedLeads")]
    public Task LeadsAsync(
        [QueueTrigger(LeadsReceivedMessage.Queue + "-poison")] string body, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken) =>
        LeadsAsync(LeadsReceivedMessage.Queue, body, client, cancellationToken);

    /// <summary>The same for leads that came many at once.</summary>
    [Function("QuarantinePoisonedBulkLeads")]
    public Task BulkLeadsAsync(
        [QueueTrigger(LeadsReceivedMessage.BulkQueue + "-poison")] string body, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken) =>
        LeadsAsync(LeadsReceivedMessage.BulkQueue, body, client, cancellationToken);

    private async Task LeadsAsync(string queue, string body, DurableTaskClient client, CancellationToken cancellationToken)
    {
        if (LeadsMessageText.Read(body) is LeadsMessageText.Readable(var leads)
            && (await processing.RunAllAsync(leads, new DurablePlayStarter(client), cancellationToken)).Count == 0)
            return;
        await setAside.AddAsync(queue, body, cancellationToken);
    }

    /// <summary>Notifications are not tried again here: a delivery that fails counts its own attempts and never gets this far.</summary>
    [Function("QuarantinePoisonedDeliveries")]
    public Task DeliveriesAsync([QueueTrigger(DeliverMessage.Queue + "-poison")] string body, CancellationToken cancellationToken) =>
        setAside.AddAsync(DeliverMessage.Queue, body, cancellationToken);

    /// <summary>The same for what plays of imported leads send at their beginning.</summary>
    [Function("QuarantinePoisonedBulkDeliveries")]
    public Task BulkDeliveriesAsync([QueueTrigger(DeliverMessage.BulkQueue + "-poison")] string body, CancellationToken cancellationToken) =>
        setAside.AddAsync(DeliverMessage.BulkQueue, body, cancellationToken);

    /// <summary>A play that could not be started or told; its deadlines still wake it.</summary>
    [Function("QuarantinePoisonedPlays")]
    public Task PlaysAsync([QueueTrigger(PlayMessage.Queue + "-poison")] string body, CancellationToken cancellationToken) =>
        setAside.AddAsync(PlayMessage.Queue, body, cancellationToken);
}
