using System.Collections;

namespace Azure.Data.Tables;

/// <summary>
/// A row as a dictionary of columns. Allowed values: string, bool, int, long, double, DateTime (UTC), DateTimeOffset, Guid,
/// byte[] and BinaryData; a column whose value is null is not sent.
/// </summary>
/// <remarks>
/// Like the published type, the dictionary's own members carry no nullability (values may be null, and a missing key reads as
/// null), so that code compiles alike against both.
/// </remarks>
#pragma warning disable CA1710 // the name is the published one
public sealed class TableEntity :
#pragma warning restore CA1710
#nullable disable
    ITableEntity, IDictionary<string, object>
#nullable restore
{
    internal const string PartitionKeyName = "PartitionKey";
    internal const string RowKeyName = "RowKey";
    internal const string TimestampName = "Timestamp";
    internal const string ETagName = "odata.etag";

    private readonly Dictionary<string, object?> _columns;

    /// <summary>A row without keys; set them before it is written.</summary>
    public TableEntity() => _columns = new(StringComparer.Ordinal);

    /// <summary>A row with its keys.</summary>
    public TableEntity(string? partitionKey, string? rowKey)
        : this()
    {
        PartitionKey = partitionKey!;
        RowKey = rowKey!;
    }

    /// <summary>A row with a copy of these columns.</summary>
#nullable disable
    public TableEntity(IDictionary<string, object> values)
#nullable restore
    {
        ArgumentNullException.ThrowIfNull(values);
        _columns = new(values!, StringComparer.Ordinal);
    }

    /// <inheritdoc/>
    public string PartitionKey
    {
        get => GetString(PartitionKeyName)!;
        set => _columns[PartitionKeyName] = value;
    }

    /// <inheritdoc/>
    public string RowKey
    {
        get => GetString(RowKeyName)!;
        set => _columns[RowKeyName] = value;
    }

    /// <inheritdoc/>
    public DateTimeOffset? Timestamp
    {
        get => GetDateTimeOffset(TimestampName);
        set => _columns[TimestampName] = value;
    }

    /// <inheritdoc/>
    public ETag ETag
    {
        get => GetString(ETagName) is { } tag ? new ETag(tag) : default;
        set
        {
            if (value == default)
                _columns.Remove(ETagName);
            else
                _columns[ETagName] = value.ToString();
        }
    }

    /// <summary>How many columns there are, keys and system columns included.</summary>
    public int Count => _columns.Count;

    /// <summary>The names of the columns, keys and system columns included.</summary>
    public ICollection<string> Keys => _columns.Keys;

#nullable disable
    /// <summary>A column's value; null when there is no such column.</summary>
    public object this[string key]
    {
        get => _columns.GetValueOrDefault(key);
        set => _columns[key] = value;
    }

    ICollection<object> IDictionary<string, object>.Values => _columns.Values;

    bool ICollection<KeyValuePair<string, object>>.IsReadOnly => false;

    /// <summary>Adds a column.</summary>
    /// <exception cref="ArgumentException">There is such a column.</exception>
    public void Add(string key, object value) => _columns.Add(key, value);

    /// <summary>Looks a column up.</summary>
    public bool TryGetValue(string key, out object value) => _columns.TryGetValue(key, out value);

    void ICollection<KeyValuePair<string, object>>.Add(KeyValuePair<string, object> item) => _columns.Add(item.Key, item.Value);

    bool ICollection<KeyValuePair<string, object>>.Contains(KeyValuePair<string, object> item) =>
        ((ICollection<KeyValuePair<string, object>>)_columns).Contains(item);

    void ICollection<KeyValuePair<string, object>>.CopyTo(KeyValuePair<string, object>[] array, int arrayIndex) =>
        ((ICollection<KeyValuePair<string, object>>)_columns).CopyTo(array, arrayIndex);

    bool ICollection<KeyValuePair<string, object>>.Remove(KeyValuePair<string, object> item) =>
        ((ICollection<KeyValuePair<string, object>>)_columns).Remove(item);

    IEnumerator<KeyValuePair<string, object>> IEnumerable<KeyValuePair<string, object>>.GetEnumerator() => _columns.GetEnumerator();
#nullable restore

    IEnumerator IEnumerable.GetEnumerator() => _columns.GetEnumerator();

    /// <summary>Removes a column from this object (a merge leaves it in the table).</summary>
    public bool Remove(string key) => _columns.Remove(key);

    /// <summary>Is there such a column?</summary>
    public bool ContainsKey(string key) => _columns.ContainsKey(key);

    /// <summary>Removes every column, keys too.</summary>
    public void Clear() => _columns.Clear();

    /// <summary>A text column; null when missing.</summary>
    /// <exception cref="InvalidOperationException">The column holds another type.</exception>
    public string? GetString(string key) => _columns.GetValueOrDefault(key) switch
    {
        null => null,
        string value => value,
        var other => throw WrongType(key, other, "string"),
    };

    /// <summary>A column of true or false; null when missing.</summary>
    /// <exception cref="InvalidOperationException">The column holds another type.</exception>
    public bool? GetBoolean(string key) => Get<bool>(key);

    /// <summary>A 32-bit column; null when missing.</summary>
    /// <exception cref="InvalidOperationException">The column holds another type.</exception>
    public int? GetInt32(string key) => Get<int>(key);

    /// <summary>A 64-bit column; null when missing.</summary>
    /// <exception cref="InvalidOperationException">The column holds another type.</exception>
    public long? GetInt64(string key) => Get<long>(key);

    /// <summary>A floating-point column; null when missing.</summary>
    /// <exception cref="InvalidOperationException">The column holds another type.</exception>
    public double? GetDouble(string key) => Get<double>(key);

    /// <summary>An instant in UTC; null when missing.</summary>
    /// <exception cref="InvalidOperationException">The column holds another type.</exception>
    public DateTime? GetDateTime(string key) =>
        _columns.GetValueOrDefault(key) is DateTimeOffset offset ? offset.UtcDateTime : Get<DateTime>(key);

    /// <summary>An instant; null when missing. What is read from the service has offset zero.</summary>
    /// <exception cref="InvalidOperationException">The column holds another type.</exception>
    public DateTimeOffset? GetDateTimeOffset(string key) =>
        _columns.GetValueOrDefault(key) is DateTime dateTime ? new DateTimeOffset(dateTime) : Get<DateTimeOffset>(key);

    /// <summary>A GUID; null when missing.</summary>
    /// <exception cref="InvalidOperationException">The column holds another type.</exception>
    public Guid? GetGuid(string key) => Get<Guid>(key);

    /// <summary>Bytes; null when missing.</summary>
    /// <exception cref="InvalidOperationException">The column holds another type.</exception>
    public byte[]? GetBinary(string key) => _columns.GetValueOrDefault(key) switch
    {
        null => null,
        byte[] value => value,
        BinaryData value => value.ToArray(),
        var other => throw WrongType(key, other, "byte[]"),
    };

    /// <summary>Bytes; null when missing.</summary>
    /// <exception cref="InvalidOperationException">The column holds another type.</exception>
    public BinaryData? GetBinaryData(string key) => _columns.GetValueOrDefault(key) switch
    {
        null => null,
        BinaryData value => value,
        byte[] value => BinaryData.FromBytes(value),
        var other => throw WrongType(key, other, nameof(BinaryData)),
    };

    /// <summary>The columns for the writer, without boxing an enumerator.</summary>
    internal Dictionary<string, object?> Columns => _columns;

    private T? Get<T>(string key)
        where T : struct => _columns.GetValueOrDefault(key) switch
        {
            null => null,
            T value => value,
            var other => throw WrongType(key, other, typeof(T).Name),
        };

    private static InvalidOperationException WrongType(string key, object value, string asked) =>
        new($"Column '{key}' holds {value.GetType().Name}; it cannot be read as {asked}.");
}
