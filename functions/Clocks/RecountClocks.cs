using Abm.Clocks;
using Abm.Configuration;
using Abm.Decisions;
using Abm.Functions.Plays;
using Abm.People;
using Abm.Ports;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace Abm.Functions.Clocks;

/// <summary>Counts open clocks anew when calendars or policies have changed.</summary>
/// <remarks>
/// Walks through them page by page and notes where it is, so that another process or the next run goes on from there. Twice, at least a minute apart: the second walk finds the clocks that were just being
/// started by the rules of before. Whatever is done twice finds itself done.
/// </remarks>
public sealed class ClockRecounting(
    IClockBoard board, IClockRecounts marks, ClockFiles clocks, IConfigSource config, IRepDirectory reps, TimeProvider clock, ILogger<ClockRecounting> logger)
{
    /// <summary>Clocks of one page.</summary>
    private const int PageSize = 500;

    /// <summary>What is left after this time goes with the next run.</summary>
    private static readonly TimeSpan AtMost = TimeSpan.FromSeconds(45);

    private const int Walks = 2;

    /// <summary>Fingerprint of the rules by which all open clocks are counted, as far as this process knows: then nothing is read.</summary>
    private volatile string? _done;

    /// <summary>Goes on with the walk, if there is one to go.</summary>
    public async Task WalkAsync(IPlayStarter plays, CancellationToken cancellationToken)
    {
        AbmConfig rules = await config.CurrentAsync(cancellationToken);
        string fingerprint = ClockRules.Fingerprint(rules);
        if (_done == fingerprint)
            return;
        DateTimeOffset now = clock.GetUtcNow();
        RecountMark? mark = await marks.ReadAsync(cancellationToken);
        if (mark is null || mark.Rules != fingerprint)
            mark = new RecountMark(fingerprint, rules.Version, null, 0, now, null, 0, 0);
        else if (mark.FinishedAt is not null && mark.Walks >= Walks)
        {
            _done = fingerprint;
            return;
        }
        else if (mark.FinishedAt is not null)
        {
            mark = mark with { FinishedAt = null, After = null };
        }

        IReadOnlyDictionary<RepId, Rep> people = await reps.CurrentAsync(cancellationToken);
        while (mark.FinishedAt is null && clock.GetUtcNow() - now < AtMost)
        {
            ListPage<ClockRecord> page = await board.ListAsync(new ClockFilter { IsOpen = true }, PageSize, mark.After, cancellationToken);
            int moved = 0;
            foreach (ClockRecord open in page.Items)
            {
                if (await RecountAsync(open, people, rules, plays, cancellationToken))
                    moved++;
            }

            mark = mark with { After = page.Next, Looked = mark.Looked + page.Items.Count, Moved = mark.Moved + moved };
            if (page.Next is null)
                mark = mark with { Walks = mark.Walks + 1, FinishedAt = clock.GetUtcNow() };
            await marks.SaveAsync(mark, cancellationToken);
        }

        if (mark.FinishedAt is not null)
            logger.ClocksRecounted(rules.Version, mark.Walks, mark.Looked, mark.Moved);
    }

    private async Task<bool> RecountAsync(ClockRecord shown, IReadOnlyDictionary<RepId, Rep> people, AbmConfig rules, IPlayStarter plays, CancellationToken cancellationToken)
    {
        RecountedClock Count(ClockRecord from) => ClockRecount.Of(from, from.OwnerId is { } owner ? people.GetValueOrDefault(owner) : null, rules, clock.GetUtcNow());
        RecountedClock seen = Count(shown);
        if (seen.Outcome is RecountOutcome.WouldBePast or RecountOutcome.Unreachable)
            logger.DeadlineStays(shown.ClockId, shown.DueAt, seen.Outcome, rules.Version);

        // A deadline that was moved and not shown yet is shown and told by the repeat.
        if (seen.Outcome != RecountOutcome.Moved || await board.FindAsync(shown.ClockId, cancellationToken) is not { } place)
            return false;
        (ClockRecord? stands, bool isNew) = await clocks.ChangeAsync(
            place, current => Count(current) is { Outcome: RecountOutcome.Moved, After: var after } ? (after, ClockEvents.Moved(after, clock.GetUtcNow())) : null, cancellationToken);
        if (stands is null)
            return false;
        await clocks.ShowAsync(stands, plays, cancellationToken);
        if (isNew)
            logger.DeadlineMoved(stands.ClockId, stands.History[^1].DueAt, stands.DueAt, stands.History[^1].Code, rules.Version);
        return isNew;
    }
}

/// <summary>Counts open clocks anew after a change of rules, and counts how many there are.</summary>
public sealed class RecountClocks(ClockRecounting recounting, IClockBoard board, TimeProvider clock)
{
    /// <summary>Every minute.</summary>
    [Function(nameof(RecountClocks))]
    public async Task RunAsync([TimerTrigger("20 * * * * *")] TimerInfo timer, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken)
    {
        await recounting.WalkAsync(new DurablePlayStarter(client), cancellationToken);
        await board.CountAsync(clock.GetUtcNow(), cancellationToken);
    }
}
