using Microsoft.Extensions.Logging;

namespace Abm.Functions.Routing;

/// <summary>What routing logs beside decisions: ids and codes. Event ids 1950–1999.</summary>
internal static partial class RoutingLog
{
    [LoggerMessage(1950, LogLevel.Information, "Pool {Pool}: {RepId} got a turn back for lead {LeadId}: {Why}")]
    public static partial void TurnRefunded(this ILogger logger, string pool, string repId, string leadId, string why);

    [LoggerMessage(1951, LogLevel.Information, "Pool {Pool}: {Given} waiting leads were given out, {Left} still wait, {GivenUp} went to the fallback queue")]
    public static partial void PoolDrained(this ILogger logger, string pool, int given, int left, int givenUp);

    [LoggerMessage(1952, LogLevel.Information, "Lead {LeadId} was not accepted by {RepId} ({Why}) and went to {NextId}")]
    public static partial void OfferPassed(this ILogger logger, string leadId, string repId, string why, string nextId);

    [LoggerMessage(1953, LogLevel.Warning, "Lead {LeadId} was not accepted by {RepId} ({Why}), and nobody else in pool {Pool} can take it")]
    public static partial void OfferStuck(this ILogger logger, string leadId, string repId, string why, string pool);

    [LoggerMessage(1954, LogLevel.Error, "Lead {LeadId} could not be worked on by {Work}: {Failure}; it is tried again")]
    public static partial void WorkFailed(this ILogger logger, string leadId, string work, string failure);

    [LoggerMessage(1955, LogLevel.Information, "Lead {LeadId} was routed anew: {From} became {To}")]
    public static partial void LeadRerouted(this ILogger logger, string leadId, string from, string to);
}
