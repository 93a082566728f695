using Abm.Ports;
using Abm.Signals;

namespace Abm.TestKit;

/// <summary>Timelines in memory; keep the contract of the table.</summary>
public sealed class InMemoryTimelines(Faults? faults = null) : IAccountTimelines
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, SignalState> _states = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SortedDictionary<string, StoredEntry>> _entries = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, DateOnly> _live = new(StringComparer.Ordinal);

    public IReadOnlyList<StoredEntry> All(string accountId)
    {
        lock (_gate)
            return [.. Of(accountId).Values];
    }

    public Task<SignalState> StateAsync(string accountId, CancellationToken cancellationToken)
    {
        lock (_gate)
            return Task.FromResult(_states.GetValueOrDefault(accountId) ?? SignalState.Empty);
    }

    public Task<TimelineSaved> ChangeAsync(
        string accountId, IReadOnlyList<string> events, Func<SignalState, IReadOnlySet<string>, TimelineChange?> change, CancellationToken cancellationToken)
    {
        TimelineSaved saved;
        lock (_gate)
        {
            HashSet<string> there = new(Of(accountId).Values.Select(e => e.Entry.Event.EventId), StringComparer.Ordinal);
            HashSet<string> known = new(events.Where(there.Contains), StringComparer.Ordinal);
            SignalState state = _states.GetValueOrDefault(accountId) ?? SignalState.Empty;
            if (change(state, new HashSet<string>(events.Where(e => !there.Contains(e)), StringComparer.Ordinal)) is not { } wanted)
                return Task.FromResult(new TimelineSaved(state, known, []));
            TimelineEntry[] entries = [.. wanted.Entries.Where(e => !there.Contains(e.Event.EventId))];
            SignalState after = wanted.State with { Pending = [.. wanted.State.Pending.Union([.. entries.Where(e => e.Starts).Select(e => Key(e.Event))], StringComparer.Ordinal)] };
            foreach (TimelineEntry entry in entries)
            {
                Of(accountId)[Key(entry.Event)] = new StoredEntry(accountId, Key(entry.Event), entry, []);
                _live[accountId] = DateOnly.FromDateTime(entry.Event.ReceivedAt.UtcDateTime);
            }

            _states[accountId] = after;
            saved = new TimelineSaved(after, known, wanted.Dropped);
        }

        faults?.Happened("Timelines.Change");
        return Task.FromResult(saved);
    }

    public Task<IReadOnlyList<StoredEntry>> FindAsync(string accountId, IReadOnlyList<string> keys, CancellationToken cancellationToken)
    {
        lock (_gate)
            return Task.FromResult<IReadOnlyList<StoredEntry>>([.. keys.Select(k => Of(accountId).GetValueOrDefault(k)).OfType<StoredEntry>()]);
    }

    public Task<ListPage<StoredEntry>> ListAsync(string accountId, int limit, string? after, CancellationToken cancellationToken)
    {
        lock (_gate)
            return InMemoryLists.Page(Of(accountId).Values.ToArray(), limit, after);
    }

    public Task<IReadOnlyList<StoredEntry>> BetweenAsync(string accountId, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken)
    {
        lock (_gate)
            return Task.FromResult<IReadOnlyList<StoredEntry>>([.. Of(accountId).Values.Where(e => e.Entry.Event.At >= from && e.Entry.Event.At <= to).Take(500).Reverse()]);
    }

    public async Task AnsweredAsync(string accountId, IReadOnlyDictionary<string, IReadOnlyList<EntryAnswer>> answers, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            foreach ((string key, IReadOnlyList<EntryAnswer> some) in answers.Where(a => a.Value.Count > 0))
            {
                if (Of(accountId).TryGetValue(key, out StoredEntry? entry))
                    Of(accountId)[key] = entry with { Answers = some };
            }
        }

        await ChangeAsync(
            accountId, [], (state, _) => state.Pending.Any(answers.ContainsKey) ? new TimelineChange(state with { Pending = [.. state.Pending.Where(p => !answers.ContainsKey(p))] }, [], []) : null, cancellationToken);
    }

    public async Task<int> MoveAsync(string from, string to, bool isBack, DateTimeOffset now, CancellationToken cancellationToken)
    {
        StoredEntry[] moving = [.. All(from).Where(e => !isBack || e.Entry.Origin == to)];
        if (moving.Length == 0)
            return 0;
        lock (_gate)
        {
            foreach (StoredEntry entry in moving)
            {
                Of(to)[entry.Key] = entry with { AccountId = to, Entry = entry.Entry with { Origin = isBack ? null : entry.Entry.Origin ?? from, Starts = false } };
                Of(from).Remove(entry.Key);
                _live[to] = DateOnly.FromDateTime(now.UtcDateTime);
            }

            foreach (string account in new[] { from, to })
                _states[account] = SignalFold.Recounted(_states.GetValueOrDefault(account) ?? SignalState.Empty, Of(account).Values.Select(e => e.Entry.Event).Where(e => e.At > now.AddDays(-SignalState.DaysKept)), now);
        }

        if (!isBack)
            await ForgetAsync(from, cancellationToken);
        return moving.Length;
    }

    public Task<ListPage<LiveAccount>> LiveAsync(int limit, string? after, CancellationToken cancellationToken)
    {
        lock (_gate)
            return InMemoryLists.Page(_live.Select(l => new LiveAccount(l.Key, l.Value)).ToArray(), limit, after);
    }

    public Task<int> PurgeAsync(string accountId, DateTimeOffset before, int limit, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            string[] old = [.. Of(accountId).Where(e => e.Value.Entry.Event.At < before).Select(e => e.Key).Take(limit)];
            foreach (string key in old)
                Of(accountId).Remove(key);
            return Task.FromResult(old.Length);
        }
    }

    public Task ForgetAsync(string accountId, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            _live.Remove(accountId);
            if (Of(accountId).Count == 0)
                _states.Remove(accountId);
        }

        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<StoredEntry>> OfPersonAsync(string personKey, int limit, CancellationToken cancellationToken)
    {
        lock (_gate)
            return Task.FromResult<IReadOnlyList<StoredEntry>>([.. _entries.Values.SelectMany(e => e.Values).Where(e => e.Entry.Event.PersonKey == personKey).Take(limit)]);
    }

    public Task<int> ErasePersonAsync(string personKey, CancellationToken cancellationToken)
    {
        int erased = 0;
        lock (_gate)
        {
            foreach ((string account, SortedDictionary<string, StoredEntry> entries) in _entries)
            {
                string[] keys = [.. entries.Where(e => e.Value.Entry.Event.PersonKey == personKey).Select(e => e.Key)];
                foreach (string key in keys)
                    entries.Remove(key);
                erased += keys.Length;
                if (keys.Length > 0)
                    _states[account] = SignalFold.WithoutPerson(_states[account], personKey) with { Pending = [.. _states[account].Pending.Except(keys, StringComparer.Ordinal)] };
            }
        }

        return Task.FromResult(erased);
    }

    private static string Key(AccountEvent e) => $"e|{DateTimeOffset.MaxValue.UtcTicks - e.At.UtcTicks:D19}|{e.EventId}";

    private SortedDictionary<string, StoredEntry> Of(string accountId) =>
        _entries.TryGetValue(accountId, out SortedDictionary<string, StoredEntry>? entries) ? entries : _entries[accountId] = new SortedDictionary<string, StoredEntry>(StringComparer.Ordinal);
}

/// <summary>Events of unknown accounts in memory.</summary>
public sealed class InMemoryWaitingEvents : IWaitingEvents
{
    private readonly Dictionary<WaitingSubject, List<AccountEvent>> _events = [];

    public IReadOnlyList<WaitingSubject> Subjects => [.. _events.Keys];

    public Task<bool> KeepAsync(WaitingSubject subject, AccountEvent happened, CancellationToken cancellationToken)
    {
        if (!_events.TryGetValue(subject, out List<AccountEvent>? events))
            _events[subject] = events = [];
        if (events.Any(e => e.EventId == happened.EventId))
            return Task.FromResult(true);
        if (events.Count >= IWaitingEvents.MostOfOne)
            return Task.FromResult(false);
        events.Add(happened);
        return Task.FromResult(true);
    }

    public Task<ListPage<WaitingSubject>> SubjectsAsync(int limit, string? after, CancellationToken cancellationToken) =>
        InMemoryLists.Page(_events.Keys.OrderBy(s => s.ToString(), StringComparer.Ordinal), limit, after);

    public Task<IReadOnlyList<AccountEvent>> OfAsync(WaitingSubject subject, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<AccountEvent>>([.. _events.GetValueOrDefault(subject) ?? []]);

    public Task RemoveAsync(WaitingSubject subject, IReadOnlyList<string> eventIds, CancellationToken cancellationToken)
    {
        if (_events.TryGetValue(subject, out List<AccountEvent>? events))
        {
            events.RemoveAll(e => eventIds.Contains(e.EventId, StringComparer.Ordinal));
            if (events.Count == 0)
                _events.Remove(subject);
        }

        return Task.CompletedTask;
    }

    public Task<int> PurgeAsync(DateTimeOffset before, CancellationToken cancellationToken) => RemoveAsync(e => e.ReceivedAt < before);

    public Task<IReadOnlyList<AccountEvent>> OfPersonAsync(string personKey, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<AccountEvent>>([.. _events.Values.SelectMany(e => e).Where(e => e.PersonKey == personKey)]);

    public Task<int> ErasePersonAsync(string personKey, CancellationToken cancellationToken) => RemoveAsync(e => e.PersonKey == personKey);

    private Task<int> RemoveAsync(Predicate<AccountEvent> goes)
    {
        int removed = 0;
        foreach (WaitingSubject subject in _events.Keys.ToArray())
        {
            removed += _events[subject].RemoveAll(goes);
            if (_events[subject].Count == 0)
                _events.Remove(subject);
        }

        return Task.FromResult(removed);
    }
}

/// <summary>Keys of people that a test can read.</summary>
public sealed class PlainPersonKeys : IPersonKeys
{
    public ValueTask<string?> OfAsync(string? email, CancellationToken cancellationToken) => ValueTask.FromResult(string.IsNullOrWhiteSpace(email) ? null : $"person-{email.Trim().ToLowerInvariant()}");
}
