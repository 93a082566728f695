using Abm.Local.Hosting;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;
using Microsoft.Extensions.Logging;

namespace Microsoft.Azure.Functions.Worker.Queues;

/// <summary>Listens to the queues of queue functions.</summary>
internal sealed class QueueTriggerProvider(
    RuntimeSetup setup, QueueClients clients, FunctionInvoker invoker, QueueWakeUp wakeUp, QueueSendObserver observer, ShutdownSignal shutdown, ILoggerFactory loggers) : IFunctionTriggerProvider, IDisposable
{
    private readonly List<QueueListener> _listeners = [];

    public bool Handles(TriggerBindingAttribute trigger) => trigger is QueueTriggerAttribute;

    public void Prepare(IReadOnlyList<LocalFunction> functions)
    {
        foreach (LocalFunction function in functions)
        {
            Type type = function.TriggerParameter.ParameterType;
            if (type != typeof(QueueMessage) && type.Namespace?.StartsWith("Azure.Storage", StringComparison.Ordinal) == true)
                throw new LocalRuntimeException($"{function.EntryPoint}: [QueueTrigger] cannot bind {type.Name}; take string, byte[], BinaryData, QueueMessage or an object read from JSON.");
            if (function.Method.ReturnType.IsAssignableTo(typeof(Microsoft.AspNetCore.Mvc.IActionResult)))
                throw new LocalRuntimeException($"{function.EntryPoint}: a queue function has nobody to send an HTTP result to.");
            _listeners.Add(Listener(function));
        }
    }

    public string Describe(LocalFunction function) => $"queue {_listeners.Single(listener => listener.Function == function).Queue.Name}";

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (_listeners.Count > 0)
            observer.Start();
        foreach (QueueListener listener in _listeners.Where(listener => !listener.Function.IsDisabled))
            listener.Start();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.WhenAll(_listeners.Select(listener => listener.StopAsync(cancellationToken)));

    public Task<bool> TryStartByHandAsync(LocalFunction function, string? input, CancellationToken cancellationToken)
    {
        QueueListener listener = _listeners.Single(candidate => candidate.Function == function);
        listener.RunByHand(input ?? "");
        return Task.FromResult(true);
    }

    public void Dispose()
    {
        foreach (QueueListener listener in _listeners)
            listener.Dispose();
    }

    private QueueListener Listener(LocalFunction function)
    {
        var trigger = (QueueTriggerAttribute)function.Trigger;
        ILogger logger = loggers.CreateLogger($"Function.{function.Name}");
        var raw = new QueueClientOptions { MessageEncoding = QueueMessageEncoding.None };
        QueueClient plain = clients.Create(trigger.QueueName, trigger.Connection, function.EntryPoint, raw);
        PoisonQueue? poison = PoisonQueue.NameFor(plain.Name) is { } name ? new PoisonQueue(clients.Create(name, trigger.Connection, function.EntryPoint, raw)) : null;
        return new QueueListener(function, plain, poison, clients.Settings, invoker, wakeUp, shutdown, setup.Options.TimeProvider, logger);
    }
}
