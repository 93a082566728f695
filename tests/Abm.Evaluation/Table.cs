using CsvHelper;

namespace Abm.Evaluation;

/// <summary>A file that cannot be evaluated: what is wrong with it, for the person who gave it.</summary>
internal sealed class InputException(string message) : Exception(message);

/// <summary>Reads a CSV file row by row, whatever its order of columns, its delimiter (comma, semicolon, tab or bar) and how it spells their names.</summary>
/// <remarks>Columns that are not there are empty, those that nobody asks for are passed over. Of a name only letters and digits count: <c>Account ID</c> is <c>account_id</c>.</remarks>
internal sealed class Table
{
    private readonly Dictionary<string, int> _columns = new(StringComparer.Ordinal);

    private Table()
    {
    }

    /// <param name="needed">Columns without which the file says nothing, each by all its names.</param>
    /// <exception cref="InputException">The file is not there, or lacks one of them.</exception>
    public static IEnumerable<Row> Rows(string path, params string[][] needed)
    {
        if (!File.Exists(path))
            throw new InputException($"{path}: there is no such file.");
        using CsvReader csv = CsvReader.FromFile(path, new CsvReaderOptions());
        var table = new Table();
        int number = 1;
        while (csv.Read())
        {
            if (table._columns.Count == 0)
                table.ReadHeader(csv.Headers, path, needed);
            number++;
            yield return new(table, csv, number);
        }

        if (table._columns.Count == 0)
            table.ReadHeader(csv.Headers, path, needed);
    }

    /// <summary>Whether the file of this row has the column, by one of its names.</summary>
    private int Find(ReadOnlySpan<string> names)
    {
        foreach (string name in names)
        {
            if (_columns.TryGetValue(Plain(name), out int at))
                return at;
        }

        return -1;
    }

    private void ReadHeader(IReadOnlyList<string> headers, string path, string[][] needed)
    {
        for (int i = 0; i < headers.Count; i++)
            _columns.TryAdd(Plain(headers[i]), i);
        foreach (string[] names in needed)
        {
            if (Find(names) < 0)
                throw new InputException($"{path}: there is no column {names[0]}; its columns are {string.Join(", ", headers)}.");
        }
    }

    private static string Plain(string name) => string.Concat(name.Where(char.IsLetterOrDigit)).ToLowerInvariant();

    /// <summary>One row; good until the next is read.</summary>
    /// <param name="Number">Its number, that of the header being 1.</param>
    internal readonly record struct Row(Table Table, CsvReader Csv, int Number)
    {
        public bool Has(params ReadOnlySpan<string> names) => Table.Find(names) >= 0;

        /// <summary>What stands in the column, by one of its names; null when nothing does.</summary>
        public string? Text(params ReadOnlySpan<string> names) => Table.Find(names) is >= 0 and int at && at < Csv.FieldCount && Csv.GetString(at).Trim() is { Length: > 0 } text ? text : null;

        /// <summary>The column's parts: between semicolons, bars and line ends.</summary>
        public string[] List(params ReadOnlySpan<string> names) => Text(names)?.Split([';', '|', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];
    }
}
