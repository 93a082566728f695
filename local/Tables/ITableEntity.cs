namespace Azure.Data.Tables;

/// <summary>What every row has: its two keys, when the service last wrote it, and the tag of that version.</summary>
public interface ITableEntity
{
    /// <summary>The first key: at most 512 characters, none of <c>/ \ # ?</c> and no control characters; may be empty, never null.</summary>
    string PartitionKey { get; set; }

    /// <summary>The second key, unique within its partition; same rules as the partition key.</summary>
    string RowKey { get; set; }

    /// <summary>When the service last wrote the row. Set by the service; what a client puts here is not sent.</summary>
    DateTimeOffset? Timestamp { get; set; }

    /// <summary>The version that was read. Pass it to an update to make that conditional; a write does not change it.</summary>
    ETag ETag { get; set; }
}
