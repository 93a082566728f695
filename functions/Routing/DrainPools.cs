using Abm.Functions.Plays;
using Abm.Ports;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace Abm.Functions.Routing;

/// <summary>Four times a minute: gives waiting leads out, passes unanswered offers on, and forgets what the ledger no longer keeps.</summary>
public sealed class DrainPools(PoolDrain drain, OfferPassing passing, IPoolLedger ledger, IConfigSource config, TimeProvider clock)
{
    private const int ForgottenAtOnce = 500;

    [Function(nameof(DrainPools))]
    public async Task RunAsync([TimerTrigger("*/15 * * * * *")] TimerInfo timer, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken)
    {
        await passing.RunAsync(cancellationToken);
        await drain.RunAsync(new DurablePlayStarter(client), cancellationToken);
        DateTimeOffset now = clock.GetUtcNow();
        if (now is { Minute: 17, Second: < 15 })
            await ledger.ForgetAsync(now - (await config.CurrentAsync(cancellationToken)).Retention.DecisionsFor, ForgottenAtOnce, cancellationToken);
    }
}
