using Abm.Matching;

namespace Abm.Accounts;

/// <summary>Finds misspelt words: two words within one edit of each other become equal when one letter is left out of either or both.</summary>
internal static class FuzzyWords
{
    /// <summary>In shorter words one letter makes another word.</summary>
    public const int ShortestWord = 5;
    private const int LongestWord = 30;

    /// <summary>Of words as long as this two edits are forgiven, where leaving out one letter of each finds them.</summary>
    private const int LongWord = 8;

    /// <summary>Words in more accounts than this are not looked for misspelt.</summary>
    public const int CommonFrom = 64;

    /// <summary>Words that are longer than this are near to no word that is looked for.</summary>
    public const int Longest = LongestWord + 2;

    /// <summary>Whether misspellings of the word can be found.</summary>
    public static bool IsFindable(string word) => word.Length is >= ShortestWord and <= Longest;

    public static PostingMap Index(WordList words)
    {
        Span<char> buffer = stackalloc char[Longest];
        var keys = new PostingMap.Collector(words.Count * 11L);
        for (int row = 0; row < words.Count; row++)
        {
            ReadOnlySpan<char> word = words.Get(row, buffer);
            keys.Add(IndexKey.Of(IndexKey.Fuzzy, word), row);
            for (int i = 0; i < Math.Min(word.Length, LongestWord); i++)
                keys.Add(IndexKey.OfWithout(IndexKey.Fuzzy, word, i), row);
        }

        return PostingMap.Of(keys);
    }

    public static void Collect(string word, PostingMap index, WordList words, HashSet<string> similar)
    {
        if (word.Length is < ShortestWord or > LongestWord)
            return;
        Span<char> buffer = stackalloc char[Longest];
        Add(IndexKey.Of(IndexKey.Fuzzy, word), buffer);
        for (int i = 0; i < word.Length; i++)
            Add(IndexKey.OfWithout(IndexKey.Fuzzy, word, i), buffer);

        void Add(ulong key, Span<char> buffer)
        {
            foreach (int row in index.Rows(key))
            {
                ReadOnlySpan<char> other = words.Get(row, buffer);
                if (IsOneEditApart(word, other) || (word.Length >= LongWord && Similarity.Edits(word, other, 2) <= 2))
                    similar.GetAlternateLookup<ReadOnlySpan<char>>().Add(other);
            }
        }
    }

    /// <summary>Whether one letter added, left out or replaced, or two neighbours swapped, makes one word the other.</summary>
    public static bool IsOneEditApart(ReadOnlySpan<char> a, ReadOnlySpan<char> b)
    {
        int start = a.CommonPrefixLength(b);
        a = a[start..];
        b = b[start..];
        int end = 0;
        while (end < a.Length && end < b.Length && a[^(end + 1)] == b[^(end + 1)])
            end++;
        a = a[..^end];
        b = b[..^end];
        return (a.Length <= 1 && b.Length <= 1 && a.Length + b.Length > 0) || (a.Length == 2 && b.Length == 2 && a[0] == b[1] && a[1] == b[0]);
    }
}
