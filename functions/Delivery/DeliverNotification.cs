using System.Text.Json;
using Abm.Functions.Events;
using Abm.Functions.Messages;
using Abm.Functions.Quarantine;
using Abm.Functions.Settings;
using Abm.Ports;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Abm.Functions.Delivery;

/// <summary>Delivers what lies in the outbox, notifications to the webhook and events to the bus: at least once, always under the same delivery id.</summary>
/// <remarks>It is sent first and marked delivered after: a crash between the two sends it again rather than never.</remarks>
public sealed class DeliverNotification(
    IOutbox outbox, IMessageSender queues, Webhook webhook, EventPublisher events, SetAside setAside, IConfigSource config, IOptions<WebhookOptions> options, TimeProvider clock,
    ILogger<DeliverNotification> logger)
{
    /// <summary>While delivery is switched off, each message is looked at again after this time.</summary>
    public static readonly TimeSpan HeldFor = TimeSpan.FromMinutes(5);

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    [Function(nameof(DeliverNotification))]
    public Task RunAsync([QueueTrigger(DeliverMessage.Queue)] string body, CancellationToken cancellationToken) => RunAsync(DeliverMessage.Queue, body, cancellationToken);

    /// <summary>What many plays that begin at once have to tell: beside the rest, not before it.</summary>
    [Function("DeliverBulkNotification")]
    public Task RunBulkAsync([QueueTrigger(DeliverMessage.BulkQueue)] string body, CancellationToken cancellationToken) => RunAsync(DeliverMessage.BulkQueue, body, cancellationToken);

    private async Task RunAsync(string queue, string body, CancellationToken cancellationToken)
    {
        if (Read(body) is not { } message || await outbox.FindAsync(message.DeliveryId, cancellationToken) is not { } item)
        {
            await setAside.AddAsync(queue, body, cancellationToken);
            return;
        }

        if (item.State != OutboxState.Pending)
            return; // delivered or given up already: this is a repeat
        if ((await config.CurrentAsync(cancellationToken)).Features is not { Abm: true, Delivery: true })
        {
            await queues.SendAsync(queue, body, HeldFor, cancellationToken);
            return;
        }

        DateTimeOffset now = clock.GetUtcNow();
        if (item.NextAttemptAt is { } next && next > now)
        {
            // A repeat of an attempt that failed and was noted, but whose next message may not have been sent.
            await queues.SendAsync(queue, body, next - now, cancellationToken);
            return;
        }

        string? failure = EventTypes.IsEvent(item.Kind)
            ? await events.TrySendAsync(item, cancellationToken)
            : await webhook.TrySendAsync(item, cancellationToken);
        item = item with { Attempts = item.Attempts + 1, NextAttemptAt = null, LastFailure = failure ?? item.LastFailure };
        if (failure is null)
        {
            logger.NotificationDelivered(item.DeliveryId, item.Kind, item.LeadId?.Value ?? "none", item.Attempts);
            await outbox.SaveAsync(item with { State = OutboxState.Delivered }, cancellationToken);
            return;
        }

        if (item.Attempts >= options.Value.MaxAttempts)
        {
            await outbox.SaveAsync(item with { State = OutboxState.Dead }, cancellationToken);
            logger.NotificationDead(item.DeliveryId, item.Kind, item.LeadId?.Value ?? "none", item.Attempts, failure);
            return;
        }

        TimeSpan wait = options.Value.RetryAfter(item.Attempts);
        logger.NotificationFailed(item.DeliveryId, item.Kind, item.LeadId?.Value ?? "none", item.Attempts, failure, wait);
        await outbox.SaveAsync(item with { NextAttemptAt = clock.GetUtcNow() + wait }, cancellationToken);
        await queues.SendAsync(queue, body, wait, cancellationToken);
    }

    private static DeliverMessage? Read(string body)
    {
        try
        {
            return JsonSerializer.Deserialize<DeliverMessage>(body, Json) is { Version: 1, DeliveryId.Length: > 0 } message ? message : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
