using Abm.Ports;
using Azure.Data.Tables;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Abm.Functions.Configuration;

/// <summary>Composition of this folder.</summary>
public static class ConfigurationServices
{
    /// <summary>The configuration source. Needs a <see cref="TableServiceClient"/>. The app does not start with a configuration that cannot be used (<see cref="ConfigurationRefusedException"/>).</summary>
    public static IServiceCollection AddConfigurationSource(this IServiceCollection services)
    {
        services.AddSingleton<IConfigSource>(provider => new FileConfigSource(
            ConfigFolder.Find(provider.GetRequiredService<IConfiguration>()[ConfigFolder.Setting]),
            provider.GetRequiredService<TableServiceClient>(),
            provider.GetRequiredService<ILogger<FileConfigSource>>()));
        return services.AddHostedService<ConfigurationCheckAtStart>();
    }

    /// <summary>Reads the configuration before anything listens, so that a mistake is seen by whoever started the app and not by the first lead.</summary>
    private sealed class ConfigurationCheckAtStart(IConfigSource source) : IHostedLifecycleService
    {
        public async Task StartingAsync(CancellationToken cancellationToken) => await source.CurrentAsync(cancellationToken);

        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
