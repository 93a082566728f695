namespace Azure.Data.Tables.Wire;

/// <summary>Where an account's tables are and how to sign requests to them, read from a storage connection string.</summary>
/// <param name="Endpoint">The Table service's address, without a query.</param>
/// <param name="SharedKey">The account key, when the string has one.</param>
/// <param name="Sas">The shared access signature without a leading question mark, when the string has one instead.</param>
internal sealed record StorageConnectionString(Uri Endpoint, TableSharedKeyCredential? SharedKey, string? Sas)
{
    private const string EmulatorAccount = "devstoreaccount1";

    // The emulator's key is published and the same for everyone; it protects nothing.
    private const string EmulatorKey = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";
    private const int EmulatorTablePort = 10002;

    /// <summary>Reads a connection string. Names of settings may be written in any case.</summary>
    /// <exception cref="FormatException">A part is malformed, or no usable combination of settings is there. The message never repeats a secret.</exception>
    public static StorageConnectionString Parse(string connectionString)
    {
        ArgumentException.ThrowIfNullOrEmpty(connectionString);
        Dictionary<string, string> settings = Settings(connectionString);
        string? Setting(string name) => settings.GetValueOrDefault(name) is { Length: > 0 } value ? value : null;

        if (string.Equals(Setting("UseDevelopmentStorage"), "true", StringComparison.OrdinalIgnoreCase))
            return Emulator(Setting("DevelopmentStorageProxyUri"), Setting("TableEndpoint"));

        string? account = Setting("AccountName");
        string? key = Setting("AccountKey");
        string? sas = Setting("SharedAccessSignature")?.TrimStart('?');
        if (key is not null && account is null)
            throw new FormatException("The storage connection string has an AccountKey but no AccountName.");
        if (key is null && sas is null)
            throw new FormatException("The storage connection string has neither an AccountKey nor a SharedAccessSignature.");

        Uri endpoint = Setting("TableEndpoint") is { } explicitEndpoint
            ? Absolute(explicitEndpoint, "TableEndpoint")
            : account is null
                ? throw new FormatException("The storage connection string has neither a TableEndpoint nor an AccountName.")
                : Absolute(
                    $"{Setting("DefaultEndpointsProtocol") ?? "https"}://{account}.table.{Setting("EndpointSuffix") ?? "core.windows.net"}",
                    "DefaultEndpointsProtocol or EndpointSuffix");

        // A key outranks a signature, as in the published client.
        return new(endpoint, key is null ? null : new TableSharedKeyCredential(account!, key), key is null ? sas : null);
    }

    private static StorageConnectionString Emulator(string? proxy, string? tableEndpoint)
    {
        Uri endpoint = tableEndpoint is not null
            ? Absolute(tableEndpoint, "TableEndpoint")
            : proxy is null
                ? new Uri($"http://127.0.0.1:{EmulatorTablePort}/{EmulatorAccount}")
                : new UriBuilder(Absolute(proxy, "DevelopmentStorageProxyUri")) { Port = EmulatorTablePort, Path = EmulatorAccount }.Uri;
        return new(endpoint, new TableSharedKeyCredential(EmulatorAccount, EmulatorKey), null);
    }

    private static Dictionary<string, string> Settings(string connectionString)
    {
        Dictionary<string, string> settings = new(StringComparer.OrdinalIgnoreCase);
        foreach (string part in connectionString.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            int equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
                throw new FormatException("A part of the storage connection string is not of the form Name=Value.");
            if (!settings.TryAdd(part[..equals].TrimEnd(), part[(equals + 1)..].TrimStart()))
                throw new FormatException($"The storage connection string names {part[..equals]} twice.");
        }

        return settings;
    }

    private static Uri Absolute(string text, string setting) =>
        Uri.TryCreate(text, UriKind.Absolute, out Uri? uri) && (uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == Uri.UriSchemeHttp)
            ? uri
            : throw new FormatException($"{setting} of the storage connection string is no absolute http or https address.");
}
