using System.Reflection;
using Abm.Local.Hosting;
using Abm.Local.ServiceBus;
using Azure.Core.Serialization;
using Azure.Messaging.ServiceBus;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Microsoft.Azure.Functions.Worker.ServiceBus;

/// <summary>Listens to the queues and subscriptions of Service Bus functions, and makes sure at start that what the app names exists.</summary>
internal sealed partial class ServiceBusTriggerProvider(
    IServiceProvider services, HostJson hostJson, IConfiguration configuration, ServiceBusConnections connections, ServiceBusOutputWriter outputs, FunctionInvoker invoker,
    ShutdownSignal shutdown, ILoggerFactory loggers) : IFunctionTriggerProvider, IDisposable
{
    private readonly List<ServiceBusListener> _listeners = [];
    private readonly Dictionary<LocalFunction, EntityPath> _paths = [];
    private readonly Dictionary<ServiceBusClient, Declarations> _declared = [];

    public bool Handles(TriggerBindingAttribute trigger) => trigger is ServiceBusTriggerAttribute;

    public void Prepare(IReadOnlyList<LocalFunction> functions)
    {
        Declarations settings = TopologySettings.Read(configuration);
        ServiceBusSettings host = ServiceBusSettings.Read(hostJson);
        foreach (LocalFunction function in functions)
        {
            Check(function);
            _paths[function] = Path(function);
            if (function.IsDisabled)
                continue; // a disabled function needs no connection
            var trigger = (ServiceBusTriggerAttribute)function.Trigger;
            ServiceBusClient client = connections.For(trigger.Connection, LocalFunctionName.Of(function));
            Declare(client, settings, function.EntryPoint, declared => declared.Add(_paths[function].WithoutDeadLetters));
            bool completes = IsWritten(function, nameof(ServiceBusTriggerAttribute.AutoCompleteMessages)) ? trigger.AutoCompleteMessages : host.AutoCompleteMessages;
            _listeners.Add(new ServiceBusListener(
                function, Receiver(client, _paths[function]), host with { AutoCompleteMessages = completes }, invoker, Serializer(), shutdown, loggers.CreateLogger($"Function.{function.Name}")));
        }

        // Known by now: every function's plan, and with it every output, is made before the triggers are prepared.
        foreach (LocalFunction function in services.GetRequiredService<RunningFunctions>().Catalog.Functions.Where(function => !function.IsDisabled))
            foreach (ServiceBusOutputAttribute output in outputs.Outputs.Where(output => output.EntryPoint == function.EntryPoint).Select(output => output.Output))
            {
                EntityPath target = outputs.Target(output, function.EntryPoint);
                Declare(connections.For(output.Connection, LocalFunctionName.Of(function)), settings, function.EntryPoint, declared =>
                {
                    if (output.EntityType == ServiceBusEntityType.Topic)
                        declared.AddTopic(target.Queue);
                    else
                        declared.Add(target);
                });
            }

        if (_declared.Count > 0 && host.WithoutEffect.Count > 0)
            WithoutEffect(loggers.CreateLogger<ServiceBusTriggerProvider>(), hostJson.Path, string.Join(", ", host.WithoutEffect));
    }

    public string Describe(LocalFunction function) => $"Service Bus {_paths[function]}";

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach ((ServiceBusClient client, Declarations declared) in _declared)
            await client.Bus.ProvisionAsync(declared, cancellationToken);
        foreach (ServiceBusListener listener in _listeners)
            listener.Start();
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.WhenAll(_listeners.Select(listener => listener.StopAsync(cancellationToken)));

    public Task<bool> TryStartByHandAsync(LocalFunction function, string? input, CancellationToken cancellationToken)
    {
        ServiceBusListener? listener = _listeners.FirstOrDefault(candidate => candidate.Function == function);
        listener?.RunByHand(input ?? "");
        return Task.FromResult(listener is not null);
    }

    public void Dispose()
    {
        foreach (ServiceBusListener listener in _listeners)
            listener.Dispose();
    }

    private static ServiceBusReceiver Receiver(ServiceBusClient client, EntityPath path) => path.Subscription is { } subscription
        ? client.CreateReceiver(path.Queue, subscription, new ServiceBusReceiverOptions { SubQueue = path.IsDeadLetter ? SubQueue.DeadLetter : SubQueue.None })
        : client.CreateReceiver(path.Text);

    private static void Check(LocalFunction function)
    {
        var trigger = (ServiceBusTriggerAttribute)function.Trigger;
        Type type = function.TriggerParameter.ParameterType;
        if (trigger.IsSessionsEnabled)
            throw new LocalRuntimeException($"{function.EntryPoint}: the Local runtime does not support Service Bus sessions (IsSessionsEnabled).");
        bool isArray = type.IsArray && type != typeof(byte[]);
        if (trigger.IsBatched != isArray)
            throw new LocalRuntimeException(
                $"{function.EntryPoint}: [ServiceBusTrigger] with IsBatched = {(trigger.IsBatched ? "true takes an array" : "false takes one message")}, not {type.Name}.");
        Type item = isArray ? type.GetElementType()! : type;
        if (item != typeof(ServiceBusReceivedMessage) && item.Namespace?.StartsWith("Azure.Messaging.ServiceBus", StringComparison.Ordinal) == true)
            throw new LocalRuntimeException($"{function.EntryPoint}: [ServiceBusTrigger] cannot bind {item.Name}; take string, byte[], BinaryData, ServiceBusReceivedMessage or an object read from JSON.");
    }

    private static bool IsWritten(LocalFunction function, string property) => function.TriggerParameter.GetCustomAttributesData()
        .Any(attribute => attribute.AttributeType == typeof(ServiceBusTriggerAttribute) && attribute.NamedArguments.Any(argument => argument.MemberName == property));

    private EntityPath Path(LocalFunction function)
    {
        var trigger = (ServiceBusTriggerAttribute)function.Trigger;
        try
        {
            return trigger.QueueName is { } queue
                ? EntityPath.OfQueue(Resolve(queue))
                : EntityPath.OfSubscription(Resolve(trigger.TopicName!), Resolve(trigger.SubscriptionName!));
        }
        catch (ArgumentException wrong)
        {
            throw new LocalRuntimeException($"{function.EntryPoint}: {wrong.Message}", wrong);
        }

        // A disabled function may lack its settings; its attribute then shows as it is written.
        string Resolve(string text) => function.IsDisabled && text.Contains('%', StringComparison.Ordinal) ? text.Replace("%", "", StringComparison.Ordinal) : SettingNames.Resolve(text, configuration, function.EntryPoint);
    }

    private void Declare(ServiceBusClient client, Declarations settings, string entryPoint, Action<Declarations> declare)
    {
        if (!_declared.TryGetValue(client, out Declarations? declared))
        {
            _declared[client] = declared = new Declarations();
            foreach ((EntityDescription entity, bool isWhole) in settings.Entities)
                declared.Add(entity, isWhole);
        }

        try
        {
            declare(declared);
        }
        catch (InvalidOperationException twice)
        {
            throw new LocalRuntimeException($"{entryPoint}: {twice.Message}", twice);
        }
    }

    private ObjectSerializer Serializer() => services.GetRequiredService<IOptions<WorkerOptions>>().Value.Serializer
        ?? throw new LocalRuntimeException("WorkerOptions.Serializer is null; set a serializer or leave the default.");

    [LoggerMessage(EventId = 9060, Level = LogLevel.Warning, Message = "{HostJson}: without effect in the Local runtime: {Settings}")]
    private static partial void WithoutEffect(ILogger logger, string hostJson, string settings);
}
