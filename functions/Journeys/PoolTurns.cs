using Abm.Decisions;
using Abm.Journeys;
using Abm.Ports;
using Abm.Routing;

namespace Abm.Functions.Journeys;

/// <summary>Takes turns in pools: reads, lets decide, saves under the tag, and decides anew when another process was faster.</summary>
/// <remarks>Turns of one process queue up here, so that they do not spoil each other's tags.</remarks>
public sealed class PoolTurns(IPoolStore pools) : IDisposable
{
    /// <summary>Tries before the message goes back to its queue. Each lost try means that another process gave a turn.</summary>
    public const int MaxTries = 40;

    private readonly SemaphoreSlim _one = new(1, 1);

    /// <summary>The turn that stands under this id, or null.</summary>
    public Task<StoredAssignment?> FindAsync(string assignmentId, CancellationToken cancellationToken) =>
        pools.FindAssignmentAsync(assignmentId, cancellationToken);

    /// <summary>Lets decide on the current state of the pools and saves what was decided.</summary>
    /// <param name="names">Pools that the decision may ask.</param>
    /// <param name="decide">Pure: is called again with newer states.</param>
    /// <returns>What was decided, and the assignment that stands: an earlier one when the turn was given before; null when no turn was needed.</returns>
    /// <exception cref="PoolContentionException">Others were faster each time.</exception>
    public async Task<(T Decided, StoredAssignment? Stands)> TakeAsync<T>(
        IReadOnlyCollection<string> names, Func<IReadOnlyDictionary<string, PoolState>, Turn<T>> decide, CancellationToken cancellationToken)
    {
        Turn<T> turn = decide(States(await pools.ReadAsync(names, cancellationToken)));
        if (turn is { After: null, Ledger: null })
            return (turn.Decided, null);
        if (turn is { After: null, IsNoted: true, Ledger: { } told })
        {
            // It changes no state: the line may tell of one that is a little older than now.
            if (pools is IPoolLedger lines)
                await lines.NoteAsync(told, cancellationToken);
            return (turn.Decided, null);
        }

        await _one.WaitAsync(cancellationToken);
        try
        {
            // That nobody can take it must be true of now, not of a state that was read before.
            bool isOld = turn.After is null;
            for (int attempt = 0; attempt < MaxTries; attempt++)
            {
                IReadOnlyDictionary<string, PoolSnapshot> read = isOld ? await pools.RefreshAsync(names, cancellationToken) : await pools.ReadAsync(names, cancellationToken);
                turn = decide(States(read));
                if (turn is not { After: { } after, Assignment: { } assignment })
                {
                    if (!isOld && turn.Ledger is not null)
                    {
                        isOld = true;
                        continue;
                    }

                    if (turn.Ledger is { } nobody && pools is IPoolLedger ledger)
                        await ledger.NoteAsync(nobody, cancellationToken);
                    return (turn.Decided, null);
                }

                StoredAssignment whole = assignment with { Ledger = turn.Ledger, Watched = [.. turn.Watches.Where(read.ContainsKey).Select(w => read[w])] };
                SaveOutcome saved = await pools.SaveAsync(after, read.GetValueOrDefault(after.Pool)?.Tag, whole, cancellationToken);
                if (saved == SaveOutcome.Saved)
                    return (turn.Decided, assignment);
                if (saved == SaveOutcome.AlreadyHappened)
                    return (turn.Decided, await pools.FindAssignmentAsync(assignment.Assignment.Id, cancellationToken));
                isOld |= whole.Watched.Count > 0;
            }
        }
        finally
        {
            _one.Release();
        }

        throw new PoolContentionException($"The pool's state changed {MaxTries} times while a turn was being taken.");
    }

    /// <inheritdoc/>
    public void Dispose() => _one.Dispose();

    private static Dictionary<string, PoolState> States(IReadOnlyDictionary<string, PoolSnapshot> read) =>
        read.ToDictionary(p => p.Key, p => p.Value.State, StringComparer.Ordinal);
}

/// <summary>What was decided and what it does to a pool.</summary>
/// <param name="After">State to save; null: no turn was taken.</param>
/// <param name="Assignment">The turn given; null together with <paramref name="After"/>, or when nobody was eligible.</param>
public sealed record Turn<T>(T Decided, PoolState? After, StoredAssignment? Assignment)
{
    /// <summary>What is written to the ledger with it, also when nobody could take the lead; null when no pool was asked.</summary>
    public LedgerEntry? Ledger { get; init; }

    /// <summary>Other pools that must still be as they were read.</summary>
    public IReadOnlyList<string> Watches { get; init; } = [];

    /// <summary>Whether somebody got it without a turn, so that the pool's state does not matter.</summary>
    public bool IsNoted { get; init; }
}

/// <summary>Turns from decisions.</summary>
public static class Turns
{
    /// <summary>What a decision did to a pool. Without an assignment nothing is saved.</summary>
    public static Turn<JourneyDecision> Of(JourneyDecision decision) => new(decision, decision.PoolAfter, decision.Route is RouteDecision.Assigned assigned
        ? new StoredAssignment(new Assignment(decision.DecisionId, decision.Lead.Id, assigned.Owner, assigned.Pool, assigned.Rule, decision.DecidedAt) { Tag = assigned.Tag }, decision)
        : null)
    {
        Ledger = decision.Ledger,
        Watches = decision.Watches,
        IsNoted = decision.Route is RouteDecision.Assigned,
    };

    /// <summary>What giving a lead to the next of a pool did to it.</summary>
    public static Turn<RouteOutcome> Of(RouteOutcome outcome, string assignmentId, LeadId lead, DateTimeOffset now) => new(outcome, outcome.PoolAfter, outcome.Decision is RouteDecision.Assigned assigned
        ? new StoredAssignment(new Assignment(assignmentId, lead, assigned.Owner, assigned.Pool, assigned.Rule, now), Decision: null)
        : null)
    {
        Ledger = outcome.Ledger,
        Watches = outcome.Watches,
    };
}

/// <summary>A turn could not be taken because others took theirs first, again and again. The message is tried again later.</summary>
public sealed class PoolContentionException(string message) : Exception(message);
