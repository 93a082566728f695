using System.Globalization;
using System.Text;
using Abm.Decisions;

namespace Abm.Functions.Import;

/// <summary>What importing a file gave: a report on its rows, or why the file as a whole cannot be read.</summary>
internal abstract record ImportResult
{
    private ImportResult()
    {
    }

    public sealed record Done(ImportReportResponse Report) : ImportResult;

    /// <summary>Nothing was taken.</summary>
    public sealed record Unreadable(IReadOnlyList<Problem> Problems) : ImportResult;
}

/// <summary>Streams a CSV file into a target, some rows at a time; memory does not grow with the file.</summary>
internal static class CsvImporter
{
    /// <summary>Most rows that are handed to the target at once.</summary>
    public const int BatchRows = 500;

    /// <summary>A batch also ends when its values have this many characters.</summary>
    public const int BatchLength = 1024 * 1024;

    private const int HeaderSniffLength = 64 * 1024;

    /// <summary>Imports the whole body. Runs again over the same file without harm.</summary>
    /// <param name="stated">Encoding by the content type; null = not stated.</param>
    public static async Task<ImportResult> RunAsync(Stream body, Encoding? stated, IImportTarget target, bool dryRun, CancellationToken cancellationToken)
    {
        using CsvText text = await CsvText.OpenAsync(body, stated, cancellationToken);
        var reader = new CsvReader(text.Reader);
        await reader.FindDelimiterAsync(HeaderSniffLength, cancellationToken);
        CsvRecord? header = await reader.ReadAsync(cancellationToken);
        if (header is null)
            return new ImportResult.Unreadable([new Problem("empty", "", "The file is empty; its first line must name the columns.")]);
        if (header.Fault is { } fault)
            return new ImportResult.Unreadable([Explain(fault)]);

        var problems = new List<Problem>();
        var columns = CsvColumns.Read(header.Fields, problems);
        target.CheckColumns(columns, problems);
        if (problems.Count > 0)
            return new ImportResult.Unreadable(problems);

        var tally = new ImportTally();
        var batch = new List<CsvRow>(BatchRows);
        int length = 0;
        while (await reader.ReadAsync(cancellationToken) is { } record)
        {
            if (record.Fault is null && record.Fields.All(string.IsNullOrWhiteSpace))
                continue;
            int number = tally.NextRow();
            if (Check(record, columns) is { } problem)
            {
                tally.Reject(number, record.Line, [problem]);
                continue;
            }

            batch.Add(new CsvRow(number, record.Line, columns, record.Fields));
            length += record.Fields.Sum(value => value.Length);
            if (batch.Count < BatchRows && length < BatchLength)
                continue;
            await TakeAsync(target, batch, dryRun, tally, cancellationToken);
            length = 0;
        }

        await TakeAsync(target, batch, dryRun, tally, cancellationToken);
        return new ImportResult.Done(tally.Report(dryRun, text.Encoding, reader.Delimiter, [.. columns.Names.Where(name => !target.IsKnown(name))]));
    }

    private static async Task TakeAsync(IImportTarget target, List<CsvRow> batch, bool dryRun, ImportTally tally, CancellationToken cancellationToken)
    {
        if (batch.Count == 0)
            return;
        IReadOnlyList<RowOutcome> outcomes = await target.TakeAsync(batch, dryRun, cancellationToken);
        for (int i = 0; i < batch.Count; i++)
            tally.Add(batch[i], outcomes[i]);
        batch.Clear();
    }

    private static Problem? Check(CsvRecord record, CsvColumns columns)
    {
        if (record.Fault is { } fault)
            return Explain(fault);
        int count = record.Fields.Count;
        if (count == columns.Names.Count || (count > columns.Names.Count && record.Fields.Skip(columns.Names.Count).All(string.IsNullOrWhiteSpace)))
            return null;
        return new Problem("raggedRow", "", string.Create(CultureInfo.InvariantCulture, $"The row has {count} values, the header has {columns.Names.Count} columns."));
    }

    private static Problem Explain(CsvFault fault) => fault switch
    {
        CsvFault.UnclosedQuote => new Problem("unclosedQuote", "", "A quote is opened and not closed; the line was left out and reading went on after it."),
        CsvFault.TooLong => new Problem("tooLong", "", string.Create(CultureInfo.InvariantCulture, $"The row has more than {CsvReader.MaxRecordLength} characters.")),
        _ => new Problem("tooMany", "", string.Create(CultureInfo.InvariantCulture, $"The row has more than {CsvReader.MaxFields} values.")),
    };
}
