using System.Numerics;
using Abm.Accounts;
using Abm.Lists;

namespace Abm.Matching;

/// <summary>How a lead's company name compares to one of an account's names.</summary>
/// <param name="Kind">What sort of likeness it is.</param>
internal readonly record struct NameComparison(NameLikeness Kind)
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

    /// <summary>A word shorter than this may well be another one, even beside others that are spelt alike, if it is the one that tells.</summary>
    private const int HalfLongWord = 8;

    /// <summary>What the words tell that both have, misspelt ones less, those of the place aside; dependent words count less.</summary>
    public double SharedBits { get; private init; }

    /// <summary>The same of words that are the lead's city or region.</summary>
    public double PlaceBits { get; private init; }

    /// <summary>What the words tell that only the lead's name has.</summary>
    public double LeadOnlyBits { get; private init; }

    /// <summary>What the words tell that only the account's name has.</summary>
    public double AccountOnlyBits { get; private init; }

    /// <summary>Share of what both names tell that they have in common, 0 to 1.</summary>
    public double Share { get; private init; }

    /// <summary>Both say what kind of organisation they are, and not the same.</summary>
    public bool IsOtherKind { get; private init; }

    /// <summary>They share a kind of organisation, but one of them is also of a kind that the other is not: a county, and a county's hospital.</summary>
    public bool IsOtherPart { get; private init; }

    /// <summary>The lead's has a number or direction that the account's lacks.</summary>
    public bool HasLeadMarker { get; private init; }

    /// <summary>The account's has one that the lead's lacks.</summary>
    public bool HasAccountMarker { get; private init; }

    /// <summary>The lead's is the beginning of the account's, word for word: people leave the end away.</summary>
    public bool Begins { get; private init; }

    /// <summary>The misspelling is no usual slip of the fingers: a letter stands for one that is not beside it on the keyboard.</summary>
    public bool IsOddSlip { get; private init; }

    /// <summary>The misspelling is nothing but two neighbouring letters swapped.</summary>
    public bool IsSwap { get; private init; }

    /// <summary>What is taken for a misspelling is a word that other accounts have.</summary>
    public bool IsOtherWord { get; private init; }

    /// <summary>The longest misspelt word, or the whole where its spaces differ; null when none is.</summary>
    public string? Typed { get; private init; }

    /// <summary>What it stands for.</summary>
    public string? Meant { get; private init; }

    /// <summary>How many words are misspelt.</summary>
    public int MisspeltWords { get; private init; }

    /// <summary>Letters of what it stands for.</summary>
    public int MisspeltLetters => Meant?.Length ?? 0;

    /// <summary>Compares word by word, in any order; each word is used once.</summary>
    public static NameComparison Of(LeadName lead, NameKey account, Word[] accountWords, ReadOnlySpan<double> accountBits)
    {
        NameKey key = lead.Key;
        if (key.Full == account.Full)
            return new(NameLikeness.Same) { Share = 1 };
        if (key.Squashed == account.Squashed || key.SquashedFull == account.SquashedFull || (key.AsWritten ?? key.SquashedFull) == (account.AsWritten ?? account.SquashedFull))
            return new(NameLikeness.SameCore) { Share = 1 };
        if (IsMisspeltWhole(key, account))
            return new(key.Squashed.Length >= LongWord ? NameLikeness.Misspelt : NameLikeness.Doubtful)
            {
                Share = 1,
                IsOddSlip = !Similarity.IsSlip(key.Squashed, account.Squashed),
                IsSwap = Similarity.IsSwap(key.Squashed, account.Squashed),
                Typed = key.Squashed,
                Meant = account.Squashed,
            };

        var pairing = new Pairing(stackalloc double[LeadName.MostWords]);
        pairing.PairEqual(lead, accountWords, accountBits);
        double spelt = pairing.Shared;
        pairing.PairCutOff(lead, accountWords, accountBits);
        pairing.PairAlike(lead, accountWords, accountBits);
        if (pairing.Shared <= 0)
            return new(NameLikeness.Different);

        double leadOnly = Rest(lead.Bits, pairing.UsedLead);
        double accountOnly = Rest(accountBits, pairing.UsedAccount);
        NameLikeness kind = leadOnly > 0 || accountOnly > 0 ? NameLikeness.Similar
            : pairing.Lost <= 0 ? NameLikeness.SameWords
            : (pairing.IsDoubtful && spelt < MuchBeside) || (spelt < EnoughBeside && key.Squashed.Length < LongWord) || (pairing.Misspelt > spelt && pairing.LongestMisspelt < HalfLongWord) ? NameLikeness.Doubtful
            : NameLikeness.Misspelt;
        return new(kind)
        {
            SharedBits = Damped(pairing.Credits, pairing.UsedLead & ~lead.PlaceWords),
            PlaceBits = Damped(pairing.Credits, pairing.UsedLead & lead.PlaceWords),
            LeadOnlyBits = Damped(lead.Bits, ~pairing.UsedLead),
            AccountOnlyBits = Damped(accountBits, ~pairing.UsedAccount),
            Share = pairing.Shared / (pairing.Shared + leadOnly + accountOnly + pairing.Lost),
            IsOtherKind = IsOther(lead.Kinds, accountWords),
            IsOtherPart = IsPart(lead.Kinds, accountWords),
            HasLeadMarker = HasMarker(lead.Words, pairing.UsedLead),
            HasAccountMarker = HasMarker(accountWords, pairing.UsedAccount),
            Begins = pairing.Begins(lead, accountBits),
            IsOddSlip = pairing.IsOddSlip,
            IsSwap = pairing.IsSwap,
            IsOtherWord = pairing.IsDoubtful,
            MisspeltWords = pairing.MisspeltWords,
            Typed = pairing.Typed,
            Meant = pairing.Meant,
        };
    }

    /// <summary>What the whole name tells, in bits.</summary>
    public static double Rarity(ReadOnlySpan<double> bits) => Damped(bits, ulong.MaxValue);

    // One letter off in the whole name, whatever became of its spaces.
    private static bool IsMisspeltWhole(NameKey lead, NameKey account) =>
        lead.TokenCount != account.TokenCount && lead.Squashed.Length >= 7 && FuzzyWords.IsOneEditApart(lead.Squashed, account.Squashed);

    private static bool IsOther(int leadKinds, Word[] account)
    {
        int kinds = 0;
        foreach (Word word in account)
            kinds |= word.Kinds;
        return leadKinds != 0 && kinds != 0 && (leadKinds & kinds) == 0;
    }

    private static readonly int Authority = NameWords.Current.Kinds.GetValueOrDefault("government");

    private static bool IsPart(int leadKinds, Word[] account)
    {
        int kinds = 0;
        foreach (Word word in account)
            kinds |= word.Kinds;

        // "County" and "city" are kinds of authority, but as often they only say where.
        return (leadKinds & kinds) != 0 && ((leadKinds ^ kinds) & ~Authority) != 0;
    }

    private static bool HasMarker(ReadOnlySpan<Word> words, ulong used)
    {
        for (int i = 0; i < words.Length && i < 64; i++)
        {
            if (words[i].IsMarker && (used & (1UL << i)) == 0)
                return true;
        }

        return false;
    }

    private static double Damped(ReadOnlySpan<double> bits, ulong which)
    {
        double most = 0;
        double sum = 0;
        for (int i = 0; i < bits.Length; i++)
        {
            if (i < 64 && (which & (1UL << i)) == 0)
                continue;
            most = Math.Max(most, bits[i]);
            sum += bits[i];
        }

        return most + ((sum - most) * BesideMostTelling);
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
    private ref struct Pairing(Span<double> credits)
    {
        private readonly Span<double> _credits = credits;

        public ulong UsedLead { get; private set; }
        public ulong UsedAccount { get; private set; }
        public double Shared { get; private set; }

        /// <summary>What is believed of each word of the lead's name.</summary>
        public readonly ReadOnlySpan<double> Credits => _credits;

        /// <summary>What is not believed of misspelt words.</summary>
        public double Lost { get; private set; }

        /// <summary>What the words tell that are misspelt.</summary>
        public double Misspelt { get; private set; }

        /// <summary>Letters of the longest of them.</summary>
        public readonly int LongestMisspelt => Meant?.Length ?? 0;

        public int MisspeltWords { get; private set; }
        public string? Typed { get; private set; }
        public string? Meant { get; private set; }

        /// <summary>A word that was taken for a misspelling is a word of other accounts.</summary>
        public bool IsDoubtful { get; private set; }

        /// <summary>A word differs by another letter than a slip of the fingers gives.</summary>
        public bool IsOddSlip { get; private set; }

        /// <summary>The only misspelling is that two neighbouring letters are swapped.</summary>
        public bool IsSwap { get; private set; }

        public void PairEqual(LeadName lead, Word[] account, ReadOnlySpan<double> accountBits)
        {
            for (int i = 0; i < lead.Bits.Length; i++)
            {
                for (int j = 0; lead.Bits[i] > 0 && j < accountBits.Length; j++)
                {
                    if (IsFree(j) && lead.Words[i].Key == account[j].Key && lead.Words[i].Text == account[j].Text)
                    {
                        Use(i, j, lead.Bits[i], 1);
                        break;
                    }
                }
            }
        }

        // The last word is the start of the word at the same place.
        public void PairCutOff(LeadName lead, Word[] account, ReadOnlySpan<double> accountBits)
        {
            int last = lead.Words.Length - 1;
            if (lead.Key.Full.Length >= CutFrom && last < accountBits.Length && lead.Bits[last] > 0 && accountBits[last] > 0 && (UsedLead & (1UL << last)) == 0 && IsFree(last)
                && account[last].Text.StartsWith(lead.Words[last].Text, StringComparison.Ordinal))
                Use(last, last, accountBits[last], 0.95);
        }

        public void PairAlike(LeadName lead, Word[] account, ReadOnlySpan<double> accountBits)
        {
            for (int i = 0; i < lead.Bits.Length; i++)
            {
                if (lead.Bits[i] <= 0 || (UsedLead & (1UL << i)) != 0)
                    continue;
                int best = -1;
                double bestAlike = 0;
                for (int j = 0; j < accountBits.Length; j++)
                {
                    double alike = accountBits[j] > 0 && IsFree(j) ? Alike(lead.Words[i], lead.IsKnown[i], account[j]) : 0;
                    if (alike > bestAlike)
                        (best, bestAlike) = (j, alike);
                }

                if (best < 0)
                {
                    if (!lead.IsKnown[i] && IsSlipOfFiller(lead.Words[i].Text, account, accountBits))
                        UsedLead |= 1UL << i;
                    continue;
                }

                // A misspelt word is as rare as what it stands for; a word of other accounts is hardly a misspelling.
                bool isOther = lead.IsKnown[i] && lead.Words[i].Text.Length < LongWord && lead.Words[i].State is null;
                IsDoubtful |= isOther;
                Misspelt += accountBits[best];
                IsSwap = LongestMisspelt == 0 && Similarity.IsSwap(lead.Words[i].Text, account[best].Text);
                MisspeltWords++;
                if (account[best].Text.Length > LongestMisspelt)
                    (Typed, Meant) = (lead.Words[i].Text, account[best].Text);
                IsOddSlip |= !Similarity.IsSlip(lead.Words[i].Text, account[best].Text);
                Use(i, best, lead.IsKnown[i] ? Math.Min(lead.Bits[i], accountBits[best]) : accountBits[best], isOther ? bestAlike * 0.6 : bestAlike);
            }
        }

        /// <summary>Whether all telling words of the lead's name are used, before any of the account's that are not.</summary>
        public readonly bool Begins(LeadName lead, ReadOnlySpan<double> accountBits) => AllUsed(lead.Bits, UsedLead) && IsStart(accountBits, UsedAccount);

        private static bool AllUsed(ReadOnlySpan<double> bits, ulong used)
        {
            for (int i = 0; i < bits.Length; i++)
            {
                if (bits[i] > 0 && (used & (1UL << i)) == 0)
                    return false;
            }

            return true;
        }

        // Words that are used, then words that are not, at least one of each.
        private static bool IsStart(ReadOnlySpan<double> bits, ulong used)
        {
            bool isOver = false;
            bool any = false;
            for (int i = 0; i < bits.Length; i++)
            {
                bool isUsed = (used & (1UL << i)) != 0;
                if (isOver && isUsed)
                    return false;
                isOver |= bits[i] > 0 && !isUsed;
                any |= isUsed;
            }

            return isOver && any;
        }

        private readonly bool IsFree(int j) => (UsedAccount & (1UL << j)) == 0;

        private void Use(int i, int j, double bits, double alike)
        {
            UsedLead |= 1UL << i;
            UsedAccount |= 1UL << j;
            _credits[i] = bits * alike;
            Shared += bits * alike;
            Lost += bits * (1 - alike);
        }

        // "Universidade fe Santo Amaro", "Acme Assocites": what is left out of comparing may be misspelt, too.
        private readonly bool IsSlipOfFiller(string word, Word[] account, ReadOnlySpan<double> accountBits)
        {
            for (int j = 0; word.Length >= 2 && j < accountBits.Length; j++)
            {
                if (accountBits[j] == 0 && IsFree(j) && FuzzyWords.IsOneEditApart(word, account[j].Text))
                    return true;
            }

            return false;
        }

        // 0 is not alike; less than 1 as it is misspelt or abbreviated.
        private static double Alike(Word one, bool isKnown, Word other)
        {
            (string a, string b) = (one.Text, other.Text);
            if (one.IsMarker || other.IsMarker)
                return 0;
            int shorter = Math.Min(a.Length, b.Length);
            if (shorter >= 4 && Math.Abs(a.Length - b.Length) <= 2)
            {
                int bound = shorter >= 8 || (shorter == 7 && !isKnown) ? 2 : 1;

                // Each edit changes at most two letters of the sets; most pairs end here.
                int edits = BitOperations.PopCount(one.Letters ^ other.Letters) > 2 * bound ? bound + 1 : Similarity.Edits(a, b, bound);
                if (edits <= bound)
                    return edits == 1 && shorter >= 5 ? 0.85 : 0.7;
            }

            // "Man" for "Main".
            if (!isKnown && shorter == 3 && a.Length + b.Length == 7 && a[0] == b[0] && FuzzyWords.IsOneEditApart(a, b))
                return 0.6;

            // "Sna" for "San".
            if (a.Length == 3 && b.Length == 3 && one.Letters == other.Letters && FuzzyWords.IsOneEditApart(a, b))
                return 0.7;
            if (one.State is { } state && state == other.State)
                return 0.9;

            // "Metro" for "Metropolitan": the start of a word, three letters at least.
            if (shorter >= 3 && a.Length != b.Length && (a.StartsWith(b, StringComparison.Ordinal) || b.StartsWith(a, StringComparison.Ordinal)))
                return shorter >= 5 ? 0.7 : 0.5;
            return !isKnown && Similarity.IsAbbreviation(a, b) ? 0.5 : 0;
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
