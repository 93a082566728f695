using System.Globalization;

namespace Abm.Local.Azurite;

/// <summary>One service of the emulator, as a connection string names it.</summary>
/// <param name="Service">Blob, Queue or Table, as Azurite spells it.</param>
/// <param name="Port">Its port on this machine.</param>
internal sealed record AzuriteEndpoint(string Service, int Port);

/// <summary>Reads which ports of this machine a connection string points at, and writes such strings.</summary>
internal static class AzuriteEndpoints
{
    /// <summary>The account that every Azurite knows; name and key are published by Microsoft and protect nothing.</summary>
    private const string Account = "devstoreaccount1";
    private const string Key = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    private static readonly AzuriteEndpoint[] Defaults = [new("Blob", 10000), new("Queue", 10001), new("Table", 10002)];

    /// <summary>The emulator's endpoints, or none when the string means a storage account elsewhere.</summary>
    public static IReadOnlyList<AzuriteEndpoint> Read(string connectionString)
    {
        Dictionary<string, string> parts = new(StringComparer.OrdinalIgnoreCase);
        foreach (string part in connectionString.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            int equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0)
                parts[part[..equals].Trim()] = part[(equals + 1)..].Trim();
        }

        if (parts.TryGetValue("UseDevelopmentStorage", out string? development) && bool.TryParse(development, out bool wanted) && wanted)
            return Defaults;

        List<AzuriteEndpoint> found = [];
        foreach (AzuriteEndpoint standard in Defaults)
        {
            if (parts.TryGetValue($"{standard.Service}Endpoint", out string? address)
                && Uri.TryCreate(address, UriKind.Absolute, out Uri? uri)
                && uri.IsLoopback)
                found.Add(new AzuriteEndpoint(standard.Service, uri.Port));
        }

        return found;
    }

    public static string Write(int blobPort, int queuePort, int tablePort) => string.Create(
        CultureInfo.InvariantCulture,
        $"DefaultEndpointsProtocol=http;AccountName={Account};AccountKey={Key};BlobEndpoint=http://127.0.0.1:{blobPort}/{Account};QueueEndpoint=http://127.0.0.1:{queuePort}/{Account};TableEndpoint=http://127.0.0.1:{tablePort}/{Account};");
}
