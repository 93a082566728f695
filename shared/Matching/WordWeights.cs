using System.Numerics;
using Abm.Accounts;

namespace Abm.Matching;

/// <summary>How common things are among the accounts, and so how much a word of a name tells, in bits: a word that one account in a thousand has tells ten.</summary>
/// <remarks>
/// Counted in the directory at hand, over a prior from organisation names at large (<c>commonWords.csv</c>), so that "bank" is common even where only one account has it.
/// The directory's size enters in steps of powers of two, from 8,192 up: one more account that has nothing to do with a lead cannot change the lead's answer.
/// </remarks>
internal readonly struct WordWeights
{
    /// <summary>How many names the prior counts for.</summary>
    private const double PriorNames = 8192;

    /// <summary>A word of one or two letters tells little, however rare it is: there are not many.</summary>
    private const double MostPerLetter = 4;

    private readonly IAccountReads _index;
    private readonly double _names;
    private readonly Memory _memory;

    public WordWeights(IAccountReads index)
    {
        _index = index;
        _names = Math.Max(PriorNames, BitOperations.RoundUpToPowerOf2((uint)index.AccountCount));
        _memory = Memory.Of(index);
    }

    /// <summary>How many accounts have this key.</summary>
    public int Count(ulong key)
    {
        ref (ulong Key, int Count) kept = ref _memory.CountAt(key);
        ulong marked = _memory.Marked(key);
        if (kept.Key != marked)
            kept = (marked, _index.Count(key));
        return kept.Count;
    }

    /// <summary>What it tells that two are in this city. However large the directory, it knows few of those in a village: no place counts as smaller than one in 8,192.</summary>
    public double OfCity(string city) => Math.Log2((_names + PriorNames) / (Count(IndexKey.Of(IndexKey.City, city)) + (_names / PriorNames)));

    /// <summary>Whether any account has the word in its name, or many at large.</summary>
    public bool IsKnown(Word word) => word.Commonness > 0 || Count(word.Key) > 0;

    public double Of(Word word)
    {
        if (word.Share == 0)
            return 0;
        ref (ulong Key, double Bits) kept = ref _memory.BitsAt(word.Key);
        ulong marked = _memory.Marked(word.Key);
        if (kept.Key != marked)
            kept = (marked, Weigh(word));
        return kept.Bits;
    }

    private double Weigh(Word word)
    {
        double bits = Math.Log2((_names + PriorNames) / (Count(word.Key) + (PriorNames * word.Commonness) + 1));
        return Math.Max(0.25, Math.Min(bits, word.Text.Length * MostPerLetter) * word.Share);
    }

    /// <summary>What this thread counted and weighed last, in the same snapshot of the accounts: candidates of one lead, and of the next, have many words in common.</summary>
    private sealed class Memory
    {
        private const int Places = 4096;

        [ThreadStatic]
        private static Memory? _own;

        private readonly (ulong Key, double Bits)[] _bits = new (ulong, double)[Places];
        private readonly (ulong Key, int Count)[] _counts = new (ulong, int)[Places];

        // Weak: a thread that rests keeps no old snapshot alive.
        private readonly WeakReference<IAccountReads?> _of = new(null);

        private ulong _mark = IndexKey.After(0);

        public static Memory Of(IAccountReads index)
        {
            Memory memory = _own ??= new();
            if (!memory._of.TryGetTarget(out IAccountReads? of) || !ReferenceEquals(of, index))
            {
                // What was kept of another snapshot is not found any more.
                memory._mark = IndexKey.After(memory._mark);
                memory._of.SetTarget(index);
            }

            return memory;
        }

        /// <summary>The key as it is kept: another one for each snapshot.</summary>
        public ulong Marked(ulong key) => key ^ _mark;

        public ref (ulong Key, double Bits) BitsAt(ulong key) => ref _bits[key & (Places - 1)];

        public ref (ulong Key, int Count) CountAt(ulong key) => ref _counts[key & (Places - 1)];
    }
}
