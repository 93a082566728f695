using System.Globalization;
using Azure.Messaging.ServiceBus;
using Microsoft.Azure.Functions.Worker;

namespace Abm.Local.Tests.ServiceBus;

public sealed record AccountChanged(string Name, int Employees);

public sealed class TextFunction(Notebook notes)
{
    [Function("TakeText")]
    public void Run([ServiceBusTrigger("%InQueue%")] string text, string messageId, int deliveryCount, FunctionContext context) =>
        notes.Write($"{text} {messageId} {deliveryCount} {context.BindingContext.BindingData["Subject"]}");
}

public sealed class ObjectFunction(Notebook notes)
{
    [Function("TakeObject")]
    public void Run([ServiceBusTrigger("%InQueue%")] AccountChanged change) => notes.Write($"{change.Name} {change.Employees}");
}

public sealed class FailingFunction(Notebook notes)
{
    [Function("Fail")]
    public void Run([ServiceBusTrigger("%InQueue%")] ServiceBusReceivedMessage message)
    {
        notes.Write($"{message.Body} {message.DeliveryCount}");
        throw new InvalidOperationException("no");
    }
}

public sealed class SettlingFunction(Notebook notes)
{
    [Function("Settle")]
    public async Task Run([ServiceBusTrigger("%InQueue%", AutoCompleteMessages = false)] ServiceBusReceivedMessage message, ServiceBusMessageActions actions)
    {
        notes.Write($"{message.Body} {message.DeliveryCount}");
        switch (message.Body.ToString())
        {
            case "complete":
                await actions.CompleteMessageAsync(message);
                break;
            case "abandon" when message.DeliveryCount == 1:
                await actions.AbandonMessageAsync(message, new Dictionary<string, object> { ["again"] = true });
                break;
            case "abandon":
                await actions.RenewMessageLockAsync(message);
                await actions.CompleteMessageAsync(message);
                break;
            case "dead":
                await actions.DeadLetterMessageAsync(message, new Dictionary<string, object> { ["field"] = "name" }, "invalid", "no name");
                break;
            case "defer":
                await actions.DeferMessageAsync(message);
                break;
            case "settled and thrown":
                await actions.CompleteMessageAsync(message);
                throw new InvalidOperationException("after settling");
        }
    }
}

public sealed class HoldingFunction(Notebook notes)
{
    [Function("Hold")]
    public async Task Run([ServiceBusTrigger("%InQueue%")] ServiceBusReceivedMessage message)
    {
        notes.Write(message.DeliveryCount.ToString(CultureInfo.InvariantCulture));
        notes.Held = message;
        await notes.Go;
    }
}

public sealed class BatchFunction(Notebook notes)
{
    [Function("Batch")]
    public void Run([ServiceBusTrigger("%InQueue%", IsBatched = true)] AccountChanged[] changes, string[] messageIdArray)
    {
        notes.Write(string.Join(',', changes.Select(change => change.Name).Order()) + $" {messageIdArray.Length}");
        if (changes.Any(change => change.Employees < 0))
            throw new InvalidOperationException("no");
    }
}

public sealed class SubscriptionFunction(Notebook notes)
{
    [Function("OnTopic")]
    [ServiceBusOutput("%OutQueue%")]
    public AccountChanged[] Run([ServiceBusTrigger("%InTopic%", "worker")] BinaryData body)
    {
        notes.Write(body.ToString());
        return [new AccountChanged(body.ToString(), 1), new AccountChanged(body.ToString(), 2)];
    }
}

public sealed class TopicOutputFunction
{
    [Function("ToTopic")]
    [ServiceBusOutput("%InTopic%", ServiceBusEntityType.Topic)]
    public string Run([ServiceBusTrigger("%InQueue%")] string text) => text.ToUpperInvariant();
}

public sealed class OtherConnectionFunction
{
    [Function("TakeCrmChange")]
    public void Run([ServiceBusTrigger("crm", Connection = "CrmBus")] string text)
    {
    }
}

public sealed class OutputWithoutConnection
{
    [Function("Publish")]
    [ServiceBusOutput("decisions", ServiceBusEntityType.Topic, Connection = "CrmBus")]
    public string Run([TimerTrigger("0 0 0 1 1 *")] TimerInfo timer) => "x";
}

public sealed class SessionFunction
{
    [Function("Session")]
    public void Run([ServiceBusTrigger("crm", IsSessionsEnabled = true)] string text)
    {
    }
}

public sealed class BatchOfOne
{
    [Function("BatchOfOne")]
    public void Run([ServiceBusTrigger("crm", IsBatched = true)] string text)
    {
    }
}

public sealed class ArrayWithoutBatch
{
    [Function("ArrayWithoutBatch")]
    public void Run([ServiceBusTrigger("crm")] string[] texts)
    {
    }
}

public sealed class ActionsElsewhere
{
    [Function("ActionsElsewhere")]
    public void Run([TimerTrigger("0 0 0 1 1 *")] TimerInfo timer, ServiceBusMessageActions actions)
    {
    }
}

public sealed class MessageOutput
{
    [Function("MessageOutput")]
    [ServiceBusOutput("out")]
    public ServiceBusMessage Run([ServiceBusTrigger("crm")] string text) => new(text);
}

public sealed class BadName
{
    [Function("BadName")]
    public void Run([ServiceBusTrigger("crm changes")] string text)
    {
    }
}
