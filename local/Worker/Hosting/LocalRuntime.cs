using Microsoft.Azure.Functions.Worker.Builder;

namespace Abm.Local.Hosting;

/// <summary>Builds runtimes with chosen options; apps use <c>FunctionsApplication.CreateBuilder</c>.</summary>
public static class LocalRuntime
{
    /// <summary>A builder for a runtime with these options.</summary>
    /// <exception cref="LocalRuntimeException"><c>host.json</c> or the settings file cannot be used, and the runtime does not own the process.</exception>
    public static FunctionsApplicationBuilder CreateBuilder(LocalRuntimeOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new FunctionsApplicationBuilder(options);
    }
}
