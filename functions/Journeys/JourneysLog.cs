using Microsoft.Extensions.Logging;

namespace Abm.Functions.Journeys;

/// <summary>What journeys log: ids and codes. Event ids 1100–1199.</summary>
internal static partial class JourneysLog
{
    [LoggerMessage(1100, LogLevel.Information, "Lead {LeadId} decided: {Outcome}, by rule {Rule}, configuration {ConfigVersion}, {ElapsedMs} ms after it was received")]
    public static partial void LeadDecided(this ILogger logger, string leadId, string outcome, string rule, string configVersion, double elapsedMs);

    [LoggerMessage(1101, LogLevel.Warning, "Lead {LeadId} failed this time: {Failure}; its message comes back")]
    public static partial void LeadFailed(this ILogger logger, string leadId, string failure);

    [LoggerMessage(1102, LogLevel.Warning, "{Count} leads were received but not decided in time; they are on the queue again")]
    public static partial void LeadsRequeued(this ILogger logger, int count);
}
