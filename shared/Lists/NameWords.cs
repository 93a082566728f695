using System.Collections.Frozen;
using System.Globalization;

namespace Abm.Lists;

/// <summary>Words of organisation names: legal forms, abbreviations, and what people add or leave out.</summary>
internal static class NameWords
{
    private static readonly Lazy<Tables> Loaded = new(Load);

    public static Tables Current => Loaded.Value;

    /// <summary>Whether it names a department, in folded form: <c>purchasing</c>, <c>it department</c>, <c>department of finance</c>.</summary>
    public static bool IsDepartment(string folded)
    {
        FrozenSet<string> departments = Current.Departments;
        if (departments.Contains(folded))
            return true;
        foreach (string word in DepartmentWords)
        {
            if (folded.Length > word.Length + 1 && folded.EndsWith(word, StringComparison.Ordinal) && folded[^(word.Length + 1)] == ' ' && departments.Contains(folded[..^(word.Length + 1)]))
                return true;
            if (folded.Length > word.Length + 4 && folded.StartsWith(word, StringComparison.Ordinal) && string.CompareOrdinal(folded, word.Length, " of ", 0, 4) == 0 && departments.Contains(folded[(word.Length + 4)..]))
                return true;
        }

        return false;
    }

    private static readonly string[] DepartmentWords = ["dept", "department", "team", "division", "office", "unit", "desk"];

    private static Tables Load()
    {
        var suffixes = new HashSet<string>(StringComparer.Ordinal);
        var prefixes = new HashSet<string>(StringComparer.Ordinal);
        var attached = new List<string>();
        foreach (string line in EmbeddedList.Lines("legalForms.txt").Concat(EmbeddedList.Lines("legalFormsMore.txt")))
        {
            string form = TextFold.Fold(line);
            if (line[0] == '~')
                attached.Add(form);
            if (line[0] is '^' or '~')
                prefixes.Add(form);
            if (line[0] != '^')
                suffixes.Add(form);
        }

        var expand = new Dictionary<string, string>(StringComparer.Ordinal);
        var kinds = new Dictionary<string, int>(StringComparer.Ordinal);
        var kindNames = new List<string>();
        var byKind = new Dictionary<string, HashSet<string>>(StringComparer.Ordinal);
        foreach (string line in EmbeddedList.Lines("nameWords.csv"))
        {
            string[] cells = line.Split(';');
            if (cells[0] == "expand")
            {
                if (TextFold.Fold(cells[1]) is { Length: > 0 } written && written != cells[2])
                    expand[written] = cells[2];
                continue;
            }

            if (cells[0] == "kind")
            {
                if (!kindNames.Contains(cells[1]))
                    kindNames.Add(cells[1]);
                kinds[cells[2]] = kinds.GetValueOrDefault(cells[2]) | (1 << kindNames.IndexOf(cells[1]));
                continue;
            }

            if (!byKind.TryGetValue(cells[0], out HashSet<string>? words))
                byKind[cells[0]] = words = new(StringComparer.Ordinal);
            words.Add(cells[1]);
        }

        return new(
            suffixes.ToFrozenSet(StringComparer.Ordinal),
            prefixes.ToFrozenSet(StringComparer.Ordinal),
            [.. attached.OrderByDescending(form => form.Length).ThenBy(form => form, StringComparer.Ordinal)],
            suffixes.Max(form => form.Count(c => c == ' ') + 1),
            expand.ToFrozenDictionary(StringComparer.Ordinal),
            kinds.ToFrozenDictionary(StringComparer.Ordinal),
            byKind["soft"].ToFrozenSet(StringComparer.Ordinal),
            byKind["marker"].ToFrozenSet(StringComparer.Ordinal),
            byKind["filler"].ToFrozenSet(StringComparer.Ordinal),
            byKind["department"].ToFrozenSet(StringComparer.Ordinal),
            byKind["nothing"].ToFrozenSet(StringComparer.Ordinal),
            byKind["self"].ToFrozenSet(StringComparer.Ordinal),
            EmbeddedList.Lines("commonWords.csv").Select(line => line.Split(';')).ToFrozenDictionary(cells => cells[0], cells => int.Parse(cells[1], CultureInfo.InvariantCulture) / 1e6, StringComparer.Ordinal));
    }

    /// <param name="LegalSuffixes">Forms dropped at the end of a name, folded; several words with one space between.</param>
    /// <param name="LegalPrefixes">Forms dropped at its start.</param>
    /// <param name="AttachedForms">Forms written without a space before or after the name; longest first.</param>
    /// <param name="LongestSuffix">Words in the longest form.</param>
    /// <param name="CommonShares">Share of organisation names at large that have the word, 0 to 1, for common words.</param>
    /// <param name="Kinds">Words that say what kind of organisation it is, one bit for each kind.</param>
    /// <param name="Markers">Words that tell branches of one name apart: directions, ordinals.</param>
    /// <param name="Expansions">Abbreviation to the word that both compare as.</param>
    internal sealed record Tables(
        FrozenSet<string> LegalSuffixes,
        FrozenSet<string> LegalPrefixes,
        string[] AttachedForms,
        int LongestSuffix,
        FrozenDictionary<string, string> Expansions,
        FrozenDictionary<string, int> Kinds,
        FrozenSet<string> Soft,
        FrozenSet<string> Markers,
        FrozenSet<string> Fillers,
        FrozenSet<string> Departments,
        FrozenSet<string> Nothing,
        FrozenSet<string> SelfEmployed,
        FrozenDictionary<string, double> CommonShares);
}
