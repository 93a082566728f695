using Microsoft.DurableTask;
using Microsoft.Extensions.Logging;

namespace Abm.Local.Durable.Engine;

/// <summary>The context that orchestrators get: turns calls into actions of the run.</summary>
internal sealed class ReplayContext(OrchestrationRun run, ExecutionIdentity identity, DataConverter converter, ILoggerFactory loggers)
    : TaskOrchestrationContext
{
    /// <summary>Longer timers become chains, as in the real SDK; in-flight instances depend on the value.</summary>
    public static readonly TimeSpan LongestTimer = TimeSpan.FromDays(3);

    /// <summary>16 KB of UTF-16.</summary>
    private const int LongestCustomStatus = 8 * 1024;

    private int _guids;

    public override TaskName Name => identity.Name;

    public override string InstanceId => identity.InstanceId;

    public override ParentOrchestrationInstance? Parent => identity.Parent;

    public override string Version => identity.Version;

    public override DateTime CurrentUtcDateTime => run.Now;

    public override bool IsReplaying => run.IsReplaying;

    protected override ILoggerFactory LoggerFactory => loggers;

    public override T? GetInput<T>()
        where T : default
    {
        run.EnsureLegalUse();
        return identity.Input is null ? default : converter.Deserialize<T>(identity.Input);
    }

    /// <summary>The input as the type of a function's parameter.</summary>
    public object? GetInput(Type type)
    {
        run.EnsureLegalUse();
        return identity.Input is null ? null : converter.Deserialize(identity.Input, type);
    }

    public override Task<TResult> CallActivityAsync<TResult>(TaskName name, object? input = null, TaskOptions? options = null)
    {
        run.EnsureLegalUse();
        CheckCall(name, input, options);
        string? data = converter.Serialize(input);
        return WithRetriesAsync(options?.Retry, () => AnswerAsync<TResult>(
            new HistoryEvent { Kind = EventKind.TaskScheduled, Name = name, Data = data, Version = options?.Version?.Version }));
    }

    public override Task<TResult> CallSubOrchestratorAsync<TResult>(TaskName orchestratorName, object? input = null, TaskOptions? options = null)
    {
        run.EnsureLegalUse();
        CheckCall(orchestratorName, input, options);
        string id = (options as SubOrchestrationOptions)?.InstanceId ?? NewGuid().ToString("N");
        InstanceIds.Check(id);
        string? data = converter.Serialize(input);
        return WithRetriesAsync(options?.Retry, () => AnswerAsync<TResult>(new HistoryEvent
        {
            Kind = EventKind.SubOrchestrationInstanceCreated,
            Name = orchestratorName,
            Data = data,
            InstanceId = id,
            Version = options?.Version?.Version,
        }));
    }

    public override async Task CreateTimer(DateTime fireAt, CancellationToken cancellationToken)
    {
        run.EnsureLegalUse();
        DateTime end = fireAt.ToUniversalTime();
        while (end - run.Now > LongestTimer && !cancellationToken.IsCancellationRequested)
            await TimerAsync(run.Now + LongestTimer, cancellationToken);
        await TimerAsync(end, cancellationToken);
    }

    public override Task<T> WaitForExternalEvent<T>(string eventName, CancellationToken cancellationToken = default)
    {
        run.EnsureLegalUse();
        ArgumentException.ThrowIfNullOrEmpty(eventName);
        return run.Mailbox.WaitAsync<T>(eventName, cancellationToken);
    }

    public override void SendEvent(string instanceId, string eventName, object payload)
    {
        run.EnsureLegalUse();
        InstanceIds.Check(instanceId);
        ArgumentException.ThrowIfNullOrEmpty(eventName);
        run.Schedule(
            new HistoryEvent { Kind = EventKind.EventSent, Name = eventName, InstanceId = instanceId, Data = converter.Serialize(payload) },
            expectsAnswer: false);
    }

    public override void SetCustomStatus(object? customStatus)
    {
        run.EnsureLegalUse();
        string? data = converter.Serialize(customStatus);
        if (data is { Length: > LongestCustomStatus })
            throw new ArgumentException($"A custom status takes at most 16 KB as UTF-16 JSON; this one takes {data.Length * 2} bytes.", nameof(customStatus));
        run.CustomStatus = data;
    }

    public override void ContinueAsNew(object? newInput = null, bool preserveUnprocessedEvents = true) =>
        ContinueAsNew(new ContinueAsNewOptions { NewInput = newInput, PreserveUnprocessedEvents = preserveUnprocessedEvents });

    public override void ContinueAsNew(ContinueAsNewOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        run.EnsureLegalUse();
        run.Next = (converter.Serialize(options.NewInput), options.NewVersion, options.PreserveUnprocessedEvents);
    }

    public override Guid NewGuid()
    {
        run.EnsureLegalUse();
        return DeterministicGuid.Create(InstanceId, run.Now, _guids++);
    }

    private static void CheckCall(TaskName name, object? input, TaskOptions? options)
    {
        if (string.IsNullOrEmpty(name.Name))
            throw new ArgumentException("The name of the called task is empty.", nameof(name));
        if (input is TaskOptions && options is null)
            throw new ArgumentException("Task options were passed as the input. Pass them as the options.", nameof(input));
    }

    private async Task TimerAsync(DateTime fireAt, CancellationToken cancellationToken)
    {
        OpenTask timer = run.Schedule(new HistoryEvent { Kind = EventKind.TimerCreated, FireAt = fireAt }, expectsAnswer: true);
        if (cancellationToken.CanBeCanceled)
            cancellationToken.Register(() => run.CancelTimer(timer, cancellationToken));
        await timer.Source.Task;
    }

    private async Task<TResult> AnswerAsync<TResult>(HistoryEvent call)
    {
        string? answer = await run.Schedule(call, expectsAnswer: true).Source.Task;
        return converter.Deserialize<TResult>(answer)!;
    }

    private async Task<TResult> WithRetriesAsync<TResult>(TaskRetryOptions? retry, Func<Task<TResult>> call)
    {
        if (retry is null)
            return await call();

        DateTime first = run.Now;
        for (int attempt = 1; ; attempt++)
        {
            TaskFailedException failed;
            try
            {
                return await call();
            }
            catch (TaskFailedException failure) when (!failure.IsNonRetriable)
            {
                failed = failure;
            }

            if (retry.Policy is { } policy)
            {
                if (DelayAfter(attempt, first, policy, failed.FailureDetails) is not { } delay)
                    throw failed;
                await TimerAsync(run.Now + delay, CancellationToken.None);
            }
            else if (!await retry.Handler!(new RetryContext(this, attempt, failed.FailureDetails, run.Now - first, CancellationToken.None)))
            {
                throw failed;
            }
        }
    }

    /// <summary>How long to wait before the next attempt; null: there is none.</summary>
    private TimeSpan? DelayAfter(int attempt, DateTime first, RetryPolicy policy, TaskFailureDetails failure)
    {
        if (attempt >= policy.MaxNumberOfAttempts)
            return null;
        if (policy.RetryTimeout != Timeout.InfiniteTimeSpan && run.Now - first >= policy.RetryTimeout)
            return null;

        try
        {
            if (!policy.FailureFilter(failure))
                return null;
        }
        catch (Exception)
        {
            // A filter that throws ends the retries; the failure it was asked about is what the orchestrator sees.
            return null;
        }

        double milliseconds = policy.FirstRetryInterval.TotalMilliseconds * Math.Pow(policy.BackoffCoefficient, attempt - 1);
        bool capped = policy.MaxRetryInterval != Timeout.InfiniteTimeSpan && milliseconds > policy.MaxRetryInterval.TotalMilliseconds;
        return capped ? policy.MaxRetryInterval : TimeSpan.FromMilliseconds(Math.Min(milliseconds, TimeSpan.FromDays(3650).TotalMilliseconds));
    }
}

/// <summary>What an instance id may be.</summary>
internal static class InstanceIds
{
    /// <summary>1–100 characters, none of / \ # ? and control characters, the first not @ (entities have those).</summary>
    /// <exception cref="ArgumentException">The id is none.</exception>
    public static void Check(string? instanceId)
    {
        if (string.IsNullOrEmpty(instanceId) || instanceId.Length > 100)
            throw new ArgumentException("An instance id has 1 to 100 characters.", nameof(instanceId));
        if (instanceId[0] == '@')
            throw new ArgumentException("Ids that begin with @ are those of durable entities, which the Local runtime does not have.", nameof(instanceId));
        if (instanceId.Any(c => c is '/' or '\\' or '#' or '?' || char.IsControl(c)))
            throw new ArgumentException($"The instance id '{instanceId}' has a character that is not allowed: / \\ # ? and control characters.", nameof(instanceId));
    }
}
