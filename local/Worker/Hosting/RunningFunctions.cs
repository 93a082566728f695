using Microsoft.Extensions.Configuration;

namespace Abm.Local.Hosting;

/// <summary>The app's functions and who listens for them, once the app is built.</summary>
internal sealed class RunningFunctions(RuntimeSetup setup, IConfiguration configuration, FunctionPlans plans, IEnumerable<IFunctionTriggerProvider> providers)
{
    private readonly IFunctionTriggerProvider[] _providers = [.. providers];
    private readonly Dictionary<LocalFunction, IFunctionTriggerProvider> _providerOf = [];
    private FunctionCatalog? _catalog;

    public FunctionCatalog Catalog => _catalog ?? throw new InvalidOperationException("The functions are not discovered yet.");

    public IReadOnlyList<IFunctionTriggerProvider> Providers => _providers;

    public IFunctionTriggerProvider ProviderOf(LocalFunction function) => _providerOf[function];

    /// <summary>Finds the functions and lets every provider check its own.</summary>
    /// <exception cref="LocalRuntimeException">A function cannot work.</exception>
    public void Prepare()
    {
        _catalog = FunctionCatalog.Discover(setup.Options.FunctionTypes ?? FunctionCatalog.TypesOf(setup.AppAssembly), configuration);
        foreach (LocalFunction function in _catalog.Functions)
        {
            _providerOf[function] = _providers.FirstOrDefault(provider => provider.Handles(function.Trigger))
                ?? throw new LocalRuntimeException($"{function.EntryPoint}: the Local runtime does not support [{function.Trigger.GetType().Name.Replace("Attribute", "", StringComparison.Ordinal)}].");
            plans.For(function);
        }

        foreach (IFunctionTriggerProvider provider in _providers)
            provider.Prepare([.. _catalog.Functions.Where(function => _providerOf[function] == provider)]);
    }
}
