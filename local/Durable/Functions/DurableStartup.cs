using Abm.Local.Hosting;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Core;
using Microsoft.Extensions.DependencyInjection;

[assembly: WorkerExtensionStartup(typeof(Abm.Local.Durable.Functions.DurableStartup))]

namespace Abm.Local.Durable.Functions;

/// <summary>Registers durable functions in every worker that refers to this assembly.</summary>
public sealed class DurableStartup : WorkerExtensionStartup
{
    /// <inheritdoc/>
    public override void Configure(IFunctionsWorkerApplicationBuilder applicationBuilder)
    {
        ArgumentNullException.ThrowIfNull(applicationBuilder);
        applicationBuilder.Services.AddSingleton<DurableHost>();
        applicationBuilder.Services.AddSingleton<IFunctionTriggerProvider>(services => services.GetRequiredService<DurableHost>());
        applicationBuilder.Services.AddSingleton<IParameterBinder, DurableClientBinder>();
        applicationBuilder.Services.AddSingleton<IHttpEndpointContributor, ManagementApi>();
    }
}
