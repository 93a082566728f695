using System.Globalization;
using System.Text.Json;

namespace Azure.Data.Tables.Entities;

/// <summary>Reads a row into a dictionary; what JSON cannot tell is told by annotations, which may stand before or after their column.</summary>
internal static class TableEntityReader
{
    /// <summary>Reads the object the reader stands on.</summary>
    public static TableEntity Read(ref Utf8JsonReader json)
    {
        TableEntity entity = [];
        Dictionary<string, object?> columns = entity.Columns;
        Span<char> buffer = stackalloc char[EntitySerializer.LongestName];
        string? announced = null;
        string? announcedType = null;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            ReadOnlySpan<char> name = json.ValueSpan.Length <= buffer.Length ? buffer[..json.CopyString(buffer)] : json.GetString();
            json.Read();
            if (name.EndsWith(ColumnName.TypeSuffix, StringComparison.Ordinal))
            {
                announced = ColumnName.TextOf(name[..^ColumnName.TypeSuffix.Length]);
                announcedType = TypeName(ref json);
                if (columns.TryGetValue(announced, out object? early))
                    columns[announced] = Convert(early, announcedType, announced);
            }
            else if (!name.StartsWith("odata.", StringComparison.Ordinal) || name is TableEntity.ETagName)
            {
                string column = name is TableEntity.ETagName ? TableEntity.ETagName : ColumnName.TextOf(name);
                object? value = Value(ref json, column);
                if (column == announced)
                    value = Convert(value, announcedType, column);
                else if (column == TableEntity.TimestampName)
                    value = Convert(value, "Edm.DateTime", column);
                if (value is not null)
                    columns[column] = value;
            }

            json.Skip();
        }

        return entity;
    }

    private static string TypeName(ref Utf8JsonReader json) =>
        json.ValueTextEquals("Edm.Int64"u8) ? "Edm.Int64"
        : json.ValueTextEquals("Edm.DateTime"u8) ? "Edm.DateTime"
        : json.ValueTextEquals("Edm.Double"u8) ? "Edm.Double"
        : json.ValueTextEquals("Edm.Guid"u8) ? "Edm.Guid"
        : json.ValueTextEquals("Edm.Binary"u8) ? "Edm.Binary"
        : json.GetString()!;

    private static object? Value(ref Utf8JsonReader json, string column) => json.TokenType switch
    {
        JsonTokenType.String => json.GetString(),
        JsonTokenType.True => true,
        JsonTokenType.False => false,
        JsonTokenType.Null => null,
        JsonTokenType.Number => Number(ref json),
        _ => throw new InvalidOperationException($"Column '{column}' holds {json.TokenType}, which is no value of a table."),
    };

    // A number with a point or an exponent is a double even when it is whole: 3.0 comes without annotation.
    private static object Number(ref Utf8JsonReader json)
    {
        if (json.TryGetInt32(out int small))
            return small;
        return json.TryGetInt64(out long large) ? (object)large : json.GetDouble();
    }

    private static object? Convert(object? value, string? type, string column) => (type, value) switch
    {
        (_, null) => null,
        ("Edm.Int64", string text) => long.Parse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture),
        ("Edm.Int64", int number) => (long)number,
        ("Edm.Double", string text) => ColumnCodecs.ParseDouble(text),
        ("Edm.Double", int number) => (double)number,
        ("Edm.Double", long number) => (double)number,
        ("Edm.DateTime", string text) => ColumnCodecs.ParseInstant(text),
        ("Edm.Guid", string text) => Guid.Parse(text, CultureInfo.InvariantCulture),
        ("Edm.Binary", string text) => System.Convert.FromBase64String(text),
        ("Edm.Int64" or "Edm.Double" or "Edm.DateTime" or "Edm.Guid" or "Edm.Binary" or "Edm.String" or "Edm.Boolean" or "Edm.Int32", _) => value,
        _ => throw new NotSupportedException($"Column '{column}' has the type {type}, which is not known."),
    };
}
