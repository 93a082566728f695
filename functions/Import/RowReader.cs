using System.Globalization;
using Abm.Decisions;
using Abm.Functions.Intake;

namespace Abm.Functions.Import;

/// <summary>Reads the values of one row and keeps every problem. A column that the file does not have is left as it was; an empty value clears it.</summary>
internal sealed class RowReader(CsvRow row)
{
    private readonly List<Problem> _problems = [];

    /// <summary>Everything found wrong so far.</summary>
    public IReadOnlyList<Problem> Problems => _problems;

    public bool Has(string column) => row.Columns.Has(column);

    public string? Text(string column, string? known, int maxLength, bool allowsLines = false) =>
        Has(column) ? FieldText.Clean(allowsLines ? row[column] : FieldText.InOneLine(row[column]), column, maxLength, allowsLines, _problems) : known;

    /// <summary>A text that must be there.</summary>
    public string Required(string column, string? known, int maxLength)
    {
        int before = _problems.Count;
        string? text = Text(column, known, maxLength);
        if (text is null && _problems.Count == before)
            _problems.Add(new Problem("required", column, "It must not be empty."));
        return text ?? "";
    }

    /// <summary>An id that must be there.</summary>
    public string? RequiredId(string column)
    {
        int before = _problems.Count;
        string? id = FieldText.CleanId(row[column], column, _problems);
        if (id is null && _problems.Count == before)
            _problems.Add(new Problem("required", column, "It must not be empty."));
        return id;
    }

    public T? Id<T>(string column, T? known, Func<string, T> parse)
        where T : class
    {
        if (!Has(column))
            return known;
        return FieldText.CleanId(row[column], column, _problems) is { } id ? parse(id) : null;
    }

    /// <summary>Values parted by semicolons.</summary>
    public IReadOnlyList<string> Texts(string column, IReadOnlyList<string> known, int maxCount, int maxLength)
    {
        if (!Has(column))
            return known;
        var texts = new List<string>();
        foreach (string part in (FieldText.InOneLine(row[column]) ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (FieldText.Clean(part, column, maxLength, allowsLines: false, _problems) is { } text && !texts.Contains(text, StringComparer.Ordinal))
                texts.Add(text);
        }

        if (texts.Count > maxCount)
            _problems.Add(new Problem("tooMany", column, string.Create(CultureInfo.InvariantCulture, $"It has {texts.Count} values; at most {maxCount} are taken.")));
        return texts;
    }

    public bool Flag(string column, bool known, bool whenEmpty = false)
    {
        if (!Has(column))
            return known;
        switch (row[column]?.ToLowerInvariant())
        {
            case null:
                return whenEmpty;
            case "true" or "yes" or "y" or "1":
                return true;
            case "false" or "no" or "n" or "0":
                return false;
            default:
                _problems.Add(new Problem("wrongType", column, "true or false is expected."));
                return known;
        }
    }

    public int Count(string column, int known)
    {
        if (!Has(column) || row[column] is not { } text)
            return Has(column) ? 0 : known;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int count))
            return count;
        _problems.Add(new Problem("wrongType", column, "A whole number from 0 is expected."));
        return known;
    }

    /// <summary>A number of employees: a number, or a band whose midpoint is taken.</summary>
    public int? Employees(string column, int? known)
    {
        if (!Has(column) || row[column] is not { } text)
            return Has(column) ? null : known;
        if (EmployeeBand.Read(text) is { } count)
            return count;
        _problems.Add(new Problem("wrongType", column, "A whole number such as 250, or a band such as 51-200 or 10001+, is expected."));
        return known;
    }

    public T Word<T>(string column, T known, T whenEmpty, IReadOnlyDictionary<string, T> words)
    {
        if (!Has(column) || row[column] is not { } text)
            return Has(column) ? whenEmpty : known;
        if (words.TryGetValue(text, out T? value))
            return value;
        _problems.Add(new Problem("unknownValue", column, $"One of {string.Join(", ", words.Keys.Where(word => words[word] is not null).Distinct(StringComparer.OrdinalIgnoreCase))} is expected."));
        return known;
    }

    /// <summary>An instant; one without an offset is UTC, a day alone its first instant.</summary>
    public DateTimeOffset? Instant(string column, DateTimeOffset? known)
    {
        if (!Has(column) || row[column] is not { } text)
            return Has(column) ? null : known;
        if (TryInstant(text, out DateTimeOffset instant))
            return instant;
        _problems.Add(new Problem("wrongType", column, "An instant such as 2026-03-01T09:00:00Z, or a day such as 2026-03-01, is expected."));
        return known;
    }

    public static bool TryInstant(string text, out DateTimeOffset instant)
    {
        // Only year-month-day: what 03/04/2026 means depends on who wrote it.
        instant = default;
        return text.Length >= 10 && text[4] == '-' && char.IsAsciiDigit(text[0])
            && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out instant)
            && instant.Year >= 1601;
    }

    /// <summary>Adds the values of all columns that are not known; a value that is empty takes its entry away.</summary>
    public IReadOnlyDictionary<string, string> Custom(Func<string, bool> isKnown, IReadOnlyDictionary<string, string> known)
    {
        Dictionary<string, string>? custom = null;
        for (int i = 0; i < row.Columns.Names.Count; i++)
        {
            string name = row.Columns.Names[i];
            if (isKnown(name))
                continue;
            custom ??= known.ToDictionary(StringComparer.Ordinal);
            if (FieldText.Clean(row.Values[i], name, SubmissionFields.MaxCustomLength, allowsLines: true, _problems) is { } value)
                custom[name] = value;
            else
                custom.Remove(name);
        }

        if (custom is not null && custom.Sum(entry => entry.Key.Length + entry.Value.Length) > SubmissionFields.MaxCustomTotal)
            _problems.Add(new Problem("tooLong", "", $"The unknown columns together have more than {SubmissionFields.MaxCustomTotal} characters."));
        return custom ?? known;
    }

    public void Add(Problem problem) => _problems.Add(problem);
}
