using System.Diagnostics;
using Abm.Local.Hosting;
using Abm.Local.ServiceBus;
using Azure.Core.Serialization;
using Azure.Messaging.ServiceBus;
using Microsoft.Azure.Functions.Worker.Converters;
using Microsoft.Azure.Functions.Worker.Queues;
using Microsoft.Extensions.Logging;

namespace Microsoft.Azure.Functions.Worker.ServiceBus;

/// <summary>Receives for one function, keeps the locks while it runs, and settles what it leaves unsettled.</summary>
internal sealed partial class ServiceBusListener(
    LocalFunction function, ServiceBusReceiver receiver, ServiceBusSettings settings, FunctionInvoker invoker, ObjectSerializer serializer,
    ShutdownSignal shutdown, ILogger logger) : IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly bool _isBatched = ((ServiceBusTriggerAttribute)function.Trigger).IsBatched;
    private readonly SemaphoreSlim _freed = new(0);
    private readonly Lock _gate = new();
    private readonly HashSet<Task> _running = [];
    private Task _loop = Task.CompletedTask;

    public LocalFunction Function => function;

    public void Start() => _loop = Task.Run(FetchAsync);

    /// <summary>Receives nothing more and waits for what runs; the token ends the patience.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await _loop.WaitAsync(cancellationToken);
        await Task.WhenAll(Running()).WaitAsync(cancellationToken);
    }

    /// <summary>Runs the function for a text that no queue holds; nothing is settled or retried.</summary>
    public void RunByHand(string text)
    {
        ServiceBusReceivedMessage message = ServiceBusModelFactory.ServiceBusReceivedMessage(BinaryData.FromString(text), messageId: Guid.NewGuid().ToString(), deliveryCount: 1);
        Track(RunAsync([message]));
    }

    public void Dispose()
    {
        _stopping.Dispose();
        _freed.Dispose();
    }

    private async Task FetchAsync()
    {
        var backOff = new PollingBackOff(TimeSpan.FromSeconds(1), Random.Shared.NextDouble);
        try
        {
            while (!_stopping.IsCancellationRequested)
            {
                int free = _isBatched ? (Running().Length == 0 ? settings.MaxMessageBatchSize : 0) : settings.MaxConcurrentCalls - Running().Length;
                if (free <= 0)
                {
                    await _freed.WaitAsync(_stopping.Token);
                    continue;
                }

                Task arrival = Arrivals.Next(receiver.TicketQueue);
                IReadOnlyList<ServiceBusReceivedMessage> messages = await TakeAsync(free);
                if (messages.Count == 0)
                {
                    await WaitAsync(arrival, backOff.Next());
                    continue;
                }

                backOff.Reset();
                if (_isBatched)
                    Track(ProcessAsync(messages));
                else
                    foreach (ServiceBusReceivedMessage message in messages)
                        Track(ProcessAsync([message]));
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
        }
    }

    private async Task<IReadOnlyList<ServiceBusReceivedMessage>> TakeAsync(int most)
    {
        try
        {
            return await receiver.TakeAsync(most, CancellationToken.None);
        }
#pragma warning disable CA1031 // Storage may be away for a while; the listener outlives that.
        catch (Exception unreachable)
#pragma warning restore CA1031
        {
            NotReceived(logger, receiver.EntityPath, unreachable.Message.ReplaceLineEndings(" "));
            return [];
        }
    }

    private async Task ProcessAsync(IReadOnlyList<ServiceBusReceivedMessage> messages)
    {
        using var renewal = new CancellationTokenSource();
        Task renewals = Task.WhenAll(messages.Select(message => RenewAsync(message, renewal.Token)));
        bool isDone = await RunAsync(messages);
        await renewal.CancelAsync();
        await renewals;
        if (!isDone || settings.AutoCompleteMessages)
            await Task.WhenAll(messages.Where(message => message.Lock is { IsSettled: false }).Select(message => SettleAsync(message, isDone)));
    }

    private async Task<bool> RunAsync(IReadOnlyList<ServiceBusReceivedMessage> messages)
    {
        long started = Stopwatch.GetTimestamp();
        try
        {
            await invoker.InvokeAsync(new FunctionInvocation
            {
                Function = function,
                TriggerValue = _isBatched ? Batch(messages) : Value(messages[0], function.TriggerParameter.ParameterType),
                TriggerMetadata = _isBatched ? MessageMetadata.Of(messages) : MessageMetadata.Of(messages[0]),
                Prepare = context => context.Features.Set(new ServiceBusMessageActions(receiver)),
                CancellationToken = shutdown.Token,
            });
            Executed(logger, function.Name, messages.Count, (long)Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            return true;
        }
#pragma warning disable CA1031 // The edge: whatever a function throws counts as a failed delivery, logged once.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            Failed(logger, failure, function.Name, messages[0].SequenceNumber, messages.Count, messages[0].DeliveryCount);
            return false;
        }
    }

    private static object Value(ServiceBusReceivedMessage message, Type type) => type == typeof(ServiceBusReceivedMessage) ? message : message.Body;

    private Array Batch(IReadOnlyList<ServiceBusReceivedMessage> messages)
    {
        Type item = function.TriggerParameter.ParameterType.GetElementType()!;
        var items = Array.CreateInstance(item, messages.Count);
        for (int i = 0; i < messages.Count; i++)
            items.SetValue(item == typeof(ServiceBusReceivedMessage) ? messages[i] : InputConversion.Convert(messages[i].Body, item, function.TriggerParameter.Name ?? "", serializer), i);
        return items;
    }

    /// <summary>Renews a message's lock at half of it, for as long as host.json allows.</summary>
    private async Task RenewAsync(ServiceBusReceivedMessage message, CancellationToken cancellationToken)
    {
        long started = Stopwatch.GetTimestamp();
        try
        {
            while (Stopwatch.GetElapsedTime(started) < settings.MaxAutoLockRenewalDuration)
            {
                TimeSpan left = message.LockedUntil - DateTimeOffset.UtcNow;
                await Task.Delay(left > TimeSpan.Zero ? left / 2 : TimeSpan.Zero, cancellationToken);
                if (message.Lock is not { IsSettled: false })
                    return;
                await receiver.RenewMessageLockAsync(message, CancellationToken.None);
            }
        }
        catch (OperationCanceledException)
        {
        }
        catch (ServiceBusException lost)
        {
            if (message.Lock is { IsSettled: false })
                NotRenewed(logger, function.Name, message.SequenceNumber, lost.Message.ReplaceLineEndings(" "));
        }
    }

    private async Task SettleAsync(ServiceBusReceivedMessage message, bool isDone)
    {
        try
        {
            if (isDone)
                await receiver.CompleteMessageAsync(message, CancellationToken.None);
            else
                await receiver.AbandonMessageAsync(message, null, CancellationToken.None);
        }
#pragma warning disable CA1031 // The message comes back when its lock lapses.
        catch (Exception failed)
#pragma warning restore CA1031
        {
            NotSettled(logger, function.Name, message.SequenceNumber, failed.Message.ReplaceLineEndings(" "));
        }
    }

    private Task[] Running()
    {
        lock (_gate)
            return [.. _running];
    }

    private void Track(Task work)
    {
        lock (_gate)
            _running.Add(work);
        work.ContinueWith(
            done =>
            {
                lock (_gate)
                    _running.Remove(done);
                if (_freed.CurrentCount == 0)
                    _freed.Release();
            },
            CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    private async Task WaitAsync(Task arrival, TimeSpan longest)
    {
        try
        {
            await arrival.WaitAsync(longest, _stopping.Token);
        }
        catch (TimeoutException)
        {
            // time to look again
        }
    }

    [LoggerMessage(EventId = 9061, Level = LogLevel.Debug, Message = "{Function}: {Count} Service Bus messages done in {Milliseconds} ms")]
    private static partial void Executed(ILogger logger, string function, int count, long milliseconds);

    [LoggerMessage(EventId = 9062, Level = LogLevel.Error, Message = "{Function}: Service Bus message {SequenceNumber} failed (of {Count}, delivery {Delivery})")]
    private static partial void Failed(ILogger logger, Exception failure, string function, long sequenceNumber, int count, int delivery);

    [LoggerMessage(EventId = 9063, Level = LogLevel.Warning, Message = "{Function}: the lock of Service Bus message {SequenceNumber} could not be renewed: {Why}")]
    private static partial void NotRenewed(ILogger logger, string function, long sequenceNumber, string why);

    [LoggerMessage(EventId = 9064, Level = LogLevel.Warning, Message = "{Function}: Service Bus message {SequenceNumber} could not be settled and comes again: {Why}")]
    private static partial void NotSettled(ILogger logger, string function, long sequenceNumber, string why);

    [LoggerMessage(EventId = 9065, Level = LogLevel.Warning, Message = "Service Bus {Entity} cannot be received from: {Why}")]
    private static partial void NotReceived(ILogger logger, string entity, string why);
}
