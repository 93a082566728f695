using System.Text.Json;
using Abm.Local.Hosting;
using Microsoft.Extensions.Logging;

namespace Microsoft.Azure.Functions.Worker.Timers;

/// <summary>Runs one timer function on its schedule, after the platform's rules: no overlap, missed runs collapse into one.</summary>
/// <param name="function">The function.</param>
/// <param name="schedule">Its schedule.</param>
/// <param name="store">Remembers the schedule over restarts; null when it is not monitored.</param>
/// <param name="invoker">Runs it.</param>
/// <param name="shutdown">Asks a running function to end.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">The function's log.</param>
internal sealed partial class TimerListener(
    LocalFunction function, TimerSchedule schedule, ITimerStore? store, FunctionInvoker invoker, ShutdownSignal shutdown, TimeProvider time, ILogger logger)
{
    /// <summary>The longest single wait: system timers cannot wait for months.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);
    private static readonly TimeSpan StorageRetry = TimeSpan.FromSeconds(5);
    private static readonly JsonSerializerOptions TimerInfoJson = new(JsonSerializerDefaults.Web);
    private bool _hasRunOnStartup;

    public LocalFunction Function => function;

    public TimerSchedule Schedule => schedule;

    private TimerTriggerAttribute Trigger => (TimerTriggerAttribute)function.Trigger;

    /// <summary>Runs until the token is cancelled; a function that runs then is waited for.</summary>
    public async Task ListenAsync(CancellationToken cancellationToken)
    {
        try
        {
            DateTimeOffset now = time.GetUtcNow();
            (TimerStatus status, bool isPastDue) = await StartOnceStorageAnswersAsync(now, cancellationToken);
            bool isStartup = Trigger.RunOnStartup && !_hasRunOnStartup;
            _hasRunOnStartup = true;
            if (isPastDue)
                status = await RunAsync(status, now, isPastDue: true, isRegular: false);
            else if (isStartup)
                status = await RunAsync(status, now, isPastDue: false, isRegular: false);

            while (true)
            {
                await WaitUntilAsync(status.Next, cancellationToken);
                status = await RunAsync(status, time.GetUtcNow(), isPastDue: false, isRegular: true);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
        }
    }

    /// <summary>Runs the function once, off its schedule.</summary>
    public Task RunByHandAsync() => InvokeAsync(null, isPastDue: false);

    private async Task<(TimerStatus Status, bool IsPastDue)> StartOnceStorageAnswersAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return await StartAsync(now, cancellationToken);
            }
            catch (Exception unreachable) when (unreachable is not OperationCanceledException)
            {
                NotRead(logger, function.Name, unreachable.Message.ReplaceLineEndings(" "));
                await Task.Delay(StorageRetry, time, cancellationToken);
            }
        }
    }

    /// <summary>Reads where the schedule stands, begins it when it is new, and moves the next run when the schedule was changed meanwhile.</summary>
    private async Task<(TimerStatus Status, bool IsPastDue)> StartAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var fresh = new TimerStatus(null, schedule.Next(now), now);
        if (store is null)
            return (fresh, false);

        TimerStatus? stored = await store.ReadAsync(function.Name, cancellationToken);
        if (stored is null)
        {
            await store.WriteAsync(function.Name, fresh, cancellationToken);
            return (fresh, false);
        }

        DateTimeOffset expected = schedule.Next(stored.Last ?? stored.LastUpdated);
        if (expected != stored.Next)
        {
            stored = stored with { Next = expected };
            await store.WriteAsync(function.Name, stored, cancellationToken);
        }

        return (stored, stored.Next < now);
    }

    private async Task<TimerStatus> RunAsync(TimerStatus status, DateTimeOffset at, bool isPastDue, bool isRegular)
    {
        await InvokeAsync(store is null ? null : status, isPastDue);

        // A run that was a little early counts as the scheduled one; else the same instant would come next again.
        DateTimeOffset counted = isRegular && status.Next > at ? status.Next : at;
        var updated = new TimerStatus(counted, schedule.Next(counted), counted);
        if (store is not null)
            await SaveAsync(updated);
        return updated;
    }

    private async Task SaveAsync(TimerStatus status)
    {
        try
        {
            await store!.WriteAsync(function.Name, status, CancellationToken.None);
        }
#pragma warning disable CA1031 // The schedule goes on; at worst a restart repeats this run.
        catch (Exception unreachable)
#pragma warning restore CA1031
        {
            NotSaved(logger, function.Name, unreachable.Message.ReplaceLineEndings(" "));
        }
    }

    private async Task InvokeAsync(TimerStatus? status, bool isPastDue)
    {
        var info = new TimerInfo { ScheduleStatus = status?.ForFunction(), IsPastDue = isPastDue };
        object value = function.TriggerParameter.ParameterType == typeof(TimerInfo) ? info : JsonSerializer.Serialize(info, TimerInfoJson);
        for (int retry = 0; ; retry++)
        {
            try
            {
                await invoker.InvokeAsync(new FunctionInvocation { Function = function, TriggerValue = value, RetryCount = retry, CancellationToken = shutdown.Token });
                return;
            }
#pragma warning disable CA1031 // The edge: a failed run is logged once and never stops the schedule.
            catch (Exception failure)
#pragma warning restore CA1031
            {
                if (function.Retry is not { } policy || (policy.MaxRetryCount >= 0 && retry >= policy.MaxRetryCount) || shutdown.Token.IsCancellationRequested)
                {
                    Failed(logger, failure, function.Name);
                    return;
                }

                TimeSpan delay = policy.DelayBefore(retry);
                Retrying(logger, function.Name, delay, failure.Message.ReplaceLineEndings(" "));
                if (!await TryWaitAsync(delay))
                    return;
            }
        }
    }

    private async Task<bool> TryWaitAsync(TimeSpan delay)
    {
        try
        {
            await Task.Delay(delay, time, shutdown.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private async Task WaitUntilAsync(DateTimeOffset due, CancellationToken cancellationToken)
    {
        while (due - time.GetUtcNow() is { Ticks: > 0 } left)
            await Task.Delay(left < LongestWait ? left : LongestWait, time, cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
    }

    [LoggerMessage(EventId = 9040, Level = LogLevel.Error, Message = "{Function} failed; it runs again when its schedule says so")]
    private static partial void Failed(ILogger logger, Exception failure, string function);

    [LoggerMessage(EventId = 9041, Level = LogLevel.Warning, Message = "{Function} failed and runs again in {Delay}: {Why}")]
    private static partial void Retrying(ILogger logger, string function, TimeSpan delay, string why);

    [LoggerMessage(EventId = 9042, Level = LogLevel.Warning, Message = "{Function}: where its schedule stands could not be stored: {Why}")]
    private static partial void NotSaved(ILogger logger, string function, string why);

    [LoggerMessage(EventId = 9043, Level = LogLevel.Warning, Message = "{Function}: where its schedule stands could not be read: {Why}")]
    private static partial void NotRead(ILogger logger, string function, string why);
}
