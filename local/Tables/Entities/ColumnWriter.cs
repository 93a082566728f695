using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Azure.Data.Tables.Wire;

namespace Azure.Data.Tables.Entities;

/// <summary>
/// Writes one row as JSON with the annotations for types that JSON cannot tell, and measures it on the way as the service does:
/// 4 bytes, keys twice their length, and per column 8 bytes, its name twice its length and its value.
/// </summary>
internal sealed class ColumnWriter : IDisposable
{
    private const int InitialBuffer = 4 * 1024;
    private const int LargestKeptBuffer = 128 * 1024;
    private const string InstantFormat = "yyyy-MM-ddTHH:mm:ss.fffffffZ";

    [ThreadStatic]
    private static ColumnWriter? _cached;

    private readonly ArrayBufferWriter<byte> _buffer = new(InitialBuffer);
    private readonly Utf8JsonWriter _json;
    private int _columns;
    private long _bytes;

    private ColumnWriter() =>
        // Validation guards against misuse of the writer, which this class rules out.
        _json = new Utf8JsonWriter(_buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true });

    /// <summary>The written bytes.</summary>
    public ReadOnlyMemory<byte> Written => _buffer.WrittenMemory;

    /// <summary>A writer from this thread's cache; dispose it on the same thread, before any await.</summary>
    public static ColumnWriter Rent()
    {
        ColumnWriter writer = _cached ?? new();
        _cached = null;
        return writer;
    }

    /// <summary>Gives the writer back.</summary>
    public void Dispose()
    {
        if (_buffer.Capacity > LargestKeptBuffer)
        {
            _json.Dispose();
            return;
        }

        _buffer.ResetWrittenCount();
        _json.Reset();
        _cached = this;
    }

    /// <summary>Begins a row with its keys, which must have been checked.</summary>
    public void Begin(string partitionKey, string rowKey)
    {
        _columns = 0;
        _bytes = 4 + (2L * (partitionKey.Length + rowKey.Length));
        _json.WriteStartObject();
        WriteText(ColumnName.Of(TableEntity.PartitionKeyName), partitionKey);
        WriteText(ColumnName.Of(TableEntity.RowKeyName), rowKey);
    }

    /// <summary>Ends the row.</summary>
    /// <exception cref="RequestFailedException">Too many columns or bytes.</exception>
    public void End()
    {
        _json.WriteEndObject();
        _json.Flush();
        _json.Reset();
        if (_columns > TableRules.MaxColumns)
            throw TableRules.Refused("TooManyProperties", $"The row has {_columns} columns of its own; {TableRules.MaxColumns} are allowed.");
        if (_bytes > TableRules.MaxEntityBytes)
            throw TableRules.Refused("EntityTooLarge", $"The row has {_bytes} bytes; {TableRules.MaxEntityBytes} are allowed.");
    }

    /// <summary>Writes text as it is, between rows: the framing of a transaction.</summary>
    public void Raw(string text)
    {
        Span<byte> target = _buffer.GetSpan(Encoding.UTF8.GetMaxByteCount(text.Length));
        _buffer.Advance(Encoding.UTF8.GetBytes(text, target));
    }

    public void Write(ColumnName name, string value)
    {
        TableRules.CheckValueBytes(2L * value.Length, name.Text);
        TableRules.CheckText(value, name.Text);
        Count(name, 4 + (2 * value.Length));
        WriteText(name, value);
    }

    public void Write(ColumnName name, bool value)
    {
        Count(name, 1);
        _json.WriteBoolean(name.Encoded, value);
    }

    public void Write(ColumnName name, int value)
    {
        Count(name, 4);
        _json.WriteNumber(name.Encoded, value);
    }

    public void Write(ColumnName name, long value)
    {
        Count(name, 8);
        _json.WriteString(name.EncodedTypeName, EdmType.Int64);
        Span<char> text = stackalloc char[20];
        value.TryFormat(text, out int length, default, CultureInfo.InvariantCulture);
        _json.WriteString(name.Encoded, text[..length]);
    }

    public void Write(ColumnName name, double value)
    {
        Count(name, 8);
        _json.WriteString(name.EncodedTypeName, EdmType.Double);
        if (double.IsFinite(value))
            _json.WriteNumber(name.Encoded, value);
        else
            _json.WriteString(name.Encoded, double.IsNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity");
    }

    /// <summary>A single is written with its own shortest digits: 3.1f is 3.1, not 3.0999999046325684.</summary>
    public void Write(ColumnName name, float value)
    {
        if (!float.IsFinite(value))
        {
            Write(name, (double)value);
            return;
        }

        Count(name, 8);
        _json.WriteString(name.EncodedTypeName, EdmType.Double);
        _json.WriteNumber(name.Encoded, value);
    }

    public void Write(ColumnName name, DateTimeOffset value) => WriteInstant(name, value.UtcDateTime);

    /// <exception cref="NotSupportedException">The kind is not UTC; nobody knows which instant it means.</exception>
    public void Write(ColumnName name, DateTime value) => WriteInstant(name, value.Kind == DateTimeKind.Utc
        ? value
        : throw new NotSupportedException($"Column '{name.Text}' holds a DateTime of kind {value.Kind}; only DateTimeKind.Utc can be stored."));

    public void Write(ColumnName name, Guid value)
    {
        Count(name, 16);
        _json.WriteString(name.EncodedTypeName, EdmType.Guid);
        _json.WriteString(name.Encoded, value);
    }

    public void Write(ColumnName name, ReadOnlySpan<byte> value)
    {
        TableRules.CheckValueBytes(value.Length, name.Text);
        Count(name, 4 + value.Length);
        _json.WriteString(name.EncodedTypeName, EdmType.Binary);
        _json.WriteBase64String(name.Encoded, value);
    }

    /// <summary>A value whose type is known only now.</summary>
    /// <exception cref="NotSupportedException">Table Storage has no such type.</exception>
    public void WriteObject(ColumnName name, object value)
    {
        switch (value)
        {
            case string text: Write(name, text); break;
            case bool flag: Write(name, flag); break;
            case int number: Write(name, number); break;
            case long number: Write(name, number); break;
            case ulong number: Write(name, Int64Of(number, name)); break;
            case double number: Write(name, number); break;
            case float number: Write(name, number); break;
            case DateTimeOffset instant: Write(name, instant); break;
            case DateTime instant: Write(name, instant); break;
            case Guid guid: Write(name, guid); break;
            case byte[] bytes: Write(name, (ReadOnlySpan<byte>)bytes); break;
            case BinaryData bytes: Write(name, bytes.ToMemory().Span); break;
            case Enum choice: Write(name, choice.ToString()); break;
            default: throw new NotSupportedException($"Column '{name.Text}' holds {value.GetType()}, for which Table Storage has no type.");
        }
    }

    /// <summary>The service's 64-bit type is signed.</summary>
    /// <exception cref="RequestFailedException">The number is above the largest signed one.</exception>
    public static long Int64Of(ulong value, ColumnName name) => value <= long.MaxValue
        ? (long)value
        : throw TableRules.Refused("InvalidInput", $"Column '{name.Text}' holds {value}, more than a signed 64-bit number can.");

    /// <summary>
    /// Characters beyond ASCII are escaped, as the platform's own client does: the emulator decodes a long request piece by piece, and spoils a
    /// character whose bytes lie in two of them.
    /// </summary>
    private void WriteText(ColumnName name, string value)
    {
        if (Ascii.IsValid(value))
            _json.WriteString(name.Encoded, value);
        else
            _json.WriteString(name.Encoded, JsonEncodedText.Encode(value, JavaScriptEncoder.Default));
    }

    private void WriteInstant(ColumnName name, DateTime utc)
    {
        TableRules.CheckInstant(utc, name.Text);
        Count(name, 8);
        _json.WriteString(name.EncodedTypeName, EdmType.DateTime);
        Span<char> text = stackalloc char[InstantFormat.Length];
        utc.TryFormat(text, out int length, InstantFormat, CultureInfo.InvariantCulture);
        _json.WriteString(name.Encoded, text[..length]);
    }

    private void Count(ColumnName name, int valueBytes)
    {
        _columns++;
        _bytes += 8 + (2 * name.Text.Length) + valueBytes;
    }
}
