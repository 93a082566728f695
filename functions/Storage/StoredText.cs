using System.Globalization;
using System.Text;
using Azure.Data.Tables;

namespace Abm.Functions.Storage;

/// <summary>Texts longer than one column may be, cut over several: <c>Doc0</c>, <c>Doc1</c>, …</summary>
internal static class StoredText
{
    /// <summary>Characters in one column. The service takes 32,768 UTF-16 characters; the rest is margin.</summary>
    public const int MaxColumn = 30_000;

    /// <summary>Columns for one text: with 16 of them a row of two-byte characters stays under 1 MiB.</summary>
    public const int MaxColumns = 16;

    /// <exception cref="InvalidOperationException">The text is longer than one row can hold.</exception>
    public static void SetText(this TableEntity row, string name, string text)
    {
        int column = 0;
        for (int at = 0; at < text.Length || column == 0; column++)
        {
            if (column == MaxColumns)
                throw new InvalidOperationException($"{name} has {text.Length} characters; a row holds {MaxColumn * MaxColumns}.");
            int length = Math.Min(MaxColumn, text.Length - at);
            if (at + length < text.Length && char.IsHighSurrogate(text[at + length - 1]))
                length--; // never cut a character in two
            row[name + column.ToString(CultureInfo.InvariantCulture)] = text.Substring(at, length);
            at += length;
        }
    }

    /// <returns>Null when the row has no such text.</returns>
    public static string? GetText(this TableEntity row, string name)
    {
        if (row.GetString(name + "0") is not { } first)
            return null;
        if (row.GetString(name + "1") is not { } second)
            return first;
        StringBuilder text = new(first);
        text.Append(second);
        for (int column = 2; row.GetString(name + column.ToString(CultureInfo.InvariantCulture)) is { } part; column++)
            text.Append(part);
        return text.ToString();
    }

    /// <summary>A column that may have been cleared: a merge cannot remove a column, so cleared ones hold the empty text.</summary>
    public static string? GetOptional(this TableEntity row, string name) => row.GetString(name) is { Length: > 0 } text ? text : null;
}
