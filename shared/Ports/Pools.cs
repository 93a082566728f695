using Abm.Decisions;
using Abm.Journeys;
using Abm.Routing;

namespace Abm.Ports;

/// <summary>Whose turn it is. A turn, the assignment it gave and its lines in the ledger are one transaction, so that a repeat finds the same rep and charges nobody twice.</summary>
public interface IPoolStore
{
    /// <summary>The state of these pools; one that was never used is absent. It may be older than what others have saved since: a save on it is refused then.</summary>
    Task<IReadOnlyDictionary<string, PoolSnapshot>> ReadAsync(IReadOnlyCollection<string> pools, CancellationToken cancellationToken);

    /// <summary>The state of these pools as it is now, whatever was read before.</summary>
    Task<IReadOnlyDictionary<string, PoolSnapshot>> RefreshAsync(IReadOnlyCollection<string> pools, CancellationToken cancellationToken) => ReadAsync(pools, cancellationToken);

    /// <summary>The turn that was given under this id, or null.</summary>
    Task<StoredAssignment?> FindAssignmentAsync(string assignmentId, CancellationToken cancellationToken);

    /// <summary>Saves the new state, the assignment and its lines in the ledger together, if the state is still the one that was read.</summary>
    /// <param name="tag">Of the snapshot that was decided on; null: the pool was new.</param>
    /// <returns><see cref="SaveOutcome.AlreadyHappened"/> when this turn was given before.</returns>
    Task<SaveOutcome> SaveAsync(PoolState after, string? tag, StoredAssignment assignment, CancellationToken cancellationToken);
}

/// <summary>Turns that are given back, and what can be read of all turns.</summary>
public interface IPoolLedger
{
    /// <summary>Saves the new state and the lines in the ledger together, if the state is still the one that was read.</summary>
    /// <param name="refunds">Id of the assignment whose turn is given back; null: none is.</param>
    /// <returns><see cref="SaveOutcome.AlreadyHappened"/> when that turn was given back before, or this entry is kept already.</returns>
    Task<SaveOutcome> CreditAsync(PoolState after, string tag, LedgerEntry entry, string? refunds, CancellationToken cancellationToken);

    /// <summary>Keeps lines that changed no state: a pool was asked and nobody could take the lead. The same entry again changes nothing.</summary>
    Task NoteAsync(LedgerEntry entry, CancellationToken cancellationToken);

    /// <summary>Every turn that was given for a lead, oldest first.</summary>
    Task<IReadOnlyList<Assignment>> TurnsOfAsync(LeadId lead, CancellationToken cancellationToken);

    /// <summary>The ledger of a pool, newest first.</summary>
    /// <exception cref="FormatException"><c>after</c> is none of ours.</exception>
    Task<ListPage<LedgerEntry>> ReadLedgerAsync(LedgerFilter filter, int limit, string? after, CancellationToken cancellationToken);

    /// <summary>Removes entries of before an instant.</summary>
    /// <returns>How many were removed; fewer than the limit: there are no more.</returns>
    Task<int> ForgetAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken);
}

/// <summary>Which entries of a pool's ledger; what is null does not matter.</summary>
/// <param name="From">At this instant and later.</param>
public sealed record LedgerFilter(string Pool, DateTimeOffset? From = null, LeadId? Lead = null);

/// <summary>A pool as it was read.</summary>
public sealed record PoolSnapshot(PoolState State, string Tag);

/// <summary>A turn that was given.</summary>
/// <param name="Decision">The whole decision that gave it, when a decision did: a repeat goes on with this one, whatever has changed since.</param>
public sealed record StoredAssignment(Assignment Assignment, JourneyDecision? Decision)
{
    /// <summary>What is written to the ledger with it; null when it was read back.</summary>
    public LedgerEntry? Ledger { get; init; }

    /// <summary>Other pools that must still be as they were read; empty when it was read back.</summary>
    public IReadOnlyList<PoolSnapshot> Watched { get; init; } = [];

    /// <summary>When the turn was given back; null: it is charged. Whoever looks for a turn to go on with takes none that was given back.</summary>
    public DateTimeOffset? RefundedAt { get; init; }
}
