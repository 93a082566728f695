using Microsoft.Extensions.Logging;

namespace Abm.Functions.Journeys;

/// <summary>What journeys log: ids and codes. Event ids 1100–1199.</summary>
internal static partial class JourneysLog
{
    [LoggerMessage(1100, LogLevel.Information, "Lead {LeadId} decided: {Outcome}, by rule {Rule}, configuration {ConfigVersion}, {ElapsedMs} ms after it was received")]
    public static partial void LeadDecided(this ILogger logger, string leadId, string outcome, string rule, string configVersion, double elapsedMs);

    [LoggerMessage(1101, LogLevel.Warning, "Lead {LeadId} failed this time: {Failure}; its message comes back")]
    public static partial void LeadFailed(this ILogger logger, string leadId, string failure);

    [LoggerMessage(1103, LogLevel.Warning, "Play {PlayId} of an imported lead had not begun after {Seconds} s: plays begin late, or are switched off")]
    public static partial void PlaysBeginLate(this ILogger logger, string playId, double seconds);

    [LoggerMessage(1104, LogLevel.Information, "Leads received before {Since} wait for their decision on the queue; those that are late are not put on it again")]
    public static partial void LeadsStillQueued(this ILogger logger, DateTimeOffset since);

    [LoggerMessage(1102, LogLevel.Warning, "{Count} leads were received but not decided in time; they are on the queue again")]
    public static partial void LeadsRequeued(this ILogger logger, int count);
}
