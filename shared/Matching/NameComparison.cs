using Abm.Accounts;

namespace Abm.Matching;

/// <summary>How a lead's company name compares to one of an account's names.</summary>
/// <param name="Kind">What sort of likeness it is.</param>
/// <param name="SharedBits">What the words tell that both have, misspelt ones less.</param>
/// <param name="LeadOnlyBits">What the words tell that only the lead has.</param>
/// <param name="AccountOnlyBits">What the words tell that only the account has.</param>
/// <param name="Words">Words of the lead's name that count.</param>
internal readonly record struct NameComparison(NameLikeness Kind, double SharedBits, double LeadOnlyBits, double AccountOnlyBits, int Words)
{
    /// <summary>Share of what both names tell that they have in common, 0 to 1.</summary>
    public double Share => SharedBits <= 0 ? 0 : SharedBits / (SharedBits + LeadOnlyBits + AccountOnlyBits);

    /// <summary>Compares word by word, in any order; each word is used once.</summary>
    public static NameComparison Of(NameKey lead, ReadOnlySpan<double> leadBits, NameKey account, ReadOnlySpan<double> accountBits)
    {
        double leadSum = Sum(leadBits);
        int words = leadBits.Length - leadBits.Count(0.0);
        if (lead.Full == account.Full)
            return new(NameLikeness.Same, leadSum, 0, 0, words);
        if (lead.Squashed == account.Squashed)
            return new(NameLikeness.SameCore, leadSum, 0, 0, words);

        ulong usedLead = 0;
        ulong usedAccount = 0;
        double shared = 0;
        double lost = 0;
        for (int pass = 0; pass < 2; pass++)
        {
            for (int i = 0; i < leadBits.Length && i < 64; i++)
            {
                if (leadBits[i] == 0 || (usedLead & (1UL << i)) != 0)
                    continue;
                for (int j = 0; j < accountBits.Length && j < 64; j++)
                {
                    if (accountBits[j] == 0 || (usedAccount & (1UL << j)) != 0)
                        continue;
                    double alike = pass == 0 ? (lead.Tokens[i] == account.Tokens[j] ? 1 : 0) : Alike(lead.Tokens[i], account.Tokens[j]);
                    if (alike <= 0)
                        continue;
                    usedLead |= 1UL << i;
                    usedAccount |= 1UL << j;

                    // A misspelt word is as rare as what it stands for.
                    double bits = pass == 0 ? leadBits[i] : Math.Min(leadBits[i], accountBits[j]);
                    shared += bits * alike;
                    lost += bits * (1 - alike);
                    break;
                }
            }
        }

        double leadOnly = lost + Rest(leadBits, usedLead);
        double accountOnly = Rest(accountBits, usedAccount);
        if (leadOnly + accountOnly > 0 && IsOneWordSplit(lead.Squashed, account.Squashed))
            return new(NameLikeness.Similar, leadSum * 0.8, leadSum * 0.1, leadSum * 0.1, words);
        NameLikeness kind = shared <= 0 ? NameLikeness.Different
            : leadOnly <= 0 && accountOnly <= 0 ? NameLikeness.SameWords
            : leadOnly <= 0 ? NameLikeness.LeadWithin
            : accountOnly <= 0 ? NameLikeness.AccountWithin
            : NameLikeness.Similar;
        return new(kind, shared, leadOnly, accountOnly, words);
    }

    // 0 is not alike; less than 1 as it is misspelt or abbreviated.
    private static double Alike(string a, string b)
    {
        int shorter = Math.Min(a.Length, b.Length);
        if (shorter >= 4 && Math.Abs(a.Length - b.Length) <= 2)
        {
            int bound = shorter >= 8 ? 2 : 1;
            int edits = Similarity.Edits(a, b, bound);
            if (edits <= bound)
                return edits == 1 && shorter >= 5 ? 0.85 : 0.7;
        }

        // "Metro" for "Metropolitan": the start of a word, three letters at least.
        if (shorter >= 3 && a.Length != b.Length && (a.StartsWith(b, StringComparison.Ordinal) || b.StartsWith(a, StringComparison.Ordinal)))
            return shorter >= 5 ? 0.7 : 0.5;
        return 0;
    }

    private static bool IsOneWordSplit(string a, string b) =>
        a.Length >= 8 && b.Length >= 8 && Similarity.Edits(a, b, 1) <= 1;

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
}

/// <summary>What sort of likeness two names have.</summary>
internal enum NameLikeness
{
    /// <summary>No word in common.</summary>
    Different = 0,

    /// <summary>Some words in common, each has others.</summary>
    Similar,

    /// <summary>All of the account's words are in the lead's name, which has more.</summary>
    AccountWithin,

    /// <summary>All of the lead's words are in the account's name, which has more.</summary>
    LeadWithin,

    /// <summary>The same words in another order.</summary>
    SameWords,

    /// <summary>The same but for words that people add and leave out, and spaces.</summary>
    SameCore,

    /// <summary>The same but for legal forms, accents, abbreviations and punctuation.</summary>
    Same,
}
