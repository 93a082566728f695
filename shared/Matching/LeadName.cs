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

    private readonly Word[] _words = new Word[MostWords];
    private readonly double[] _bits = new double[MostWords];
    private readonly bool[] _isKnown = new bool[MostWords];
    private NameKey? _key;
    private int _count;

    /// <summary>Becomes this name; whatever it was before is forgotten.</summary>
    public void Read(NameKey key, bool isPart, Place place, WordWeights weights)
    {
        IsPart = isPart;
        Kinds = 0;
        PlaceWords = 0;
        _count = Math.Min(key.TokenCount, MostWords);
        bool isMended = false;
        for (int i = 0; i < _count; i++)
        {
            Word word = MetWords.Of(key.Tokens[i]);
            bool isKnown = weights.IsKnown(word);
            if (!isKnown && word.Text.Length >= ShortestMended && TradeWords.Mend(word.Text) is { } mended)
            {
                word = mended;
                isKnown = true;
                isMended = true;
            }

            _words[i] = word;
            _isKnown[i] = isKnown;
            _bits[i] = weights.Of(word);
            Kinds |= word.Kinds;
            if (IsOfPlace(word.Text, place))
                PlaceWords |= 1UL << i;
        }

        _key = isMended ? NameKey.Read(string.Join(' ', _words.Take(_count).Select(word => word.Text))) ?? key : key;
    }

    /// <summary>Forgets the name.</summary>
    public void Clear() => _key = null;

    public NameKey Key => _key!;

    /// <summary>It is only a part of what was typed, or another reading of it.</summary>
    public bool IsPart { get; private set; }

    /// <summary>The words of the name; trade words that were misspelt are put right.</summary>
    public ReadOnlySpan<Word> Words => _words.AsSpan(0, _count);

    /// <summary>What each word tells, in bits.</summary>
    public ReadOnlySpan<double> Bits => _bits.AsSpan(0, _count);

    /// <summary>Whether the word at the same place is in any account's name.</summary>
    public ReadOnlySpan<bool> IsKnown => _isKnown.AsSpan(0, _count);

    /// <summary>Kinds of organisation that the name says it is.</summary>
    public int Kinds { get; private set; }

    /// <summary>A bit for each word that is a word of the lead's city or region: it tells little beyond the place.</summary>
    public ulong PlaceWords { get; private set; }

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

    [ThreadStatic]
    private static HashSet<string>? _similar;

    /// <summary>The word that is meant when one letter, or two neighbours, are wrong; null when there is none, or it could be several.</summary>
    public static Word? Mend(string word)
    {
        (WordList written, Dictionary<string, Word> meant, PostingMap index) = Loaded.Value;
        HashSet<string> similar = _similar ??= new(StringComparer.Ordinal);
        similar.Clear();
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
