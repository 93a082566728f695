using Azure.Messaging.ServiceBus;
using Microsoft.Azure.Functions.Worker;

namespace Abm.Functions.Tests.Events;

/// <summary>A topic that keeps what is sent to it, or fails as it is told.</summary>
internal sealed class FakeSender : ServiceBusSender
{
    private readonly List<ServiceBusMessage> _sent = [];

    public IReadOnlyList<ServiceBusMessage> Sent => _sent;

    public int Attempts { get; private set; }

    /// <summary>What every send does before it takes the message; throws when the bus is to fail.</summary>
    public Func<CancellationToken, Task> Before { get; set; } = _ => Task.CompletedTask;

    public override async Task SendMessageAsync(ServiceBusMessage message, CancellationToken cancellationToken = default)
    {
        Attempts++;
        await Before(cancellationToken);
        _sent.Add(message);
    }
}

/// <summary>Settles nothing, but remembers what was to be dead-lettered.</summary>
internal sealed class FakeActions : ServiceBusMessageActions
{
    private readonly List<(string? Id, string? Reason, string? Description)> _dead = [];

    public IReadOnlyList<(string? Id, string? Reason, string? Description)> Dead => _dead;

    public override Task DeadLetterMessageAsync(
        ServiceBusReceivedMessage message, Dictionary<string, object>? propertiesToModify = default, string? deadLetterReason = default, string? deadLetterErrorDescription = default,
        CancellationToken cancellationToken = default)
    {
        _dead.Add((message.MessageId, deadLetterReason, deadLetterErrorDescription));
        return Task.CompletedTask;
    }
}
