using Abm.Decisions;
using Abm.Journeys;
using Abm.Routing;

namespace Abm.Ports;

/// <summary>Whose turn it is. A turn and the assignment it gave are one transaction, so that a repeat finds the same rep and charges nobody twice.</summary>
public interface IPoolStore
{
    /// <summary>The state of these pools; one that was never used is absent.</summary>
    Task<IReadOnlyDictionary<string, PoolSnapshot>> ReadAsync(IReadOnlyCollection<string> pools, CancellationToken cancellationToken);

    /// <summary>The turn that was given under this id, or null.</summary>
    Task<StoredAssignment?> FindAssignmentAsync(string assignmentId, CancellationToken cancellationToken);

    /// <summary>Saves the new state and the assignment together, if the state is still the one that was read.</summary>
    /// <param name="tag">Of the snapshot that was decided on; null: the pool was new.</param>
    /// <returns><see cref="SaveOutcome.AlreadyHappened"/> when this turn was given before.</returns>
    Task<SaveOutcome> SaveAsync(PoolState after, string? tag, StoredAssignment assignment, CancellationToken cancellationToken);
}

/// <summary>A pool as it was read.</summary>
public sealed record PoolSnapshot(PoolState State, string Tag);

/// <summary>A turn that was given.</summary>
/// <param name="Decision">The whole decision that gave it, when a decision did: a repeat goes on with this one, whatever has changed since.</param>
public sealed record StoredAssignment(Assignment Assignment, JourneyDecision? Decision);
