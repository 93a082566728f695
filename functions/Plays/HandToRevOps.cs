using Abm.Decisions;
using Abm.Functions.Delivery;
using Abm.Functions.Journeys;
using Abm.Plays;
using Abm.Ports;
using Microsoft.Azure.Functions.Worker;

namespace Abm.Functions.Plays;

/// <summary>Puts a lead that nobody took up on the list of those that wait for people, and tells revenue operations.</summary>
public sealed class HandToRevOps(LeadFileChanges changes, DecisionLists lists, ILeadFileStore files, PlayNotifications notifications, HandOvers handOvers)
{
    [Function(nameof(HandToRevOps))]
    public async Task<PlayStepOutput> RunAsync([ActivityTrigger] PlayStepInput input, CancellationToken cancellationToken)
    {
        PlayPlan plan = input.Plan;
        LeadId lead = LeadId.Parse(plan.Start.LeadId!);
        if (await files.ReadAsync(lead, cancellationToken) is { } before && await handOvers.NewPlanAsync(plan, before, cancellationToken) is { } other)
            return new PlayStepOutput(other, before.Stop);
        (LeadFile file, _) = await changes.ApplyAsync(lead, f => f.Stop is null ? PlayFiles.HandedOver(f, plan, input.Step) : null, cancellationToken);
        if (file.Stop is null)
        {
            if (await files.FindDecisionAsync(lead, file.Lead.DecisionId ?? plan.Start.DecisionId!, cancellationToken) is { } decision)
                await lists.PutWaitingAsync(decision, $"handedOver:{input.Step.To}", cancellationToken);
            await notifications.SendAsync(plan, input.Step, file, cancellationToken);
        }

        return new PlayStepOutput(null, file.Stop);
    }
}
