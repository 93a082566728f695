using System.Diagnostics;
using System.Text;
using Abm.Local.Hosting;
using Azure;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;
using Microsoft.Extensions.Logging;

namespace Microsoft.Azure.Functions.Worker.Queues;

/// <summary>Fetches a queue's messages for one function and runs it for each, after the algorithm of the platform's queue trigger.</summary>
internal sealed partial class QueueListener(
    LocalFunction function, QueueClient queue, PoisonQueue? poison, QueueSettings settings, FunctionInvoker invoker,
    QueueWakeUp wakeUp, ShutdownSignal shutdown, TimeProvider time, ILogger logger) : IDisposable
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private readonly CancellationTokenSource _stopping = new();
    private readonly PollingBackOff _backOff = new(settings.MaxPollingInterval, Random.Shared.NextDouble);
    private readonly Lock _gate = new();
    private readonly HashSet<Task> _running = [];
    private TaskCompletionSource _wake = NewSignal();
    private Task _loop = Task.CompletedTask;
    private IDisposable? _subscription;

    public LocalFunction Function => function;

    public QueueClient Queue => queue;

    public void Start()
    {
        _subscription = wakeUp.Listen(queue.Uri, Wake);
        _loop = Task.Run(FetchAsync);
    }

    /// <summary>Fetches nothing more and waits for what runs; the token ends the patience.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        _subscription?.Dispose();
        await _loop.WaitAsync(cancellationToken);
        Task[] running;
        lock (_gate)
            running = [.. _running];
        await Task.WhenAll(running).WaitAsync(cancellationToken);
    }

    /// <summary>Runs the function for a text that is on no queue; nothing is retried.</summary>
    public void RunByHand(string text)
    {
        QueueMessage message = QueuesModelFactory.QueueMessage(Guid.NewGuid().ToString(), "", BinaryData.FromString(text), 1, insertedOn: time.GetUtcNow());
        Track(RunAsync(message));
    }

    public void Dispose() => _stopping.Dispose();

    private async Task FetchAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            Task woken = _wake.Task;
            if (InFlight() > settings.NewBatchThreshold)
            {
                await WaitAsync(woken, Timeout.InfiniteTimeSpan);
                continue;
            }

            QueueMessage[] messages = await ReceiveAsync();
            if (_stopping.IsCancellationRequested)
            {
                await Task.WhenAll(messages.Select(message => HideAsync(message, message.PopReceipt, TimeSpan.Zero)));
                return;
            }

            foreach (QueueMessage message in messages)
                Track(ProcessAsync(message));
            if (messages.Length > 0)
                _backOff.Reset();
            else
                await WaitAsync(woken, _backOff.Next());
        }
    }

    /// <summary>Never cancelled: what the service has handed out would stay hidden for the whole lock time.</summary>
    private async Task<QueueMessage[]> ReceiveAsync()
    {
        try
        {
            return await queue.ReceiveMessagesAsync(settings.BatchSize, settings.LockTime, CancellationToken.None);
        }
        catch (RequestFailedException missing) when (missing.Status == 404)
        {
            return []; // the queue will come with its first message
        }
#pragma warning disable CA1031 // Storage may be away for a while; the listener outlives that.
        catch (Exception unreachable)
#pragma warning restore CA1031
        {
            NotFetched(logger, queue.Name, unreachable.Message.ReplaceLineEndings(" "));
            return [];
        }
    }

    private async Task ProcessAsync(QueueMessage message)
    {
        using var renewal = new CancellationTokenSource();
        Task<string> receipt = RenewAsync(message, renewal.Token);
        bool isDone = false;
        bool isReadable = TryDecode(message, out QueueMessage decoded);
        if (isReadable && message.DequeueCount <= settings.MaxDequeueCount)
            isDone = await RunAsync(decoded);
        else if (!isReadable)
            Unreadable(logger, function.Name, message.MessageId);

        await renewal.CancelAsync();
        string popReceipt = await receipt;
        try
        {
            if (!isDone && (!isReadable || message.DequeueCount >= settings.MaxDequeueCount))
            {
                if (poison is null)
                    return; // nowhere to put it: it stays, hidden for the lock time, until it expires
                await poison.AddAsync(message.Body, CancellationToken.None);
                Poisoned(logger, function.Name, message.MessageId, poison.Name);
                isDone = true;
            }

            if (isDone)
                await queue.DeleteMessageAsync(message.MessageId, popReceipt, CancellationToken.None);
            else
                await HideAsync(message, popReceipt, settings.VisibilityTimeout);
        }
        catch (RequestFailedException elsewhere) when (elsewhere.Status is 404 or 409 || elsewhere.ErrorCode == QueueErrorCode.PopReceiptMismatch)
        {
            Superseded(logger, function.Name, message.MessageId); // another instance holds the message by now
        }
#pragma warning disable CA1031 // The message comes back when its lock lapses.
        catch (Exception unreachable)
#pragma warning restore CA1031
        {
            NotSettled(logger, function.Name, message.MessageId, unreachable.Message.ReplaceLineEndings(" "));
        }
    }

    private async Task<bool> RunAsync(QueueMessage message)
    {
        long started = Stopwatch.GetTimestamp();
        try
        {
            await invoker.InvokeAsync(new FunctionInvocation
            {
                Function = function,
                TriggerValue = function.TriggerParameter.ParameterType == typeof(QueueMessage) ? message : message.Body,
                TriggerMetadata = Metadata(message),
                CancellationToken = shutdown.Token,
            });
            Executed(logger, function.Name, message.MessageId, (long)Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            return true;
        }
#pragma warning disable CA1031 // The edge: whatever a function throws counts as a failed try, logged once.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            Failed(logger, failure, function.Name, message.MessageId, message.DequeueCount, settings.MaxDequeueCount);
            return false;
        }
    }

    /// <summary>Keeps the message hidden while the function runs; returns the pop receipt that is valid in the end.</summary>
    private async Task<string> RenewAsync(QueueMessage message, CancellationToken cancellationToken)
    {
        string receipt = message.PopReceipt;
        try
        {
            while (true)
            {
                await Task.Delay(settings.LockTime / 2, time, cancellationToken);
                UpdateReceipt renewed = await queue.UpdateMessageAsync(message.MessageId, receipt, visibilityTimeout: settings.LockTime, cancellationToken: CancellationToken.None);
                receipt = renewed.PopReceipt;
            }
        }
        catch (OperationCanceledException)
        {
            return receipt;
        }
#pragma warning disable CA1031 // Lost or not, the function runs on; deleting the message will tell.
        catch (Exception lost)
#pragma warning restore CA1031
        {
            NotRenewed(logger, function.Name, message.MessageId, lost.Message.ReplaceLineEndings(" "));
            return receipt;
        }
    }

    private async Task HideAsync(QueueMessage message, string popReceipt, TimeSpan time)
    {
        await queue.UpdateMessageAsync(message.MessageId, popReceipt, visibilityTimeout: time, cancellationToken: CancellationToken.None);
        if (time == TimeSpan.Zero)
            Wake();
    }

    /// <summary>The message with its body decoded; the raw one is kept for the poison queue.</summary>
    private bool TryDecode(QueueMessage message, out QueueMessage decoded)
    {
        decoded = message;
        if (settings.Encoding == QueueMessageEncoding.None)
            return true;
        try
        {
            BinaryData body = BinaryData.FromBytes(Convert.FromBase64String(message.Body.ToString()));
            decoded = QueuesModelFactory.QueueMessage(
                message.MessageId, message.PopReceipt, body, message.DequeueCount, message.NextVisibleOn, message.InsertedOn, message.ExpiresOn);
            return true;
        }
        catch (FormatException)
        {
            return false;
        }
    }

    private static Dictionary<string, object?> Metadata(QueueMessage message) => new(StringComparer.OrdinalIgnoreCase)
    {
        ["QueueTrigger"] = Text(message.Body),
        ["DequeueCount"] = message.DequeueCount,
        ["ExpirationTime"] = message.ExpiresOn,
        ["Id"] = message.MessageId,
        ["InsertionTime"] = message.InsertedOn,
        ["NextVisibleTime"] = message.NextVisibleOn,
        ["PopReceipt"] = message.PopReceipt,
    };

    private static string? Text(BinaryData body)
    {
        try
        {
            return StrictUtf8.GetString(body);
        }
        catch (DecoderFallbackException)
        {
            return null; // bytes that are no text
        }
    }

    private int InFlight()
    {
        lock (_gate)
            return _running.Count;
    }

    private void Track(Task work)
    {
        lock (_gate)
            _running.Add(work);
        work.ContinueWith(
            done =>
            {
                bool hasRoom;
                lock (_gate)
                    hasRoom = _running.Remove(done) && _running.Count == settings.NewBatchThreshold;
                if (hasRoom)
                    Wake();
            },
            CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    private void Wake() => Interlocked.Exchange(ref _wake, NewSignal()).TrySetResult();

    private async Task WaitAsync(Task woken, TimeSpan longest)
    {
        try
        {
            await woken.WaitAsync(longest, time, _stopping.Token);
        }
        catch (Exception over) when (over is TimeoutException or OperationCanceledException)
        {
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    [LoggerMessage(EventId = 9020, Level = LogLevel.Debug, Message = "{Function}: message {MessageId} done in {Milliseconds} ms")]
    private static partial void Executed(ILogger logger, string function, string messageId, long milliseconds);

    [LoggerMessage(EventId = 9021, Level = LogLevel.Error, Message = "{Function}: message {MessageId} failed (try {Try} of {Tries})")]
    private static partial void Failed(ILogger logger, Exception failure, string function, string messageId, long @try, int tries);

    [LoggerMessage(EventId = 9022, Level = LogLevel.Warning, Message = "{Function}: message {MessageId} moved to {Poison}")]
    private static partial void Poisoned(ILogger logger, string function, string messageId, string poison);

    [LoggerMessage(EventId = 9023, Level = LogLevel.Warning, Message = "{Function}: message {MessageId} is not Base64 although host.json says so (extensions.queues.messageEncoding)")]
    private static partial void Unreadable(ILogger logger, string function, string messageId);

    [LoggerMessage(EventId = 9024, Level = LogLevel.Debug, Message = "{Function}: message {MessageId} is in other hands by now")]
    private static partial void Superseded(ILogger logger, string function, string messageId);

    [LoggerMessage(EventId = 9025, Level = LogLevel.Warning, Message = "{Function}: message {MessageId} could not be settled and comes again: {Why}")]
    private static partial void NotSettled(ILogger logger, string function, string messageId, string why);

    [LoggerMessage(EventId = 9026, Level = LogLevel.Warning, Message = "{Function}: the lock of message {MessageId} could not be renewed: {Why}")]
    private static partial void NotRenewed(ILogger logger, string function, string messageId, string why);

    [LoggerMessage(EventId = 9027, Level = LogLevel.Warning, Message = "Queue {Queue} cannot be fetched from: {Why}")]
    private static partial void NotFetched(ILogger logger, string queue, string why);
}
