using Microsoft.Extensions.DependencyInjection;

namespace Abm.Functions.Replays;

/// <summary>Composition of this folder.</summary>
public static class ReplayServices
{
    /// <summary>Questions about decisions: made again, why not, and many of them under a draft.</summary>
    public static IServiceCollection AddReplays(this IServiceCollection services) => services.AddSingleton<DecisionQuestions>().AddSingleton<DryRunner>();
}
