using Abm.Local.Hosting;

namespace Microsoft.Azure.Functions.Worker.Builder;

/// <summary>Entry point of a function app.</summary>
public class FunctionsApplication
{
    private FunctionsApplication()
    {
    }

    /// <summary>A builder with the platform's defaults: settings, logging and the worker's services.</summary>
    /// <param name="args">The command line; the Local runtime understands <c>--port &lt;number&gt;</c> and <c>--enable-auth</c>.</param>
    public static FunctionsApplicationBuilder CreateBuilder(string[] args) =>
        LocalRuntime.CreateBuilder(new LocalRuntimeOptions { Args = args ?? throw new ArgumentNullException(nameof(args)) });
}
