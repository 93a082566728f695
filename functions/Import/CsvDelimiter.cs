using System.Buffers;

namespace Abm.Functions.Import;

/// <summary>Tells comma, semicolon and tab apart by the first line.</summary>
internal static class CsvDelimiter
{
    private static readonly SearchValues<char> LineEnds = SearchValues.Create("\r\n");

    /// <summary>The delimiter that the header uses: a line <c>sep=;</c> in front of it says so, else the one that stands in it most often outside of quotes.</summary>
    public static char Guess(ReadOnlySpan<char> start, out int prefixLength)
    {
        prefixLength = 0;
        if (start.StartsWith("sep=", StringComparison.OrdinalIgnoreCase) && start.Length >= 5 && (start.Length == 5 || LineEnds.Contains(start[5])))
        {
            prefixLength = start.Length > 6 && start[5] == '\r' && start[6] == '\n' ? 7 : Math.Min(6, start.Length);
            return start[4];
        }

        int commas = 0, semicolons = 0, tabs = 0;
        bool isQuoted = false;
        foreach (char c in start.TrimStart("\r\n"))
        {
            if (c == '"')
                isQuoted = !isQuoted;
            else if (isQuoted)
                continue;
            else if (c is '\r' or '\n')
                break;
            else if (c == ',')
                commas++;
            else if (c == ';')
                semicolons++;
            else if (c == '\t')
                tabs++;
        }

        return tabs > commas && tabs > semicolons ? '\t' : semicolons > commas ? ';' : ',';
    }
}
