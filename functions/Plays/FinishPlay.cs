using Abm.Decisions;
using Abm.Plays;
using Abm.Ports;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace Abm.Functions.Plays;

/// <summary>Last step of a play: stops what still runs and brings the board up to date, whatever a crash may have left.</summary>
public sealed class FinishPlay(LeadFileChanges changes, ILogger<FinishPlay> logger)
{
    [Function(nameof(FinishPlay))]
    public async Task<PlayStepOutput> RunAsync([ActivityTrigger] PlayEndInput end, CancellationToken cancellationToken)
    {
        PlayStartInput start = end.Plan.Start;
        (LeadFile file, _) = await changes.ApplyAsync(LeadId.Parse(start.LeadId!), f => PlayFiles.Finished(f, end), cancellationToken);
        await changes.ShowAsync(file, start.PlayId, cancellationToken);
        logger.PlayEnded(start.LeadId!, start.PlayId, end.Outcome);
        return new PlayStepOutput(null, file.Stop);
    }
}
