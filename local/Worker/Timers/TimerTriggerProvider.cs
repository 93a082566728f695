using Abm.Local.Hosting;
using Azure.Data.Tables;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace Microsoft.Azure.Functions.Worker.Timers;

/// <summary>Runs timer functions, in one process of the app at a time.</summary>
internal sealed partial class TimerTriggerProvider(
    RuntimeSetup setup, StorageConnections connections, FunctionInvoker invoker, ShutdownSignal shutdown, IConfiguration configuration, ILoggerFactory loggers) : IFunctionTriggerProvider, IDisposable
{
    private static readonly TimeSpan RenewEvery = TimerLease.Length / 3;
    private readonly List<TimerListener> _listeners = [];
    private readonly CancellationTokenSource _stopping = new();
    private readonly ILogger _logger = loggers.CreateLogger("Abm.Local.Timers");
    private TableClient? _table;
    private Task _loop = Task.CompletedTask;

    private string HostId => configuration["AzureFunctionsWebHost:hostId"] ?? setup.AppAssembly.GetName().Name!.ToLowerInvariant();

    public bool Handles(TriggerBindingAttribute trigger) => trigger is TimerTriggerAttribute;

    public void Prepare(IReadOnlyList<LocalFunction> functions)
    {
        if (functions.Count == 0)
            return;
        _table = connections.Tables(null, functions[0].EntryPoint).GetTableClient(TableTimerStore.TableName);
        var store = new TableTimerStore(_table, HostId);
        TimeProvider time = setup.Options.TimeProvider;
        foreach (LocalFunction function in functions)
        {
            var trigger = (TimerTriggerAttribute)function.Trigger;
            TimerSchedule schedule = TimerSchedule.Parse(SettingNames.Resolve(trigger.Schedule, configuration, function.EntryPoint), function.EntryPoint);
            bool isMonitored = trigger.UseMonitor && !schedule.IsTooFrequentToMonitor(time.GetUtcNow());
            _listeners.Add(new TimerListener(function, schedule, isMonitored ? store : null, invoker, shutdown, time, loggers.CreateLogger($"Function.{function.Name}")));
        }
    }

    public string Describe(LocalFunction function) => $"timer {Listener(function).Schedule.Text} (UTC)";

    public Task StartAsync(CancellationToken cancellationToken)
    {
        TimerListener[] enabled = [.. _listeners.Where(listener => !listener.Function.IsDisabled)];
        if (enabled.Length > 0)
            _loop = Task.Run(() => ListenAsync(enabled), CancellationToken.None);
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await _loop.WaitAsync(cancellationToken);
    }

    public Task<bool> TryStartByHandAsync(LocalFunction function, string? input, CancellationToken cancellationToken)
    {
        TimerListener listener = Listener(function);
        _ = Task.Run(listener.RunByHandAsync, CancellationToken.None); // it logs its own failure; the caller only learns that it has begun
        return Task.FromResult(true);
    }

    public void Dispose() => _stopping.Dispose();

    private TimerListener Listener(LocalFunction function) => _listeners.Single(listener => listener.Function == function);

    private async Task ListenAsync(TimerListener[] listeners)
    {
        TimeProvider time = setup.Options.TimeProvider;
        var lease = new TimerLease(_table!, HostId, ProcessName.ForThisProcess(), time);
        bool hasTable = false;
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                if (!hasTable)
                    await _table!.CreateIfNotExistsAsync(_stopping.Token);
                hasTable = true;
                if (await lease.TryTakeAsync(_stopping.Token))
                    await ListenWhileHeldAsync(lease, listeners, time);
                else
                    await Task.Delay(RenewEvery, time, _stopping.Token);
            }
            catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // Storage may be away for a while; the timers outlive that.
            catch (Exception unreachable)
#pragma warning restore CA1031
            {
                Unreachable(_logger, unreachable.Message.ReplaceLineEndings(" "));
                await Task.WhenAny(Task.Delay(RenewEvery, time, _stopping.Token));
            }
        }
    }

    private async Task ListenWhileHeldAsync(TimerLease lease, TimerListener[] listeners, TimeProvider time)
    {
        using CancellationTokenSource held = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
        Task all = Task.WhenAll(listeners.Select(listener => listener.ListenAsync(held.Token)));
        bool isHeld = true;
        try
        {
            // Renewed until the last function has ended, a draining one included, so that no other process runs it at the same time.
            while (isHeld && await Task.WhenAny(all, Task.Delay(RenewEvery, time, CancellationToken.None)) != all)
                isHeld = await lease.TryRenewAsync(CancellationToken.None);
        }
        finally
        {
            await held.CancelAsync();
            await all;
        }

        if (isHeld)
            await lease.ReleaseAsync(CancellationToken.None);
        else
            Lost(_logger);
    }

    [LoggerMessage(EventId = 9050, Level = LogLevel.Warning, Message = "Timers wait for storage: {Why}")]
    private static partial void Unreachable(ILogger logger, string why);

    [LoggerMessage(EventId = 9051, Level = LogLevel.Information, Message = "Another process has taken over the timers")]
    private static partial void Lost(ILogger logger);
}
