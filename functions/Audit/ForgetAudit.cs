using Abm.Ports;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace Abm.Functions.Audit;

/// <summary>Forgets entries of the audit that have been kept as long as the configuration in force says (<c>retention.auditFor</c>).</summary>
public sealed class ForgetAudit(IAuditLog log, IConfigSource config, TimeProvider clock, ILogger<ForgetAudit> logger)
{
    /// <summary>Entries of one run; what is left comes with the next.</summary>
    private const int MaxEntries = 5_000;

    [Function(nameof(ForgetAudit))]
    public async Task RunAsync([TimerTrigger("0 17 * * * *")] TimerInfo timer, CancellationToken cancellationToken)
    {
        TimeSpan kept = (await config.CurrentAsync(cancellationToken)).Retention.AuditFor;
        int forgotten = await log.ForgetAsync(DateOnly.FromDateTime((clock.GetUtcNow() - kept).UtcDateTime), MaxEntries, cancellationToken);
        if (forgotten > 0)
            logger.AuditForgotten(forgotten);
    }
}
