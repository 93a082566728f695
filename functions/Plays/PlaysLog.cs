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

    [LoggerMessage(1203, LogLevel.Information, "Play {PlayId} about {Subject} ended: {Outcome}")]
    public static partial void PlayEnded(this ILogger logger, string subject, string playId, PlayOutcome outcome);

    [LoggerMessage(1204, LogLevel.Information, "Lead {LeadId} was touched: {Kind}, event {EventId}, repeat {IsRepeat}")]
    public static partial void LeadTouched(this ILogger logger, string leadId, string kind, string eventId, bool isRepeat);

    [LoggerMessage(1205, LogLevel.Debug, "Play {PlayId}: step {StepId} was done, {Code}")]
    public static partial void PlayStepDone(this ILogger logger, string playId, string stepId, string code);

    [LoggerMessage(1206, LogLevel.Information, "Play {PlayId}: step {StepId} was left out, because a later one was due as well")]
    public static partial void PlayStepSkipped(this ILogger logger, string playId, string stepId);

    [LoggerMessage(1207, LogLevel.Information, "Play {PlayId} about {Subject} went from {FormerOwnerId} to {OwnerId}")]
    public static partial void PlayGiven(this ILogger logger, string subject, string playId, string? formerOwnerId, string ownerId);

    [LoggerMessage(1208, LogLevel.Warning, "Play {PlayId} about {Subject} found nobody to take it")]
    public static partial void NobodyTakesPlay(this ILogger logger, string subject, string playId);

    [LoggerMessage(1209, LogLevel.Information, "Play {PlayId} heard {Name}, event {EventId}, repeat {IsRepeat}")]
    public static partial void PlayHeard(this ILogger logger, string playId, string name, string eventId, bool isRepeat);

    [LoggerMessage(1210, LogLevel.Information, "Play {PlayId} was migrated from configuration {From} to {To}")]
    public static partial void PlayMigrated(this ILogger logger, string playId, string from, string to);

    [LoggerMessage(1211, LogLevel.Information, "Play {Play} about {Subject}: {Code}")]
    public static partial void PlayEnrolled(this ILogger logger, string play, string subject, string code);
}
