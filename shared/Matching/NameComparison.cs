using System.Numerics;
using Abm.Accounts;

namespace Abm.Matching;

/// <summary>How a lead's company name compares to one of an account's names.</summary>
/// <param name="Kind">What sort of likeness it is.</param>
/// <param name="SharedBits">What the words tell that both have, misspelt ones less.</param>
/// <param name="ApartBits">What the words tell that only one of them has.</param>
internal readonly record struct NameComparison(NameLikeness Kind, double SharedBits, double ApartBits)
{
    /// <summary>Words of one name are not independent ("national bank"): beside the most telling one the others count this much.</summary>
    private const double BesideMostTelling = 0.4;

    /// <summary>Words that are spelt alike must tell this much for a misspelt one beside them to be believed.</summary>
    private const double EnoughBeside = 4;

    /// <summary>And this much, if what is taken for a misspelling is a word of other accounts.</summary>
    private const double MuchBeside = 12;

    /// <summary>Forms and registers cut names off; a name of this many letters may end within a word.</summary>
    private const int CutFrom = 24;

    /// <summary>A word or name this long is hardly another one by chance when one letter differs.</summary>
    private const int LongWord = 9;

    /// <summary>Share of what both names tell that they have in common, 0 to 1.</summary>
    public double Share => SharedBits <= 0 ? 0 : SharedBits / (SharedBits + ApartBits);

    /// <summary>Compares word by word, in any order; each word is used once.</summary>
    public static NameComparison Of(LeadProfile profile, NameKey lead, NameKey account, Word[] accountWords, ReadOnlySpan<double> accountBits)
    {
        ReadOnlySpan<double> leadBits = profile.NameBits;
        double leadSum = Sum(leadBits);
        if (lead.Full == account.Full)
            return new(NameLikeness.Same, leadSum, 0);
        if (lead.Squashed == account.Squashed || lead.SquashedFull == account.SquashedFull)
            return new(NameLikeness.SameCore, Math.Max(leadSum, Sum(accountBits)), 0);
        if (IsMisspeltWhole(lead, account))
            return new(lead.Squashed.Length >= LongWord ? NameLikeness.Misspelt : NameLikeness.Doubtful, Sum(accountBits), 0);

        var pairing = new Pairing();
        pairing.PairEqual(profile.Words, leadBits, accountWords, accountBits);
        double spelt = pairing.Shared;
        pairing.PairCutOff(profile.Words, leadBits, accountWords, accountBits, lead.Full.Length);
        pairing.PairAlike(profile.Words, leadBits, profile.IsKnown, accountWords, accountBits);
        double leadOnly = Rest(leadBits, pairing.UsedLead);
        double accountOnly = Rest(accountBits, pairing.UsedAccount);
        double apart = leadOnly + accountOnly + pairing.Lost;
        NameLikeness kind = pairing.Shared <= 0 ? NameLikeness.Different
            : leadOnly > 0 || accountOnly > 0 ? NameLikeness.Similar
            : pairing.Lost <= 0 ? NameLikeness.SameWords
            : (pairing.IsDoubtful && spelt < MuchBeside) || (spelt < EnoughBeside && lead.Squashed.Length < LongWord) ? NameLikeness.Doubtful
            : NameLikeness.Misspelt;
        return new(kind, pairing.Shared, apart);
    }

    // One letter off in the whole name, whatever became of its spaces.
    private static bool IsMisspeltWhole(NameKey lead, NameKey account) =>
        (lead.Tokens.Count != account.Tokens.Count) && lead.Squashed.Length >= 7 && FuzzyWords.IsOneEditApart(lead.Squashed, account.Squashed);

    /// <summary>What the whole name tells, in bits.</summary>
    public static double Rarity(ReadOnlySpan<double> bits)
    {
        double most = 0;
        foreach (double bit in bits)
            most = Math.Max(most, bit);
        return most + ((Sum(bits) - most) * BesideMostTelling);
    }

    private static double Sum(ReadOnlySpan<double> bits)
    {
        double sum = 0;
        foreach (double bit in bits)
            sum += bit;
        return sum;
    }

    private static double Rest(ReadOnlySpan<double> bits, ulong used)
    {
        double sum = 0;
        for (int i = 0; i < bits.Length; i++)
        {
            if (i >= 64 || (used & (1UL << i)) == 0)
                sum += bits[i];
        }

        return sum;
    }

    /// <summary>Which word of one name stands for which of the other.</summary>
    private ref struct Pairing
    {
        public ulong UsedLead { get; private set; }
        public ulong UsedAccount { get; private set; }
        public double Shared { get; private set; }

        /// <summary>What is not believed of misspelt words.</summary>
        public double Lost { get; private set; }

        /// <summary>A word that was taken for a misspelling is a word of other accounts.</summary>
        public bool IsDoubtful { get; private set; }

        public void PairEqual(Word[] lead, ReadOnlySpan<double> leadBits, Word[] account, ReadOnlySpan<double> accountBits)
        {
            for (int i = 0; i < leadBits.Length; i++)
            {
                for (int j = 0; leadBits[i] > 0 && j < accountBits.Length; j++)
                {
                    if (IsFree(j) && lead[i].Key == account[j].Key && lead[i].Text == account[j].Text)
                    {
                        Use(i, j, leadBits[i], 1);
                        break;
                    }
                }
            }
        }

        // The last word is the start of the word at the same place.
        public void PairCutOff(Word[] lead, ReadOnlySpan<double> leadBits, Word[] account, ReadOnlySpan<double> accountBits, int length)
        {
            int last = lead.Length - 1;
            if (length >= CutFrom && last < account.Length && leadBits[last] > 0 && accountBits[last] > 0 && (UsedLead & (1UL << last)) == 0 && IsFree(last)
                && account[last].Text.StartsWith(lead[last].Text, StringComparison.Ordinal))
                Use(last, last, accountBits[last], 0.95);
        }

        /// <param name="isKnown">Whether the lead's word at the same place is a word of any account's name: then it is hardly a misspelling of another.</param>
        public void PairAlike(Word[] lead, ReadOnlySpan<double> leadBits, bool[] isKnown, Word[] account, ReadOnlySpan<double> accountBits)
        {
            for (int i = 0; i < leadBits.Length; i++)
            {
                if (leadBits[i] <= 0 || (UsedLead & (1UL << i)) != 0)
                    continue;
                int best = -1;
                double bestAlike = 0;
                for (int j = 0; j < accountBits.Length; j++)
                {
                    double alike = accountBits[j] > 0 && IsFree(j) ? Alike(lead[i], account[j]) : 0;
                    if (alike > bestAlike)
                        (best, bestAlike) = (j, alike);
                }

                if (best < 0)
                    continue;

                // A misspelt word is as rare as what it stands for.
                bool isOther = isKnown[i] && lead[i].Text.Length < LongWord;
                IsDoubtful |= isOther;
                Use(i, best, Math.Min(leadBits[i], accountBits[best]), isOther ? bestAlike * 0.6 : bestAlike);
            }
        }

        private readonly bool IsFree(int j) => (UsedAccount & (1UL << j)) == 0;

        private void Use(int i, int j, double bits, double alike)
        {
            UsedLead |= 1UL << i;
            UsedAccount |= 1UL << j;
            Shared += bits * alike;
            Lost += bits * (1 - alike);
        }

        // 0 is not alike; less than 1 as it is misspelt or abbreviated.
        private static double Alike(Word one, Word other)
        {
            (string a, string b) = (one.Text, other.Text);
            int shorter = Math.Min(a.Length, b.Length);
            if (shorter >= 4 && Math.Abs(a.Length - b.Length) <= 2)
            {
                int bound = shorter >= 8 ? 2 : 1;

                // Each edit changes at most two letters of the sets; most pairs end here.
                int edits = BitOperations.PopCount(one.Letters ^ other.Letters) > 2 * bound ? bound + 1 : Similarity.Edits(a, b, bound);
                if (edits <= bound)
                    return edits == 1 && shorter >= 5 ? 0.85 : 0.7;
            }

            // "Metro" for "Metropolitan": the start of a word, three letters at least.
            if (shorter >= 3 && a.Length != b.Length && (a.StartsWith(b, StringComparison.Ordinal) || b.StartsWith(a, StringComparison.Ordinal)))
                return shorter >= 5 ? 0.7 : 0.5;
            return 0;
        }
    }
}

/// <summary>What sort of likeness two names have, least first.</summary>
internal enum NameLikeness
{
    /// <summary>No word in common.</summary>
    Different = 0,

    /// <summary>Some words in common; one of them has others, or both.</summary>
    Similar,

    /// <summary>Each word has its fellow, but the telling one is misspelt, or is another word.</summary>
    Doubtful,

    /// <summary>Each word has its fellow, some are misspelt.</summary>
    Misspelt,

    /// <summary>The same words in another order.</summary>
    SameWords,

    /// <summary>The same but for words that people add and leave out, and spaces.</summary>
    SameCore,

    /// <summary>The same but for legal forms, accents, abbreviations and punctuation.</summary>
    Same,
}
