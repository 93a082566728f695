using System.Diagnostics;
using Abm.Accounts;
using Abm.Clocks;
using Abm.Decisions;
using Abm.Functions.Delivery;
using Abm.Functions.Events;
using Abm.People;
using Abm.Plays;
using Abm.Ports;
using Microsoft.Extensions.Logging;

namespace Abm.Functions.Plays;

/// <summary>What a step did.</summary>
/// <param name="IsDone">False: what it was decided from has changed meanwhile, so nothing is noted and it is decided anew.</param>
/// <param name="Change">What it changes in the play's own file.</param>
public sealed record PlayEffect(bool IsDone, PlayStepResult Result, Func<PlayFile, PlayFile> Change)
{
    public static PlayEffect Again { get; } = new(false, PlayStepResult.Done, file => file);

    public static PlayEffect Done(PlayStepResult? result = null, Func<PlayFile, PlayFile>? change = null) => new(true, result ?? PlayStepResult.Done, change ?? (file => file));
}

/// <summary>Does in the world what a play's steps say. A lead's clocks and owner lie in its own file, an account's or opportunity's in the play's. Everything is safe to repeat.</summary>
public sealed class PlayEffects(
    LeadFileChanges changes,
    IClockBoard board,
    ILeadEvents events,
    IAccountDirectory accounts,
    PlayNotifications notifications,
    PlayGiving giving,
    PlayLaunch launch,
    IPlayStarter starter,
    TimeProvider clock,
    ILogger<PlayEffects> logger)
{
    public async Task<PlayEffect> DoAsync(PlaySituation situation, PlannedStep step, PlayFile file, LeadFile? lead, CancellationToken cancellationToken)
    {
        switch (step.Action)
        {
            case PlayAction.StartClocks:
                return await StartClocksAsync(situation, step, lead, cancellationToken);
            case PlayAction.RecordOwnerBreach or PlayAction.RecordAccountBreach:
                return await BreachAsync(situation, step, file, lead, cancellationToken);
            case PlayAction.Reassign:
                return await giving.ReassignAsync(situation, step, file, lead, cancellationToken);
            case PlayAction.Assign:
                return await giving.AssignAsync(situation, step, file, lead, cancellationToken);
            case PlayAction.NoteOwner:
                return await giving.NoteOwnerAsync(situation, lead!, cancellationToken);
            case PlayAction.HandToRevOps:
                return await giving.HandToRevOpsAsync(situation, step, file, lead, cancellationToken);
            case PlayAction.StartPlay:
                return PlayEffect.Done(await launch.FromPlayAsync(situation, step, starter, cancellationToken));
            case PlayAction.Notify or PlayAction.Task or PlayAction.Enrol or PlayAction.Enrich or PlayAction.CallWebhook:
                await notifications.SendAsync(situation, step, file, lead, cancellationToken);
                return PlayEffect.Done();
            default:
                throw new UnreachableException();
        }
    }

    /// <summary>The play leaves a step: the clocks of its wait stop.</summary>
    /// <returns>The play's own file with that.</returns>
    public async Task<PlayFile> LeaveAsync(PlaySituation situation, PlayMove move, PlayFile file, LeadFile? lead, CancellationToken cancellationToken)
    {
        if (PlayDecider.StepAt(situation) is not { Deadline: not null })
            return file;
        IReadOnlySet<string> ids = PlayClocks.IdsOf(situation.Start.PlayId, PlayDecider.StageOf(situation.Progress), situation.Hop);
        DateTimeOffset now = clock.GetUtcNow();
        if (lead is not null)
        {
            (LeadFile changed, _) = await changes.ApplyAsync(lead, f => PlayFiles.ClocksEnded(f, situation.Start.PlayId, ids, move, now), cancellationToken);
            await changes.ShowAsync(changed, situation.Start.PlayId, cancellationToken);
            return file;
        }

        return await ShownAsync(file with { Clocks = PlayClocks.Ended(file.Clocks, c => ids.Contains(c.ClockId), move.EventId is not null, move.At, now) }, file, cancellationToken);
    }

    /// <summary>The play is over: its clocks stop.</summary>
    public async Task<PlayFile> FinishAsync(PlaySituation situation, PlayStep.End end, PlayFile file, LeadFile? lead, CancellationToken cancellationToken)
    {
        PlayFile over = file with
        {
            Status = end.Outcome is PlayOutcome.Unanswered or PlayOutcome.Completed ? PlayStatus.Completed : PlayStatus.Stopped,
            Progress = PlayDecider.Ended(file.Progress, end) with { Hop = situation.Hop, OwnerId = situation.OwnerId },
        };
        if (lead is null)
            return await ShownAsync(over with { Clocks = PlayClocks.Ended(file.Clocks, _ => true, isAnswered: false, end.At, end.At) }, file, cancellationToken);
        (LeadFile changed, _) = await changes.ApplyAsync(lead, f => PlayFiles.Finished(f, situation.Start.PlayId, end.Outcome, end.At), cancellationToken);
        await changes.ShowAsync(changed, situation.Start.PlayId, cancellationToken);
        return over;
    }

    private async Task<PlayEffect> StartClocksAsync(PlaySituation situation, PlannedStep step, LeadFile? lead, CancellationToken cancellationToken)
    {
        PlayStartInput start = situation.Start;
        Account? account = start.AccountId is { } id ? (await accounts.CurrentAsync(cancellationToken)).Find(AccountId.Parse(id)) : null;
        PlayPlan plan = PlayDecider.ClocksOf(situation, step, account is null ? null : AccountPlace.Of(account));
        Rep? owner = plan.OwnerId is { } ownerId ? situation.Reps.GetValueOrDefault(RepId.Parse(ownerId)) : null;
        AccountTier tier = account?.Tier ?? AccountTier.None;
        if (lead is null)
        {
            ClockRecord[] records = [.. PlayClocks.Of(plan, owner, tier)];
            await board.PutAsync(records, cancellationToken);
            return PlayEffect.Done(change: f => f with { Clocks = [.. f.Clocks.Where(c => records.All(r => r.ClockId != c.ClockId)), .. records] });
        }

        DateTimeOffset now = clock.GetUtcNow();
        (LeadFile changed, _) = await changes.ApplyAsync(
            lead, f => plan.Stage.Length == 0 ? PlayFiles.Started(f, plan, now, owner, tier) : PlayFiles.ClocksStarted(f, plan), cancellationToken);
        await changes.ShowAsync(changed, start.PlayId, cancellationToken);
        return changed.Clocks.Any(c => c.ClockId == plan.OwnerClock.ClockId) ? PlayEffect.Done() : PlayEffect.Again;
    }

    private async Task<PlayEffect> BreachAsync(PlaySituation situation, PlannedStep step, PlayFile file, LeadFile? lead, CancellationToken cancellationToken)
    {
        string playId = situation.Start.PlayId;
        string id = step.Action == PlayAction.RecordAccountBreach ? PlayDecider.AccountClockId(playId, step.Stage!) : PlayDecider.OwnerClockId(playId, step.Stage!, situation.Hop);
        DateTimeOffset now = clock.GetUtcNow();
        if (lead is not null)
        {
            (LeadFile changed, bool isNew) = await changes.ApplyAsync(lead, f => PlayFiles.Breached(f, id, now), cancellationToken);
            await changes.ShowAsync(changed, playId, cancellationToken);
            if (isNew)
                logger.ClockBreached(situation.Start.Subject.ToString(), id, Policy(changed.Clocks, id), situation.OwnerId ?? "nobody");
            return changed.Stop is null && changed.Clocks.Any(c => c.ClockId == id && c.IsOpen && c.BreachedAt is null) ? PlayEffect.Again : PlayEffect.Done();
        }

        if (file.Clocks.FirstOrDefault(c => c.ClockId == id) is not { } missed || ClockChanges.Breached(missed, now) is not { } breached)
            return PlayEffect.Done();
        PlayFile noted = file with { Clocks = [.. file.Clocks.Select(c => c.ClockId == id ? breached : c)] };
        await board.PutAsync([breached], cancellationToken);
        await events.PlayClocksAsync(noted, [breached], cancellationToken);
        logger.ClockBreached(situation.Start.Subject.ToString(), id, breached.Policy, situation.OwnerId ?? "nobody");
        return PlayEffect.Done(change: f => f with { Clocks = [.. f.Clocks.Select(c => c.ClockId == id ? breached : c)] });
    }

    private async Task<PlayFile> ShownAsync(PlayFile changed, PlayFile before, CancellationToken cancellationToken)
    {
        if (changed.Clocks.Where(c => !before.Clocks.Contains(c)).ToArray() is { Length: > 0 } otherwise)
            await board.PutAsync(otherwise, cancellationToken);
        return changed;
    }

    private static string Policy(IReadOnlyList<ClockRecord> clocks, string id) => clocks.FirstOrDefault(c => c.ClockId == id)?.Policy ?? "";
}
