using Abm.Lists;

namespace Abm.Accounts;

/// <summary>A word of a name with what is known of it wherever it stands, so that comparing names looks nothing up twice.</summary>
internal sealed class Word
{
    /// <summary>Words that people add and leave out count this much of what they tell.</summary>
    private const double SoftShare = 0.2;

    /// <summary>Countries, too: "Acme UK".</summary>
    private const double CountryShare = 0.5;

    public Word(string text)
    {
        NameWords.Tables words = NameWords.Current;
        Text = text;
        Key = IndexKey.Of(IndexKey.Token, text);
        IsFiller = words.Fillers.Contains(text);
        IsSoft = words.Soft.Contains(text);
        Share = IsFiller ? 0 : IsSoft ? SoftShare : Countries.Code(text) is not null ? CountryShare : 1;
        Commonness = words.CommonShares.GetValueOrDefault(text);
        Kinds = words.Kinds.GetValueOrDefault(text);
        IsMarker = words.Markers.Contains(text) || text.AsSpan().IndexOfAnyInRange('0', '9') >= 0;
        State = Countries.UnitedStatesCode(text);
        foreach (char c in text)
            Letters |= 1UL << (c & 63);
    }

    public string Text { get; }

    /// <summary>Key of the accounts that have the word.</summary>
    public ulong Key { get; }

    /// <summary>How much of what it tells counts: 0 for fillers, 1 for most words.</summary>
    public double Share { get; }

    /// <summary>The, of, and: the core of a name does without it.</summary>
    public bool IsFiller { get; }

    /// <summary>Group, holding: at its start or end the core of a name does without it.</summary>
    public bool IsSoft { get; }

    /// <summary>Share of names at large that have the word; 0 for most.</summary>
    public double Commonness { get; }

    /// <summary>A bit for each kind of organisation that the word says it is: hospital, bank, school. 0 for most words.</summary>
    public int Kinds { get; }

    /// <summary>It tells one branch, lodge or fund from another and is never a slip for its like: a number, a direction.</summary>
    public bool IsMarker { get; }

    /// <summary>Code of the state of the United States that the word names or abbreviates; null for most.</summary>
    public string? State { get; }

    /// <summary>A bit for each letter in it: words that are nearly alike have nearly the same.</summary>
    public ulong Letters { get; }

    public static Word[] Of(NameKey name)
    {
        var words = new Word[name.TokenCount];
        for (int i = 0; i < words.Length; i++)
            words[i] = MetWords.Of(name.Tokens[i]);
        return words;
    }
}

/// <summary>Keeps the words that were met lately, for all names: most are met again and again. Bounded; safe for several threads.</summary>
internal static class MetWords
{
    /// <summary>Words that are kept at most; some 200 bytes each.</summary>
    private const int Places = 1 << 16;

    /// <summary>Longer ones are no words.</summary>
    private const int Longest = 40;

    private static readonly Word?[] Met = new Word?[Places];

    public static Word Of(ReadOnlySpan<char> text)
    {
        if (text.Length > Longest)
            return new(new(text));
        ref Word? place = ref Met[IndexKey.Of(IndexKey.Token, text) & (Places - 1)];
        Word? met = place;
        return met is not null && text.SequenceEqual(met.Text) ? met : place = new(new(text));
    }

    /// <summary>The words of a text in which one space parts two.</summary>
    public static Word[] OfAll(ReadOnlySpan<char> text)
    {
        var words = new Word[text.Count(' ') + 1];
        for (int i = 0; i < words.Length; i++)
        {
            int end = text.IndexOf(' ');
            words[i] = Of(end < 0 ? text : text[..end]);
            text = text[(end + 1)..];
        }

        return words;
    }
}
