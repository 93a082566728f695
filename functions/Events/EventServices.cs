using Abm.Functions.Crm;
using Abm.Functions.Storage;
using Azure.Messaging.ServiceBus;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Abm.Functions.Events;

/// <summary>Registers what talks to Service Bus. Without a connection nothing of it does anything.</summary>
public static class EventServices
{
    /// <summary>The setting of the connection: a connection string, or a section with <c>fullyQualifiedNamespace</c> to sign in with an identity.</summary>
    public const string Connection = "ServiceBusConnection";

    /// <summary>Registers it. A connection that cannot be used ends the start with its name, as every wrong setting does.</summary>
    public static IServiceCollection AddEvents(this IServiceCollection services, IConfiguration configuration)
    {
        (ServiceBusClient? created, string? problem) = CreateClient(configuration.GetSection(Connection));
        services.AddOptions<EventsOptions>().BindConfiguration(EventsOptions.Section).ValidateDataAnnotations().Validate(_ => problem is null, problem ?? "").ValidateOnStart();
        services.AddSingleton<CrmIntake>();
        if (created is { } client)
        {
            services.AddSingleton(_ => client); // a factory, so that it is closed with the app
            services.AddSingleton<ILeadEvents, OutboxLeadEvents>();
            services.AddSingleton(provider => new EventPublisher(
                client.CreateSender(provider.GetRequiredService<IOptions<EventsOptions>>().Value.Topic),
                provider.GetRequiredService<IOptions<EventsOptions>>(),
                provider.GetRequiredService<TimeProvider>()));
        }
        else
        {
            services.AddSingleton<ILeadEvents, NoLeadEvents>();
            services.AddSingleton(provider => new EventPublisher(
                null, provider.GetRequiredService<IOptions<EventsOptions>>(), provider.GetRequiredService<TimeProvider>()));
        }

        return services;
    }

    private static (ServiceBusClient? Client, string? Problem) CreateClient(IConfigurationSection connection)
    {
        // The outbox tries again, later and later; the client need not.
        ServiceBusClientOptions options = new() { RetryOptions = { MaxRetries = 1 } };
        try
        {
            if (connection.Value is { Length: > 0 } connectionString)
                return (new ServiceBusClient(connectionString, options), null);
            return connection["fullyQualifiedNamespace"] is { Length: > 0 } name
                ? (new ServiceBusClient(name, StorageServices.Credential(connection), options), null)
                : (null, null);
        }
        catch (Exception unusable) when (unusable is FormatException or ArgumentException or NotSupportedException)
        {
            return (null, $"The setting {Connection} cannot be used: {unusable.Message}");
        }
    }
}
