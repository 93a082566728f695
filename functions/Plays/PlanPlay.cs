using Abm.Configuration;
using Abm.Decisions;
using Abm.Plays;
using Abm.Ports;
using Microsoft.Azure.Functions.Worker;

namespace Abm.Functions.Plays;

/// <summary>First step of a play: lays down the steps by the configuration that decided, and starts the clocks.</summary>
public sealed class PlanPlay(LeadFileChanges changes, PlayFacts facts, TimeProvider clock)
{
    [Function(nameof(PlanPlay))]
    public async Task<PlayStepOutput> RunAsync([ActivityTrigger] PlayStartInput start, CancellationToken cancellationToken)
    {
        AbmConfig config = await facts.ConfigAsync(start.ConfigVersion, cancellationToken);
        PlayPlan plan = PlayDecider.Plan(start, config, await facts.RepsAsync(cancellationToken));
        DateTimeOffset now = clock.GetUtcNow();
        (LeadFile file, _) = await changes.ApplyAsync(LeadId.Parse(start.LeadId!), f => PlayFiles.Started(f, plan, now), cancellationToken);
        await changes.ShowAsync(file, start.PlayId, cancellationToken);
        return new PlayStepOutput(plan, file.Stop);
    }
}
