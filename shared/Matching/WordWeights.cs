using System.Numerics;
using Abm.Accounts;
using Abm.Lists;

namespace Abm.Matching;

/// <summary>How much a word of a name tells, in bits: a word that one account in a thousand has tells ten.</summary>
/// <remarks>
/// Counted in the directory at hand, over a prior from organisation names at large (<c>commonWords.csv</c>), so that "bank" is common even where only one account has it.
/// The directory's size enters in steps of powers of two: one more account that has nothing to do with a lead cannot change the lead's answer.
/// </remarks>
internal readonly struct WordWeights(AccountIndex index)
{
    /// <summary>How many names the prior counts for.</summary>
    private const double PriorNames = 8192;

    /// <summary>Words that people add and leave out count this much of what they tell.</summary>
    private const double SoftShare = 0.2;

    /// <summary>Countries, too: "Acme UK".</summary>
    private const double CountryShare = 0.5;

    private readonly double _names = BitOperations.RoundUpToPowerOf2((uint)Math.Max(index.AccountCount, 1));

    /// <summary>What it tells that two are in this city.</summary>
    public double OfCity(string city) => Math.Log2((_names + PriorNames) / (index.Count(IndexKey.Of(IndexKey.City, city)) + 1));

    /// <summary>Whether any account has the word in its name.</summary>
    public bool IsKnown(string word) => index.Count(IndexKey.Of(IndexKey.Token, word)) > 0 || NameWords.Current.CommonShares.ContainsKey(word);

    public double Of(string word)
    {
        if (NameWords.Current.Fillers.Contains(word))
            return 0;
        double common = NameWords.Current.CommonShares.GetValueOrDefault(word);
        double count = index.Count(IndexKey.Of(IndexKey.Token, word));
        double bits = Math.Log2((_names + PriorNames) / (count + (PriorNames * common) + 1));
        return Math.Max(0.25, NameWords.Current.Soft.Contains(word) ? bits * SoftShare : Countries.Code(word) is not null ? bits * CountryShare : bits);
    }
}
