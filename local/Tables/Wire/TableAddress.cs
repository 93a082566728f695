using System.Net;

namespace Azure.Data.Tables.Wire;

/// <summary>An address of the Table service taken apart: the account's endpoint, the table (if the path names one) and a signature in the query.</summary>
internal sealed record TableAddress(Uri Service, string AccountName, string? TableName, string? Sas)
{
    /// <summary>
    /// Emulators and bare IP addresses put the account into the path (<c>http://127.0.0.1:10002/account/table</c>), the cloud into
    /// the host (<c>https://account.table.core.windows.net/table</c>).
    /// </summary>
    public static TableAddress Parse(Uri address)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (!address.IsAbsoluteUri)
            throw new ArgumentException("The address of the Table service must be absolute.", nameof(address));

        string[] segments = address.AbsolutePath.Split('/', StringSplitOptions.RemoveEmptyEntries);
        bool accountInPath = IsPathStyle(address);
        int accountSegments = accountInPath ? 1 : 0;
        if (segments.Length < accountSegments || segments.Length > accountSegments + 1)
            throw new ArgumentException($"{address.GetLeftPart(UriPartial.Path)} is no address of a Table service or of a table in it.", nameof(address));

        string service = address.GetLeftPart(UriPartial.Authority) + (accountInPath ? "/" + segments[0] : "");
        string account = accountInPath ? Uri.UnescapeDataString(segments[0]) : HostAccount(address.Host);
        string? table = segments.Length > accountSegments ? TableNameOf(segments[^1]) : null;
        string query = address.Query.TrimStart('?');
        return new(new Uri(service), account, table, query.Length == 0 ? null : query);
    }

    private static bool IsPathStyle(Uri address) =>
        IPAddress.TryParse(address.DnsSafeHost, out _) || !address.Host.Contains('.', StringComparison.Ordinal) || address.Port is >= 10000 and <= 10104;

    private static string HostAccount(string host)
    {
        string label = host[..host.IndexOf('.', StringComparison.Ordinal)];
        const string secondary = "-secondary";
        return label.EndsWith(secondary, StringComparison.OrdinalIgnoreCase) ? label[..^secondary.Length] : label;
    }

    // Addresses copied from a service answer may read Tables('name').
    private static string TableNameOf(string segment)
    {
        string name = Uri.UnescapeDataString(segment);
        return name.StartsWith("Tables('", StringComparison.OrdinalIgnoreCase) && name.EndsWith("')", StringComparison.Ordinal)
            ? name["Tables('".Length..^2]
            : name;
    }
}
