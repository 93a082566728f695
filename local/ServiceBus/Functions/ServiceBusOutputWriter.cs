using System.Collections;
using System.Collections.Concurrent;
using Abm.Local.Hosting;
using Abm.Local.ServiceBus;
using Azure.Messaging.ServiceBus;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;
using Microsoft.Extensions.Configuration;

namespace Microsoft.Azure.Functions.Worker.ServiceBus;

/// <summary>Sends function results to queues and topics.</summary>
internal sealed class ServiceBusOutputWriter(ServiceBusConnections connections, IConfiguration configuration) : IOutputWriter
{
    private readonly ConcurrentBag<(ServiceBusOutputAttribute Output, string EntryPoint)> _outputs = [];
    private readonly ConcurrentDictionary<(string? Connection, string Entity), ServiceBusSender> _senders = new();

    public string BindingType => "serviceBus";

    /// <summary>The outputs of all functions, disabled ones too.</summary>
    public IEnumerable<(ServiceBusOutputAttribute Output, string EntryPoint)> Outputs => _outputs;

    public bool Handles(OutputBindingAttribute output) => output is ServiceBusOutputAttribute;

    public void Prepare(OutputBindingAttribute output, Type valueType, string entryPoint)
    {
        Type itemType = valueType.IsArray ? valueType.GetElementType()! : valueType;
        if (typeof(IEnumerable).IsAssignableFrom(valueType) && !valueType.IsArray && valueType != typeof(string) && !typeof(IDictionary).IsAssignableFrom(valueType))
            throw new LocalRuntimeException($"{entryPoint}: [ServiceBusOutput] on {valueType.Name}: several messages are returned as an array.");
        if (itemType.Namespace?.StartsWith("Azure.Messaging.ServiceBus", StringComparison.Ordinal) == true)
            throw new LocalRuntimeException($"{entryPoint}: [ServiceBusOutput] cannot send a {itemType.Name}; return text, bytes or an object to be written as JSON, or send with a ServiceBusSender.");
        _outputs.Add(((ServiceBusOutputAttribute)output, entryPoint));
    }

    /// <summary>What an output sends to.</summary>
    /// <exception cref="LocalRuntimeException">A setting in the name is missing, or it is no name.</exception>
    public EntityPath Target(ServiceBusOutputAttribute output, string entryPoint)
    {
        try
        {
            return EntityPath.OfQueue(SettingNames.Resolve(output.QueueOrTopicName, configuration, entryPoint));
        }
        catch (ArgumentException wrong)
        {
            throw new LocalRuntimeException($"{entryPoint}: {wrong.Message}", wrong);
        }
    }

    public async Task WriteAsync(OutputBindingAttribute output, object value, FunctionContext context)
    {
        var attribute = (ServiceBusOutputAttribute)output;
        FunctionDefinition function = context.FunctionDefinition;
        ServiceBusSender sender = _senders.GetOrAdd(
            (attribute.Connection, attribute.QueueOrTopicName),
            _ => connections.For(attribute.Connection, new LocalFunctionName(function.Name, function.EntryPoint)).CreateSender(Target(attribute, function.EntryPoint).Text));
        foreach (BinaryData body in Bodies(value, context))
            await sender.SendMessageAsync(new ServiceBusMessage(body), context.CancellationToken);
    }

    private static IEnumerable<BinaryData> Bodies(object value, FunctionContext context)
    {
        if (value is not Array items || value is byte[])
            return [Body(value, context)];
        return items.Cast<object?>().Where(item => item is not null).Select(item => Body(item!, context));
    }

    private static BinaryData Body(object value, FunctionContext context) => value switch
    {
        string text => BinaryData.FromString(text),
        byte[] bytes => BinaryData.FromBytes(bytes),
        BinaryData data => data,
        _ => context.GetSerializer().Serialize(value, value.GetType(), CancellationToken.None),
    };
}
