using Abm.Functions.Clocks;
using Abm.Functions.Delivery;
using Abm.Functions.Explain;
using Abm.Functions.Health;
using Abm.Functions.Intake;
using Abm.Functions.Journeys;
using Abm.Functions.Messages;
using Abm.Functions.Corrections;
using Abm.Functions.Plays;
using Abm.Functions.Routing;
using Abm.Functions.Quarantine;
using Abm.Functions.Storage;
using Abm.Functions.Storage.Decisions;
using Abm.Functions.Storage.Persons;
using Abm.Ports;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Abm.Functions.Settings;

/// <summary>What each folder adds to the app; Program.cs has one line for each.</summary>
public static class FollowUpServices
{
    /// <summary>Leads and what follows them, in tables. Needs the clients of the storage account.</summary>
    public static IServiceCollection AddLeadStorage(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        return services
            .AddSingleton<PersonHash>()
            .AddSingleton<IPersonKeys>(provider => provider.GetRequiredService<PersonHash>())
            .AddSingleton<IPersonStore, TablePersonStore>()
            .AddSingleton<IDecisionRetention, TableDecisionRetention>()
            .AddSingleton<ILeadStore, TableLeadStore>()
            .AddSingleton<ILeadFileStore, TableLeadFileStore>()
            .AddSingleton<IDecisionLog, TableDecisionLog>()
            .AddSingleton<IRepSnapshots, TableRepSnapshots>()
            .AddSingleton<ICaseStore, TableCaseStore>()
            .AddSingleton<TablePoolStore>()
            .AddSingleton<IPoolStore>(provider => provider.GetRequiredService<TablePoolStore>())
            .AddSingleton<IPoolLedger>(provider => provider.GetRequiredService<TablePoolStore>())
            .AddSingleton<IRelations, TableRelations>()
            .AddSingleton<IRoutingDesk, TableRoutingDesk>()
            .AddSingleton<ILeadList, TableLeadList>()
            .AddSingleton<IReviewList, TableUnmatchedList>()
            .AddSingleton<TableRedecisions>()
            .AddSingleton<IRedecisions>(provider => provider.GetRequiredService<TableRedecisions>())
            .AddSingleton<ILeadKeys>(provider => provider.GetRequiredService<TableRedecisions>())
            .AddSingleton<IRematchReports, TableRematchReports>()
            .AddSingleton<IClockBoard, TableClockBoard>()
            .AddSingleton<IClockRecounts, TableClockRecounts>()
            .AddSingleton<IPlayFiles, TablePlayFiles>()
            .AddSingleton<IOutbox, TableOutbox>()
            .AddSingleton<IQuarantine, TableQuarantine>()
            .AddSingleton<IMessageSender, StorageMessageSender>();
    }

    /// <summary>From received to decided, and the quarantine for what cannot be.</summary>
    public static IServiceCollection AddJourneys(this IServiceCollection services)
    {
        services.AddOptions<JourneyOptions>().BindConfiguration(JourneyOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        return services.AddSingleton<PoolTurns>().AddSingleton<DecisionLists>().AddSingleton<LeadProcessing>().AddSingleton<BulkLane>().AddSingleton<Rematch.Redeciding>().AddSingleton<Rematch.RematchRun>().AddSingleton<SetAside>();
    }

    /// <summary>What happens to turns after they were given, and to leads that nobody could take.</summary>
    public static IServiceCollection AddLeadRouting(this IServiceCollection services) => services
        .AddSingleton<RoutingMemory>().AddSingleton<PoolCredits>().AddSingleton<PoolAlerts>().AddSingleton<LeadGiving>().AddSingleton<PoolHandOver>()
        .AddSingleton<OfferPassing>().AddSingleton<PoolDrain>().AddSingleton<OrphanScan>();

    /// <summary>The plays that follow leads up.</summary>
    public static IServiceCollection AddPlays(this IServiceCollection services) =>
        services.AddSingleton(new StorageNeeds([], [PlayMessage.Queue])).AddSingleton<IPlayStarter, QueuedPlayStarter>().AddSingleton<LeadFileChanges>().AddSingleton<PlayFacts>().AddSingleton<IPlayFactSource, PlayFactSource>()
            .AddSingleton<PlayLaunch>().AddSingleton<PlayGiving>().AddSingleton<PlayEffects>().AddSingleton<PlayTurns>().AddSingleton<PlayAnswers>().AddSingleton<PlayEndings>().AddSingleton<ClockFiles>().AddSingleton<ClockRecounting>();

    /// <summary>Notifications and where they go.</summary>
    public static IServiceCollection AddDelivery(this IServiceCollection services)
    {
        services.AddOptions<WebhookOptions>().BindConfiguration(WebhookOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton(new StorageNeeds([], [DeliverMessage.Queue, DeliverMessage.BulkQueue]));
        return services.AddSingleton<PlayNotifications>().AddSingleton(provider => new Webhook(
            new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) }) { Timeout = Timeout.InfiniteTimeSpan },
            provider.GetRequiredService<IOptions<WebhookOptions>>(),
            provider.GetRequiredService<TimeProvider>()));
    }

    /// <summary>What leads, decisions and the app itself say of themselves.</summary>
    public static IServiceCollection AddExplain(this IServiceCollection services) =>
        services.AddSingleton<ILeadAnswer, LeadAnswer>().AddSingleton<HealthProbe>();
}
