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

    public static PostingMap Index(string[] words)
    {
        int count = words.Sum(word => 1 + Math.Min(word.Length, LongestWord));
        var keys = new ulong[count];
        var rows = new int[count];
        int next = 0;
        for (int row = 0; row < words.Length; row++)
        {
            string word = words[row];
            keys[next] = IndexKey.Of(IndexKey.Fuzzy, word);
            rows[next++] = row;
            for (int i = 0; i < Math.Min(word.Length, LongestWord); i++)
            {
                keys[next] = IndexKey.OfWithout(IndexKey.Fuzzy, word, i);
                rows[next++] = row;
            }
        }

        return new(keys, rows);
    }

    public static void Collect(string word, PostingMap index, string[] words, HashSet<string> similar)
    {
        if (word.Length is < ShortestWord or > LongestWord)
            return;
        Add(IndexKey.Of(IndexKey.Fuzzy, word));
        for (int i = 0; i < word.Length; i++)
            Add(IndexKey.OfWithout(IndexKey.Fuzzy, word, i));

        void Add(ulong key)
        {
            foreach (int row in index.Rows(key))
            {
                if (IsOneEditApart(word, words[row]) || (word.Length >= LongWord && Similarity.Edits(word, words[row], 2) <= 2))
                    similar.Add(words[row]);
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
