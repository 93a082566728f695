using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Abm.Local.Hosting;
using Azure.Storage.Queues;
using Microsoft.Extensions.Configuration;

namespace Microsoft.Azure.Functions.Worker.Queues;

/// <summary>Clients for the queues that attributes name.</summary>
internal sealed partial class QueueClients(StorageConnections connections, IConfiguration configuration, HostJson hostJson)
{
    private readonly ConcurrentDictionary<(string? Connection, string Queue), QueueClient> _clients = new();

    public QueueSettings Settings { get; } = QueueSettings.Read(hostJson, configuration);

    /// <summary>The client of a queue, in the encoding of host.json.</summary>
    /// <exception cref="LocalRuntimeException">The name is none, a setting is missing, or there is no connection.</exception>
    public QueueClient For(string queueName, string? connection, string usedBy) =>
        _clients.GetOrAdd((connection, queueName), key => Create(key.Queue, key.Connection, usedBy, new QueueClientOptions { MessageEncoding = Settings.Encoding }));

    /// <summary>A client of its own with chosen options.</summary>
    /// <inheritdoc cref="For"/>
    public QueueClient Create(string queueName, string? connection, string usedBy, QueueClientOptions options)
    {
        string name = SettingNames.Resolve(queueName, configuration, usedBy).ToLowerInvariant();
        if (name.Contains('{', StringComparison.Ordinal))
            throw new LocalRuntimeException($"{usedBy}: the Local runtime does not support binding expressions such as {{x}} in a queue name ('{name}').");
        if (!QueueName().IsMatch(name) || name.Contains("--", StringComparison.Ordinal))
            throw new LocalRuntimeException($"{usedBy}: '{name}' is no queue name; it has 3 to 63 lower-case letters, digits and single '-' between them.");
        return connections.Queues(connection, usedBy, options).GetQueueClient(name);
    }

    [GeneratedRegex("^[a-z0-9](?:[a-z0-9-]{1,61})[a-z0-9]$", RegexOptions.CultureInvariant)]
    private static partial Regex QueueName();
}
