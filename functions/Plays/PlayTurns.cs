using System.Diagnostics;
using Abm.Accounts;
using Abm.Clocks;
using Abm.Configuration;
using Abm.Decisions;
using Abm.Functions.Journeys;
using Abm.Plays;
using Abm.Ports;
using Microsoft.Extensions.Logging;

namespace Abm.Functions.Plays;

/// <summary>Makes a play's turns: reads its file, asks <see cref="PlayDecider"/> what is next, has it done, notes it, and asks again until there is nothing to do but wait.</summary>
public sealed class PlayTurns(
    IPlayFiles plays, ILeadFileStore leads, PlayFacts facts, IPlayFactSource factSource, PlayEffects effects, TimeProvider clock, ILogger<PlayTurns> logger)
{
    /// <summary>What is left after so many goes with the next turn, at once.</summary>
    private const int MostSteps = 50;

    private const int MostConflicts = 8;

    /// <summary>One turn.</summary>
    /// <exception cref="LeadMissingException">There is no such lead.</exception>
    public async Task<PlayTurnOutput> RunAsync(PlayStartInput start, CancellationToken cancellationToken)
    {
        PlayFile file = await plays.FindAsync(start.PlayId, cancellationToken) ?? await BeginAsync(start, cancellationToken);
        bool isKept = true;
        LeadFile? known = null;
        int conflicts = 0;
        for (int step = 0; step < MostSteps; step++)
        {
            if (file.IsOver)
                return Over(file);
            LeadFile? lead = start.LeadId is null ? null : known ?? await leads.ReadAsync(LeadId.Parse(start.LeadId), cancellationToken) ?? throw new LeadMissingException(LeadId.Parse(start.LeadId));
            PlaySituation situation = await SituationAsync(file, lead, cancellationToken);
            DateTimeOffset now = clock.GetUtcNow();
            PlayStep next = PlayDecider.Next(situation, now);

            // A step is noted before the next one is done, together with the way there; when there is none, with what is waited for.
            known = null;
            if (!isKept && next is (PlayStep.Do or PlayStep.End) && !await KeptAsync(file))
                continue;

            PlayFile changed;
            switch (next)
            {
                case PlayStep.Do { Step: var planned }:
                    PlayEffect effect = await effects.DoAsync(situation, planned, file, lead, cancellationToken);
                    if (!effect.IsDone)
                        continue; // the lead's file says otherwise by now: ask again
                    changed = effect.Change(file) with { Progress = PlayDecider.After(situation, planned, effect.Result, now), Status = PlayStatus.Running };
                    logger.PlayStepDone(start.PlayId, planned.Id, effect.Result.Code);
                    break;

                case PlayStep.Skip { Step: var left, Says: var says }:
                    changed = file with { Progress = PlayDecider.Done(file.Progress, left, new PlayStepResult("skipped", says), now) };
                    logger.PlayStepSkipped(start.PlayId, left.Id);
                    known = lead;
                    break;

                case PlayStep.Move { To: var move }:
                    known = PlayDecider.StepAt(situation) is { Deadline: not null } ? null : lead; // clocks of a wait end with it
                    changed = await effects.LeaveAsync(situation, move, file, lead, cancellationToken) with { Progress = PlayDecider.Moved(file.Progress, move), Status = PlayStatus.Running };
                    break;

                case PlayStep.Wait wait:
                    changed = file with { Progress = PlayDecider.Waits(file.Progress, wait), OwnerId = situation.OwnerId, Status = PlayStatus.Running };
                    bool isNew = !isKept || !IsSame(changed.Progress.Waiting, file.Progress.Waiting) || changed.OwnerId != file.OwnerId || file.Status != PlayStatus.Running;
                    if (isNew && !await KeptAsync(changed))
                        continue;
                    return new PlayTurnOutput(1, wait.Until, null, situation.OwnerId, situation.Hop);

                case PlayStep.End end:
                    changed = await effects.FinishAsync(situation, end, file, lead, cancellationToken);
                    logger.PlayEnded(start.Subject.ToString(), start.PlayId, end.Outcome);
                    break;

                default:
                    throw new UnreachableException();
            }

            file = changed with { OwnerId = OwnerAfter(situation, changed) };
            isKept = false;
            if (file.IsOver)
                await KeptAsync(file);
        }

        // What could not be noted is done again by the next turn, under the same ids.
        if (!isKept)
            await KeptAsync(file);
        return new PlayTurnOutput(1, clock.GetUtcNow(), null, file.OwnerId, file.Progress.Hop);

        // False: somebody told the play something meanwhile, and the file is as they left it.
        async Task<bool> KeptAsync(PlayFile changed)
        {
            (SaveOutcome saved, file) = await plays.SaveAsync(changed, cancellationToken);
            isKept = true;
            if (saved == SaveOutcome.Saved)
                return true;
            if (++conflicts > MostConflicts)
                throw new InvalidOperationException($"The file of play {start.PlayId} changed {MostConflicts} times while a turn was being made.");
            file = await plays.FindAsync(start.PlayId, cancellationToken) ?? throw new InvalidOperationException($"The file of play {start.PlayId} is gone.");
            return false;
        }
    }

    /// <summary>Everything that the play looks at, as it is now.</summary>
    internal async Task<PlaySituation> SituationAsync(PlayFile file, LeadFile? lead, CancellationToken cancellationToken)
    {
        PlayStartInput start = file.Start with { ConfigVersion = file.ConfigVersion };
        AbmConfig config = await facts.ConfigAsync(file.ConfigVersion, cancellationToken);
        PlayRules play = PlayDecider.PlayOf(start, config);
        PlaySituation situation = new(start, play, config, await facts.RepsAsync(cancellationToken), file.Progress)
        {
            Clocks = lead is null ? file.Clocks : [.. lead.Clocks.Where(c => c.PlayId == start.PlayId)],
            Stop = lead?.Stop,
        };
        if (!PlayDecider.AsksFacts(play))
            return situation;
        Dictionary<string, string> known = new(file.Occasion, StringComparer.Ordinal);
        foreach ((string field, string value) in PlayDecider.OwnFacts(play, file.Progress))
            known[field] = value;
        return situation with { Facts = await factSource.OfAsync(start, known, config, cancellationToken) };
    }

    private async Task<PlayFile> BeginAsync(PlayStartInput start, CancellationToken cancellationToken) =>
        (await plays.BeginAsync(PlayFile.Begin(start) with { Status = PlayStatus.Running }, cancellationToken)).File ?? throw new InvalidOperationException($"Another instance than {start.PlayId} runs about {start.Subject}.");

    private static string? OwnerAfter(PlaySituation before, PlayFile changed) =>
        before.Start.LeadId is null ? changed.Progress.OwnerId ?? before.OwnerId : before.OwnerId;

    private static bool IsSame(PlayWaiting? one, PlayWaiting? other) => one?.Step == other?.Step && one?.Until == other?.Until && one?.Says == other?.Says;

    private static PlayTurnOutput Over(PlayFile file) => new(1, null, file.Progress.Outcome ?? PlayOutcome.Completed, file.OwnerId, file.Progress.Hop);
}
