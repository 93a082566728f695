using Abm.Configuration;
using Abm.Ports;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace Abm.Functions.Retention;

/// <summary>Removes decisions that are older than the configuration says. Their counts stay.</summary>
public sealed class PurgeDecisions(IDecisionRetention retention, IConfigSource config, TimeProvider clock, ILogger<PurgeDecisions> logger)
{
    /// <summary>Decisions of one step.</summary>
    internal const int StepSize = 1_000;

    /// <summary>Steps of one run: what is left goes with the next one.</summary>
    internal const int MaxSteps = 20;

    /// <summary>Every hour: a day's decisions never wait for the night.</summary>
    [Function(nameof(PurgeDecisions))]
    public async Task RunAsync([TimerTrigger("0 17 * * * *")] TimerInfo timer, CancellationToken cancellationToken)
    {
        RetentionRules rules = (await config.CurrentAsync(cancellationToken)).Retention;
        DateTimeOffset before = clock.GetUtcNow() - rules.DecisionsFor;
        int purged = 0;
        for (int step = 0; step < MaxSteps; step++)
        {
            int some = await retention.PurgeAsync(before, StepSize, cancellationToken);
            purged += some;
            if (some < StepSize)
                break;
        }

        if (purged > 0)
            logger.DecisionsPurged(purged, before);
    }
}

internal static partial class RetentionLog
{
    [LoggerMessage(1900, LogLevel.Information, "{Count} decisions made before {Before} were removed; their counts stay")]
    public static partial void DecisionsPurged(this ILogger logger, int count, DateTimeOffset before);

    [LoggerMessage(1901, LogLevel.Information, "A person was erased: {Leads} leads, {Decisions} decisions, receipt {ReceiptId}")]
    public static partial void PersonErased(this ILogger logger, int leads, int decisions, string receiptId);
}
