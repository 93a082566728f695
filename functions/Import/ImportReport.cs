using Abm.Decisions;

namespace Abm.Functions.Import;

/// <summary>What became of every row of a file. <c>rows = accepted + updated + rejected</c>.</summary>
/// <param name="Rows">Data rows: lines without any value are not counted.</param>
/// <param name="Accepted">Rows that were new.</param>
/// <param name="Updated">Rows whose id was known: replaced by the row, or for leads recognised as the same lead again.</param>
/// <param name="Rejected">Rows with problems; nothing of them was taken.</param>
/// <param name="Errors">The rejected rows in file order, the first <see cref="MaxErrors"/> of them.</param>
/// <param name="ErrorsLeftOut">How many rejected rows are not listed.</param>
/// <param name="DryRun">True when everything was checked and nothing kept.</param>
public sealed record ImportReportResponse(
    int Rows, int Accepted, int Updated, int Rejected, IReadOnlyList<RowErrorResponse> Errors, int ErrorsLeftOut, bool DryRun, string Encoding, string Delimiter, IReadOnlyList<string> UnknownColumns)
{
    /// <summary>Most rejected rows that a report lists.</summary>
    public const int MaxErrors = 1_000;
}

/// <summary>A rejected row.</summary>
/// <param name="Row">Its number among the data rows, 1 for the first one after the header.</param>
/// <param name="Line">The line of the file that it begins at; the header's is 1.</param>
public sealed record RowErrorResponse(int Row, int Line, IReadOnlyList<Problem> Problems);

/// <summary>What became of one row.</summary>
internal abstract record RowOutcome
{
    public static readonly RowOutcome New = new Accepted();
    public static readonly RowOutcome Known = new Updated();

    private RowOutcome()
    {
    }

    public sealed record Accepted : RowOutcome;

    public sealed record Updated : RowOutcome;

    public sealed record Rejected(IReadOnlyList<Problem> Problems) : RowOutcome;
}
