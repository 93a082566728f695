using System.Reflection;
using Abm.Local.Hosting;

namespace Microsoft.Azure.Functions.Worker.ServiceBus;

/// <summary>Hands the actions of a Service Bus trigger to the parameter that asks for them.</summary>
internal sealed class MessageActionsBinder : IParameterBinder
{
    public bool CanBind(ParameterInfo parameter)
    {
        if (parameter.ParameterType != typeof(ServiceBusMessageActions))
            return false;
        var method = (MethodInfo)parameter.Member;
        return method.GetParameters().Any(other => other.IsDefined(typeof(ServiceBusTriggerAttribute)))
            ? true
            : throw new LocalRuntimeException($"{method.DeclaringType?.FullName}.{method.Name}: {nameof(ServiceBusMessageActions)} works with a Service Bus trigger only.");
    }

    public ValueTask<object?> BindAsync(ParameterInfo parameter, FunctionContext context) => new(context.Features.Get<ServiceBusMessageActions>());
}
