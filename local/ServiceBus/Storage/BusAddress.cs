using Abm.Local.Hosting;
using Azure.Core;
using Microsoft.Extensions.Configuration;

namespace Abm.Local.ServiceBus;

/// <summary>Where the namespace's messages are kept: the storage account of the app, or one that the connection string names itself.</summary>
/// <param name="Namespace">The namespace as clients show it.</param>
/// <param name="StorageConnectionString">The account; null: that of the setting AzureWebJobsStorage.</param>
/// <param name="OtherwiseStorage">The account where there is no such setting; null: that is an error.</param>
internal sealed record BusAddress(string Namespace, string? StorageConnectionString, string? OtherwiseStorage = null)
{
    private const string OnThisMachine = "localhost";

    /// <summary>Reads a connection string: an emulator's, or a storage account's.</summary>
    /// <exception cref="FormatException">It is neither.</exception>
    /// <exception cref="NotSupportedException">It means a namespace in the cloud.</exception>
    public static BusAddress Parse(string connectionString)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(connectionString);
        Dictionary<string, string> parts = new(StringComparer.OrdinalIgnoreCase);
        foreach (string part in connectionString.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            int equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0 || !parts.TryAdd(part[..equals].TrimEnd(), part[(equals + 1)..].TrimStart()))
                throw new FormatException("The Service Bus connection string is malformed: it has parts of the form Name=Value, each name once.");
        }

        if (IsTrue(parts, "UseDevelopmentStorage"))
            return new BusAddress(OnThisMachine, null, connectionString);
        if (parts.ContainsKey("AccountName") || parts.ContainsKey("QueueEndpoint"))
            return new BusAddress(OnThisMachine, connectionString);
        if (parts.ContainsKey("EntityPath"))
            throw new NotSupportedException("The Local runtime does not support EntityPath in a Service Bus connection string; use the namespace's connection string.");
        if (!parts.TryGetValue("Endpoint", out string? endpoint) || !Uri.TryCreate(endpoint, UriKind.Absolute, out Uri? uri))
            throw new FormatException("The Service Bus connection string has no Endpoint; locally it is UseDevelopmentStorage=true, or Endpoint=sb://localhost;UseDevelopmentEmulator=true;");
        return IsTrue(parts, "UseDevelopmentEmulator") || uri.IsLoopback ? new BusAddress(uri.Host, null) : throw InTheCloud(uri.Host);
    }

    /// <summary>Takes a namespace that would be signed in to with an identity.</summary>
    /// <exception cref="NotSupportedException">It is in the cloud.</exception>
    public static BusAddress OfNamespace(string fullyQualifiedNamespace)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(fullyQualifiedNamespace);
        string host = Uri.TryCreate(fullyQualifiedNamespace, UriKind.Absolute, out Uri? uri) && uri.Host.Length > 0 ? uri.Host : fullyQualifiedNamespace;
        return host.Equals(OnThisMachine, StringComparison.OrdinalIgnoreCase) || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase) || host == "127.0.0.1"
            ? new BusAddress(host, null)
            : throw InTheCloud(host);
    }

    /// <summary>The settings as they stand in the process's environment now; the runtime puts those of local.settings.json there.</summary>
    public static IConfiguration Environment => new ConfigurationBuilder().AddEnvironmentVariables().Build();

    private static bool IsTrue(Dictionary<string, string> parts, string name) =>
        parts.TryGetValue(name, out string? text) && bool.TryParse(text, out bool value) && value;

    private static NotSupportedException InTheCloud(string host) => new(
        $"The Local runtime keeps Service Bus messages on storage queues and cannot reach the namespace {host}: use UseDevelopmentStorage=true here, or the Azure build (-p:FunctionsRuntime=Azure).");
}
