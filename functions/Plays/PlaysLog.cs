using Abm.Plays;
using Microsoft.Extensions.Logging;

namespace Abm.Functions.Plays;

/// <summary>What plays log: ids and codes. Event ids 1200–1299.</summary>
internal static partial class PlaysLog
{
    [LoggerMessage(1200, LogLevel.Warning, "Clock {ClockId} of lead {LeadId} was missed: policy {Policy}, owner {OwnerId}")]
    public static partial void ClockBreached(this ILogger logger, string leadId, string clockId, string policy, string ownerId);

    [LoggerMessage(1201, LogLevel.Information, "Lead {LeadId} went from {FormerOwnerId} to {OwnerId}, reassignment {Hop}")]
    public static partial void LeadReassigned(this ILogger logger, string leadId, string formerOwnerId, string ownerId, int hop);

    [LoggerMessage(1202, LogLevel.Warning, "Lead {LeadId} could not be reassigned: nobody is eligible in pool {Pool}")]
    public static partial void NobodyToReassignTo(this ILogger logger, string leadId, string pool);

    [LoggerMessage(1203, LogLevel.Information, "Play {PlayId} of lead {LeadId} ended: {Outcome}")]
    public static partial void PlayEnded(this ILogger logger, string leadId, string playId, PlayOutcome outcome);

    [LoggerMessage(1204, LogLevel.Information, "Lead {LeadId} was touched: {Kind}, event {EventId}, repeat {IsRepeat}")]
    public static partial void LeadTouched(this ILogger logger, string leadId, string kind, string eventId, bool isRepeat);
}
