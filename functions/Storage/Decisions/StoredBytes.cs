using System.Globalization;
using Azure.Data.Tables;

namespace Abm.Functions.Storage.Decisions;

/// <summary>Bytes longer than one column may be, cut over several: <c>In0</c>, <c>In1</c>, …</summary>
internal static class StoredBytes
{
    /// <summary>Bytes in one column.</summary>
    private const int MaxColumn = 64 * 1024;

    /// <summary>Most bytes of one row: the service takes 1 MiB with everything else in it.</summary>
    public const int Max = 12 * MaxColumn;

    public static void SetBytes(this TableEntity row, string name, byte[] bytes)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes.Length, Max);
        for (int i = 0; i * MaxColumn < bytes.Length; i++)
            row[Column(name, i)] = bytes.Length <= MaxColumn ? bytes : bytes[(i * MaxColumn)..Math.Min(bytes.Length, (i + 1) * MaxColumn)];
    }

    /// <returns>Null when the row has no such bytes.</returns>
    public static byte[]? GetBytes(this TableEntity row, string name)
    {
        if (row.GetBinary(Column(name, 0)) is not { } first)
            return null;
        if (first.Length < MaxColumn)
            return first;
        List<byte> bytes = [.. first];
        for (int i = 1; row.GetBinary(Column(name, i)) is { } part; i++)
            bytes.AddRange(part);
        return [.. bytes];
    }

    private static string Column(string name, int i) => name + i.ToString(CultureInfo.InvariantCulture);
}
