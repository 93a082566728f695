using System.Collections.ObjectModel;
using Microsoft.Extensions.Logging;

namespace Microsoft.DurableTask;

/// <summary>The parent of a sub-orchestration.</summary>
/// <param name="Name">The parent's orchestrator.</param>
/// <param name="InstanceId">The parent's instance id.</param>
public record ParentOrchestrationInstance(TaskName Name, string InstanceId);

/// <summary>How an orchestration begins anew.</summary>
public class ContinueAsNewOptions
{
    /// <summary>The input of the next execution.</summary>
    public object? NewInput { get; set; }

    /// <summary>Whether events that nobody has received yet are kept for the next execution; default true.</summary>
    public bool PreserveUnprocessedEvents { get; set; } = true;

    /// <summary>The version of the next execution; null: the same.</summary>
    public string? NewVersion { get; set; }
}

/// <summary>
/// All that an orchestrator may use. Orchestrators are replayed from history: they await only tasks of this context, take the time and
/// ids from it, and do everything else in activities.
/// </summary>
public abstract class TaskOrchestrationContext
{
    private ILoggerFactory? _replaySafeLoggerFactory;

    /// <summary>The orchestrator's name.</summary>
    public abstract TaskName Name { get; }

    /// <summary>The instance id.</summary>
    public abstract string InstanceId { get; }

    /// <summary>The parent, if this is a sub-orchestration.</summary>
    public abstract ParentOrchestrationInstance? Parent { get; }

    /// <summary>The instant at which the current episode began, the same in every replay.</summary>
    public abstract DateTime CurrentUtcDateTime { get; }

    /// <summary>Whether the code is running over steps that are in history already.</summary>
    public abstract bool IsReplaying { get; }

    /// <summary>The instance's version, empty for none.</summary>
    public virtual string Version => string.Empty;

    /// <summary>Values of the host's configuration for orchestrations.</summary>
    public virtual IReadOnlyDictionary<string, object?> Properties { get; } = ReadOnlyDictionary<string, object?>.Empty;

    /// <summary>Durable entities, which the Local runtime refuses.</summary>
    [Obsolete("The Local runtime has no durable entities. Keep the state in a table, or in an orchestration.", error: true)]
    public virtual object Entities => throw new NotSupportedException("The Local runtime has no durable entities.");

    /// <summary>Loggers that are silent while replaying.</summary>
    public virtual ILoggerFactory ReplaySafeLoggerFactory => _replaySafeLoggerFactory ??= new SilentWhileReplaying(this);

    /// <summary>Where loggers come from.</summary>
    protected abstract ILoggerFactory LoggerFactory { get; }

    /// <summary>The input.</summary>
    public abstract T? GetInput<T>();

    /// <summary>Calls an activity and drops its result.</summary>
    /// <exception cref="TaskFailedException">On await: the activity failed and no retry is left.</exception>
    public virtual Task CallActivityAsync(TaskName name, object? input = null, TaskOptions? options = null) =>
        CallActivityAsync<object>(name, input, options);

    /// <summary>Calls an activity without input and drops its result.</summary>
    public virtual Task CallActivityAsync(TaskName name, TaskOptions options) => CallActivityAsync(name, null, options);

    /// <summary>Calls an activity without input.</summary>
    public virtual Task<TResult> CallActivityAsync<TResult>(TaskName name, TaskOptions options) =>
        CallActivityAsync<TResult>(name, null, options);

    /// <summary>Calls an activity. It runs at least once.</summary>
    /// <exception cref="TaskFailedException">On await: the activity failed and no retry is left.</exception>
    public abstract Task<TResult> CallActivityAsync<TResult>(TaskName name, object? input = null, TaskOptions? options = null);

    /// <summary>A durable timer. An orchestration stays Running until each of its timers has fired or was cancelled.</summary>
    public virtual Task CreateTimer(TimeSpan delay, CancellationToken cancellationToken) =>
        CreateTimer(CurrentUtcDateTime.Add(delay), cancellationToken);

    /// <summary>A durable timer that fires at an instant.</summary>
    public abstract Task CreateTimer(DateTime fireAt, CancellationToken cancellationToken);

    /// <summary>Waits for an event of this name, in any case. An event that came earlier is delivered at once.</summary>
    /// <remarks>A cancelled wait stays in line and swallows the next event of its name: wait once and race that task against timers.</remarks>
    public abstract Task<T> WaitForExternalEvent<T>(string eventName, CancellationToken cancellationToken = default);

    /// <summary>Waits for an event, at most so long.</summary>
    /// <exception cref="TaskCanceledException">On await: the time is over.</exception>
    public Task<T> WaitForExternalEvent<T>(string eventName, TimeSpan timeout) =>
        WaitForExternalEvent<T>(eventName, timeout, CancellationToken.None);

    /// <summary>Waits for an event, at most so long.</summary>
    /// <exception cref="TaskCanceledException">On await: the time is over or the token was cancelled.</exception>
    public async Task<T> WaitForExternalEvent<T>(string eventName, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using CancellationTokenSource stopTimer = new();
        Task timer = CreateTimer(timeout, stopTimer.Token);
        using CancellationTokenSource stopWaiting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task<T> received = WaitForExternalEvent<T>(eventName, stopWaiting.Token);

        // Cancelling must happen on the orchestrator's thread, so the asynchronous form of Cancel is no choice here.
#pragma warning disable CA1849
        if (await Task.WhenAny(timer, received) == received)
            stopTimer.Cancel();
        else
            stopWaiting.Cancel();
#pragma warning restore CA1849

        return await received;
    }

    /// <summary>Sends an event to another orchestration; dropped when there is none of that id.</summary>
    public abstract void SendEvent(string instanceId, string eventName, object payload);

    /// <summary>Sets the status that clients see; the last value of an episode wins, null clears it.</summary>
    /// <exception cref="ArgumentException">The value takes more than 16 KB as UTF-16 JSON.</exception>
    public abstract void SetCustomStatus(object? customStatus);

    /// <summary>Calls another orchestrator as a child and awaits its result.</summary>
    /// <exception cref="TaskFailedException">On await: the child failed and no retry is left.</exception>
    public abstract Task<TResult> CallSubOrchestratorAsync<TResult>(
        TaskName orchestratorName, object? input = null, TaskOptions? options = null);

    /// <summary>Calls another orchestrator without input.</summary>
    public virtual Task<TResult> CallSubOrchestratorAsync<TResult>(TaskName orchestratorName, TaskOptions options) =>
        CallSubOrchestratorAsync<TResult>(orchestratorName, null, options);

    /// <summary>Calls another orchestrator without input and drops its result.</summary>
    public virtual Task CallSubOrchestratorAsync(TaskName orchestratorName, TaskOptions options) =>
        CallSubOrchestratorAsync(orchestratorName, null, options);

    /// <summary>Calls another orchestrator and drops its result.</summary>
    public virtual Task CallSubOrchestratorAsync(TaskName orchestratorName, object? input = null, TaskOptions? options = null) =>
        CallSubOrchestratorAsync<object>(orchestratorName, input, options);

    /// <summary>Ends this execution and begins a new one of the same instance with an empty history, when the orchestrator returns.</summary>
    public abstract void ContinueAsNew(object? newInput = null, bool preserveUnprocessedEvents = true);

    /// <summary>Ends this execution and begins a new one of the same instance with an empty history, when the orchestrator returns.</summary>
    public virtual void ContinueAsNew(ContinueAsNewOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ContinueAsNew(options.NewInput, options.PreserveUnprocessedEvents);
    }

    /// <summary>An id that is the same in every replay.</summary>
    public abstract Guid NewGuid();

    /// <summary>A logger that is silent while replaying.</summary>
    public virtual ILogger CreateReplaySafeLogger(string categoryName) =>
        new ReplaySafeLogger(this, LoggerFactory.CreateLogger(categoryName));

    /// <summary>A logger that is silent while replaying.</summary>
    public virtual ILogger CreateReplaySafeLogger(Type type) => new ReplaySafeLogger(this, LoggerFactory.CreateLogger(type));

    /// <summary>A logger that is silent while replaying.</summary>
    public virtual ILogger CreateReplaySafeLogger<T>() => new ReplaySafeLogger(this, LoggerFactory.CreateLogger<T>());

    /// <summary>Compares the instance's version with another, as version numbers if both are, else as text.</summary>
    /// <returns>Less than, equal to or greater than 0; no version is the lowest.</returns>
    public virtual int CompareVersionTo(string version)
    {
        if (string.IsNullOrWhiteSpace(Version) || string.IsNullOrWhiteSpace(version))
            return (string.IsNullOrWhiteSpace(Version) ? 0 : 1) - (string.IsNullOrWhiteSpace(version) ? 0 : 1);
        return System.Version.TryParse(Version, out Version? mine) && System.Version.TryParse(version, out Version? other)
            ? mine.CompareTo(other)
            : string.Compare(Version, version, StringComparison.OrdinalIgnoreCase);
    }

    private sealed class SilentWhileReplaying(TaskOrchestrationContext context) : ILoggerFactory
    {
        public ILogger CreateLogger(string categoryName) => context.CreateReplaySafeLogger(categoryName);

        public void AddProvider(ILoggerProvider provider) =>
            throw new NotSupportedException("Providers are added to the host's logging, not to a replay-safe factory.");

        public void Dispose()
        {
            // The host owns the loggers.
        }
    }

    private sealed class ReplaySafeLogger(TaskOrchestrationContext context, ILogger logger) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => logger.BeginScope(state);

        public bool IsEnabled(LogLevel logLevel) => logger.IsEnabled(logLevel);

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!context.IsReplaying)
                logger.Log(logLevel, eventId, state, exception, formatter);
        }
    }
}
