using Abm.Functions.Audit;
using Abm.Functions.Configuration.Versions;
using Abm.Functions.Http;
using Abm.Functions.Storage;
using Abm.Ports;
using Azure.Data.Tables;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Abm.Functions.Configuration;

/// <summary>Composition of this folder and of the audit.</summary>
public static class ConfigurationServices
{
    /// <summary>The configuration in force and everything that changes it. Needs the clients of the storage account. The app does not start with a folder that cannot be used (<see cref="ConfigurationRefusedException"/>).</summary>
    public static IServiceCollection AddConfigurationSource(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(new StorageNeeds([ConfigTables.Config, TableAuditLog.Table], []));
        services.AddSingleton<IConfigureOptions<AuthOptions>, AuthDefaults>();
        services.AddOptions<AuthOptions>().BindConfiguration(AuthOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<Callers>()
            .AddSingleton<IAuditLog>(provider => new TableAuditLog(Table(provider, TableAuditLog.Table)))
            .AddSingleton<AuditTrail>()
            .AddSingleton<IConfigVersions>(provider => new TableConfigVersions(Table(provider, ConfigTables.Config)))
            .AddSingleton<IConfigActivations>(provider => new TableConfigActivations(Table(provider, ConfigTables.Config)))
            .AddSingleton<IPublishGate>(provider => new TablePublishGate(Table(provider, ConfigTables.Config)))
            .AddSingleton<DraftCheck>()
            .AddSingleton<ConfigPublisher>()
            .AddSingleton<Unmatched.ExceptionDrafts>()
            .AddSingleton<ActiveConfigSource>()
            .AddSingleton<IConfigSource>(provider => provider.GetRequiredService<ActiveConfigSource>())
            .AddSingleton<IConfigStatus>(provider => provider.GetRequiredService<ActiveConfigSource>());
        return services.AddHostedService(provider => new FolderAtStart(
            provider.GetRequiredService<IConfiguration>()[ConfigFolder.Setting],
            provider.GetRequiredService<ConfigPublisher>(),
            provider.GetRequiredService<ILogger<FolderAtStart>>()));
    }

    private static TableClient Table(IServiceProvider provider, string name) => provider.GetRequiredService<TableServiceClient>().GetTableClient(name);
}
