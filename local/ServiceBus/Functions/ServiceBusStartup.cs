using Abm.Local.Hosting;
using Microsoft.Azure.Functions.Worker.Core;
using Microsoft.Azure.Functions.Worker.ServiceBus;
using Microsoft.Extensions.DependencyInjection;

[assembly: WorkerExtensionStartup(typeof(Microsoft.Azure.Functions.Worker.ServiceBusExtensionStartup))]

namespace Microsoft.Azure.Functions.Worker;

/// <summary>Registers Service Bus triggers and outputs in every worker that refers to this assembly.</summary>
public sealed class ServiceBusExtensionStartup : WorkerExtensionStartup
{
    /// <inheritdoc/>
    public override void Configure(IFunctionsWorkerApplicationBuilder applicationBuilder)
    {
        ArgumentNullException.ThrowIfNull(applicationBuilder);
        applicationBuilder.Services.AddSingleton<ServiceBusConnections>();
        applicationBuilder.Services.AddSingleton<ServiceBusOutputWriter>();
        applicationBuilder.Services.AddSingleton<IOutputWriter>(services => services.GetRequiredService<ServiceBusOutputWriter>());
        applicationBuilder.Services.AddSingleton<IParameterBinder, MessageActionsBinder>();
        applicationBuilder.Services.AddSingleton<IFunctionTriggerProvider, ServiceBusTriggerProvider>();
    }
}
