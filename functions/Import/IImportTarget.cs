using Abm.Decisions;

namespace Abm.Functions.Import;

/// <summary>What rows of one kind are turned into. One instance serves one file.</summary>
internal interface IImportTarget
{
    /// <summary>Columns that mean something here; others are kept as custom fields.</summary>
    bool IsKnown(string column);

    /// <summary>Adds what is missing in the header.</summary>
    void CheckColumns(CsvColumns columns, ICollection<Problem> problems);

    /// <summary>Takes some rows, all or each by itself, and tells what became of each, in their order. Taking a row again changes nothing.</summary>
    /// <param name="dryRun">Check everything and keep nothing.</param>
    Task<IReadOnlyList<RowOutcome>> TakeAsync(IReadOnlyList<CsvRow> rows, bool dryRun, CancellationToken cancellationToken);
}
