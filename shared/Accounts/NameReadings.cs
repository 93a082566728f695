using Abm.Lists;

namespace Abm.Accounts;

/// <summary>What else a text may name than what it says as a whole: "X dba Y" is X and Y, "Marketing at X" is X.</summary>
internal static class NameReadings
{
    /// <summary>More than one form field holds by mistake.</summary>
    private const int Most = 4;

    private static readonly string[] OtherName = [" dba ", " d/b/a ", " d.b.a. ", " fka ", " f/k/a ", " formerly ", " aka ", " a/k/a ", " doing business as ", " trading as ", " t/a ", " now known as ", " ex "];
    private static readonly string[] Apart = [" - ", " \u2013 ", " \u2014 ", " / ", " | ", ": ", "; "];
    private static readonly string[] Job = [" at ", " @ "];

    // What follows one of these is no part of the name: "Comerica Inc. DL 5", "Content Analytics Inc Formerly Con".
    private static readonly HashSet<string> EndsName = new(StringComparer.OrdinalIgnoreCase) { "inc", "incorporated", "llc", "ltd", "limited", "corp", "corporation", "gmbh", "plc", "oyj", "llp", "pty", "pvt" };

    /// <summary>Parts of an account's name that are names of it.</summary>
    public static List<string> OfAccount(string name)
    {
        var parts = new List<string>();
        foreach ((string before, string after) in PartsOf(name, OtherName))
            parts.AddRange([before, after]);

        // "Northwest University (NWU)": capitals in brackets are what it is called for short.
        int open = name.IndexOf('(', StringComparison.Ordinal);
        int close = open < 0 ? -1 : name.IndexOf(')', open);
        if (open > 0 && close - open is > 2 and <= 9 && name.AsSpan(open + 1, close - open - 1).IndexOfAnyExceptInRange('A', 'Z') < 0)
        {
            parts.Add(name[(open + 1)..close]);
            parts.Add(name.Remove(open, close - open + 1));
        }

        return parts;
    }

    /// <summary>Other readings of what someone typed as a company, likeliest first; at most four, none for most texts.</summary>
    /// <param name="place">Where the lead is: "University of Mississippi - Grenada" in Grenada names no country.</param>
    public static IReadOnlyList<NameReading> OfLead(string? text, NameKey? whole, Place? place = null)
    {
        if (whole is null || string.IsNullOrWhiteSpace(text) || text.Length > TextFold.MaxLength || !MayHaveOthers(text))
            return whole is not null && WithoutCountry(whole, place) is { } rest ? [new(rest, IsWhole: true)] : [];

        // Of "X dba Y" both are names; what a job, a department or a legal form stands beside is the whole name.
        var parts = new List<(string Text, bool IsWhole)>();
        AddParts(text, OtherName, parts, isWhole: true);
        foreach (string word in Job)
        {
            int at = text.IndexOf(word, StringComparison.OrdinalIgnoreCase);
            if (at > 0)
                parts.Add((text[(at + word.Length)..], IsDepartment(text.AsSpan(0, at))));
        }

        int open = text.IndexOf('(', StringComparison.Ordinal);
        int close = open < 0 ? -1 : text.IndexOf(')', open);
        if (open > 0)
        {
            parts.Add((close < 0 ? text[..open] : text.Remove(open, close - open + 1), IsDepartment(close < 0 ? text.AsSpan(open + 1) : text.AsSpan(open + 1, close - open - 1))));
            if (close > open + 2)
                parts.Add((text[(open + 1)..close], false));
        }

        AddParts(text, Apart, parts, isWhole: false);
        if (UpToForm(text) is { } upTo)
            parts.Add((upTo, true));

        var names = new List<NameReading>(2);
        if (WithoutCountry(whole, place) is { } shorter)
            names.Add(new(shorter, IsWhole: true));
        foreach ((string part, bool isWhole) in parts)
        {
            if (names.Count < Most && !NameKey.SaysNothing(part) && !IsNoName(TextFold.Fold(part)) && NameKey.Read(part) is { } name && name != whole && !names.Exists(reading => reading.Name == name))
                names.Add(new(name, isWhole));
        }

        return names;
    }

    // "Mochila USA", but not "Bank of Ireland".
    private static NameKey? WithoutCountry(NameKey whole, Place? place)
    {
        if (place is not null && (place.City == whole.Tokens[^1] || place.Region == whole.Tokens[^1]))
            return null;
        if (whole.Tokens.Count < 2 || whole.Tokens[^1].Length < 2 || NameWords.Current.Fillers.Contains(whole.Tokens[^2]))
            return null;
        return Countries.Code(whole.Tokens[^1]) is not null ? NameKey.Read(whole.Full[..^(whole.Tokens[^1].Length + 1)]) : null;
    }

    private static bool IsDepartment(ReadOnlySpan<char> text) => NameWords.IsDepartment(TextFold.Fold(text));

    private static bool IsNoName(string folded) => NameWords.IsDepartment(folded) || NameWords.Current.LegalSuffixes.Contains(folded);

    // Most companies are words and spaces; only these may hold a second name.
    private static bool MayHaveOthers(string text) =>
        text.AsSpan().IndexOfAny(MayPart) >= 0 || text.AsSpan().ContainsAny(Separators) || UpToForm(text) is not null;

    private static readonly System.Buffers.SearchValues<string> Separators = System.Buffers.SearchValues.Create([.. OtherName, .. Job], StringComparison.OrdinalIgnoreCase);

    private static readonly System.Buffers.SearchValues<char> MayPart = System.Buffers.SearchValues.Create("(/|:;@-\u2013\u2014");

    private static void AddParts(string text, string[] separators, List<(string Text, bool IsWhole)> parts, bool isWhole)
    {
        foreach ((string before, string after) in PartsOf(text, separators))
        {
            parts.Add((before, isWhole));
            parts.Add((after, isWhole));
        }
    }

    private static IEnumerable<(string Before, string After)> PartsOf(string text, string[] separators)
    {
        foreach (string separator in separators)
        {
            int at = text.IndexOf(separator, StringComparison.OrdinalIgnoreCase);
            if (at <= 0)
                continue;
            yield return (text[..at], text[(at + separator.Length)..]);
        }
    }

    private static string? UpToForm(string text)
    {
        ReadOnlySpan<char> rest = text.AsSpan().TrimEnd();
        var forms = EndsName.GetAlternateLookup<ReadOnlySpan<char>>();
        int start = rest.IndexOf(' ') + 1;
        while (start > 0 && start < rest.Length)
        {
            int length = rest[start..].IndexOf(' ');
            if (length < 0)
                return null;
            ReadOnlySpan<char> word = rest.Slice(start, length).Trim(".,");
            int end = start + length;
            if (forms.Contains(word))
            {
                // More forms may follow: "Ltd. Co".
                ReadOnlySpan<char> after = rest[end..].Trim();
                return after.IndexOf(' ') < 0 && after.Length <= 5 ? null : text[..end];
            }

            start = end + 1;
        }

        return null;
    }
}

/// <summary>What else a text may name.</summary>
/// <param name="IsWhole">Nothing that belongs to the name was left out: only a country, a department, or another name of the same company.</param>
public sealed record NameReading(NameKey Name, bool IsWhole);
