using System.Collections.Concurrent;
using Abm.Local.Hosting;
using Abm.Local.ServiceBus;
using Azure.Messaging.ServiceBus;
using Microsoft.Extensions.Configuration;

namespace Microsoft.Azure.Functions.Worker.ServiceBus;

/// <summary>
/// Clients for the connections that attributes name: setting <c>AzureWebJobs&lt;name&gt;</c>, then <c>&lt;name&gt;</c>, then
/// <c>ConnectionStrings:&lt;name&gt;</c>, each a connection string or a section with <c>fullyQualifiedNamespace</c>; the name is <c>AzureWebJobsServiceBus</c>
/// where the attribute has none.
/// </summary>
internal sealed class ServiceBusConnections(IConfiguration configuration) : IAsyncDisposable
{
    private const string DefaultName = "AzureWebJobsServiceBus";
    private readonly ConcurrentDictionary<string, ServiceBusClient> _clients = new();

    /// <summary>The client of a connection.</summary>
    /// <exception cref="LocalRuntimeException">No setting holds it, or what it holds cannot be used here.</exception>
    public ServiceBusClient For(string? connection, LocalFunctionName function) => _clients.GetOrAdd(connection ?? "", _ => Create(connection, function));

    public async ValueTask DisposeAsync()
    {
        foreach (ServiceBusClient client in _clients.Values)
            await client.DisposeAsync();
    }

    private ServiceBusClient Create(string? connection, LocalFunctionName function)
    {
        string name = string.IsNullOrEmpty(connection) ? DefaultName : SettingNames.Resolve(connection, configuration, function.EntryPoint);
        string[] keys = name.StartsWith("AzureWebJobs", StringComparison.OrdinalIgnoreCase) ? [name, $"ConnectionStrings:{name}"] : [$"AzureWebJobs{name}", name, $"ConnectionStrings:{name}"];
        foreach (string key in keys)
            try
            {
                IConfigurationSection section = configuration.GetSection(key);
                if (!string.IsNullOrWhiteSpace(section.Value))
                    return new ServiceBusClient(BusAddress.Parse(section.Value), configuration, null);
                if (section["fullyQualifiedNamespace"] is { Length: > 0 } host)
                    return new ServiceBusClient(BusAddress.OfNamespace(host), configuration, null);
            }
            catch (Exception unusable) when (unusable is FormatException or NotSupportedException or ArgumentException)
            {
                throw new LocalRuntimeException($"{function.EntryPoint}: the setting {key} cannot be used: {unusable.Message}", unusable);
            }

        throw new LocalRuntimeException(
            $"{function.EntryPoint} needs the Service Bus connection '{name}', but no setting holds it: set {keys[0]} (UseDevelopmentStorage=true here), or switch the function off with AzureWebJobs.{function.Name}.Disabled=true.");
    }
}

/// <summary>How messages name a function.</summary>
internal sealed record LocalFunctionName(string Name, string EntryPoint)
{
    public static LocalFunctionName Of(LocalFunction function) => new(function.Name, function.EntryPoint);
}
