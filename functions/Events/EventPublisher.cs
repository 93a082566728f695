using System.Text;
using System.Text.Json;
using Abm.Ports;
using Azure.Messaging.ServiceBus;
using Microsoft.Extensions.Options;

namespace Abm.Functions.Events;

/// <summary>Sends events from the outbox to the topic.</summary>
/// <param name="sender">Null: no connection is configured.</param>
public sealed class EventPublisher(ServiceBusSender? sender, IOptions<EventsOptions> options, TimeProvider clock)
{
    /// <summary>After a failure the bus is left alone for a while, so that notifications, which come by the same queue, do not wait behind a bus that is down.</summary>
    public static readonly TimeSpan Rest = TimeSpan.FromSeconds(10);

    private long _restsUntilTicks;

    /// <summary>One attempt.</summary>
    /// <returns>Null when the bus took it; else a code such as <c>busTimeout</c>, <c>busServiceBusy</c>, <c>busResting</c> or <c>busNotConnected</c>.</returns>
    public async Task<string?> TrySendAsync(OutboxItem item, CancellationToken cancellationToken)
    {
        if (sender is null)
            return "busNotConnected";
        if (clock.GetUtcNow().UtcTicks < Interlocked.Read(ref _restsUntilTicks))
            return "busResting";

        using CancellationTokenSource limit = new(options.Value.Timeout, clock);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        string failure;
        try
        {
            await sender.SendMessageAsync(MessageOf(item), either.Token);
            return null;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            failure = "busTimeout";
        }
        catch (ServiceBusException refused)
        {
            failure = $"bus{refused.Reason}";
        }
#pragma warning disable CA1031 // Sockets, credentials, names: whatever it is, the answer is the same, to try again later.
        catch (Exception other) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            failure = $"bus{other.GetType().Name}";
        }

        Interlocked.Exchange(ref _restsUntilTicks, (clock.GetUtcNow() + Rest).UtcTicks);
        return failure;
    }

    /// <summary>The event as a message: its text as it was kept, its id for duplicate detection, type and subject for filters.</summary>
    public static ServiceBusMessage MessageOf(OutboxItem item) => new(BinaryData.FromBytes(Encoding.UTF8.GetBytes(item.Body)))
    {
        MessageId = item.DeliveryId,
        ContentType = EventTypes.ContentType,
        ApplicationProperties =
        {
            ["type"] = item.Kind,
            ["subject"] = item.LeadId?.Value ?? SubjectOf(item.Body),
        },
    };

    private static string SubjectOf(string body)
    {
        using JsonDocument document = JsonDocument.Parse(body);
        return document.RootElement.GetProperty("subject").GetString() ?? "";
    }
}
