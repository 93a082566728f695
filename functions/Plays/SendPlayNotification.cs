using Abm.Decisions;
using Abm.Functions.Delivery;
using Abm.Functions.Journeys;
using Abm.Ports;
using Microsoft.Azure.Functions.Worker;

namespace Abm.Functions.Plays;

/// <summary>Tells somebody something about the lead, unless it was touched meanwhile.</summary>
public sealed class SendPlayNotification(ILeadFileStore files, PlayNotifications notifications, HandOvers handOvers)
{
    [Function(nameof(SendPlayNotification))]
    public async Task<PlayStepOutput> RunAsync([ActivityTrigger] PlayStepInput input, CancellationToken cancellationToken)
    {
        LeadId lead = LeadId.Parse(input.Plan.Start.LeadId!);
        LeadFile file = await files.ReadAsync(lead, cancellationToken) ?? throw new LeadMissingException(lead);
        if (await handOvers.NewPlanAsync(input.Plan, file, cancellationToken) is { } other)
            return new PlayStepOutput(other, file.Stop);
        if (file.Stop is null)
            await notifications.SendAsync(input.Plan, input.Step, file, cancellationToken);
        return new PlayStepOutput(null, file.Stop);
    }
}
