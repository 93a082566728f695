using System.Globalization;
using System.Text;

namespace Abm.Configuration;

/// <summary>Lengths of time as people write them: 30s, 15m, 4h, 2d, 1h30m, 500ms. A day is 24 hours.</summary>
public static class ConfigLength
{
    private static readonly (string Unit, TimeSpan Length)[] Units =
    [
        ("d", TimeSpan.FromDays(1)), ("h", TimeSpan.FromHours(1)), ("m", TimeSpan.FromMinutes(1)), ("s", TimeSpan.FromSeconds(1)), ("ms", TimeSpan.FromMilliseconds(1)),
    ];

    /// <summary>Units from large to small, each at most once; up to 10,000 days.</summary>
    public static bool TryParse(string text, out TimeSpan length)
    {
        length = TimeSpan.Zero;
        int nextUnit = 0;
        int at = 0;
        while (at < text.Length)
        {
            int end = at;
            while (end < text.Length && char.IsAsciiDigit(text[end]))
                end++;
            int unitEnd = end;
            while (unitEnd < text.Length && char.IsAsciiLetterLower(text[unitEnd]))
                unitEnd++;
            int unit = Array.FindIndex(Units, u => u.Unit == text[end..unitEnd]);
            if (unit < nextUnit || !int.TryParse(text[at..end], NumberStyles.None, CultureInfo.InvariantCulture, out int count) || count * Units[unit].Length.TotalDays > 10_000)
                return false;
            length += count * Units[unit].Length;
            nextUnit = unit + 1;
            at = unitEnd;
            while (at < text.Length && text[at] == ' ')
                at++;
        }

        return nextUnit > 0 && text[0] != ' ' && text[^1] != ' ';
    }

    /// <exception cref="FormatException">Not a length.</exception>
    public static TimeSpan Parse(string text) => TryParse(text, out TimeSpan length) ? length : throw new FormatException($"'{text}' is no length such as 30s, 15m, 4h, 2d or 1h30m.");

    /// <summary>The shortest way to write it; what <see cref="TryParse"/> reads back to the same length. Whole milliseconds, not negative.</summary>
    public static string Write(TimeSpan length)
    {
        if (length == TimeSpan.Zero)
            return "0s";
        StringBuilder text = new();
        foreach ((string unit, TimeSpan one) in Units)
        {
            long count = length.Ticks / one.Ticks;
            if (count > 0)
                text.Append(CultureInfo.InvariantCulture, $"{count}{unit}");
            length -= count * one;
        }

        return text.ToString();
    }
}
