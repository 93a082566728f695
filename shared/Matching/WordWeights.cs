using System.Numerics;
using Abm.Accounts;

namespace Abm.Matching;

/// <summary>How much a word of a name tells, in bits: a word that one account in a thousand has tells ten.</summary>
/// <remarks>
/// Counted in the directory at hand, over a prior from organisation names at large (<c>commonWords.csv</c>), so that "bank" is common even where only one account has it.
/// The directory's size enters in steps of powers of two, from 8,192 up: one more account that has nothing to do with a lead cannot change the lead's answer.
/// </remarks>
internal readonly struct WordWeights(IAccountReads index)
{
    /// <summary>How many names the prior counts for.</summary>
    private const double PriorNames = 8192;

    /// <summary>A word of one or two letters tells little, however rare it is: there are not many.</summary>
    private const double MostPerLetter = 4;

    private readonly double _names = Math.Max(PriorNames, BitOperations.RoundUpToPowerOf2((uint)index.AccountCount));

    /// <summary>What it tells that two are in this city.</summary>
    public double OfCity(string city) => Math.Log2((_names + PriorNames) / (index.Count(IndexKey.Of(IndexKey.City, city)) + 1));

    /// <summary>Whether any account has the word in its name, or many at large.</summary>
    public bool IsKnown(Word word) => word.Commonness > 0 || index.Count(word.Key) > 0;

    public double Of(Word word)
    {
        if (word.Share == 0)
            return 0;
        double bits = Math.Log2((_names + PriorNames) / (index.Count(word.Key) + (PriorNames * word.Commonness) + 1));
        return Math.Max(0.25, Math.Min(bits, word.Text.Length * MostPerLetter) * word.Share);
    }
}
