using System.Collections.Frozen;

namespace Abm.Accounts;

/// <summary>Names as stock exchanges list them: with what kind of share it is behind the company, <c>CODIAK BIOSCIENCEDL-,0001</c>, <c>BAYER AG NA O.N.</c></summary>
internal static class ListedName
{
    // Of par values in the names of German securities lists: dollar, euro, pound, franc, yen and so on.
    private static readonly FrozenSet<string> Currencies =
        new[] { "DL", "EO", "LS", "SF", "YN", "HD", "CD", "AD", "SD", "ND", "NK", "SK", "DK", "RC", "YC", "RP", "IR", "ZY", "KC", "UF", "MN", "RL", "IS", "TN" }.ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenSet<string> Kinds = new[] { "NA", "INH", "INH.", "VZO", "VZ", "VNA", "ST" }.ToFrozenSet(StringComparer.Ordinal);

    private static readonly System.Buffers.SearchValues<char> Amount = System.Buffers.SearchValues.Create("0123456789,.- ");

    /// <summary>The name without what is said of its share; the whole text where nothing is.</summary>
    public static string WithoutShare(string name)
    {
        ReadOnlySpan<char> rest = WithoutParValue(name.AsSpan().TrimEnd());
        rest = rest.EndsWith(" O.N.") ? WithoutKind(rest[..^5].TrimEnd()) : rest;
        return rest.Length == name.Length || rest.IsEmpty || name.AsSpan(rest.Length).IsWhiteSpace() ? name : new(rest);
    }

    // "DL-,0001", "EO 1,50": a currency, and an amount with a comma.
    private static ReadOnlySpan<char> WithoutParValue(ReadOnlySpan<char> name)
    {
        int last = name.LastIndexOfAnyExcept(Amount);
        if (last < 2 || last == name.Length - 1)
            return name;
        ReadOnlySpan<char> amount = name[(last + 1)..];
        return amount.Contains(',') && amount.IndexOfAnyInRange('0', '9') >= 0 && Currencies.GetAlternateLookup<ReadOnlySpan<char>>().Contains(name.Slice(last - 1, 2)) ? name[..(last - 1)].TrimEnd() : name;
    }

    private static ReadOnlySpan<char> WithoutKind(ReadOnlySpan<char> name)
    {
        int space = name.LastIndexOf(' ');
        return space > 0 && Kinds.GetAlternateLookup<ReadOnlySpan<char>>().Contains(name[(space + 1)..]) ? name[..space].TrimEnd() : name;
    }
}
