using System.Globalization;

namespace Abm.Local.Durable.Storage;

/// <summary>A table in memory, with the same rules as the real one. For tests of the engine.</summary>
internal sealed class MemoryTable : ITable
{
    private readonly SortedDictionary<(string, string), TableRow> _rows = new(Comparer<(string Partition, string Row)>.Create((a, b) =>
        string.CompareOrdinal(a.Partition, b.Partition) is not 0 and var order ? order : string.CompareOrdinal(a.Row, b.Row)));

    private readonly Lock _gate = new();
    private long _tag;

    /// <summary>All rows, for assertions.</summary>
    public IReadOnlyList<TableRow> Rows
    {
        get
        {
            lock (_gate)
                return [.. _rows.Values];
        }
    }

    public Task CreateIfMissingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<TableRow?> GetAsync(string partitionKey, string rowKey, IReadOnlyList<string>? select, CancellationToken cancellationToken)
    {
        lock (_gate)
            return Task.FromResult(_rows.TryGetValue((partitionKey, rowKey), out TableRow? row) ? Copy(row, select) : null);
    }

    public Task<string?> AddAsync(TableRow row, CancellationToken cancellationToken)
    {
        lock (_gate)
            return Task.FromResult(_rows.ContainsKey((row.PartitionKey, row.RowKey)) ? null : Store(row));
    }

    public Task<string?> UpdateAsync(TableRow row, string etag, bool merge, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (!_rows.TryGetValue((row.PartitionKey, row.RowKey), out TableRow? old) || old.ETag != etag)
                return Task.FromResult<string?>(null);
            if (!merge)
                return Task.FromResult<string?>(Store(row));
            TableRow merged = Copy(old, null);
            foreach ((string name, object value) in row.Properties)
                merged.Properties[name] = value;
            return Task.FromResult<string?>(Store(merged));
        }
    }

    public Task UpsertAsync(TableRow row, CancellationToken cancellationToken)
    {
        lock (_gate)
            Store(row);
        return Task.CompletedTask;
    }

    public Task<bool> DeleteAsync(string partitionKey, string rowKey, string? etag, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (!_rows.TryGetValue((partitionKey, rowKey), out TableRow? row))
                return Task.FromResult(true);
            return Task.FromResult((etag is null || row.ETag == etag) && _rows.Remove((partitionKey, rowKey)));
        }
    }

    public Task<TablePage> QueryAsync(TableRange range, int pageSize, string? continuation, CancellationToken cancellationToken)
    {
        int skip = continuation is null ? 0 : int.Parse(continuation, CultureInfo.InvariantCulture);
        lock (_gate)
        {
            List<TableRow> found = _rows.Values.Where(row => Fits(row, range)).Skip(skip).Take(pageSize + 1).Select(row => Copy(row, range.Select)).ToList();
            bool more = found.Count > pageSize;
            return Task.FromResult(new TablePage(
                more ? found[..pageSize] : found, more ? (skip + pageSize).ToString(CultureInfo.InvariantCulture) : null));
        }
    }

    private static bool Fits(TableRow row, TableRange range) =>
        (range.PartitionKey is not { } partition || row.PartitionKey == partition)
        && (range.PartitionFrom is not { } from || string.CompareOrdinal(row.PartitionKey, from) >= 0)
        && (range.PartitionTo is not { } to || string.CompareOrdinal(row.PartitionKey, to) <= 0)
        && (range.RowKey is not { } key || row.RowKey == key)
        && (range.RowKeyFrom is not { } first || string.CompareOrdinal(row.RowKey, first) >= 0)
        && (range.RowKeyBefore is not { } before || string.CompareOrdinal(row.RowKey, before) < 0)
        && (range.OneOf is not { } oneOf || (row.Text(oneOf.Property) is { } text && oneOf.Values.Contains(text)))
        && (range.Between is not { } between || (row.Instant(between.Property) is { } at && !(at < between.From) && !(at > between.To)));

    private static TableRow Copy(TableRow row, IReadOnlyList<string>? select) => row with
    {
        Properties = row.Properties.Where(p => select is null || select.Contains(p.Key)).ToDictionary(StringComparer.Ordinal),
    };

    private string Store(TableRow row)
    {
        string tag = (++_tag).ToString(CultureInfo.InvariantCulture);
        _rows[(row.PartitionKey, row.RowKey)] = Copy(row, null) with { ETag = tag };
        return tag;
    }
}
