using System.Text.Json;
using Abm.Decisions;
using Abm.Functions.Http;
using Abm.Functions.Messages;
using Abm.Journeys;
using Abm.Ports;

namespace Abm.Functions.Routing;

/// <summary>Tells the people behind a fallback queue that nobody of a pool takes a lead.</summary>
public sealed class PoolAlerts(IOutbox outbox, IMessageSender queues)
{
    /// <summary>What a notification of this kind is called.</summary>
    public const string Kind = "pool-alert";

    /// <summary>Keeps the alert and has it delivered. Safe to repeat: it has a derived id.</summary>
    public async Task SendAsync(JourneyDecision decision, string pool, string queue, CancellationToken cancellationToken)
    {
        string deliveryId = DerivedId.From("dlv", Kind, decision.DecisionId, queue);
        PoolAlertRequest request = new(
            1,
            deliveryId,
            Kind,
            decision.DecidedAt,
            decision.Lead.Id.Value,
            pool,
            new Delivery.NotifiedParty("queue", queue, null, null),
            $"Nobody takes lead {decision.Lead.Id}",
            $"Nobody in pool {pool} can take lead {decision.Lead.Id} in time. It waits in queue {queue} for a person.",
            [.. decision.Route.Reasons.Where(r => r.Code.StartsWith("route.pool.", StringComparison.Ordinal)).Select(r => r.Says)]);
        OutboxItem item = await outbox.AddAsync(
            new OutboxItem(deliveryId, decision.Lead.Id, Kind, JsonSerializer.Serialize(request, ApiJson.Options), OutboxState.Pending, 0, decision.DecidedAt, null, null), cancellationToken);
        if (item is { State: OutboxState.Pending, Attempts: 0 })
            await queues.SendAsync(DeliverMessage.Queue, JsonSerializer.Serialize(new DeliverMessage(1, deliveryId)), TimeSpan.Zero, cancellationToken);
    }
}

/// <summary>What a receiver is sent when nobody of a pool takes a lead.</summary>
/// <param name="Why">Who was skipped and why, a sentence each.</param>
internal sealed record PoolAlertRequest(
    int Version, string DeliveryId, string Kind, DateTimeOffset At, string LeadId, string Pool, Delivery.NotifiedParty To, string Subject, string Text, IReadOnlyList<string> Why);
