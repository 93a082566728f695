using System.Globalization;
using System.Text;
using System.Text.Json;
using Azure.Core.Serialization;

namespace Microsoft.Azure.Functions.Worker.Converters;

/// <summary>Converts what triggers deliver into what parameters want, in the worker's order of converters.</summary>
internal static class InputConversion
{
    /// <summary>Converts a value that is not null.</summary>
    /// <exception cref="FunctionInputConverterException">No converter can.</exception>
    public static object? Convert(object source, Type target, string parameterName, ObjectSerializer serializer)
    {
        if (target.IsInstanceOfType(source))
            return source;

        Type bare = Nullable.GetUnderlyingType(target) ?? target;
        object? simple = Simple(source, bare);
        if (simple is not null)
            return simple;

        string text = source switch
        {
            string already => already,
            byte[] bytes => Encoding.UTF8.GetString(bytes),
            BinaryData data => data.ToString(),
            IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
            _ => throw new FunctionInputConverterException(parameterName, $"a {source.GetType().Name} cannot become a {target.Name}"),
        };
        try
        {
            using var stream = new MemoryStream(Encoding.UTF8.GetBytes(text));
            return serializer.Deserialize(stream, target, CancellationToken.None);
        }
        catch (Exception unreadable) when (unreadable is JsonException or NotSupportedException)
        {
            throw new FunctionInputConverterException(parameterName, $"the value is not a readable {target.Name}", unreadable);
        }
    }

    private static object? Simple(object source, Type target)
    {
        if (target.IsInstanceOfType(source))
            return source;
        if (target == typeof(string))
            return source switch
            {
                byte[] bytes => Encoding.UTF8.GetString(bytes),
                BinaryData data => data.ToString(),
                DateTimeOffset instant => instant.ToString("o", CultureInfo.InvariantCulture),
                IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
                _ => null,
            };
        if (target == typeof(byte[]) || target == typeof(ReadOnlyMemory<byte>))
        {
            byte[]? bytes = source switch { string text => Encoding.UTF8.GetBytes(text), BinaryData data => data.ToArray(), byte[] raw => raw, _ => null };
            if (bytes is null || target == typeof(byte[]))
                return bytes;
            return new ReadOnlyMemory<byte>(bytes);
        }

        if (target == typeof(BinaryData))
            return source switch { string text => BinaryData.FromString(text), byte[] raw => BinaryData.FromBytes(raw), _ => null };
        if (target == typeof(DateTime) && source is DateTimeOffset moment)
            return moment.UtcDateTime;
        if (source is not string written)
            return null;
        if (target == typeof(Guid) && Guid.TryParse(written, out Guid guid))
            return guid;
        if (target == typeof(DateTimeOffset) && DateTimeOffset.TryParse(written, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out DateTimeOffset offset))
            return offset;
        return target == typeof(DateTime) && DateTime.TryParse(written, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out DateTime date) ? date : null;
    }
}

/// <summary>A parameter of a function cannot be given a value.</summary>
internal sealed class FunctionInputConverterException(string parameterName, string why, Exception? cause = null)
    : Exception($"Cannot convert the input parameter '{parameterName}': {why}.", cause);

/// <summary>What an attribute's own converter is asked.</summary>
internal sealed class LocalConverterContext(Type targetType, object? source, FunctionContext functionContext) : ConverterContext
{
    public override Type TargetType => targetType;

    public override object? Source => source;

    public override FunctionContext FunctionContext => functionContext;

    public override IReadOnlyDictionary<string, object> Properties => System.Collections.Immutable.ImmutableDictionary<string, object>.Empty;
}
