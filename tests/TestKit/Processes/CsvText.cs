using System.Text;

namespace Abm.TestKit;

/// <summary>Reads CSV as RFC 4180 describes it, written apart from the app's own reader so that the two check each other.</summary>
public static class CsvText
{
    /// <summary>The rows as column name → value; empty values are left out.</summary>
    public static IReadOnlyList<IReadOnlyDictionary<string, string>> Read(string text)
    {
        List<List<string>> records = Records(text);
        return [.. records.Skip(1).Select(record => records[0].Zip(record)
            .Where(cell => cell.Second.Length > 0)
            .ToDictionary(cell => cell.First, cell => cell.Second, StringComparer.Ordinal))];
    }

    private static List<List<string>> Records(string text)
    {
        List<List<string>> records = [];
        List<string> record = [];
        StringBuilder cell = new();
        bool quoted = false;
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (quoted && c == '"' && i + 1 < text.Length && text[i + 1] == '"')
            {
                cell.Append(text[++i]);
            }
            else if (c == '"')
            {
                quoted = !quoted;
            }
            else if (!quoted && c == ',')
            {
                EndCell();
            }
            else if (!quoted && c == '\n')
            {
                EndCell();
                records.Add(record);
                record = [];
            }
            else if (quoted || c != '\r')
            {
                cell.Append(c);
            }
        }

        if (cell.Length > 0 || record.Count > 0)
        {
            EndCell();
            records.Add(record);
        }

        return records;

        void EndCell()
        {
            record.Add(cell.ToString());
            cell.Clear();
        }
    }
}
