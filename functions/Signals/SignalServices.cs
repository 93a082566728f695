using Abm.Functions.Messages;
using Abm.Functions.Settings;
using Abm.Functions.Storage;
using Abm.Functions.Storage.Timelines;
using Abm.Ports;
using Microsoft.Extensions.DependencyInjection;

namespace Abm.Functions.Signals;

/// <summary>Registers what accounts do, and what starts plays about them.</summary>
public static class SignalServices
{
    public static IServiceCollection AddSignals(this IServiceCollection services)
    {
        services.AddOptions<SigningOptions>().BindConfiguration(SigningOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        return services.AddSignalStores().AddSingleton<EventSignatures>();
    }

    private static IServiceCollection AddSignalStores(this IServiceCollection services) => services
        .AddSingleton(new StorageNeeds([], [SignalsMessage.Queue]))
        .AddSingleton<IAccountTimelines, TableAccountTimelines>()
        .AddSingleton<IWaitingEvents, TableWaitingEvents>()
        .AddSingleton<IDayMarks, TableDayMarks>()
        .AddSingleton<IPlayOccasions>(provider => provider.GetRequiredService<Plays.PlayLaunch>())
        .AddSingleton<EventIntake>()
        .AddSingleton<PersonEvents>()
        .AddSingleton<RunningPlays>()
        .AddSingleton<SignalRun>();
}
