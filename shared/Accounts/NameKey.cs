using System.Collections.Frozen;
using Abm.Lists;

namespace Abm.Accounts;

/// <summary>An organisation's name in comparable form. Made from any text; making it from its own <see cref="Full"/> changes nothing.</summary>
public sealed record NameKey
{
    private static readonly System.Buffers.SearchValues<char> DigitsAndSpace = System.Buffers.SearchValues.Create("0123456789 ");

    // Legal forms that nothing but a company's name ends in, when someone forgets the space.
    private static readonly string[] GluedForms = ["llc", "gmbh", "ltd", "inc"];
    private const int ShortestBeforeForm = 5;

    private string? _core;
    private string[]? _tokens;

    private NameKey(string full, string core, string? asWritten, string[] tokens)
    {
        Full = full;
        _core = core;
        AsWritten = asWritten;
        _tokens = tokens;
        TokenCount = tokens.Length;
        Squashed = core.Replace(" ", "", StringComparison.Ordinal);
        SquashedFull = core.Length == full.Length ? Squashed : full.Replace(" ", "", StringComparison.Ordinal);
    }

    private NameKey(string full, string? asWritten, Word[] words)
    {
        Full = full;
        AsWritten = asWritten;
        TokenCount = words.Length;
        (int start, int end, bool hasFillers) = CoreOf(words);
        SquashedFull = words.Length == 1 ? full : Squash(words, 0, words.Length, withFillers: true);
        Squashed = start == 0 && end == words.Length && !hasFillers ? SquashedFull : Squash(words, start, end, !hasFillers);
    }

    /// <summary>All words but legal forms, abbreviations written out, one space between: <c>abc</c> for "ABC Corp".</summary>
    public string Full { get; }

    /// <summary>As <see cref="Full"/>, without words that people add and leave out as they please: the, of, and; group, holding, international at an end.</summary>
    public string Core => _core ??= string.Join(' ', CoreOf([.. Tokens], NameWords.Current));

    /// <summary>The words of <see cref="Full"/>.</summary>
    public IReadOnlyList<string> Tokens => _tokens ??= Full.Split(' ');

    /// <summary>How many words <see cref="Full"/> has.</summary>
    internal int TokenCount { get; }

    /// <summary><see cref="Core"/> without spaces: "Auto Wave" and "AUTOWAVE" are equal in it.</summary>
    public string Squashed { get; }

    /// <summary><see cref="Full"/> without spaces.</summary>
    public string SquashedFull { get; }

    /// <summary>Without spaces and legal forms, abbreviations as they were written: "Compello Tech" and "Compellotech" are equal in it. Null where that is <see cref="SquashedFull"/>.</summary>
    public string? AsWritten { get; }

    /// <summary>Whether two names have equal records depends on <see cref="Full"/> alone.</summary>
    public bool Equals(NameKey? other) => other is not null && Full == other.Full;

    public override int GetHashCode() => string.GetHashCode(Full, StringComparison.Ordinal);

    /// <summary>Reads a name. Null when there is no letter or digit in it.</summary>
    public static NameKey? Read(string? name) => Read(name, known: null);

    /// <param name="known">The whole name folded, where that is known.</param>
    internal static NameKey? Read(string? name, string? known)
    {
        if (string.IsNullOrWhiteSpace(name))
            return null;
        string text = WithoutRemarks(name.Length > TextFold.MaxLength ? name[..TextFold.MaxLength] : name);
        string folded = known is not null && ReferenceEquals(text, name) ? known : TextFold.Fold(text);
        if (folded.Length == 0)
            folded = known ?? TextFold.Fold(name);
        return folded.Length == 0 ? null : FromWords(folded);
    }

    /// <summary>A name as it is written, without what is said beside it: a country or department in brackets or at the end, a share's par value.</summary>
    internal static string WithoutRemarks(string name) => WithoutTrailingDepartment(WithoutAsides(ListedName.WithoutShare(name)));

    /// <summary>A name that was read before, from its <see cref="Full"/> and <see cref="AsWritten"/>.</summary>
    /// <param name="words">Its words.</param>
    internal static NameKey Restore(string full, string? asWritten, out Word[] words) => new(full, asWritten, words = MetWords.OfAll(full));

    /// <summary>Whether the text is what people type when they have no company to name: <c>n/a</c>, <c>self-employed</c>, <c>asdf</c>, one letter.</summary>
    public static bool SaysNothing(string? name) => string.IsNullOrWhiteSpace(name) || FoldedSaysNothing(TextFold.Fold(name));

    /// <inheritdoc cref="SaysNothing"/>
    internal static bool FoldedSaysNothing(string folded) =>
        folded.Length == 0 || (folded.Length == 1 && folded[0] < 128) || NameWords.Current.Nothing.Contains(folded) || NameWords.Current.SelfEmployed.Contains(folded) || IsOneCharacterRepeated(folded) || IsDigits(folded);

    /// <summary>Whether the text says that there is no employer: <c>self-employed</c>, <c>freelance</c>, <c>student</c>. A domain then says little about a company.</summary>
    public static bool SaysSelfEmployed(string? name) => !string.IsNullOrWhiteSpace(name) && FoldedSaysSelfEmployed(TextFold.Fold(name));

    /// <inheritdoc cref="SaysSelfEmployed"/>
    internal static bool FoldedSaysSelfEmployed(string folded) => NameWords.Current.SelfEmployed.Contains(folded);

    private static NameKey FromWords(string folded)
    {
        NameWords.Tables words = NameWords.Current;
        var tokens = new List<string>(folded.Split(' '));
        bool changed;
        string? asWritten = null;
        do
        {
            changed = DropLegalForms(tokens, words) | DropAttachedForms(tokens, words);
            asWritten ??= WithoutGluedForm(string.Concat(tokens));
            for (int i = 0; i < tokens.Count; i++)
            {
                if (words.Expansions.TryGetValue(tokens[i], out string? written))
                {
                    tokens[i] = written;
                    changed = true;
                }
            }
        }
        while (changed | Shorten(tokens));

        string[] all = [.. tokens];
        string full = string.Join(' ', all);
        return new(full, string.Join(' ', CoreOf(tokens, words)), IsSquashed(asWritten, full) ? null : asWritten, all);
    }

    // "Smartek21llc".
    private static string WithoutGluedForm(string squashed)
    {
        foreach (string form in GluedForms)
        {
            if (squashed.Length >= form.Length + ShortestBeforeForm && squashed.EndsWith(form, StringComparison.Ordinal))
                return squashed[..^form.Length];
        }

        return squashed;
    }

    private static bool IsSquashed(string squashed, string full)
    {
        int at = 0;
        foreach (char c in full)
        {
            if (c == ' ')
                continue;
            if (at >= squashed.Length || squashed[at++] != c)
                return false;
        }

        return at == squashed.Length;
    }

    private static bool DropLegalForms(List<string> tokens, NameWords.Tables words)
    {
        if (tokens.Count < 2)
            return false;
        var suffixes = words.LegalSuffixes.GetAlternateLookup<ReadOnlySpan<char>>();
        var prefixes = words.LegalPrefixes.GetAlternateLookup<ReadOnlySpan<char>>();
        ReadOnlySpan<char> text = string.Join(' ', tokens);
        bool any = false;
        while (true)
        {
            ReadOnlySpan<char> rest = WithoutSuffix(text, suffixes, words.LongestSuffix);
            rest = WithoutPrefix(rest, prefixes);
            if (rest.Length == text.Length)
                break;
            text = rest;
            any = true;
        }

        if (any)
        {
            tokens.Clear();
            foreach (Range token in text.Split(' '))
                tokens.Add(new(text[token]));
        }

        return any;
    }

    // The longest form first; never the whole name.
    private static ReadOnlySpan<char> WithoutSuffix(ReadOnlySpan<char> text, FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> forms, int longest)
    {
        int found = -1;
        int start = text.Length;
        for (int count = 0; count < longest && start > 0; count++)
        {
            start = text[..start].LastIndexOf(' ');
            if (start <= 0)
                break;
            if (forms.Contains(text[(start + 1)..]))
                found = start;
        }

        if (found < 0)
            return text;

        // "GmbH & Co." leaves an "and" behind; it belongs to the form.
        text = text[..found];
        return text.EndsWith(" and") ? text[..^4] : text;
    }

    private static ReadOnlySpan<char> WithoutPrefix(ReadOnlySpan<char> text, FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> forms)
    {
        const int longest = 4;
        int found = -1;
        int end = -1;
        for (int count = 0; count < longest; count++)
        {
            int space = text[(end + 1)..].IndexOf(' ');
            if (space < 0)
                break;
            end += space + 1;
            if (forms.Contains(text[..end]))
                found = end;
        }

        return found < 0 ? text : text[(found + 1)..];
    }

    // Chinese, Japanese, Korean and Thai write the form and the name as one word.
    private static bool DropAttachedForms(List<string> tokens, NameWords.Tables words)
    {
        bool any = false;
        for (int i = 0; i < tokens.Count; i++)
        {
            if (tokens[i][0] < 128)
                continue;
            foreach (string form in words.AttachedForms)
            {
                string token = tokens[i];
                if (token.Length <= form.Length)
                    continue;
                if (token.StartsWith(form, StringComparison.Ordinal))
                    tokens[i] = token[form.Length..];
                else if (token.EndsWith(form, StringComparison.Ordinal))
                    tokens[i] = token[..^form.Length];
                else
                    continue;
                any = true;
            }
        }

        return any;
    }

    // Written-out abbreviations can make a name longer than what is looked at; cut at a word.
    private static bool Shorten(List<string> tokens)
    {
        int length = tokens.Sum(token => token.Length + 1) - 1;
        if (length <= TextFold.MaxLength)
            return false;
        while (tokens.Count > 1 && length > TextFold.MaxLength)
        {
            length -= tokens[^1].Length + 1;
            tokens.RemoveAt(tokens.Count - 1);
        }

        if (length > TextFold.MaxLength)
            tokens[0] = tokens[0][..TextFold.MaxLength];
        return true;
    }

    // The same of words: from which to which the core goes, and whether there are fillers in between to be left out.
    private static (int Start, int End, bool HasFillers) CoreOf(Word[] words)
    {
        int telling = 0;
        foreach (Word word in words)
            telling += word.IsFiller ? 0 : 1;
        if (telling == 0)
            return (0, words.Length, false);
        int end = words.Length;
        int left = telling;
        while (words[end - 1] is { IsFiller: var filler } last && (filler || (left > 1 && last.IsSoft)))
        {
            left -= filler ? 0 : 1;
            end--;
        }

        int start = 0;
        while (words[start] is { IsFiller: var filler } first && (filler || (left > 1 && first.IsSoft)))
        {
            left -= filler ? 0 : 1;
            start++;
        }

        return (start, end, left != end - start);
    }

    private static string Squash(Word[] words, int start, int end, bool withFillers)
    {
        int length = 0;
        for (int i = start; i < end; i++)
            length += withFillers || !words[i].IsFiller ? words[i].Text.Length : 0;
        return string.Create(length, (words, start, end, withFillers), static (to, from) =>
        {
            for (int i = from.start; i < from.end; i++)
            {
                if (!from.withFillers && from.words[i].IsFiller)
                    continue;
                from.words[i].Text.CopyTo(to);
                to = to[from.words[i].Text.Length..];
            }
        });
    }

    private static List<string> CoreOf(List<string> tokens, NameWords.Tables words)
    {
        var core = tokens.FindAll(token => !words.Fillers.Contains(token));
        if (core.Count == 0)
            return tokens;
        while (core.Count > 1 && words.Soft.Contains(core[^1]))
            core.RemoveAt(core.Count - 1);
        while (core.Count > 1 && words.Soft.Contains(core[0]))
            core.RemoveAt(0);
        return core;
    }

    // A country, legal form or department in brackets is not part of the name; anything else in brackets is.
    private static string WithoutAsides(string name)
    {
        int open;
        int from = name.Length - 1;
        while (from > 0 && (open = name.LastIndexOf('(', from)) > 0)
        {
            int close = name.IndexOf(')', open);
            string inside = TextFold.Fold(close < 0 ? name.AsSpan(open + 1) : name.AsSpan(open + 1, close - open - 1));
            if (inside.Length == 0 || Countries.Code(inside) is not null || NameWords.Current.LegalSuffixes.Contains(inside) || NameWords.IsDepartment(inside))
                name = string.Concat(name.AsSpan(0, open), " ", close < 0 ? "" : name.AsSpan(close + 1));
            from = open - 1;
        }

        return name;
    }

    private static string WithoutTrailingDepartment(string name)
    {
        for (int i = name.Length - 2; i > 0; i--)
        {
            if (name[i] is not ('-' or ',' or '|' or '/' or ':' or '–' or '—'))
                continue;
            if (NameWords.IsDepartment(TextFold.Fold(name.AsSpan(i + 1))))
            {
                name = name[..i];
                i = name.Length - 1;
            }
            else if (name[i] is not '/')
            {
                break;
            }
        }

        return name;
    }

    private static bool IsOneCharacterRepeated(string folded) => folded.AsSpan().IndexOfAnyExcept(folded[0]) < 0 && folded[0] < 128;

    private static bool IsDigits(string folded) => folded.AsSpan().IndexOfAnyExcept(DigitsAndSpace) < 0;

    public override string ToString() => Full;
}
