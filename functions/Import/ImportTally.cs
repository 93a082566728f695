using Abm.Decisions;

namespace Abm.Functions.Import;

/// <summary>Counts rows while they go by. Lists the first rejected ones in file order, counts the rest.</summary>
internal sealed class ImportTally
{
    // Rows that cannot be read are known before those of the same batch that were handed over, so the list is kept sorted by row.
    private readonly SortedList<int, RowErrorResponse> _errors = [];
    private int _rows;
    private int _accepted;
    private int _updated;
    private int _rejected;

    public int NextRow() => ++_rows;

    public void Add(CsvRow row, RowOutcome outcome)
    {
        switch (outcome)
        {
            case RowOutcome.Accepted:
                _accepted++;
                break;
            case RowOutcome.Updated:
                _updated++;
                break;
            case RowOutcome.Rejected(var problems):
                Reject(row.Number, row.Line, problems);
                break;
        }
    }

    public void Reject(int row, int line, IReadOnlyList<Problem> problems)
    {
        _rejected++;
        _errors.Add(row, new RowErrorResponse(row, line, problems));
        if (_errors.Count > ImportReportResponse.MaxErrors)
            _errors.RemoveAt(_errors.Count - 1);
    }

    public ImportReportResponse Report(bool dryRun, string encoding, char delimiter, IReadOnlyList<string> unknownColumns) => new(
        _rows, _accepted, _updated, _rejected, [.. _errors.Values], _rejected - _errors.Count, dryRun, encoding, delimiter.ToString(), unknownColumns);
}
