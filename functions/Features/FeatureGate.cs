using System.Collections.Frozen;
using Abm.Configuration;
using Abm.Functions.Http;
using Abm.Functions.Import;
using Abm.Functions.Journeys;
using Abm.Functions.Match;
using Abm.Functions.OpenApi;
using Abm.Functions.Plays;
using Abm.Functions.Routing;
using Abm.Ports;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;

namespace Abm.Functions.Features;

/// <summary>Hides what is switched off by the configuration in force, and lets its work lie: nothing is lost, everything goes on when it is switched on again.</summary>
/// <remarks>
/// Addresses answer as if there were no such function. Leads whose message comes stay received, and the sweep, which lies still as well, puts them on the queue again afterwards.
/// Steps of plays are held: their orchestration asks again. What is to be delivered is held by <see cref="Delivery.DeliverNotification"/>. Changes from the CRM are taken in all the same:
/// they are facts, and what is not taken from a bus is lost to it.
/// </remarks>
public sealed class FeatureGate(IConfigSource config) : IFunctionsWorkerMiddleware
{
    /// <summary>Whoever switched it off must be able to see that, and to switch it on again.</summary>
    private static readonly FrozenSet<string> AlwaysOpen =
        OpenApiDocument.Triggers(typeof(FeatureGate).Assembly).Where(found => IsAlwaysOpen(found.Trigger.Route ?? found.Name)).Select(found => found.Name).ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenSet<string> Lies = FrozenSet.ToFrozenSet([nameof(RunJourney), RunJourney.Bulk, nameof(SweepUndecided), nameof(DrainPools)], StringComparer.Ordinal);

    private static readonly FrozenSet<string> Held = FrozenSet.ToFrozenSet(
        [nameof(AdvancePlay)], StringComparer.Ordinal);

    /// <inheritdoc/>
    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        string function = context.FunctionDefinition.Name;
        bool isHttp = context.GetHttpContext() is not null;
        if (isHttp ? AlwaysOpen.Contains(function) : !Lies.Contains(function) && !Held.Contains(function))
        {
            await next(context);
            return;
        }

        FeatureSwitches on = (await config.CurrentAsync(context.CancellationToken)).Features;
        if (isHttp ? IsShown(function, on) : on.Abm)
            await next(context);
        else
            context.GetInvocationResult().Value = isHttp ? new ApiResult(StatusCodes.Status404NotFound) : Held.Contains(function) ? PlayTurnOutput.Held : null;
    }

    /// <summary>Whether an address is shown with these switches.</summary>
    internal static bool IsShown(string function, FeatureSwitches on) => AlwaysOpen.Contains(function) || (on.Abm && function switch
    {
        nameof(MatchFunctions.MatchLead) or nameof(MatchFunctions.MatchBatch) => on.MatchQueries,
        nameof(ImportCsv) => on.Imports,
        _ => true,
    });

    private static bool IsAlwaysOpen(string route) => route is "health" or "openapi.json" or "config" or "audit"
        || route.StartsWith("config/", StringComparison.Ordinal) || route.StartsWith("audit/", StringComparison.Ordinal);
}
