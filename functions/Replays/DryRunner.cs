using Abm.Configuration;
using Abm.Decisions;
using Abm.People;
using Abm.Ports;
using Abm.Replays;

namespace Abm.Functions.Replays;

/// <summary>Feeds the past to a dry run, from the storage, one decision at a time.</summary>
public sealed class DryRunner(IDecisionLog log, IRepSnapshots snapshots, IRepDirectory reps, IAccountDirectory accounts, TimeProvider clock)
{
    /// <summary>How often it is told how far it has come.</summary>
    public static readonly TimeSpan Beat = TimeSpan.FromSeconds(1);

    /// <param name="told">Called about once a second, and never at the same time as before.</param>
    public async Task<DryRunOutcome> RunAsync(
        AbmConfig active, AbmConfig draft, DryRunWindow window, Func<DryRunProgress, Task> told, CancellationToken cancellationToken)
    {
        IReadOnlyDictionary<RepId, Rep> today = await reps.CurrentAsync(cancellationToken);
        DryRun run = new(active, draft, await accounts.CurrentAsync(cancellationToken), JourneySteps.All);

        // People change a few times a day: the last state is the next one's nearly always.
        (string? Name, IReadOnlyDictionary<RepId, Rep> Reps) then = (null, today);
        long begun = clock.GetTimestamp();
        TimeSpan next = Beat;
        int skipped = 0, withoutReps = 0;
        bool isCut = false;
        await foreach (DecisionEntry entry in log.ReadAsync(window.From, window.To, cancellationToken))
        {
            if (run.Decisions + skipped >= window.Limit)
            {
                isCut = true;
                break;
            }

            if (clock.GetElapsedTime(begun) is var elapsed && elapsed >= next)
            {
                next = elapsed + Beat;
                await told(new DryRunProgress(run.Decisions, skipped, run.Flips, entry.DecidedAt));
            }

            if (entry.Inputs is not { } inputs)
            {
                skipped++;
                continue;
            }

            if (inputs.RepsVersion != then.Name || then.Name is null)
            {
                IReadOnlyDictionary<RepId, Rep>? kept = inputs.RepsVersion is { } name ? await snapshots.FindAsync(name, cancellationToken) : null;
                withoutReps += kept is null ? 1 : 0;
                then = kept is null ? (null, today) : (inputs.RepsVersion, kept);
            }

            run.Add(inputs, then.Reps);
        }

        return new DryRunOutcome(run.Report() with { Skipped = skipped }, withoutReps, isCut, clock.GetElapsedTime(begun));
    }
}

/// <summary>Which past leads.</summary>
/// <param name="From">Decided at this instant or later.</param>
/// <param name="To">Decided before it.</param>
/// <param name="Limit">At most so many, the oldest.</param>
public sealed record DryRunWindow(DateTimeOffset From, DateTimeOffset To, int Limit);

/// <summary>How far a dry run has come.</summary>
/// <param name="At">It is at leads decided then.</param>
public sealed record DryRunProgress(int Decisions, int Skipped, int Flips, DateTimeOffset At);

/// <summary>What a dry run came to.</summary>
/// <param name="WithTodaysReps">Leads for which the people of that time are not kept.</param>
/// <param name="IsCut">There were more leads in the window than the limit.</param>
public sealed record DryRunOutcome(DryRunReport Report, int WithTodaysReps, bool IsCut, TimeSpan Took);
