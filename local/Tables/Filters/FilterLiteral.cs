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

    // Without a point the service would read a whole number. Exponents are legal but emulators misread them, so they are written out.
    private static string Floating(double value, string text)
    {
        if (!double.IsFinite(value))
            throw new ArgumentException($"A filter has no literal for {value.ToString(CultureInfo.InvariantCulture)}.");
        int mark = text.IndexOf('E', StringComparison.Ordinal);
        if (mark >= 0)
            text = WrittenOut(text[..mark], int.Parse(text.AsSpan(mark + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture));
        return text.Contains('.', StringComparison.Ordinal) ? text : text + ".0";
    }

    /// <summary>-1.25 and 3 give -1250; 1 and -3 give 0.001.</summary>
    private static string WrittenOut(string mantissa, int exponent)
    {
        string sign = mantissa.StartsWith('-') ? "-" : "";
        string[] parts = mantissa[sign.Length..].Split('.');
        string digits = string.Concat(parts);
        int point = parts[0].Length + exponent;
        return point <= 0 ? $"{sign}0.{new string('0', -point)}{digits}"
            : point >= digits.Length ? $"{sign}{digits}{new string('0', point - digits.Length)}"
            : $"{sign}{digits[..point]}.{digits[point..]}";
    }
}
