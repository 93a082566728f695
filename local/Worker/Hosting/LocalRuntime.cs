using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

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

    /// <summary>Where a started runtime serves HTTP; with port 0 the only way to know.</summary>
    public static Uri AddressOf(IHost host)
    {
        ArgumentNullException.ThrowIfNull(host);
        return new Uri(host.Services.GetRequiredService<RuntimeSetup>().BaseAddress);
    }
}
