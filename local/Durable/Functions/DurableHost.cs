using System.Reflection;
using Abm.Local.Durable.Engine;
using Abm.Local.Durable.Storage;
using Abm.Local.Hosting;
using Azure.Data.Tables;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>The durable functions of the app: checks them, runs their engine, hands out clients.</summary>
internal sealed class DurableHost(
    RuntimeSetup setup,
    StorageConnections connections,
    IConfiguration configuration,
    FunctionInvoker invoker,
    IOptions<WorkerOptions> worker,
    IServer server,
    ShutdownSignal shutdown,
    ILoggerFactory loggers) : IFunctionTriggerProvider, IAsyncDisposable
{
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private DurableEngine? _engine;
    private DurableSettings? _settings;
    private DurableTaskClient? _client;

    /// <summary>Set when a function takes a client: then storage is needed even without orchestrators.</summary>
    public bool HasClients { get; set; }

    /// <summary>Whether the app has durable functions or clients at all.</summary>
    public bool IsUsed => _engine is not null;

    public DurableEngine Engine => _engine ?? throw new InvalidOperationException("The app has no durable functions.");

    public DurableSettings Settings => _settings ?? throw new InvalidOperationException("The app has no durable functions.");

    /// <summary>The client, once storage is ready.</summary>
    public async ValueTask<DurableTaskClient> ClientAsync(CancellationToken cancellationToken)
    {
        await _ready.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        return _client!;
    }

    public bool Handles(TriggerBindingAttribute trigger) => trigger is OrchestrationTriggerAttribute or ActivityTriggerAttribute;

    public void Prepare(IReadOnlyList<LocalFunction> functions)
    {
        if (functions.Count == 0 && !HasClients)
            return;

        _settings = DurableSettings.Read(setup.HostJson, configuration);
        var converter = new JsonShim(worker.Value.Serializer ?? throw new LocalRuntimeException("WorkerOptions.Serializer is null; set a serializer or leave the default."));
        var made = new DurableFunctions(invoker, converter, loggers);
        var orchestrators = new Dictionary<string, OrchestratorBody>(StringComparer.OrdinalIgnoreCase);
        var activities = new Dictionary<string, ActivityBody>(StringComparer.OrdinalIgnoreCase);
        foreach (LocalFunction function in functions)
        {
            if (function.Trigger is OrchestrationTriggerAttribute)
                OrchestratorCheck.Refuse(function);
            bool isNew = function.Trigger is OrchestrationTriggerAttribute
                ? Add(orchestrators, function, made.Orchestrator(function))
                : Add(activities, function, made.Activity(function));
            if (!isNew)
                throw new LocalRuntimeException($"{function.EntryPoint}: another function of its kind is named '{NameOf(function)}' already.");
        }

        TableServiceClient tables = Tables(_settings.Connection);
        _engine = new DurableEngine(
            new AzureTable(tables.GetTableClient($"{_settings.HubName}LocalInstances")),
            new AzureTable(tables.GetTableClient($"{_settings.HubName}LocalWakes")),
            new DurableEngineOptions
            {
                Converter = converter,
                Time = setup.Options.TimeProvider,
                Loggers = loggers,
                MaxConcurrentActivities = _settings.MaxConcurrentActivities,
                MaxConcurrentOrchestrators = _settings.MaxConcurrentOrchestrators,
                Orchestrators = orchestrators,
                Activities = activities,
            });
        _client = new LocalDurableTaskClient(_engine, _settings.HubName, ManagementAddress);
    }

    public string Describe(LocalFunction function) => function.Trigger is OrchestrationTriggerAttribute ? "orchestrator" : "activity";

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (_engine is not null)
            await _engine.StartAsync(cancellationToken).ConfigureAwait(false);
        _ready.TrySetResult();
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_engine is null)
            return;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, shutdown.Token);
        await _engine.StopAsync(patience.Token).ConfigureAwait(false);
    }

    public ValueTask DisposeAsync() => _engine?.DisposeAsync() ?? ValueTask.CompletedTask;

    /// <summary>Where the management API listens, and the query its addresses carry.</summary>
    public (Uri? Address, string Query) ManagementAddress()
    {
        // The bound address, since port 0 in the settings means any free one; people are told localhost instead of 127.0.0.1.
        string? bound = server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault();
        Uri? address = Uri.TryCreate(bound, UriKind.Absolute, out Uri? host)
            ? new UriBuilder(host.Scheme, host.IsLoopback ? "localhost" : host.Host, host.Port, ManagementApi.Path).Uri
            : null;
        string connection = Uri.EscapeDataString(Settings.Connection);
        string code = configuration["FunctionKeys:System:durabletask"] is { Length: > 0 } key ? $"&code={Uri.EscapeDataString(key)}" : "";
        return (address, $"taskHub={Settings.HubName}&connection={connection}{code}");
    }

    private static bool Add<T>(Dictionary<string, T> bodies, LocalFunction function, T body) =>
        function.IsDisabled || bodies.TryAdd(NameOf(function), body);

    private static string NameOf(LocalFunction function) => function.Trigger switch
    {
        OrchestrationTriggerAttribute { Orchestration: { Length: > 0 } name } => name,
        ActivityTriggerAttribute { Activity: { Length: > 0 } name } => name,
        _ => function.Name,
    };

    private TableServiceClient Tables(string connection)
    {
        StorageConnection found = connections.Resolve(connection, "Durable functions");
        try
        {
            return found.ConnectionString is { } text
                ? new TableServiceClient(text)
                : new TableServiceClient(
                    found.TableEndpoint ?? throw new LocalRuntimeException($"Durable functions keep their state in tables; add {found.Setting}__tableServiceUri."),
                    found.Credential!);
        }
        catch (Exception malformed) when (malformed is FormatException or ArgumentException or InvalidOperationException)
        {
            throw new LocalRuntimeException($"The setting {found.Setting} is not a storage connection string ({malformed.Message}); durable functions need it.", malformed);
        }
    }
}

/// <summary>Binds <c>[DurableClient]</c> parameters.</summary>
internal sealed class DurableClientBinder(IServiceProvider services) : IParameterBinder
{
    public bool CanBind(ParameterInfo parameter)
    {
        if (parameter.GetCustomAttribute<DurableClientAttribute>() is not { } client)
            return false;
        string where = $"{parameter.Member.DeclaringType?.FullName}.{parameter.Member.Name}";
        if (parameter.ParameterType != typeof(DurableTaskClient))
            throw new LocalRuntimeException($"{where}: [DurableClient] belongs on a DurableTaskClient parameter, not on {parameter.ParameterType.Name}.");
        if (client.TaskHub is not null || client.ConnectionName is not null)
            throw new LocalRuntimeException($"{where}: the Local runtime has one task hub, that of host.json; leave TaskHub and ConnectionName of [DurableClient] out.");
        Host.HasClients = true;
        return true;
    }

    public async ValueTask<object?> BindAsync(ParameterInfo parameter, FunctionContext context) =>
        await Host.ClientAsync(context.CancellationToken).ConfigureAwait(false);

    // Not a constructor parameter: the host needs the invoker, and the invoker needs the binders.
    private DurableHost Host => (DurableHost)services.GetService(typeof(DurableHost))!;
}
