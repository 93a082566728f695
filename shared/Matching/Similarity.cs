namespace Abm.Matching;

/// <summary>How alike two words are.</summary>
internal static class Similarity
{
    private const int Longest = 64;

    // Keys beside each other on the keyboards of most of the world.
    private static readonly string[] Keys = ["qwertyuiop", "asdfghjkl", "zxcvbnm"];

    /// <summary>Whether one text becomes the other by a slip of the fingers: letters left out, added or swapped, or neighbouring keys hit. False where a letter stands for one that is far from it.</summary>
    public static bool IsSlip(ReadOnlySpan<char> a, ReadOnlySpan<char> b)
    {
        if (a.Length != b.Length)
            return true;
        for (int i = 0; i < a.Length; i++)
        {
            if (a[i] == b[i])
                continue;
            if (i + 1 < a.Length && a[i] == b[i + 1] && a[i + 1] == b[i])
                i++;
            else if (!AreNeighbours(a[i], b[i]))
                return false;
        }

        return true;
    }

    /// <summary>Whether two neighbouring letters that are swapped are all that differs.</summary>
    public static bool IsSwap(ReadOnlySpan<char> a, ReadOnlySpan<char> b)
    {
        if (a.Length != b.Length)
            return false;
        int at = a.CommonPrefixLength(b);
        return at + 1 < a.Length && a[at] == b[at + 1] && a[at + 1] == b[at] && a[(at + 2)..].SequenceEqual(b[(at + 2)..]);
    }

    private static bool AreNeighbours(char a, char b)
    {
        for (int row = 0; row < Keys.Length; row++)
        {
            int at = Keys[row].IndexOf(a, StringComparison.Ordinal);
            if (at < 0)
                continue;
            for (int other = row - 1; other <= row + 1; other++)
            {
                int found = other < 0 || other >= Keys.Length ? -1 : Keys[other].IndexOf(b, StringComparison.Ordinal);
                if (found >= 0 && Math.Abs(found - at) <= 1)
                    return true;
            }
        }

        return false;
    }

    /// <summary>Whether one is the other with letters left out, as people abbreviate ("comty" for "community"): the same first letter, the rest in order, two or more left out.</summary>
    public static bool IsAbbreviation(ReadOnlySpan<char> shorter, ReadOnlySpan<char> longer)
    {
        if (shorter.Length < 4 || longer.Length < shorter.Length + 2 || longer.Length > Longest || shorter[0] != longer[0])
            return false;
        int at = 0;
        foreach (char c in longer)
        {
            if (at < shorter.Length && shorter[at] == c)
                at++;
        }

        return at == shorter.Length;
    }

    /// <summary>Edits (a letter added, left out, replaced, or two neighbours swapped) from one word to the other, up to a bound; above it the bound plus one.</summary>
    public static int Edits(ReadOnlySpan<char> a, ReadOnlySpan<char> b, int bound)
    {
        if (a.Length > Longest || b.Length > Longest || Math.Abs(a.Length - b.Length) > bound)
            return a.SequenceEqual(b) ? 0 : bound + 1;
        Span<int> before = stackalloc int[Longest + 1];
        Span<int> above = stackalloc int[Longest + 1];
        Span<int> row = stackalloc int[Longest + 1];
        for (int j = 0; j <= b.Length; j++)
            above[j] = j;
        for (int i = 1; i <= a.Length; i++)
        {
            row[0] = i;
            int best = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int cost = a[i - 1] == b[j - 1] ? 0 : 1;
                int edits = Math.Min(Math.Min(above[j], row[j - 1]) + 1, above[j - 1] + cost);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    edits = Math.Min(edits, before[j - 2] + 1);
                row[j] = edits;
                best = Math.Min(best, edits);
            }

            if (best > bound)
                return bound + 1;
            Span<int> free = before;
            before = above;
            above = row;
            row = free;
        }

        return Math.Min(above[b.Length], bound + 1);
    }
}
