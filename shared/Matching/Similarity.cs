namespace Abm.Matching;

/// <summary>How alike two words are.</summary>
internal static class Similarity
{
    private const int Longest = 64;

    /// <summary>Jaro-Winkler similarity, 0 (nothing in common) to 1 (equal), both included; of long texts the first 64 characters.</summary>
    public static double JaroWinkler(ReadOnlySpan<char> a, ReadOnlySpan<char> b)
    {
        a = a[..Math.Min(a.Length, Longest)];
        b = b[..Math.Min(b.Length, Longest)];
        if (a.SequenceEqual(b))
            return 1;
        if (a.IsEmpty || b.IsEmpty)
            return 0;

        // One bit for each character that has found its partner.
        ulong inA = 0;
        ulong inB = 0;
        int reach = Math.Max(0, (Math.Max(a.Length, b.Length) / 2) - 1);
        int common = 0;
        for (int i = 0; i < a.Length; i++)
        {
            int end = Math.Min(b.Length - 1, i + reach);
            for (int j = Math.Max(0, i - reach); j <= end; j++)
            {
                if ((inB & (1UL << j)) != 0 || a[i] != b[j])
                    continue;
                inA |= 1UL << i;
                inB |= 1UL << j;
                common++;
                break;
            }
        }

        if (common == 0)
            return 0;
        int swapped = 0;
        int next = 0;
        for (int i = 0; i < a.Length; i++)
        {
            if ((inA & (1UL << i)) == 0)
                continue;
            while ((inB & (1UL << next)) == 0)
                next++;
            if (a[i] != b[next++])
                swapped++;
        }

        double jaro = (((double)common / a.Length) + ((double)common / b.Length) + ((common - (swapped / 2.0)) / common)) / 3;
        int prefix = Math.Min(4, a.CommonPrefixLength(b));
        return jaro + (prefix * 0.1 * (1 - jaro));
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
