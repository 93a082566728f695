using Microsoft.Azure.Functions.Worker;

namespace Abm.Functions.Plays;

/// <summary>One turn of a play: everything that is due is done and noted. Safe to repeat: what was noted is not done again, and what was done without being noted is done under the same ids.</summary>
public sealed class AdvancePlay(PlayTurns turns)
{
    [Function(nameof(AdvancePlay))]
    public Task<PlayTurnOutput> RunAsync([ActivityTrigger] PlayTurnInput input, CancellationToken cancellationToken) => turns.RunAsync(input.Start, cancellationToken);
}
