using System.Globalization;
using System.Text;

namespace Azure.Data.Tables.Filters;

/// <summary>Values as they are written in a filter.</summary>
internal static class FilterLiteral
{
    /// <summary>The text with its holes filled by literals.</summary>
    public static string Format(FormattableString filter)
    {
        ArgumentNullException.ThrowIfNull(filter);
        object?[] values = filter.GetArguments();
        object[] literals = new object[values.Length];
        for (int i = 0; i < values.Length; i++)
            literals[i] = Of(values[i]);
        return string.Format(CultureInfo.InvariantCulture, filter.Format, literals);
    }

    /// <summary>One value.</summary>
    /// <exception cref="ArgumentException">The value has no literal: null, not finite, or of a type that columns cannot have.</exception>
    public static string Of(object? value) => value switch
    {
        string text => Quoted(text),
        char character => Quoted(character.ToString()),
        StringBuilder text => Quoted(text.ToString()),
        bool flag => flag ? "true" : "false",
        sbyte or byte or short or ushort or int => ((IConvertible)value).ToString(CultureInfo.InvariantCulture),
        uint number => number <= int.MaxValue ? number.ToString(CultureInfo.InvariantCulture) : number.ToString(CultureInfo.InvariantCulture) + "L",
        long number => number.ToString(CultureInfo.InvariantCulture) + "L",
        ulong number => number.ToString(CultureInfo.InvariantCulture) + "L",
        float number => Floating(number, number.ToString("R", CultureInfo.InvariantCulture)),
        double number => Floating(number, number.ToString("R", CultureInfo.InvariantCulture)),
        decimal number => Floating((double)number, number.ToString(CultureInfo.InvariantCulture)),
        DateTimeOffset instant => Instant(instant.UtcDateTime),
        DateTime instant => Instant(instant.ToUniversalTime()),
        Guid guid => $"guid'{guid:D}'",
        byte[] bytes => $"X'{Convert.ToHexString(bytes)}'",
        BinaryData bytes => $"X'{Convert.ToHexString(bytes.ToMemory().Span)}'",
        Enum choice => Quoted(choice.ToString()),
        null => throw new ArgumentException("A filter cannot compare with null: a column that is missing matches no comparison."),
        _ => throw new ArgumentException($"A filter has no literal for {value.GetType()}."),
    };

    private static string Quoted(string text) => "'" + text.Replace("'", "''", StringComparison.Ordinal) + "'";

    private static string Instant(DateTime utc) => $"datetime'{utc.ToString("yyyy-MM-ddTHH:mm:ss.fffffffZ", CultureInfo.InvariantCulture)}'";

    // Without a point or an exponent the service would read a whole number.
    private static string Floating(double value, string text) => !double.IsFinite(value)
        ? throw new ArgumentException($"A filter has no literal for {value.ToString(CultureInfo.InvariantCulture)}.")
        : text.AsSpan().IndexOfAny('.', 'E') < 0 ? text + ".0" : text;
}
