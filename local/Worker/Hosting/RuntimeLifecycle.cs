using Abm.Local.Azurite;
using Azure;
using Azure.Storage.Queues;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Abm.Local.Hosting;

/// <summary>Storage before everything, listeners after everything; and the other way round at the end.</summary>
internal sealed partial class RuntimeLifecycle(
    RuntimeSetup setup, RunningFunctions running, StorageConnections connections, ShutdownSignal shutdown, IServer server, ILogger<RuntimeLifecycle> logger) : IHostedLifecycleService, IAsyncDisposable
{
    /// <summary>How long running invocations may go on after Ctrl-C before their token is cancelled; the host itself waits 30 seconds.</summary>
    private static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(20);

    private AzuriteServer? _emulator;

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        if (!setup.Options.OwnsProcess || connections.TryResolve(null) is not { } storage)
            return;
        if (storage.IsOnThisMachine)
            _emulator = await AzuriteServer.EnsureRunningAsync(storage.ConnectionString!, Console.WriteLine, cancellationToken);
        else
            await CheckReachableAsync(storage, cancellationToken);
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StartedAsync(CancellationToken cancellationToken)
    {
        setup.BaseAddress = server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault()?.Replace("127.0.0.1", "localhost", StringComparison.Ordinal) ?? setup.BaseAddress;
        foreach (IFunctionTriggerProvider provider in running.Providers)
            await provider.StartAsync(cancellationToken);
        foreach (string setting in HostJsonCoverage.WithoutEffect(setup.HostJson))
            NoEffect(logger, setup.HostJson.Path, setting);
        foreach (string setting in HostJsonCoverage.Unknown(setup.HostJson))
            Unknown(logger, setup.HostJson.Path, setting);
        if (setup.Options.OwnsProcess)
            StartMessage.Print(setup, running, _emulator is not null);
    }

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        shutdown.RaiseAfter(DrainTime);
        await Task.WhenAll(running.Providers.Select(provider => StopAsync(provider, cancellationToken)));
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StoppedAsync(CancellationToken cancellationToken) => await DisposeAsync();

    /// <summary>Stops the emulator if this process started it.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _emulator, null) is { } emulator)
            await emulator.DisposeAsync();
    }

    private async Task StopAsync(IFunctionTriggerProvider provider, CancellationToken cancellationToken)
    {
        try
        {
            await provider.StopAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            NotDrained(logger, provider.GetType().Name);
        }
    }

    private async Task CheckReachableAsync(StorageConnection storage, CancellationToken cancellationToken)
    {
        var options = new QueueClientOptions { Retry = { MaxRetries = 1, NetworkTimeout = TimeSpan.FromSeconds(10) } };
        QueueServiceClient client = connections.Queues(null, "The runtime", options);
        try
        {
            await client.GetPropertiesAsync(cancellationToken);
        }
        catch (RequestFailedException answered) when (answered.Status is not 0)
        {
            if (answered.ErrorCode is "AuthenticationFailed")
                throw new LocalRuntimeException($"The storage account at {client.Uri.Host} refuses the key in the setting {storage.Setting}; correct it there.", answered);
        }
        catch (Exception unreachable) when (unreachable is RequestFailedException or AggregateException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
        {
            throw new LocalRuntimeException($"The storage account at {client.Uri.Host} does not answer; check the setting {storage.Setting} and the network.", unreachable);
        }
    }

    [LoggerMessage(EventId = 9030, Level = LogLevel.Warning, Message = "{Provider}: not everything ended in time; unfinished messages come back when their lock lapses")]
    private static partial void NotDrained(ILogger logger, string provider);

    [LoggerMessage(EventId = 9031, Level = LogLevel.Warning, Message = "{File}: {Setting} has no effect in the Local runtime")]
    private static partial void NoEffect(ILogger logger, string file, string setting);

    [LoggerMessage(EventId = 9032, Level = LogLevel.Warning, Message = "{File}: {Setting} is not known here and has no effect; check how it is spelt")]
    private static partial void Unknown(ILogger logger, string file, string setting);
}
