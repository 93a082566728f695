using Abm.Ports;
using Abm.Routing;

namespace Abm.Functions.Journeys;

/// <summary>Takes turns in pools: reads, lets decide, saves under the tag, and decides anew when another process was faster.</summary>
/// <remarks>Turns of one process queue up here, so that they do not spoil each other's tags.</remarks>
public sealed class PoolTurns(IPoolStore pools) : IDisposable
{
    /// <summary>Tries before the message goes back to its queue. Each lost try means that another process gave a turn.</summary>
    public const int MaxTries = 12;

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
        if (turn.After is null)
            return (turn.Decided, null);

        await _one.WaitAsync(cancellationToken);
        try
        {
            for (int attempt = 0; attempt < MaxTries; attempt++)
            {
                IReadOnlyDictionary<string, PoolSnapshot> read = await pools.ReadAsync(names, cancellationToken);
                turn = decide(States(read));
                if (turn is not { After: { } after, Assignment: { } assignment })
                    return (turn.Decided, null);
                SaveOutcome saved = await pools.SaveAsync(after, read.GetValueOrDefault(after.Pool)?.Tag, assignment, cancellationToken);
                if (saved == SaveOutcome.Saved)
                    return (turn.Decided, assignment);
                if (saved == SaveOutcome.AlreadyHappened)
                    return (turn.Decided, await pools.FindAssignmentAsync(assignment.Assignment.Id, cancellationToken));
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
public sealed record Turn<T>(T Decided, PoolState? After, StoredAssignment? Assignment);

/// <summary>A turn could not be taken because others took theirs first, again and again. The message is tried again later.</summary>
public sealed class PoolContentionException(string message) : Exception(message);
