using System.Collections.Concurrent;
using Abm.Ports;

namespace Abm.TestKit;

/// <summary>Versions, the log of activations and dry runs in memory; keeps the contract of the tables. Can be out of reach, slow, and counts how often the head is read.</summary>
public sealed class InMemoryConfig : IConfigVersions, IConfigActivations, IPublishGate
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, ConfigVersion> _versions = new(StringComparer.Ordinal);
    private readonly List<Activation> _log = [];
    private readonly ConcurrentDictionary<string, DryRunSummary> _runs = new(StringComparer.Ordinal);
    private ActivationHead _head = ActivationHead.None;
    private int _headReads;
    private int _reading;

    /// <summary>Every call fails as a storage does that cannot be reached.</summary>
    public bool IsDown { get; set; }

    /// <summary>What the head's reader waits for before it answers; null: nothing.</summary>
    public Task? Hold { get; set; }

    /// <summary>What somebody else does just before the next append; then it is forgotten.</summary>
    public Func<Task>? BeforeAppend { get; set; }

    public int HeadReads => _headReads;

    /// <summary>The most reads of the head that ever went on at the same time.</summary>
    public int MostReadsAtOnce { get; private set; }

    public IReadOnlyList<Activation> Log
    {
        get
        {
            lock (_lock)
                return [.. _log];
        }
    }

    public Task<bool> AddAsync(ConfigVersion version, CancellationToken cancellationToken)
    {
        Check();
        lock (_lock)
            return Task.FromResult(_versions.TryAdd(version.Version, version));
    }

    public Task<ConfigVersion?> FindAsync(string version, CancellationToken cancellationToken)
    {
        Check();
        lock (_lock)
            return Task.FromResult(_versions.GetValueOrDefault(version));
    }

    Task<ListPage<ConfigVersionLine>> IConfigVersions.ListAsync(int limit, string? after, CancellationToken cancellationToken)
    {
        Check();
        lock (_lock)
            return InMemoryLists.Page(_versions.Values.Select(v => v.Line).OrderByDescending(v => v.CreatedAt).ThenBy(v => v.Version, StringComparer.Ordinal), limit, after);
    }

    public async Task<ActivationHead> ReadAsync(CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _headReads);
        MostReadsAtOnce = Math.Max(MostReadsAtOnce, Interlocked.Increment(ref _reading));
        try
        {
            if (Hold is { } hold)
                await hold.WaitAsync(cancellationToken);
            Check();
            lock (_lock)
                return _head;
        }
        finally
        {
            Interlocked.Decrement(ref _reading);
        }
    }

    public async Task<SaveOutcome> AppendAsync(
        ActivationHead read, IReadOnlyList<Activation> entries, string? folderContent, DateTimeOffset now, CancellationToken cancellationToken)
    {
        Check();
        if (BeforeAppend is { } before)
        {
            BeforeAppend = null;
            await before();
        }

        lock (_lock)
        {
            if (read.Tag != _head.Tag)
                return SaveOutcome.Conflict;
            _log.AddRange(entries);
            _head = new ActivationHead(
                read.List.With(entries, now), read.LastSequence + entries.Count, folderContent ?? read.FolderContent, $"tag-{_log.Count}-{folderContent}-{Guid.NewGuid():N}");
            return SaveOutcome.Saved;
        }
    }

    Task<ListPage<Activation>> IConfigActivations.LogAsync(int limit, string? after, CancellationToken cancellationToken)
    {
        Check();
        lock (_lock)
            return InMemoryLists.Page(_log.OrderByDescending(e => e.Sequence), limit, after);
    }

    public Task<bool> WasActivatedAsync(string version, CancellationToken cancellationToken)
    {
        Check();
        lock (_lock)
            return Task.FromResult(_log.Any(e => e.Version == version));
    }

    public Task NoteAsync(DryRunSummary summary, CancellationToken cancellationToken)
    {
        Check();
        _runs[summary.Id] = summary;
        return Task.CompletedTask;
    }

    public Task<DryRunSummary?> FindAsync(string draftVersion, string baseVersion, CancellationToken cancellationToken)
    {
        Check();
        return Task.FromResult(_runs.GetValueOrDefault(DryRunSummary.IdOf(draftVersion, baseVersion)));
    }

    private void Check()
    {
        if (IsDown)
            throw new HttpRequestException("The storage is out of reach.");
    }
}

/// <summary>The audit in memory; keeps the contract of the table.</summary>
public sealed class InMemoryAudit : IAuditLog
{
    private readonly ConcurrentDictionary<(DateTimeOffset At, string Id), AuditEntry> _entries = [];

    /// <summary>Writing and reading fail as they do when a storage cannot be reached.</summary>
    public bool IsDown { get; set; }

    /// <summary>Calls to write, repeats included.</summary>
    public int Writes { get; private set; }

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<AuditEntry> Entries => [.. _entries.Values.OrderBy(e => e.At).ThenBy(e => e.Id, StringComparer.Ordinal)];

    public Task WriteAsync(AuditEntry entry, CancellationToken cancellationToken)
    {
        if (IsDown)
            throw new HttpRequestException("The storage is out of reach.");
        Writes++;
        _entries.TryAdd((entry.At, entry.Id), entry);
        return Task.CompletedTask;
    }

    public Task<ListPage<AuditEntry>> ListAsync(AuditFilter filter, int limit, string? after, CancellationToken cancellationToken)
    {
        if (IsDown)
            throw new HttpRequestException("The storage is out of reach.");
        return InMemoryLists.Page(
            _entries.Values
                .Where(e => filter.From is null || e.At >= filter.From)
                .Where(e => filter.To is null || e.At < filter.To)
                .Where(e => filter.By is null || e.By == filter.By)
                .Where(e => filter.Kind is null || e.Kind == filter.Kind)
                .Where(e => filter.Subject is null || e.Subject == filter.Subject)
                .OrderByDescending(e => e.At).ThenBy(e => e.Id, StringComparer.Ordinal),
            limit,
            after);
    }

    public Task<int> ForgetAsync(DateOnly before, int limit, CancellationToken cancellationToken)
    {
        (DateTimeOffset, string)[] old = [.. _entries.Keys.Where(key => DateOnly.FromDateTime(key.At.UtcDateTime) < before).Take(limit)];
        foreach ((DateTimeOffset, string) key in old)
            _entries.TryRemove(key, out _);
        return Task.FromResult(old.Length);
    }
}
