using Microsoft.Extensions.Logging;

namespace Abm.Functions.Delivery;

/// <summary>What the delivery logs: ids and codes. Event ids 1300–1399.</summary>
internal static partial class DeliveryLog
{
    [LoggerMessage(1300, LogLevel.Information, "Notification {DeliveryId} ({Kind}) about lead {LeadId} was delivered at attempt {Attempt}")]
    public static partial void NotificationDelivered(this ILogger logger, string deliveryId, string kind, string leadId, int attempt);

    [LoggerMessage(1301, LogLevel.Warning, "Notification {DeliveryId} ({Kind}) about lead {LeadId} failed at attempt {Attempt}: {Failure}; next in {Wait}")]
    public static partial void NotificationFailed(this ILogger logger, string deliveryId, string kind, string leadId, int attempt, string failure, TimeSpan wait);

    [LoggerMessage(1302, LogLevel.Error, "ALERT notification {DeliveryId} ({Kind}) about lead {LeadId} was given up after {Attempts} attempts: {Failure}")]
    public static partial void NotificationDead(this ILogger logger, string deliveryId, string kind, string leadId, int attempts, string failure);
}
