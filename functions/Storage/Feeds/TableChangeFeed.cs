using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Azure;
using Azure.Data.Tables;

namespace Abm.Functions.Storage.Feeds;

/// <summary>A change feed in a table: head and change sets in one partition, each snapshot in its own.</summary>
public sealed class TableChangeFeed(TableClient table, string name) : IChangeFeed
{
    private const string HeadRow = "head";
    private const string ChangePrefix = "change-";

    /// <summary>A property holds at most 64 KiB.</summary>
    private const int PropertyLength = 64 * 1024;

    /// <summary>Most parts of a snapshot that go in one transaction: even the largest stay below its 4 MiB, as base64.</summary>
    private const int PartsAtOnce = 4;

    /// <summary>Parts of a snapshot that are asked for together: a page of a few megabytes.</summary>
    private const int PartsOfRange = 12;

    /// <summary>How many such pages are asked for at a time.</summary>
    private const int RangesAtOnce = 4;

    /// <summary>So often another writer may have begun a snapshot of the same version.</summary>
    private const int MostAttempts = 20;

    /// <summary>The format of the head; 1 had no names and no hashes of snapshots.</summary>
    private const int Format = 2;

    /// <inheritdoc/>
    public async Task<FeedHead> HeadAsync(CancellationToken cancellationToken)
    {
        NullableResponse<TableEntity> head = await table.GetEntityIfExistsAsync<TableEntity>(name, HeadRow, cancellationToken: cancellationToken);
        return head.HasValue ? Read(head.Value!, head.Value!.ETag.ToString()) : FeedHead.Empty;
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<byte[]> ReadAsync(long first, long last, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (first == last)
        {
            NullableResponse<TableEntity> only = await table.GetEntityIfExistsAsync<TableEntity>(name, ChangeRow(first), cancellationToken: cancellationToken);
            if (only.HasValue)
                yield return Join(only.Value!);
            yield break;
        }

        string filter = TableClient.CreateQueryFilter($"PartitionKey eq {name} and RowKey ge {ChangeRow(first)} and RowKey le {ChangeRow(last)}");
        long expected = first;
        await foreach (TableEntity row in table.QueryAsync<TableEntity>(filter, cancellationToken: cancellationToken))
        {
            if (row.RowKey != ChangeRow(expected++))
                yield break;
            yield return Join(row);
        }
    }

    /// <inheritdoc/>
    public async Task<FeedHead?> AppendAsync(FeedHead expected, byte[] content, CancellationToken cancellationToken)
    {
        FeedHead next = expected with { Version = expected.Version + 1 };
        return await ReplaceHeadAsync(expected, next, new TableTransactionAction(TableTransactionActionType.Add, Row(name, ChangeRow(next.Version), content)), cancellationToken);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<byte[]> ReadSnapshotAsync(SnapshotHead snapshot, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var ranges = new Queue<Task<List<byte[]>>>();
        for (int next = 0; next < snapshot.Parts || ranges.Count > 0;)
        {
            for (; ranges.Count < RangesAtOnce && next < snapshot.Parts; next += PartsOfRange)
                ranges.Enqueue(ReadPartsAsync(snapshot, next, Math.Min(next + PartsOfRange, snapshot.Parts), cancellationToken));
            foreach (byte[] part in await ranges.Dequeue())
            {
                hash.AppendData(part);
                yield return part;
            }
        }

        if (HashOf(hash) != snapshot.Hash)
            throw new InvalidDataException($"The snapshot {snapshot.Name} is torn: its parts are not those that its head was written for.");
    }

    private async Task<List<byte[]>> ReadPartsAsync(SnapshotHead snapshot, int from, int until, CancellationToken cancellationToken)
    {
        string partition = SnapshotPartition(snapshot.Name);
        string filter = TableClient.CreateQueryFilter($"PartitionKey eq {partition} and RowKey ge {PartRow(from)} and RowKey lt {PartRow(until)}");
        var parts = new List<byte[]>(until - from);
        await foreach (TableEntity row in table.QueryAsync<TableEntity>(filter, maxPerPage: PartsOfRange, cancellationToken: cancellationToken))
            parts.Add(Join(row));
        return parts.Count == until - from ? parts : throw new InvalidDataException($"The snapshot {snapshot.Name} is torn: parts between {from} and {until} are missing.");
    }

    /// <inheritdoc/>
    public async Task<FeedHead?> SnapshotAsync(FeedHead expected, IEnumerable<byte[]> parts, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        string? snapshot = null;
        int count = 0;
        foreach (byte[][] some in parts.Chunk(PartsAtOnce))
        {
            if (snapshot is null)
                snapshot = await BeginSnapshotAsync(expected.Version, some, cancellationToken);
            else
                await AddPartsAsync(snapshot, count, some, cancellationToken);
            count += some.Length;
            foreach (byte[] part in some)
                hash.AppendData(part);
        }

        // Change sets since the snapshot before stay, for readers that are only a little behind and for when this one cannot be read.
        FeedHead next = expected with { Snapshot = new SnapshotHead(expected.Version, count, snapshot ?? "empty", HashOf(hash)), Previous = expected.Snapshot };
        FeedHead? head = await ReplaceHeadAsync(expected, next, null, cancellationToken);
        if (head is not null)
            await CleanAsync(head, cancellationToken);
        return head;
    }

    /// <summary>Whoever inserts the first parts has the name for itself; another writer at the same version takes the next one.</summary>
    private async Task<string> BeginSnapshotAsync(long version, byte[][] first, CancellationToken cancellationToken)
    {
        for (int attempt = 0; ; attempt++)
        {
            string snapshot = string.Create(CultureInfo.InvariantCulture, $"{version:D19}-{attempt:D2}");
            try
            {
                await AddPartsAsync(snapshot, 0, first, cancellationToken);
                return snapshot;
            }
            catch (RequestFailedException e) when (e.Status == 409 && attempt < MostAttempts)
            {
                // Somebody began one here: perhaps still writing, perhaps gone.
            }
        }
    }

    private async Task AddPartsAsync(string snapshot, int from, byte[][] parts, CancellationToken cancellationToken) => await table.SubmitTransactionAsync(
        parts.Select((part, i) => new TableTransactionAction(TableTransactionActionType.Add, Row(SnapshotPartition(snapshot), PartRow(from + i), part))), cancellationToken);

    private async Task<FeedHead?> ReplaceHeadAsync(FeedHead expected, FeedHead next, TableTransactionAction? together, CancellationToken cancellationToken)
    {
        var row = new TableEntity(name, HeadRow)
        {
            ["Format"] = Format,
            [nameof(FeedHead.Version)] = next.Version,
        };
        Write(nameof(FeedHead.Snapshot), next.Snapshot, row);
        Write(nameof(FeedHead.Previous), next.Previous, row);
        TableTransactionAction head = expected.Tag.Length == 0
            ? new TableTransactionAction(TableTransactionActionType.Add, row)
            : new TableTransactionAction(TableTransactionActionType.UpdateReplace, row, new ETag(expected.Tag));
        try
        {
            Response<IReadOnlyList<Response>> saved = await table.SubmitTransactionAsync(together is null ? [head] : [head, together], cancellationToken);
            return next with { Tag = saved.Value[0].Headers.ETag!.Value.ToString() };
        }
        catch (RequestFailedException e) when (e.Status is 409 or 412)
        {
            return null;
        }
    }

    /// <summary>Removes what lies before the snapshot before this one. What a crash leaves behind is removed with the next snapshot but never read.</summary>
    private async Task CleanAsync(FeedHead now, CancellationToken cancellationToken)
    {
        string changes = TableClient.CreateQueryFilter($"PartitionKey eq {name} and RowKey ge {ChangePrefix} and RowKey le {ChangeRow(now.Floor)}");
        await DeleteAsync(changes, cancellationToken);
        if (now.Previous is { } previous)
        {
            string older = TableClient.CreateQueryFilter($"PartitionKey ge {SnapshotPartition("")} and PartitionKey lt {SnapshotPartition(previous.Name)}");
            await DeleteAsync(older, cancellationToken);
        }
    }

    private async Task DeleteAsync(string filter, CancellationToken cancellationToken)
    {
        var rows = new List<TableEntity>();
        await foreach (TableEntity row in table.QueryAsync<TableEntity>(filter, select: ["PartitionKey", "RowKey"], cancellationToken: cancellationToken))
            rows.Add(row);
        foreach (IGrouping<string, TableEntity> partition in rows.GroupBy(row => row.PartitionKey, StringComparer.Ordinal))
        {
            foreach (TableEntity[] some in partition.Chunk(100))
            {
                try
                {
                    await table.SubmitTransactionAsync(some.Select(row => new TableTransactionAction(TableTransactionActionType.Delete, row, ETag.All)), cancellationToken);
                }
                catch (RequestFailedException e) when (e.Status == 404)
                {
                    // Another writer is cleaning the same rows; what is left goes with the next snapshot.
                    return;
                }
            }
        }
    }

    private static FeedHead Read(TableEntity row, string tag)
    {
        int format = row.GetInt32("Format") ?? 0;
        if (format != Format)
            throw new InvalidDataException($"The feed's head has the format {format}; this version of the app reads format {Format}.");
        return new FeedHead(row.GetInt64(nameof(FeedHead.Version)) ?? 0, Read(nameof(FeedHead.Snapshot), row), Read(nameof(FeedHead.Previous), row), tag);
    }

    private static void Write(string prefix, SnapshotHead? snapshot, TableEntity to)
    {
        if (snapshot is null)
            return;
        to[prefix + nameof(SnapshotHead.Version)] = snapshot.Version;
        to[prefix + nameof(SnapshotHead.Parts)] = snapshot.Parts;
        to[prefix + nameof(SnapshotHead.Name)] = snapshot.Name;
        to[prefix + nameof(SnapshotHead.Hash)] = snapshot.Hash;
    }

    private static SnapshotHead? Read(string prefix, TableEntity from) => from.GetString(prefix + nameof(SnapshotHead.Name)) is { } name
        ? new SnapshotHead(
            from.GetInt64(prefix + nameof(SnapshotHead.Version)) ?? 0, from.GetInt32(prefix + nameof(SnapshotHead.Parts)) ?? 0, name, from.GetString(prefix + nameof(SnapshotHead.Hash)) ?? "")
        : null;

    private static string HashOf(IncrementalHash hash) => Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 16));

    private static TableEntity Row(string partition, string row, byte[] content)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(content.Length, FeedContent.MaxLength);
        var entity = new TableEntity(partition, row) { ["Length"] = content.Length };
        for (int i = 0; i * PropertyLength < content.Length; i++)
            entity[PropertyName(i)] = content[(i * PropertyLength)..Math.Min(content.Length, (i + 1) * PropertyLength)];
        return entity;
    }

    private static byte[] Join(TableEntity row)
    {
        byte[] content = new byte[row.GetInt32("Length") ?? 0];
        for (int i = 0; i * PropertyLength < content.Length; i++)
            row.GetBinary(PropertyName(i))!.CopyTo(content, i * PropertyLength);
        return content;
    }

    private string SnapshotPartition(string snapshot) => $"{name}-snapshot-{snapshot}";

    private static string ChangeRow(long version) => string.Create(CultureInfo.InvariantCulture, $"{ChangePrefix}{version:D19}");

    private static string PartRow(int part) => string.Create(CultureInfo.InvariantCulture, $"{part:D8}");

    private static string PropertyName(int i) => string.Create(CultureInfo.InvariantCulture, $"Part{i:D2}");
}
