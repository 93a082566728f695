using Azure.Core;
using Azure.Data.Tables;
using Azure.Identity;
using Azure.Storage.Queues;
using Microsoft.Extensions.Configuration;

namespace Abm.Local.Hosting;

/// <summary>Where a storage account is and how to sign in: a connection string, or endpoints with an identity.</summary>
/// <param name="Setting">The setting it was found under, for messages.</param>
/// <param name="ConnectionString">Set for a connection string.</param>
/// <param name="QueueEndpoint">Set for an identity.</param>
/// <param name="TableEndpoint">Set for an identity.</param>
/// <param name="Credential">Set for an identity.</param>
public sealed record StorageConnection(string Setting, string? ConnectionString, Uri? QueueEndpoint, Uri? TableEndpoint, TokenCredential? Credential)
{
    /// <summary>The emulator of this machine: <c>UseDevelopmentStorage=true</c>.</summary>
    public bool IsDevelopmentStorage =>
        ConnectionString is not null && ConnectionString.Contains("UseDevelopmentStorage=true", StringComparison.OrdinalIgnoreCase);

    /// <summary>An emulator on this machine: the well-known one, or endpoints on the loopback address.</summary>
    public bool IsOnThisMachine => IsDevelopmentStorage
        || (ConnectionString is not null && (ConnectionString.Contains("//127.0.0.1", StringComparison.Ordinal) || ConnectionString.Contains("//localhost", StringComparison.OrdinalIgnoreCase)));
}

/// <summary>
/// Resolves the name in a <c>Connection</c> property as the Functions host does: setting <c>AzureWebJobs&lt;name&gt;</c>, then <c>&lt;name&gt;</c>, then
/// <c>ConnectionStrings:&lt;name&gt;</c>; each as a connection string, or as a section with <c>queueServiceUri</c>, <c>tableServiceUri</c>,
/// <c>serviceUri</c> or <c>accountName</c> that signs in with an identity (<c>credential</c>, <c>clientId</c>).
/// </summary>
public sealed class StorageConnections(IConfiguration configuration)
{
    /// <summary>Resolves a connection.</summary>
    /// <param name="connection">The name; null: <c>AzureWebJobsStorage</c>.</param>
    /// <param name="usedBy">Who needs it, for the message.</param>
    /// <exception cref="LocalRuntimeException">No setting holds it.</exception>
    public StorageConnection Resolve(string? connection, string usedBy)
    {
        if (TryResolve(connection) is { } found)
            return found;
        string name = Name(connection);
        throw new LocalRuntimeException($"{usedBy} needs the storage connection '{name}', but no setting holds it: add {Keys(name)[0]} to Values in local.settings.json or to the environment.");
    }

    /// <summary>Resolves a connection; null when no setting holds it.</summary>
    /// <param name="connection">The name; null: <c>AzureWebJobsStorage</c>.</param>
    public StorageConnection? TryResolve(string? connection)
    {
        foreach (string key in Keys(Name(connection)))
            if (Read(configuration.GetSection(key)) is { } found)
                return found;
        return null;
    }

    /// <summary>A queue client of that account.</summary>
    /// <inheritdoc cref="Resolve"/>
    public QueueServiceClient Queues(string? connection, string usedBy, QueueClientOptions? options = null)
    {
        StorageConnection found = Resolve(connection, usedBy);
        try
        {
            return found.ConnectionString is { } text
                ? new QueueServiceClient(text, options)
                : new QueueServiceClient(
                    found.QueueEndpoint ?? throw new LocalRuntimeException($"{usedBy} needs {found.Setting}:queueServiceUri; add the setting."), found.Credential, options);
        }
        catch (Exception malformed) when (malformed is FormatException or ArgumentException or InvalidOperationException)
        {
            throw new LocalRuntimeException($"The setting {found.Setting} is not a storage connection string ({malformed.Message.TrimEnd('.')}); {usedBy} needs it: write UseDevelopmentStorage=true for the emulator, or the connection string of an account.", malformed);
        }
    }

    /// <summary>A table client of that account.</summary>
    /// <inheritdoc cref="Resolve"/>
    public TableServiceClient Tables(string? connection, string usedBy, TableClientOptions? options = null)
    {
        StorageConnection found = Resolve(connection, usedBy);
        try
        {
            return found.ConnectionString is { } text
                ? new TableServiceClient(text, options)
                : new TableServiceClient(
                    found.TableEndpoint ?? throw new LocalRuntimeException($"{usedBy} needs {found.Setting}:tableServiceUri; add the setting."), found.Credential!, options);
        }
        catch (Exception malformed) when (malformed is FormatException or ArgumentException or InvalidOperationException)
        {
            throw new LocalRuntimeException($"The setting {found.Setting} is not a storage connection string ({malformed.Message.TrimEnd('.')}); {usedBy} needs it: write UseDevelopmentStorage=true for the emulator, or the connection string of an account.", malformed);
        }
    }

    private static string Name(string? connection) => string.IsNullOrEmpty(connection) ? "AzureWebJobsStorage" : connection;

    private static string[] Keys(string name) => name.StartsWith("AzureWebJobs", StringComparison.OrdinalIgnoreCase)
        ? [name, $"ConnectionStrings:{name}"]
        : [$"AzureWebJobs{name}", name, $"ConnectionStrings:{name}"];

    private static StorageConnection? Read(IConfigurationSection section)
    {
        if (!string.IsNullOrWhiteSpace(section.Value))
            return new StorageConnection(section.Path, section.Value, null, null, null);

        string? account = section["accountName"];
        Uri? queues = Endpoint(section, "queueServiceUri", "queue", account);
        Uri? tables = Endpoint(section, "tableServiceUri", "table", account);
        return queues is null && tables is null ? null : new StorageConnection(section.Path, null, queues, tables, Credential(section));
    }

    private static Uri? Endpoint(IConfigurationSection section, string key, string service, string? account)
    {
        string? text = section[key] ?? section["serviceUri"] ?? (account is null ? null : $"https://{account}.{service}.core.windows.net");
        if (text is null)
            return null;
        return Uri.TryCreate(text, UriKind.Absolute, out Uri? uri)
            ? uri
            : throw new LocalRuntimeException($"The setting {section.Path}:{key} is not a URL: {text}");
    }

    private static TokenCredential Credential(IConfigurationSection section) =>
        string.Equals(section["credential"], "managedidentity", StringComparison.OrdinalIgnoreCase)
            ? new ManagedIdentityCredential(section["clientId"] is { } client ? ManagedIdentityId.FromUserAssignedClientId(client) : ManagedIdentityId.SystemAssigned)
            : new DefaultAzureCredential();
}
