using Abm.Functions.Messages;
using Abm.Functions.Storage.Accounts;
using Abm.Functions.Storage.Feeds;
using Abm.Functions.Storage.Reps;
using Abm.Ports;
using Azure.Core;
using Azure.Data.Tables;
using Azure.Identity;
using Azure.Storage.Queues;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Abm.Functions.Storage;

/// <summary>Registers the storage clients and what lies in the storage.</summary>
public static class StorageServices
{
    private const string Setting = "AzureWebJobsStorage";

    /// <summary>The storage account of <c>AzureWebJobsStorage</c>, as the Functions host resolves it: a connection string, or endpoints with an identity.</summary>
    public static IServiceCollection AddStorage(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton(_ => CreateTables(configuration.GetSection(Setting)));
        services.AddSingleton(_ => CreateQueues(configuration.GetSection(Setting)));
        services.AddSingleton(new StorageNeeds([.. AccountTables.All, .. TableNames.OfLeads], [LeadsReceivedMessage.Queue, LeadsReceivedMessage.BulkQueue, RematchMessage.Queue]));
        services.AddHostedService<StorageSetup>();
        services.AddHostedService<DirectoryWarmUp>();

        services.AddSingleton(provider => new FeedAccountCatalogue(Feed(provider, FeedAccountCatalogue.Feed), provider.GetRequiredService<ILogger<FeedAccountCatalogue>>()));
        services.AddSingleton<Rematch.RematchNotices>();
        services.AddSingleton<Rematch.RematchingCatalogue>();
        services.AddSingleton<Signals.SignalNotices>();
        services.AddSingleton<IAccountCatalogue, Signals.SignallingCatalogue>();
        services.AddSingleton<IAccountDirectory>(provider => provider.GetRequiredService<FeedAccountCatalogue>());
        services.AddSingleton(provider => new FeedRepCatalogue(Feed(provider, FeedRepCatalogue.Feed), provider.GetRequiredService<ILogger<FeedRepCatalogue>>()));
        services.AddSingleton<IRepCatalogue>(provider => provider.GetRequiredService<FeedRepCatalogue>());
        services.AddSingleton<IRepDirectory>(provider => provider.GetRequiredService<FeedRepCatalogue>());
        return services;
    }

    private static TableChangeFeed Feed(IServiceProvider provider, string name) =>
        new(provider.GetRequiredService<TableServiceClient>().GetTableClient(AccountTables.Feeds), name);

    private static TableServiceClient CreateTables(IConfigurationSection storage) => storage.Value is { Length: > 0 } connectionString
        ? new TableServiceClient(connectionString)
        : new TableServiceClient(Endpoint(storage, "tableServiceUri", "table"), Credential(storage));

    private static QueueServiceClient CreateQueues(IConfigurationSection storage)
    {
        // The queue trigger expects base64 unless host.json says otherwise.
        var options = new QueueClientOptions { MessageEncoding = QueueMessageEncoding.Base64 };
        return storage.Value is { Length: > 0 } connectionString
            ? new QueueServiceClient(connectionString, options)
            : new QueueServiceClient(Endpoint(storage, "queueServiceUri", "queue"), Credential(storage), options);
    }

    private static Uri Endpoint(IConfigurationSection storage, string key, string service)
    {
        if (storage[key] is { Length: > 0 } stated)
            return new Uri(stated);
        return storage["accountName"] is { Length: > 0 } account
            ? new Uri($"https://{account}.{service}.core.windows.net")
            : throw new InvalidOperationException(
                $"The setting {Setting} is missing: give it a connection string, or set {Setting}__accountName (or {Setting}__{key}) to sign in with an identity.");
    }

    internal static TokenCredential Credential(IConfigurationSection storage)
    {
        string? clientId = storage["clientId"] is { Length: > 0 } stated ? stated : null;
        return string.Equals(storage["credential"], "managedidentity", StringComparison.OrdinalIgnoreCase)
            ? new ManagedIdentityCredential(clientId is not null ? ManagedIdentityId.FromUserAssignedClientId(clientId) : ManagedIdentityId.SystemAssigned)
            : new DefaultAzureCredential(new DefaultAzureCredentialOptions { ManagedIdentityClientId = clientId });
    }
}
