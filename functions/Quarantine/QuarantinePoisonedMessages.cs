using Abm.Functions.Messages;
using Microsoft.Azure.Functions.Worker;

namespace Abm.Functions.Quarantine;

/// <summary>Takes what the host gave up on and keeps it. Bound as raw text: whatever it is, it must not fail here again.</summary>
public sealed class QuarantinePoisonedMessages(SetAside setAside)
{
    [Function("QuarantinePoisonedLeads")]
    public Task LeadsAsync([QueueTrigger(LeadsReceivedMessage.Queue + "-poison")] string body, CancellationToken cancellationToken) =>
        setAside.AddAsync(LeadsReceivedMessage.Queue, body, cancellationToken);

    [Function("QuarantinePoisonedDeliveries")]
    public Task DeliveriesAsync([QueueTrigger(DeliverMessage.Queue + "-poison")] string body, CancellationToken cancellationToken) =>
        setAside.AddAsync(DeliverMessage.Queue, body, cancellationToken);
}
