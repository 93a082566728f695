using System.Globalization;
using System.Runtime.CompilerServices;
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
    public async IAsyncEnumerable<byte[]> ReadSnapshotAsync(FeedHead head, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string partition = SnapshotPartition(head.SnapshotVersion);
        string filter = TableClient.CreateQueryFilter($"PartitionKey eq {partition} and RowKey lt {PartRow(head.SnapshotParts)}");

        // Few rows a page: each may have half a megabyte.
        await foreach (TableEntity row in table.QueryAsync<TableEntity>(filter, maxPerPage: 16, cancellationToken: cancellationToken))
            yield return Join(row);
    }

    /// <inheritdoc/>
    public async Task<FeedHead?> SnapshotAsync(FeedHead expected, IEnumerable<byte[]> parts, CancellationToken cancellationToken)
    {
        string partition = SnapshotPartition(expected.Version);
        int count = 0;
        foreach (byte[][] some in parts.Chunk(PartsAtOnce))
        {
            // The same version has the same content, so that two writers at once write the same rows.
            await table.SubmitTransactionAsync(
                some.Select(part => new TableTransactionAction(TableTransactionActionType.UpsertReplace, Row(partition, PartRow(count++), part))), cancellationToken);
        }

        // Change sets since the snapshot before stay, for readers that are only a little behind.
        FeedHead next = expected with { SnapshotVersion = expected.Version, SnapshotParts = count, Floor = expected.SnapshotVersion };
        FeedHead? head = await ReplaceHeadAsync(expected, next, null, cancellationToken);
        if (head is not null)
            await CleanAsync(head, cancellationToken);
        return head;
    }

    private async Task<FeedHead?> ReplaceHeadAsync(FeedHead expected, FeedHead next, TableTransactionAction? together, CancellationToken cancellationToken)
    {
        var row = new TableEntity(name, HeadRow)
        {
            ["Format"] = 1,
            [nameof(FeedHead.Version)] = next.Version,
            [nameof(FeedHead.SnapshotVersion)] = next.SnapshotVersion,
            [nameof(FeedHead.SnapshotParts)] = next.SnapshotParts,
            [nameof(FeedHead.Floor)] = next.Floor,
        };
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
        if (now.Floor > 0)
        {
            string older = TableClient.CreateQueryFilter($"PartitionKey ge {name + "-snapshot-"} and PartitionKey lt {SnapshotPartition(now.Floor)}");
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
        if (format != 1)
            throw new InvalidDataException($"The feed's head has the format {format}; this version of the app reads format 1.");
        return new FeedHead(
            row.GetInt64(nameof(FeedHead.Version)) ?? 0,
            row.GetInt64(nameof(FeedHead.SnapshotVersion)) ?? 0,
            row.GetInt32(nameof(FeedHead.SnapshotParts)) ?? 0,
            row.GetInt64(nameof(FeedHead.Floor)) ?? 0,
            tag);
    }

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

    private string SnapshotPartition(long version) => string.Create(CultureInfo.InvariantCulture, $"{name}-snapshot-{version:D19}");

    private static string ChangeRow(long version) => string.Create(CultureInfo.InvariantCulture, $"{ChangePrefix}{version:D19}");

    private static string PartRow(int part) => string.Create(CultureInfo.InvariantCulture, $"{part:D8}");

    private static string PropertyName(int i) => string.Create(CultureInfo.InvariantCulture, $"Part{i:D2}");
}
