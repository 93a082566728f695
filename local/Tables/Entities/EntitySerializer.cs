using System.Text.Json;
using Azure.Data.Tables.Wire;

namespace Azure.Data.Tables.Entities;

/// <summary>Rows to and from the service's JSON.</summary>
internal static class EntitySerializer
{
    /// <summary>The longest name there is, with its annotation; a buffer for names in ASCII.</summary>
    internal const int LongestName = TableRules.MaxNameLength + 16;

    /// <summary>A row's JSON. Checks everything the service checks of a row.</summary>
    /// <exception cref="RequestFailedException">The service would refuse the row.</exception>
    public static byte[] Serialize(ITableEntity entity)
    {
        using ColumnWriter writer = ColumnWriter.Rent();
        Write(entity, writer);
        return writer.Written.ToArray();
    }

    /// <summary>Writes a row after whatever the writer holds.</summary>
    public static void Write(ITableEntity entity, ColumnWriter writer)
    {
        string partitionKey = entity.PartitionKey;
        string rowKey = entity.RowKey;
        CheckKeys(partitionKey, rowKey);
        writer.Begin(partitionKey, rowKey);
        if (entity is TableEntity table)
        {
            foreach ((string name, object? value) in table.Columns)
            {
                if (value is not null && !IsSystem(name))
                    writer.WriteObject(ColumnName.Of(name), value);
            }
        }
        else
        {
            EntityBinder.For(entity.GetType()).Write(entity, writer);
        }

        writer.End();
    }

    /// <summary>Both keys are there and allowed.</summary>
    public static void CheckKeys(string? partitionKey, string? rowKey)
    {
        if (partitionKey is null)
            throw TableRules.Refused("PropertiesNeedValue", "The values are not specified for all properties in the entity: PartitionKey is null.");
        if (rowKey is null)
            throw TableRules.Refused("PropertiesNeedValue", "The values are not specified for all properties in the entity: RowKey is null.");
        TableRules.CheckKey(partitionKey, TableEntity.PartitionKeyName);
        TableRules.CheckKey(rowKey, TableEntity.RowKeyName);
    }

    /// <summary>The row that is the whole of an answer.</summary>
    public static T Deserialize<T>(Response response)
        where T : class, ITableEntity
    {
        Utf8JsonReader json = new(response.Content.ToMemory().Span);
        json.Read();
        T entity = Read<T>(ref json);
        if (entity.ETag == default && response.Headers.ETag is { } tag)
            entity.ETag = tag;
        return entity;
    }

    /// <summary>The rows of a page.</summary>
    public static List<T> DeserializePage<T>(Response response)
        where T : class, ITableEntity
    {
        List<T> rows = [];
        Utf8JsonReader json = new(response.Content.ToMemory().Span);
        json.Read();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            bool isRows = json.ValueTextEquals("value"u8);
            json.Read();
            if (!isRows)
            {
                json.Skip();
                continue;
            }

            while (json.Read() && json.TokenType == JsonTokenType.StartObject)
                rows.Add(Read<T>(ref json));
        }

        return rows;
    }

    private static bool IsSystem(string name) =>
        name is TableEntity.PartitionKeyName or TableEntity.RowKeyName or TableEntity.TimestampName
        || name.StartsWith("odata.", StringComparison.Ordinal)
        || name.EndsWith(ColumnName.TypeSuffix, StringComparison.Ordinal);

    private static T Read<T>(ref Utf8JsonReader json)
        where T : class, ITableEntity
    {
        if (typeof(T) == typeof(TableEntity))
            return (T)(object)TableEntityReader.Read(ref json);

        EntityBinder binder = EntityBinder.For(typeof(T));
        T entity = (T)binder.Create();
        Span<char> buffer = stackalloc char[LongestName];
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            ReadOnlySpan<char> name = json.ValueSpan.Length <= buffer.Length ? buffer[..json.CopyString(buffer)] : json.GetString();
            json.Read();
            if (json.TokenType == JsonTokenType.Null)
                continue; // a selected column that the row does not have

            switch (name)
            {
                case TableEntity.PartitionKeyName: entity.PartitionKey = json.GetString()!; break;
                case TableEntity.RowKeyName: entity.RowKey = json.GetString()!; break;
                case TableEntity.TimestampName: entity.Timestamp = ColumnCodecs.ParseInstant(json.GetString()!); break;
                case TableEntity.ETagName: entity.ETag = new ETag(json.GetString()!); break;
                default: binder.Read(entity, name, ref json); break;
            }

            json.Skip();
        }

        return entity;
    }
}
