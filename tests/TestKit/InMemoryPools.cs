using System.Globalization;
using Abm.Ports;
using Abm.Routing;

namespace Abm.TestKit;

/// <summary>Pools and turns in memory; keeps the contract of the tables.</summary>
public sealed class InMemoryPools(Faults? faults = null) : IPoolStore
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, PoolSnapshot> _pools = [];
    private readonly Dictionary<string, StoredAssignment> _turns = [];
    private long _version;

    /// <summary>Every turn that was given.</summary>
    public IReadOnlyList<StoredAssignment> Turns
    {
        get
        {
            lock (_lock)
                return [.. _turns.Values];
        }
    }

    public Task<IReadOnlyDictionary<string, PoolSnapshot>> ReadAsync(IReadOnlyCollection<string> pools, CancellationToken cancellationToken) =>
        Do<IReadOnlyDictionary<string, PoolSnapshot>>(nameof(ReadAsync), () => pools.Where(_pools.ContainsKey).ToDictionary(p => p, p => _pools[p]));

    public Task<StoredAssignment?> FindAssignmentAsync(string assignmentId, CancellationToken cancellationToken) =>
        Do(nameof(FindAssignmentAsync), () => _turns.GetValueOrDefault(assignmentId));

    public Task<SaveOutcome> SaveAsync(PoolState after, string? tag, StoredAssignment assignment, CancellationToken cancellationToken) => Do(nameof(SaveAsync), () =>
    {
        if (_turns.ContainsKey(assignment.Assignment.Id))
            return SaveOutcome.AlreadyHappened;
        if (_pools.GetValueOrDefault(after.Pool)?.Tag != tag)
            return SaveOutcome.Conflict;
        _pools[after.Pool] = new PoolSnapshot(after, (++_version).ToString(CultureInfo.InvariantCulture));
        _turns[assignment.Assignment.Id] = assignment;
        return SaveOutcome.Saved;
    });

    private Task<T> Do<T>(string call, Func<T> work)
    {
        T result;
        lock (_lock)
            result = work();
        faults?.Happened("Pools." + call);
        return Task.FromResult(result);
    }
}
