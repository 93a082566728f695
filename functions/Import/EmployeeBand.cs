using System.Globalization;

namespace Abm.Functions.Import;

/// <summary>Numbers of employees as lists give them: 250, 1,200, 51-200, 10001+.</summary>
internal static class EmployeeBand
{
    /// <summary>The number; of a band the midpoint, of an open one its beginning. Null when it is none of these.</summary>
    public static int? Read(string text)
    {
        string plain = text.Trim().Replace(",", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal).Replace('\u2013', '-');
        if (plain.EndsWith('+'))
            return Number(plain[..^1]);
        int dash = plain.IndexOf('-', StringComparison.Ordinal);
        if (dash <= 0)
            return Number(plain);
        return Number(plain[..dash]) is { } from && Number(plain[(dash + 1)..]) is { } to && from <= to ? (int)(((long)from + to) / 2) : null;
    }

    private static int? Number(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;
}
