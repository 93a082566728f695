using System.Collections;
using Abm.Local.Hosting;
using Azure;
using Azure.Storage.Queues;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace Microsoft.Azure.Functions.Worker.Queues;

/// <summary>Sends function results to queues.</summary>
internal sealed class QueueOutputWriter(QueueClients clients, QueueWakeUp wakeUp) : IOutputWriter
{
    public string BindingType => "queue";

    public bool Handles(OutputBindingAttribute output) => output is QueueOutputAttribute;

    public void Prepare(OutputBindingAttribute output, Type valueType, string entryPoint)
    {
        var queue = (QueueOutputAttribute)output;
        clients.For(queue.QueueName, queue.Connection, entryPoint);
        if (typeof(IEnumerable).IsAssignableFrom(valueType) && !valueType.IsArray && valueType != typeof(string) && !typeof(IDictionary).IsAssignableFrom(valueType))
            throw new LocalRuntimeException($"{entryPoint}: [QueueOutput] on {valueType.Name}: several messages are returned as an array.");
        if (valueType.Namespace?.StartsWith("Azure.Storage", StringComparison.Ordinal) == true)
            throw new LocalRuntimeException($"{entryPoint}: [QueueOutput] cannot send a {valueType.Name}; return text, bytes or an object to be written as JSON.");
    }

    public async Task WriteAsync(OutputBindingAttribute output, object value, FunctionContext context)
    {
        var attribute = (QueueOutputAttribute)output;
        QueueClient queue = clients.For(attribute.QueueName, attribute.Connection, context.FunctionDefinition.EntryPoint);
        foreach (BinaryData body in Messages(value, context))
            await SendAsync(queue, body, context.CancellationToken);
        wakeUp.Signal(queue.Uri);
    }

    internal static async Task SendAsync(QueueClient queue, BinaryData body, CancellationToken cancellationToken)
    {
        try
        {
            await queue.SendMessageAsync(body, cancellationToken: cancellationToken);
        }
        catch (RequestFailedException missing) when (missing.Status == 404)
        {
            await queue.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
            await queue.SendMessageAsync(body, cancellationToken: cancellationToken);
        }
    }

    private static IEnumerable<BinaryData> Messages(object value, FunctionContext context)
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
