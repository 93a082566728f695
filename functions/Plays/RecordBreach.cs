using Abm.Decisions;
using Abm.Plays;
using Abm.Ports;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace Abm.Functions.Plays;

/// <summary>Notes that a deadline has passed: once for each clock, and not when the lead was touched meanwhile.</summary>
public sealed class RecordBreach(LeadFileChanges changes, HandOvers handOvers, ILogger<RecordBreach> logger)
{
    [Function(nameof(RecordBreach))]
    public async Task<PlayStepOutput> RunAsync([ActivityTrigger] PlayStepInput input, CancellationToken cancellationToken)
    {
        PlayPlan plan = input.Plan;
        PlannedClock clock = input.Step.Action == PlayAction.RecordAccountBreach ? plan.AccountClock : plan.OwnerClock;
        (LeadFile file, bool isNew) = await changes.ApplyAsync(LeadId.Parse(plan.Start.LeadId!), f => PlayFiles.Breached(f, clock.ClockId), cancellationToken);
        await changes.ShowAsync(file, plan.Start.PlayId, cancellationToken);
        if (isNew)
            logger.ClockBreached(plan.Start.LeadId!, clock.ClockId, clock.Policy, plan.OwnerId!);
        return new PlayStepOutput(await handOvers.NewPlanAsync(plan, file, cancellationToken), file.Stop);
    }
}
