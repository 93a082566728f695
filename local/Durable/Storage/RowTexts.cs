using System.Globalization;

namespace Abm.Local.Durable.Storage;

/// <summary>
/// Long texts in rows. A property holds 32,768 characters and a row 1 MiB, so a text lies in several properties (<c>Name</c>, <c>Name_1</c>, …)
/// and beyond its limit in rows of its own. Those are written before the row that refers to them, under names no other commit uses: they count
/// only once that row was written.
/// </summary>
internal static class RowTexts
{
    private const int PieceLength = 30_000;
    private const string Prefix = "x-";
    private const string PrefixEnd = "x."; // the next character after the hyphen
    private const string WrittenAt = "At";

    /// <summary>The emulator counts up to six bytes for a character against the limit of 1 MiB.</summary>
    private const int RowLength = 5 * PieceLength;

    /// <summary>Puts a text into properties; the count says how many are valid, since a merge cannot remove any.</summary>
    public static void Put(TableRow row, string name, string? text)
    {
        int count = 0;
        foreach (string piece in Pieces(text ?? "", PieceLength))
            row.Properties[count++ == 0 ? name : PieceName(name, count - 1)] = piece;
        row.Properties[name + "Parts"] = text is null ? -1 : count;
    }

    /// <summary>Says in a row that the text lies elsewhere.</summary>
    public static void PutReference(TableRow row, string name, string reference)
    {
        row.Properties[name + "Parts"] = 0;
        row.Properties[name + "Ref"] = reference;
    }

    /// <summary>Takes a text out of properties.</summary>
    public static string? Get(TableRow row, string name) => row.Number(name + "Parts") switch
    {
        < 0 => null,
        0 => "",
        1 => row.Text(name),
        int count => string.Concat(Enumerable.Range(0, count).Select(i => row.Text(PieceName(name, i)))),
    };

    /// <summary>Where the text lies if not in the row.</summary>
    public static string? Reference(TableRow row, string name) =>
        row.Number(name + "Parts") == 0 && row.Text(name + "Ref") is { Length: > 0 } reference ? reference : null;

    /// <summary>The properties that a text may take up to a length, for reading only some texts of a row.</summary>
    public static IEnumerable<string> Columns(string name, int inlineLimit)
    {
        yield return name + "Parts";
        yield return name + "Ref";
        for (int i = 0; i <= inlineLimit / PieceLength; i++)
            yield return PieceName(name, i);
    }

    /// <summary>The rows that texts were written into up to an instant, of all instances; their keys only.</summary>
    public static TableRange Written(DateTimeOffset before) =>
        new() { RowKeyFrom = Prefix, RowKeyBefore = PrefixEnd, Between = (WrittenAt, null, before), Select = [WrittenAt] };

    /// <summary>The keys of a reference's rows.</summary>
    public static IEnumerable<string> RowsOf(string reference)
    {
        (string name, int count) = Parse(reference);
        return Enumerable.Range(0, count).Select(i => RowName(name, i));
    }

    /// <summary>Writes a text into rows of its own.</summary>
    /// <returns>The reference.</returns>
    public static async Task<string> SpillAsync(ITable table, DateTimeOffset now, string partition, string name, string text, CancellationToken cancellationToken)
    {
        string[] parts = [.. Pieces(text, RowLength)];
        for (int i = 0; i < parts.Length; i++)
        {
            var row = new TableRow(partition, RowName(name, i)) { Properties = { [WrittenAt] = now } };
            Put(row, "Text", parts[i]);
            await table.UpsertAsync(row, cancellationToken).ConfigureAwait(false);
        }

        return string.Create(CultureInfo.InvariantCulture, $"{name}:{parts.Length}");
    }

    /// <summary>Reads a text from rows of its own; null when they are no longer there, because a later commit replaced them.</summary>
    public static async Task<string?> ReadSpilledAsync(ITable table, string partition, string reference, CancellationToken cancellationToken)
    {
        (string name, int count) = Parse(reference);
        TableRow?[] rows = await Task.WhenAll(Enumerable.Range(0, count).Select(i => table.GetAsync(partition, RowName(name, i), null, cancellationToken))).ConfigureAwait(false);
        return rows.Any(row => row is null) ? null : string.Concat(rows.Select(row => Get(row!, "Text")));
    }

    /// <summary>Removes the rows of a reference.</summary>
    public static async Task DeleteSpilledAsync(ITable table, string partition, string reference, CancellationToken cancellationToken)
    {
        (string name, int count) = Parse(reference);
        for (int i = 0; i < count; i++)
            await table.DeleteAsync(partition, RowName(name, i), null, cancellationToken).ConfigureAwait(false);
    }

    private static string PieceName(string name, int i) => i == 0 ? name : string.Create(CultureInfo.InvariantCulture, $"{name}_{i}");

    private static string RowName(string name, int i) => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{name}-{i:D4}");

    private static (string Name, int Count) Parse(string reference)
    {
        int colon = reference.LastIndexOf(':');
        return (reference[..colon], int.Parse(reference.AsSpan(colon + 1), CultureInfo.InvariantCulture));
    }

    /// <summary>Cuts a text; never between the two halves of a character beyond the basic plane, which storage would spoil.</summary>
    private static IEnumerable<string> Pieces(string text, int length)
    {
        for (int start = 0; start < text.Length;)
        {
            int end = Math.Min(start + length, text.Length);
            if (end < text.Length && char.IsHighSurrogate(text[end - 1]))
                end--;
            yield return text[start..end];
            start = end;
        }
    }
}
