using Abm.Functions.Corrections;
using Microsoft.Extensions.DependencyInjection;

namespace Abm.Functions.Replays;

/// <summary>Composition of this folder.</summary>
public static class ReplayServices
{
    /// <summary>Questions about decisions: made again, why not, many of them under a draft, and what people corrected.</summary>
    public static IServiceCollection AddReplays(this IServiceCollection services) => services.AddSingleton<DecisionQuestions>().AddSingleton<DryRunner>().AddSingleton<CaseKeeper>();
}
