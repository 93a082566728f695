namespace Abm.Local.Durable.Storage;

/// <summary>A row: keys, properties (text, numbers, booleans, instants) and the tag of its last change.</summary>
internal sealed record TableRow(string PartitionKey, string RowKey)
{
    public Dictionary<string, object> Properties { get; init; } = new(StringComparer.Ordinal);

    public string? ETag { get; init; }

    public string? Text(string name) => Properties.GetValueOrDefault(name) as string;

    public DateTimeOffset? Instant(string name) => Properties.GetValueOrDefault(name) switch
    {
        DateTimeOffset instant => instant,
        DateTime utc => new DateTimeOffset(DateTime.SpecifyKind(utc, DateTimeKind.Utc)),
        _ => null,
    };

    public int Number(string name) => Properties.GetValueOrDefault(name) switch
    {
        int small => small,
        long large => checked((int)large),
        _ => 0,
    };
}

/// <summary>Which rows of a table are read. Everything that is set must hold.</summary>
internal sealed record TableRange
{
    public string? PartitionKey { get; init; }

    /// <summary>Partition keys from here on (included).</summary>
    public string? PartitionFrom { get; init; }

    /// <summary>Partition keys up to here (included).</summary>
    public string? PartitionTo { get; init; }

    public string? RowKey { get; init; }

    /// <summary>Row keys from here on (included).</summary>
    public string? RowKeyFrom { get; init; }

    /// <summary>Row keys up to here (not included).</summary>
    public string? RowKeyBefore { get; init; }

    /// <summary>Rows whose text property has one of these values.</summary>
    public (string Property, IReadOnlyList<string> Values)? OneOf { get; init; }

    /// <summary>Rows whose instant lies in a span, both ends included.</summary>
    public (string Property, DateTimeOffset? From, DateTimeOffset? To)? Between { get; init; }

    /// <summary>The properties to read; null: all.</summary>
    public IReadOnlyList<string>? Select { get; init; }
}

/// <summary>One page of a query.</summary>
internal sealed record TablePage(IReadOnlyList<TableRow> Rows, string? Continuation);

/// <summary>
/// What the engine needs of Table Storage, and no more. Each write is atomic for its one row; conditional writes say with a null that
/// somebody else was first. Everything else that goes wrong is an exception, after which it is not known whether the write happened.
/// </summary>
internal interface ITable
{
    /// <summary>Creates the table if it is not there.</summary>
    Task CreateIfMissingAsync(CancellationToken cancellationToken);

    /// <summary>One row, null if there is none.</summary>
    Task<TableRow?> GetAsync(string partitionKey, string rowKey, IReadOnlyList<string>? select, CancellationToken cancellationToken);

    /// <summary>Inserts a row.</summary>
    /// <returns>Its tag; null: there is one of these keys.</returns>
    Task<string?> AddAsync(TableRow row, CancellationToken cancellationToken);

    /// <summary>Changes a row that still has the tag: all of it, or only the given properties when merging.</summary>
    /// <returns>Its new tag; null: it has another tag or is gone.</returns>
    Task<string?> UpdateAsync(TableRow row, string etag, bool merge, CancellationToken cancellationToken);

    /// <summary>Writes a row whatever is there.</summary>
    Task UpsertAsync(TableRow row, CancellationToken cancellationToken);

    /// <summary>Removes a row, if it still has the tag when one is given.</summary>
    /// <returns>Whether it is gone.</returns>
    Task<bool> DeleteAsync(string partitionKey, string rowKey, string? etag, CancellationToken cancellationToken);

    /// <summary>Rows in order of their keys, a page at a time.</summary>
    Task<TablePage> QueryAsync(TableRange range, int pageSize, string? continuation, CancellationToken cancellationToken);
}
