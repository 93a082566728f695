using System.Globalization;
using System.Text.Json;

namespace Azure.Data.Tables.Entities;

/// <summary>How values of one CLR type are written to and read from a column.</summary>
internal abstract class ColumnCodec<T>
{
    /// <summary>Writes the column, or nothing when the value is null.</summary>
    public abstract void Write(ColumnWriter writer, ColumnName name, T value);

    /// <summary>Reads the value the reader stands on; it is not null.</summary>
    /// <exception cref="FormatException">The column holds something else.</exception>
    /// <exception cref="InvalidOperationException">The column holds something else.</exception>
    public abstract T Read(ref Utf8JsonReader json);
}

/// <summary>The codecs of the types that Table Storage knows.</summary>
internal static class ColumnCodecs
{
    private static readonly Dictionary<Type, object> ByType = new()
    {
        [typeof(string)] = new TextCodec(),
        [typeof(bool)] = new BooleanCodec(),
        [typeof(int)] = new Int32Codec(),
        [typeof(long)] = new Int64Codec(),
        [typeof(ulong)] = new UInt64Codec(),
        [typeof(double)] = new DoubleCodec(),
        [typeof(float)] = new SingleCodec(),
        [typeof(DateTime)] = new DateTimeCodec(),
        [typeof(DateTimeOffset)] = new DateTimeOffsetCodec(),
        [typeof(Guid)] = new GuidCodec(),
        [typeof(byte[])] = new BytesCodec(),
        [typeof(BinaryData)] = new BinaryDataCodec(),
    };

    /// <summary>The <see cref="ColumnCodec{T}"/> of a type, or null when Table Storage has no such type.</summary>
    public static object? For(Type type)
    {
        if (ByType.TryGetValue(type, out object? codec))
            return codec;
        if (Nullable.GetUnderlyingType(type) is { } underlying)
            return For(underlying) is { } inner ? Activator.CreateInstance(typeof(NullableCodec<>).MakeGenericType(underlying), inner) : null;
        return type.IsEnum ? Activator.CreateInstance(typeof(EnumCodec<>).MakeGenericType(type)) : null;
    }

    /// <summary>An instant as the service writes it, always in UTC.</summary>
    public static DateTimeOffset ParseInstant(string text) =>
        DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal);

    /// <summary>A floating-point value that JSON has to carry as text.</summary>
    public static double ParseDouble(string text) => text switch
    {
        "NaN" => double.NaN,
        "Infinity" or "INF" => double.PositiveInfinity,
        "-Infinity" or "-INF" => double.NegativeInfinity,
        _ => double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture),
    };

    private static DateTimeOffset ReadInstant(ref Utf8JsonReader json) =>
        json.TokenType == JsonTokenType.String && json.TryGetDateTimeOffset(out DateTimeOffset instant)
            ? instant.ToUniversalTime()
            : ParseInstant(json.GetString()!);

    private static long ReadInt64(ref Utf8JsonReader json) => json.TokenType == JsonTokenType.String
        ? long.Parse(json.GetString()!, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture)
        : json.GetInt64();

    private sealed class NullableCodec<T>(ColumnCodec<T> inner) : ColumnCodec<T?>
        where T : struct
    {
        public override void Write(ColumnWriter writer, ColumnName name, T? value)
        {
            if (value is { } present)
                inner.Write(writer, name, present);
        }

        public override T? Read(ref Utf8JsonReader json) => inner.Read(ref json);
    }

    private sealed class TextCodec : ColumnCodec<string?>
    {
        public override void Write(ColumnWriter writer, ColumnName name, string? value)
        {
            if (value is not null)
                writer.Write(name, value);
        }

        public override string? Read(ref Utf8JsonReader json) => json.GetString();
    }

    private sealed class BytesCodec : ColumnCodec<byte[]?>
    {
        public override void Write(ColumnWriter writer, ColumnName name, byte[]? value)
        {
            if (value is not null)
                writer.Write(name, (ReadOnlySpan<byte>)value);
        }

        public override byte[]? Read(ref Utf8JsonReader json) => json.GetBytesFromBase64();
    }

    private sealed class BinaryDataCodec : ColumnCodec<BinaryData?>
    {
        public override void Write(ColumnWriter writer, ColumnName name, BinaryData? value)
        {
            if (value is not null)
                writer.Write(name, value.ToMemory().Span);
        }

        public override BinaryData? Read(ref Utf8JsonReader json) => BinaryData.FromBytes(json.GetBytesFromBase64());
    }

    private sealed class BooleanCodec : ColumnCodec<bool>
    {
        public override void Write(ColumnWriter writer, ColumnName name, bool value) => writer.Write(name, value);

        public override bool Read(ref Utf8JsonReader json) => json.GetBoolean();
    }

    private sealed class Int32Codec : ColumnCodec<int>
    {
        public override void Write(ColumnWriter writer, ColumnName name, int value) => writer.Write(name, value);

        public override int Read(ref Utf8JsonReader json) => checked((int)ReadInt64(ref json));
    }

    private sealed class Int64Codec : ColumnCodec<long>
    {
        public override void Write(ColumnWriter writer, ColumnName name, long value) => writer.Write(name, value);

        public override long Read(ref Utf8JsonReader json) => ReadInt64(ref json);
    }

    private sealed class UInt64Codec : ColumnCodec<ulong>
    {
        public override void Write(ColumnWriter writer, ColumnName name, ulong value) => writer.Write(name, ColumnWriter.Int64Of(value, name));

        public override ulong Read(ref Utf8JsonReader json) => checked((ulong)ReadInt64(ref json));
    }

    private sealed class DoubleCodec : ColumnCodec<double>
    {
        public override void Write(ColumnWriter writer, ColumnName name, double value) => writer.Write(name, value);

        public override double Read(ref Utf8JsonReader json) =>
            json.TokenType == JsonTokenType.String ? ParseDouble(json.GetString()!) : json.GetDouble();
    }

    private sealed class SingleCodec : ColumnCodec<float>
    {
        public override void Write(ColumnWriter writer, ColumnName name, float value) => writer.Write(name, value);

        public override float Read(ref Utf8JsonReader json) =>
            json.TokenType == JsonTokenType.String ? (float)ParseDouble(json.GetString()!) : json.GetSingle();
    }

    private sealed class DateTimeCodec : ColumnCodec<DateTime>
    {
        public override void Write(ColumnWriter writer, ColumnName name, DateTime value) => writer.Write(name, value);

        public override DateTime Read(ref Utf8JsonReader json) => ReadInstant(ref json).UtcDateTime;
    }

    private sealed class DateTimeOffsetCodec : ColumnCodec<DateTimeOffset>
    {
        public override void Write(ColumnWriter writer, ColumnName name, DateTimeOffset value) => writer.Write(name, value);

        public override DateTimeOffset Read(ref Utf8JsonReader json) => ReadInstant(ref json);
    }

    private sealed class GuidCodec : ColumnCodec<Guid>
    {
        public override void Write(ColumnWriter writer, ColumnName name, Guid value) => writer.Write(name, value);

        public override Guid Read(ref Utf8JsonReader json) => Guid.Parse(json.GetString()!, CultureInfo.InvariantCulture);
    }

    private sealed class EnumCodec<T> : ColumnCodec<T>
        where T : struct, Enum
    {
        public override void Write(ColumnWriter writer, ColumnName name, T value) => writer.Write(name, value.ToString());

        public override T Read(ref Utf8JsonReader json) => Enum.Parse<T>(json.GetString()!);
    }
}
