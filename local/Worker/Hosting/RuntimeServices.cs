using System.Reflection;
using System.Text.Json;
using Azure.Core.Serialization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Azure.Functions.Worker.Core;
using Microsoft.Azure.Functions.Worker.Http;
using Microsoft.Azure.Functions.Worker.Queues;
using Microsoft.Azure.Functions.Worker.Timers;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Abm.Local.Hosting;

/// <summary>Registers what the runtime itself needs, and the extensions that the app refers to.</summary>
internal static class RuntimeServices
{
    public static void Add(FunctionsApplicationBuilder builder, RuntimeSetup setup)
    {
        IServiceCollection services = builder.Services;
        builder.Logging.ClearProviders();
        if (setup.Options.OwnsProcess)
        {
            builder.Logging.AddConsole(console => console.FormatterName = LineFormatter.FormatterName).AddConsoleFormatter<LineFormatter, LineFormatterOptions>();
        }
        else
        {
            services.AddSingleton<IHostLifetime, NoLifetime>();
        }

        services.AddSingleton(setup);
        services.AddSingleton(setup.HostJson);
        services.AddSingleton(provider => new StorageConnections(provider.GetRequiredService<IConfiguration>()));
        services.AddSingleton<QueueWakeUp>();
        services.AddSingleton<FunctionPlans>();
        services.AddSingleton(provider => new FunctionInvoker(
            provider.GetRequiredService<IServiceScopeFactory>(), provider.GetRequiredService<FunctionPlans>(), setup.Middleware));
        services.AddSingleton<ShutdownSignal>();
        services.AddSingleton<RunningFunctions>();
        services.AddSingleton<FunctionKeys>();
        services.AddSingleton<HttpTriggerProvider>();
        services.AddSingleton<IFunctionTriggerProvider>(provider => provider.GetRequiredService<HttpTriggerProvider>());
        services.AddSingleton<IHttpEndpointContributor, AdminEndpoints>();
        services.AddSingleton<MatcherPolicy, VerbMatcherPolicy>();
        services.AddSingleton<QueueClients>();
        services.AddSingleton<QueueSendObserver>();
        services.AddSingleton<IFunctionTriggerProvider, QueueTriggerProvider>();
        services.AddSingleton<IFunctionTriggerProvider, TimerTriggerProvider>();
        services.AddSingleton<IOutputWriter, QueueOutputWriter>();
        services.AddSingleton<RuntimeLifecycle>();
        services.AddHostedService(provider => provider.GetRequiredService<RuntimeLifecycle>());
        services.AddOptions<JsonSerializerOptions>().Configure(options => options.PropertyNameCaseInsensitive = true);
        services.AddOptions<WorkerOptions>().Configure<IOptions<JsonSerializerOptions>>((worker, json) => worker.Serializer ??= new JsonObjectSerializer(json.Value));

        Assembly[] extensions = [.. FunctionCatalog.ReferencedBy(setup.AppAssembly).Prepend(setup.AppAssembly)];
        foreach (Assembly assembly in extensions)
            if (assembly.GetCustomAttribute<WorkerExtensionStartupAttribute>() is { } startup)
                ((WorkerExtensionStartup)Activator.CreateInstance(startup.StartupType)!).Configure(builder);
    }

    public static void AddHttp(FunctionsApplicationBuilder builder, RuntimeSetup setup)
    {
        if (setup.HasHttp)
            return;
        setup.HasHttp = true;
        builder.Services.AddMvcCore();
        builder.Use(next => context => HttpResults.InvokeAsync(context, next));
    }

    /// <summary>A runtime inside somebody else's process leaves Ctrl-C and SIGTERM to that process.</summary>
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
