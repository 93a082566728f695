using System.Globalization;
using Abm.Decisions;
using Abm.Ports;
using Abm.Routing;

namespace Abm.TestKit;

/// <summary>Pools, turns and the ledger in memory; keeps the contract of the tables.</summary>
public sealed class InMemoryPools(Faults? faults = null) : IPoolStore, IPoolLedger
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, PoolSnapshot> _pools = [];
    private readonly Dictionary<string, StoredAssignment> _turns = [];
    private readonly Dictionary<(string Pool, DateTimeOffset At, string Id), LedgerEntry> _ledger = [];
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

    /// <summary>Every entry of every pool, oldest first.</summary>
    public IReadOnlyList<LedgerEntry> Ledger
    {
        get
        {
            lock (_lock)
                return [.. _ledger.Values.OrderBy(e => e.At).ThenBy(e => e.Id, StringComparer.Ordinal)];
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
        if (_pools.GetValueOrDefault(after.Pool)?.Tag != tag || assignment.Watched.Any(w => _pools[w.State.Pool].Tag != w.Tag))
            return SaveOutcome.Conflict;
        Put(after);
        _turns[assignment.Assignment.Id] = assignment with { Ledger = null, Watched = [] };
        if (assignment.Ledger is { } entry)
            _ledger[(entry.Pool, entry.At, entry.Id)] = entry;
        return SaveOutcome.Saved;
    });

    public Task<SaveOutcome> CreditAsync(PoolState after, string tag, LedgerEntry entry, string? refunds, CancellationToken cancellationToken) => Do(nameof(CreditAsync), () =>
    {
        if (refunds is not null && _turns.GetValueOrDefault(refunds) is not { RefundedAt: null })
            return SaveOutcome.AlreadyHappened;
        if (_pools.GetValueOrDefault(after.Pool)?.Tag != tag)
            return SaveOutcome.Conflict;
        if (!_ledger.TryAdd((entry.Pool, entry.At, entry.Id), entry))
            return SaveOutcome.AlreadyHappened;
        Put(after);
        if (refunds is not null)
            _turns[refunds] = _turns[refunds] with { RefundedAt = entry.At };
        return SaveOutcome.Saved;
    });

    public Task NoteAsync(LedgerEntry entry, CancellationToken cancellationToken) => Do(nameof(NoteAsync), () => _ledger[(entry.Pool, entry.At, entry.Id)] = entry);

    public Task<IReadOnlyList<Assignment>> TurnsOfAsync(LeadId lead, CancellationToken cancellationToken) => Do<IReadOnlyList<Assignment>>(
        nameof(TurnsOfAsync), () => [.. _turns.Values.Select(t => t.Assignment).Where(t => t.Lead == lead).OrderBy(t => t.At).ThenBy(t => t.Id, StringComparer.Ordinal)]);

    public Task<ListPage<LedgerEntry>> ReadLedgerAsync(LedgerFilter filter, int limit, string? after, CancellationToken cancellationToken) => InMemoryLists.Page(
        Ledger.Reverse().Where(e => e.Pool == filter.Pool && (filter.From is null || e.At >= filter.From) && (filter.Lead is null || e.Lead == filter.Lead)), limit, after);

    public Task<int> ForgetAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken) => Do(nameof(ForgetAsync), () =>
    {
        var old = _ledger.Keys.Where(k => k.At < before).Take(limit).ToArray();
        foreach (var key in old)
            _ledger.Remove(key);
        return old.Length;
    });

    private void Put(PoolState state) => _pools[state.Pool] = new PoolSnapshot(state, (++_version).ToString(CultureInfo.InvariantCulture));

    private Task<T> Do<T>(string call, Func<T> work)
    {
        T result;
        lock (_lock)
            result = work();
        faults?.Happened("Pools." + call);
        return Task.FromResult(result);
    }
}
