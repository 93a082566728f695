using Microsoft.Extensions.Logging;

namespace Abm.Functions.Quarantine;

/// <summary>What the quarantine logs: ids and codes. Event ids 1400–1499.</summary>
internal static partial class QuarantineLog
{
    [LoggerMessage(1400, LogLevel.Error, "ALERT message {QuarantineId} from queue {Queue} was set aside: {Reason}")]
    public static partial void MessageQuarantined(this ILogger logger, string quarantineId, string queue, string reason);

    [LoggerMessage(1401, LogLevel.Information, "Message {QuarantineId} was put back on queue {Queue}")]
    public static partial void MessageReplayed(this ILogger logger, string quarantineId, string queue);
}
