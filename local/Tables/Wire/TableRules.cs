using System.Buffers;

namespace Azure.Data.Tables.Wire;

/// <summary>
/// What the cloud refuses and an emulator may accept, refused here with the cloud's status and code before anything is sent, so
/// that a program that works locally does not learn about limits in production.
/// </summary>
internal static class TableRules
{
    /// <summary>Own columns of a row: 255 less the two keys and the timestamp.</summary>
    public const int MaxColumns = 252;

    /// <summary>Bytes of one row, by the service's own way of counting (UTF-16 text, 8 bytes for each column).</summary>
    public const int MaxEntityBytes = 1024 * 1024;

    /// <summary>Bytes of a text (two for each UTF-16 unit) or binary column.</summary>
    public const int MaxValueBytes = 64 * 1024;

    /// <summary>UTF-16 units of a key.</summary>
    public const int MaxKeyLength = 512;

    /// <summary>UTF-16 units of a column's name.</summary>
    public const int MaxNameLength = 255;

    /// <summary>Actions of a transaction.</summary>
    public const int MaxBatchActions = 100;

    /// <summary>Bytes of a transaction's body.</summary>
    public const int MaxBatchBytes = 4 * 1024 * 1024;

    /// <summary>Rows of a page.</summary>
    public const int MaxPageSize = 1000;

    private static readonly SearchValues<char> ForbiddenInKeys = SearchValues.Create(
        string.Concat(Enumerable.Range(0, 0x20).Concat(Enumerable.Range(0x7F, 0x21)).Select(code => (char)code)) + "/\\#?");

    private static readonly DateTime Earliest = new(1601, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    /// <summary>A key's length and characters.</summary>
    public static void CheckKey(string key, string name)
    {
        if (key.Length > MaxKeyLength)
            throw Refused("KeyValueTooLarge", $"The {name} has {key.Length} UTF-16 characters; {MaxKeyLength} are allowed.");
        if (key.AsSpan().ContainsAny(ForbiddenInKeys))
            throw Refused("OutOfRangeInput", $"The {name} has a character that keys must not have: / \\ # ? or a control character.");
        if (!IsWellFormed(key))
            throw Refused("OutOfRangeInput", $"The {name} has half of a surrogate pair, which no UTF-8 text can carry.");
    }

    /// <summary>A column's name: as identifiers of C# are formed, at most 255 characters.</summary>
    public static void CheckName(string name)
    {
        if (name.Length > MaxNameLength)
            throw Refused("PropertyNameTooLong", $"The name of column '{name[..40]}…' has {name.Length} characters; {MaxNameLength} are allowed.");
        bool valid = name.Length > 0 && (char.IsLetter(name[0]) || name[0] == '_');
        for (int i = 1; valid && i < name.Length; i++)
            valid = char.IsLetterOrDigit(name[i]) || name[i] == '_' || char.GetUnicodeCategory(name[i]) is
                System.Globalization.UnicodeCategory.NonSpacingMark or System.Globalization.UnicodeCategory.SpacingCombiningMark;
        if (!valid)
            throw Refused("PropertyNameInvalid", $"'{name}' is no name for a column: letters, digits and underscores, not starting with a digit.");
    }

    /// <summary>A table's name, as it must be for creation: 3 to 63 letters and digits, a letter first, not "tables".</summary>
    public static void CheckTableName(string name)
    {
        if (name.Length is < 3 or > 63)
            throw Refused("OutOfRangeInput", $"The table name '{name}' has {name.Length} characters; 3 to 63 are allowed.");
        if (!char.IsAsciiLetter(name[0]) || !name.All(char.IsAsciiLetterOrDigit))
            throw Refused("InvalidResourceName", $"'{name}' is no name for a table: ASCII letters and digits, a letter first.");
        if (name.Equals("tables", StringComparison.OrdinalIgnoreCase))
            throw Refused("InvalidResourceName", "'tables' is reserved.");
    }

    /// <summary>Instants start with 1601 in the service.</summary>
    public static void CheckInstant(DateTime utc, string name)
    {
        if (utc < Earliest)
            throw Refused("OutOfRangeInput", $"Column '{name}' holds an instant before 1601-01-01 UTC.");
    }

    /// <summary>Bytes of one text or binary value.</summary>
    public static void CheckValueBytes(long bytes, string name)
    {
        if (bytes > MaxValueBytes)
            throw Refused("PropertyValueTooLarge", $"Column '{name}' holds {bytes} bytes (text counts two for each UTF-16 character); {MaxValueBytes} are allowed.");
    }

    /// <summary>Text that UTF-8 can carry; the rest would silently arrive as something else.</summary>
    public static void CheckText(string value, string name)
    {
        if (!IsWellFormed(value))
            throw Refused("InvalidInput", $"Column '{name}' holds half of a surrogate pair, which no UTF-8 text can carry.");
    }

    /// <summary>The asked page size: 1 to 1,000.</summary>
    public static void CheckPageSize(int? rows)
    {
        if (rows is <= 0 or > MaxPageSize)
            throw Refused("InvalidInput", $"A page of {rows} rows was asked; 1 to {MaxPageSize} are allowed.");
    }

    /// <summary>The refusal as the service would have sent it.</summary>
    public static RequestFailedException Refused(string code, string message, int status = 400) => new(status, message, code, null);

    private static bool IsWellFormed(string text)
    {
        if (!text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF'))
            return true;
        for (int i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i]))
                continue;
            if (i + 1 == text.Length || !char.IsSurrogatePair(text[i], text[i + 1]))
                return false;
            i++;
        }

        return true;
    }
}
