using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Abm.Functions.Storage.Accounts;
using Abm.Functions.Storage.Feeds;
using Abm.Functions.Storage.Reps;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Abm.Functions.Tests.Accounts;

/// <summary>A change feed in memory, with the same promises as the one in tables, and ways to interfere.</summary>
internal sealed class InMemoryFeed : IChangeFeed
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<long, byte[]> _changes = [];
    private readonly Dictionary<string, byte[][]> _snapshots = [];
    private FeedHead _head = FeedHead.Empty;
    private int _writes;

    public int HeadReads { get; private set; }

    public int Appends { get; private set; }

    public int SnapshotReads { get; private set; }

    public FeedHead Head => _head;

    public IReadOnlyCollection<long> ChangeSets => [.. _changes.Keys];

    /// <summary>Called in the middle of each head read, after the head was taken.</summary>
    public Func<Task>? DuringHeadRead { get; set; }

    /// <summary>Called before each append.</summary>
    public Func<Task>? BeforeAppend { get; set; }

    /// <summary>Makes snapshots fail after their parts were written, as a crash would.</summary>
    public bool SnapshotsFail { get; set; }

    public async Task<FeedHead> HeadAsync(CancellationToken cancellationToken)
    {
        FeedHead head;
        lock (_gate)
        {
            HeadReads++;
            head = _head;
        }

        if (DuringHeadRead is { } wait)
            await wait();
        return head;
    }

    public async IAsyncEnumerable<byte[]> ReadAsync(long first, long last, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (long version = first; version <= last; version++)
        {
            byte[]? content;
            lock (_gate)
                _changes.TryGetValue(version, out content);
            await Task.Yield();
            if (content is null)
                yield break;
            yield return content;
        }
    }

    public async Task<FeedHead?> AppendAsync(FeedHead expected, byte[] content, CancellationToken cancellationToken)
    {
        if (BeforeAppend is { } interfere)
            await interfere();
        lock (_gate)
        {
            if (_head.Tag != expected.Tag)
                return null;
            Appends++;
            _changes.Add(expected.Version + 1, content);
            return _head = expected with { Version = expected.Version + 1, Tag = NextTag() };
        }
    }

    public async IAsyncEnumerable<byte[]> ReadSnapshotAsync(SnapshotHead snapshot, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        SnapshotReads++;
        await Task.Yield();
        byte[][] parts = _snapshots.GetValueOrDefault(snapshot.Name, []);
        foreach (byte[] part in parts)
            yield return part;
        if (parts.Length != snapshot.Parts || HashOf(parts) != snapshot.Hash)
            throw new InvalidDataException("torn");
    }

    public Task<FeedHead?> SnapshotAsync(FeedHead expected, IEnumerable<byte[]> parts, CancellationToken cancellationToken)
    {
        byte[][] all = [.. parts];
        lock (_gate)
        {
            string name = string.Create(CultureInfo.InvariantCulture, $"{expected.Version}-{_snapshots.Count}");
            _snapshots[name] = all;
            if (SnapshotsFail)
                throw new Azure.RequestFailedException(503, "busy");
            if (_head.Tag != expected.Tag)
                return Task.FromResult<FeedHead?>(null);
            _head = expected with { Snapshot = new SnapshotHead(expected.Version, all.Length, name, HashOf(all)), Previous = expected.Snapshot, Tag = NextTag() };
            foreach (long old in _changes.Keys.Where(version => version <= _head.Floor).ToArray())
                _changes.Remove(old);
            return Task.FromResult<FeedHead?>(_head);
        }
    }

    /// <summary>Changes the parts of a snapshot behind everybody's back; a part that becomes null is lost.</summary>
    /// <param name="isKnown">Whether the head is made to fit, as if they had been written so.</param>
    public void Damage(SnapshotHead snapshot, Func<byte[], byte[]?> damage, bool isKnown = false)
    {
        lock (_gate)
        {
            byte[][] parts = _snapshots[snapshot.Name] = [.. _snapshots[snapshot.Name].Select(damage).OfType<byte[]>()];
            if (isKnown)
                _head = _head with { Snapshot = _head.Snapshot! with { Parts = parts.Length, Hash = HashOf(parts) } };
        }
    }

    /// <summary>Takes everything away, as someone who deletes the storage does.</summary>
    public void Empty()
    {
        lock (_gate)
        {
            _changes.Clear();
            _snapshots.Clear();
            _head = FeedHead.Empty;
        }
    }

    /// <summary>A new process over the same storage.</summary>
    public FeedAccountCatalogue Accounts(ILogger<FeedAccountCatalogue>? logger = null) => new(this, logger ?? NullLogger<FeedAccountCatalogue>.Instance);

    /// <inheritdoc cref="Accounts"/>
    public FeedRepCatalogue Reps() => new(this, NullLogger<FeedRepCatalogue>.Instance);

    private static string HashOf(byte[][] parts) => Convert.ToHexString(SHA256.HashData([.. parts.SelectMany(part => part)]));

    private string NextTag() => (++_writes).ToString(CultureInfo.InvariantCulture);
}
