namespace Abm.Configuration;

/// <summary>Guesses what was meant, for messages about unknown names.</summary>
public static class Nearest
{
    /// <summary>The known name with the fewest edits, if it is near enough to be a slip; otherwise null. Ties by ordinal order.</summary>
    public static string? To(string given, IEnumerable<string> known)
    {
        int limit = Math.Max(2, given.Length / 3);
        return known
            .Select(name => (Name: name, Edits: Edits(given.ToLowerInvariant(), name.ToLowerInvariant())))
            .Where(c => c.Edits <= limit)
            .OrderBy(c => c.Edits)
            .ThenBy(c => c.Name, StringComparer.Ordinal)
            .Select(c => c.Name)
            .FirstOrDefault();
    }

    /// <summary><c>; did you mean 'x'?</c> or a full stop.</summary>
    internal static string Hint(string given, IEnumerable<string> known) => given.Length <= 100 && To(given, known) is { } name ? $"; did you mean '{name}'?" : ".";

    /// <summary>Insertions, deletions and replacements between two texts.</summary>
    private static int Edits(string a, string b)
    {
        int[] above = [.. Enumerable.Range(0, b.Length + 1)];
        int[] row = new int[b.Length + 1];
        for (int i = 1; i <= a.Length; i++)
        {
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
                row[j] = Math.Min(Math.Min(row[j - 1], above[j]) + 1, above[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
            (above, row) = (row, above);
        }

        return above[b.Length];
    }
}
