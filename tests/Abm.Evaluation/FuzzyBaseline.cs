using System.Numerics;
using System.Runtime.Intrinsics;
using System.Text.RegularExpressions;
using Abm.Accounts;
using Abm.Leads;
using FuzzySharp;

namespace Abm.Evaluation;

/// <summary>What comparing a lead's company with every account's name by FuzzySharp's token-set ratio reaches.</summary>
/// <remarks>
/// It has no other ground than the name: the account with the highest ratio is matched, from 90 of 100 and if no other has as much.
/// Every ratio that counts is FuzzySharp's own. Pairs that cannot reach 90 are passed over, by a bound that is never below the ratio: letters that two texts share, in whatever order, and words that they share.
/// </remarks>
internal sealed partial class FuzzyBaseline
{
    private const int MatchedFrom = 90;

    /// <summary>A little below what rounds to the ratio that matters.</summary>
    private const double Least = 0.89;

    /// <summary>Letters are counted in bytes; longer texts are never passed over.</summary>
    private const int LongestCounted = 250;

    /// <summary>So many comparisons, most of them passed over, take about a minute on two cores.</summary>
    private const long MostComparisons = 2_000_000_000;

    private readonly Dictionary<string, int> _words = new(StringComparer.Ordinal);
    private readonly Text[] _names;

    public FuzzyBaseline(IReadOnlyList<Account> accounts) => _names = [.. accounts.Select(account => Read(account.Id.Value, account.Name))];

    /// <summary>Which leads are tried, evenly spread.</summary>
    /// <param name="wanted">How many; 0: all; null: all, or as many as end in about a minute.</param>
    public static List<int> Sample(int leads, int accounts, int? wanted)
    {
        long most = wanted switch { null => Math.Max(1, MostComparisons / Math.Max(1, accounts)), 0 => leads, { } number => number };
        return leads <= most ? [.. Enumerable.Range(0, leads)] : [.. Enumerable.Range(0, (int)most).Select(i => (int)(i * (long)leads / most))];
    }

    public Answer Match(Lead lead)
    {
        if (string.IsNullOrWhiteSpace(lead.Submitted.Company))
            return Answer.Of((string?)null);
        Text company = Read("", lead.Submitted.Company);
        int best = 0;
        string? found = null;
        foreach (Text name in _names)
        {
            if (!MayReach(company, name))
                continue;
            int ratio = Fuzz.TokenSetRatio(company.Written, name.Written);
            if (ratio < best)
                continue;
            found = ratio == best ? null : name.Id;
            best = ratio;
        }

        return Answer.Of(best >= MatchedFrom ? found : null);
    }

    // The ratio is twice the letters in common by the letters of both; a set's is the best of: what both have against one's whole, against the other's, and one's whole against the other's.
    private static bool MayReach(Text a, Text b)
    {
        if (a.Length > LongestCounted || b.Length > LongestCounted)
            return true;
        int both = a.Length + b.Length;
        if (2 * Math.Min(a.Length, b.Length) >= Least * both && 2 * InCommon(a.Letters, b.Letters) >= Least * both)
            return true;
        if ((a.Mask & b.Mask) == 0)
            return false;
        int shared = Shared(a.Words, b.Words);
        return shared > 0 && 2 * shared >= Least * (shared + Math.Min(a.Length, b.Length));
    }

    private static int InCommon(Vector256<byte> a, Vector256<byte> b)
    {
        (Vector256<ushort> low, Vector256<ushort> high) = Vector256.Widen(Vector256.Min(a, b));
        return Vector256.Sum(low + high);
    }

    // Letters of the words that both have, a space between.
    private static int Shared((int Id, int Length)[] a, (int Id, int Length)[] b)
    {
        int sum = 0;
        for (int i = 0, j = 0; i < a.Length && j < b.Length;)
        {
            if (a[i].Id == b[j].Id)
            {
                sum += a[i].Length + 1;
                i++;
                j++;
            }
            else if (a[i].Id < b[j].Id)
            {
                i++;
            }
            else
            {
                j++;
            }
        }

        return Math.Max(0, sum - 1);
    }

    private Text Read(string id, string name)
    {
        string written = name.ToLowerInvariant();
        string[] words = [.. Spaces().Split(written).Where(word => word.Length > 0).Distinct(StringComparer.Ordinal)];
        Span<byte> letters = stackalloc byte[32];
        letters.Clear();
        int length = Math.Max(0, words.Length - 1) + words.Sum(word => word.Length);
        if (length <= LongestCounted)
        {
            letters[' ' & 31] = (byte)Math.Max(0, words.Length - 1);
            foreach (char c in words.SelectMany(word => word))
                letters[c & 31]++;
        }

        (int Id, int Length)[] known = [.. words.Select(word => (IdOf(word), word.Length)).OrderBy(word => word.Item1)];
        ulong mask = 0;
        foreach ((int word, int _) in known)
            mask |= 1UL << (int)(BitOperations.RotateLeft((uint)word * 2654435769u, 6) & 63);
        return new(id, written, known, mask, length, Vector256.Create<byte>(letters));
    }

    // Words that only leads have get ids, too; leads are read on several threads.
    private int IdOf(string word)
    {
        lock (_words)
        {
            if (!_words.TryGetValue(word, out int id))
                _words[word] = id = _words.Count;
            return id;
        }
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();

    /// <param name="Length">Letters of its words, each once, a space between.</param>
    /// <param name="Mask">A bit for each word: texts without one in common share no word.</param>
    /// <param name="Letters">How often each letter is in it, 32 sorts of letters.</param>
    private sealed record Text(string Id, string Written, (int Id, int Length)[] Words, ulong Mask, int Length, Vector256<byte> Letters);
}
