using System.Globalization;

namespace Abm.Evaluation;

/// <summary>Writes a CSV file, cell by cell, that a spreadsheet opens without running anything in it.</summary>
internal sealed class CsvFile(string path) : IDisposable
{
    private readonly StreamWriter _to = new(path);
    private bool _isFirst = true;

    public void WriteField(object? cell)
    {
        string text = Convert.ToString(cell, CultureInfo.InvariantCulture) ?? "";

        // What spreadsheets take for a formula is shown as a text; numbers of our own are none.
        if (cell is string && text.Length > 0 && text[0] is ('=' or '+' or '-' or '@' or '\t' or '\r'))
            text = "'" + text;
        if (!_isFirst)
            _to.Write(',');
        _isFirst = false;
        _to.Write(text.AsSpan().IndexOfAny(",\"\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"");
    }

    public void NextRecord()
    {
        _to.WriteLine();
        _isFirst = true;
    }

    public void Dispose() => _to.Dispose();
}
