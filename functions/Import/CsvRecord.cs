namespace Abm.Functions.Import;

/// <summary>One record of a CSV text.</summary>
/// <param name="Line">The line of the text it begins at; the first is 1. Quoted line ends count.</param>
/// <param name="Fields">Its values, quotes taken off; empty when it could not be read.</param>
/// <param name="Fault">Why it could not be read; null when it could.</param>
internal sealed record CsvRecord(int Line, IReadOnlyList<string> Fields, CsvFault? Fault);

/// <summary>Why a record could not be read.</summary>
internal enum CsvFault
{
    /// <summary>A quote is opened and not closed within the record limit, or before the end.</summary>
    UnclosedQuote,

    /// <summary>More characters than a record may have.</summary>
    TooLong,

    /// <summary>More values than a record may have.</summary>
    TooManyFields,
}
