using System.Globalization;
using System.Reflection;
using System.Text;

namespace Abm.Configuration;

/// <summary>Values and names in words.</summary>
internal static class ConfigWords
{
    /// <summary><c>keepMeasuringFor</c> → keep measuring for.</summary>
    public static string Spaced(string name)
    {
        StringBuilder words = new();
        for (int i = 0; i < name.Length; i++)
        {
            if (i > 0 && char.IsUpper(name[i]))
                words.Append(' ');
            words.Append(char.ToLowerInvariant(name[i]));
        }

        return words.ToString();
    }

    /// <summary>What people call a member of a choice; null when nothing is declared.</summary>
    public static string? Of(MemberInfo member) => member.GetCustomAttribute<SaysAttribute>()?.Words;

    /// <summary><c>1h30m</c> → 1 hour 30 minutes.</summary>
    public static string Length(TimeSpan length)
    {
        (long Count, string One)[] parts = [(length.Days, "day"), (length.Hours, "hour"), (length.Minutes, "minute"), (length.Seconds, "second"), (length.Milliseconds, "millisecond")];
        string words = string.Join(' ', parts.Where(p => p.Count > 0).Select(p => string.Create(CultureInfo.InvariantCulture, $"{p.Count} {p.One}{(p.Count == 1 ? "" : "s")}")));
        return words.Length == 0 ? "no time" : words;
    }

    public static string WithUnit(ConfigProperty? property, string value) =>
        property?.Declared<SaysAttribute>()?.Unit is not { } unit ? value
        : unit == "%" ? $"{value} %"
        : $"{value} {unit}";

    /// <summary>1st, 2nd, 3rd, 4th …</summary>
    public static string Ordinal(int number) => string.Create(CultureInfo.InvariantCulture, $"{number}{(number % 100 is 11 or 12 or 13 ? "th" : (number % 10) switch { 1 => "st", 2 => "nd", 3 => "rd", _ => "th" })}");

    public static string Capital(string text) => text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..];

    /// <summary>Long texts are cut, so that a difference stays readable.</summary>
    public static string Short(string text, int most = 200) => text.Length <= most ? text : text[..(most - 1)] + "…";
}
