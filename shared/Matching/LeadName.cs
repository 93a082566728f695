using Abm.Accounts;
using Abm.Lists;

namespace Abm.Matching;

/// <summary>A company name of a lead, its words weighed once.</summary>
internal sealed class LeadName
{
    /// <summary>Words of a name that are looked at; longer names are cut, they are no names.</summary>
    public const int MostWords = 24;

    /// <summary>Shorter words are too near to others to be put right.</summary>
    private const int ShortestMended = 6;

    public LeadName(NameKey key, bool isPart, Place place, WordWeights weights)
    {
        IsPart = isPart;
        bool isMended = false;
        Words = Word.Of(key, MostWords);
        Bits = new double[Words.Length];
        IsKnown = new bool[Words.Length];
        for (int i = 0; i < Words.Length; i++)
        {
            IsKnown[i] = weights.IsKnown(Words[i]);
            if (!IsKnown[i] && Words[i].Text.Length >= ShortestMended && TradeWords.Mend(Words[i].Text) is { } mended)
            {
                Words[i] = mended;
                IsKnown[i] = true;
                isMended = true;
            }

            Bits[i] = weights.Of(Words[i]);
            Kinds |= Words[i].Kinds;
            if (IsOfPlace(Words[i].Text, place))
                PlaceWords |= 1UL << i;
        }

        Key = isMended ? NameKey.Read(string.Join(' ', Words.Select(word => word.Text))) ?? key : key;
    }

    public NameKey Key { get; }

    /// <summary>It is only a part of what was typed, or another reading of it.</summary>
    public bool IsPart { get; }

    /// <summary>The words of the name; trade words that were misspelt are put right.</summary>
    public Word[] Words { get; }

    /// <summary>What each word tells, in bits.</summary>
    public double[] Bits { get; }

    /// <summary>Whether the word at the same place is in any account's name.</summary>
    public bool[] IsKnown { get; }

    /// <summary>Kinds of organisation that the name says it is.</summary>
    public int Kinds { get; }

    /// <summary>A bit for each word that is a word of the lead's city or region: it tells little beyond the place.</summary>
    public ulong PlaceWords { get; }

    private static bool IsOfPlace(string word, Place place) => word.Length > 2 && (HasWord(place.City, word) || HasWord(place.Region, word));

    private static bool HasWord(string? text, string word)
    {
        if (text is null)
            return false;
        int at = text.IndexOf(word, StringComparison.Ordinal);
        return at >= 0 && (at == 0 || text[at - 1] == ' ') && (at + word.Length == text.Length || text[at + word.Length] == ' ');
    }
}

/// <summary>Puts misspelt trade words right: "technolgoies" is technology. Only words that no account has are looked up.</summary>
internal static class TradeWords
{
    private static readonly Lazy<(WordList Written, Dictionary<string, Word> Meant, PostingMap Index)> Loaded = new(Load);

    /// <summary>The word that is meant when one letter, or two neighbours, are wrong; null when there is none, or it could be several.</summary>
    public static Word? Mend(string word)
    {
        (WordList written, Dictionary<string, Word> meant, PostingMap index) = Loaded.Value;
        var similar = new HashSet<string>(StringComparer.Ordinal);
        FuzzyWords.Collect(word, index, written, similar);
        Word? found = null;
        foreach (string candidate in similar)
        {
            if (found is not null && found.Text != meant[candidate].Text)
                return null;
            found = meant[candidate];
        }

        return found;
    }

    private static (WordList Written, Dictionary<string, Word> Meant, PostingMap Index) Load()
    {
        var meant = new Dictionary<string, Word>(StringComparer.Ordinal);
        foreach ((string written, string full) in NameWords.Current.Expansions)
        {
            if (written.Length >= FuzzyWords.ShortestWord)
                meant[written] = new(full);
            meant.TryAdd(full, new(full));
        }

        foreach (string word in NameWords.Current.CommonShares.Keys.Where(word => word.Length >= FuzzyWords.ShortestWord))
            meant.TryAdd(word, new(NameWords.Current.Expansions.GetValueOrDefault(word, word)));
        WordList all = new([.. meant.Keys.Where(FuzzyWords.IsFindable).Order(StringComparer.Ordinal)]);
        return (all, meant, FuzzyWords.Index(all));
    }
}
