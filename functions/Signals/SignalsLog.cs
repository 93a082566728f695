using Microsoft.Extensions.Logging;

namespace Abm.Functions.Signals;

internal static partial class SignalsLog
{
    [LoggerMessage(2200, LogLevel.Information, "Events: {Accepted} accepted, {Duplicates} known before, {Rejected} rejected")]
    public static partial void EventsTaken(this ILogger logger, int accepted, int duplicates, int rejected);

    [LoggerMessage(2201, LogLevel.Information, "Plays were asked about {Entries} entries of account {AccountId}: {Started} started")]
    public static partial void EntriesAnswered(this ILogger logger, string accountId, int entries, int started);

    [LoggerMessage(2202, LogLevel.Information, "{Count} events that had waited for account {AccountId} were told")]
    public static partial void EventsAdopted(this ILogger logger, string accountId, int count);

    [LoggerMessage(2203, LogLevel.Information, "The day {Day} was looked at: {Dates} dates came near, {Live} live accounts, {Purged} old entries removed")]
    public static partial void DayWatched(this ILogger logger, DateOnly day, int dates, int live, int purged);

    [LoggerMessage(2204, LogLevel.Warning, "Events of a source that signs were refused: {Verdict}")]
    public static partial void EventsNotSigned(this ILogger logger, Delivery.SignatureVerdict verdict);
}
