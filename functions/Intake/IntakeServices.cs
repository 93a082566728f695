using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Abm.Functions.Intake;

/// <summary>Registers what taking leads in needs.</summary>
public static class IntakeServices
{
    public static IServiceCollection AddIntake(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        return services
            .AddSingleton<LeadAdmitter>()
            .AddSingleton<DecisionWait>()
            .AddSingleton<ILeadQueue, StorageLeadQueue>()
            .AddSingleton<IRequestKeys, TableRequestKeys>();
    }
}
