using System.Globalization;
using Abm.Decisions;
using Abm.Functions.Intake;

namespace Abm.Functions.Import;

/// <summary>The header of a CSV file: which column stands where.</summary>
internal sealed class CsvColumns
{
    private readonly Dictionary<string, int> _positions = new(StringComparer.Ordinal);

    private CsvColumns(IReadOnlyList<string> names)
    {
        Names = names;
        for (int i = 0; i < names.Count; i++)
            _positions.TryAdd(names[i], i);
    }

    /// <summary>In file order, snake_case. A column without a name is called <c>column_3</c> by its place.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Reads the header: upper case, spaces and hyphens make no difference.</summary>
    public static CsvColumns Read(IReadOnlyList<string> header, ICollection<Problem> problems)
    {
        string[] names = [.. header.Select((name, i) => Normalise(name, i))];

        // Columns without a name and without a value are what spreadsheets leave behind at the right edge.
        int count = names.Length;
        while (count > 1 && string.IsNullOrWhiteSpace(header[count - 1]))
            count--;
        names = names[..count];
        for (int i = 0; i < names.Length; i++)
        {
            int before = problems.Count;
            FieldText.Clean(names[i], $"column {i + 1}", SubmissionFields.MaxNameLength, allowsLines: false, problems);
            if (problems.Count == before && Array.IndexOf(names, names[i]) < i)
                problems.Add(new Problem("duplicateColumn", FieldText.Quotable(names[i]), string.Create(CultureInfo.InvariantCulture, $"Columns {Array.IndexOf(names, names[i]) + 1} and {i + 1} have the same name.")));
        }

        return new CsvColumns(names);
    }

    public bool Has(string name) => _positions.ContainsKey(name);

    /// <summary>The position of a column, or -1.</summary>
    public int IndexOf(string name) => _positions.GetValueOrDefault(name, -1);

    private static string Normalise(string name, int index)
    {
        string trimmed = name.Trim();
        return trimmed.Length == 0
            ? string.Create(CultureInfo.InvariantCulture, $"column_{index + 1}")
            : trimmed.ToLowerInvariant().Replace(' ', '_').Replace('-', '_');
    }
}

/// <summary>One data row.</summary>
/// <param name="Number">1 for the first row after the header.</param>
/// <param name="Line">The line of the file that it begins at.</param>
/// <param name="Values">As many as there are columns.</param>
internal sealed record CsvRow(int Number, int Line, CsvColumns Columns, IReadOnlyList<string> Values)
{
    /// <summary>The trimmed value, or null when the column is missing or the value is empty.</summary>
    public string? this[string column] => Columns.IndexOf(column) is >= 0 and int i && !string.IsNullOrWhiteSpace(Values[i]) ? Values[i].Trim() : null;
}
