using Microsoft.DurableTask;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Abm.Local.Durable.Engine;

/// <summary>What an activity function is, to the engine.</summary>
/// <returns>Its result as JSON, null for none.</returns>
internal delegate Task<string?> ActivityBody(ActivityCall call, CancellationToken cancellationToken);

/// <summary>One call of an activity; the same call may be made again after a crash.</summary>
/// <param name="InstanceId">The caller.</param>
/// <param name="TaskId">The step in the caller's history.</param>
/// <param name="Name">The activity.</param>
/// <param name="Input">As JSON.</param>
internal sealed record ActivityCall(string InstanceId, int TaskId, string Name, string? Input);

/// <summary>How an engine works.</summary>
internal sealed record DurableEngineOptions
{
    public required DataConverter Converter { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;

    public ILoggerFactory Loggers { get; init; } = NullLoggerFactory.Instance;

    /// <summary>The name under which this process takes work.</summary>
    public SessionId Session { get; init; } = SessionId.ForThisProcess();

    /// <summary>Tells without storage that a session is gone.</summary>
    public Func<string, bool> IsKnownGone { get; init; } = SessionId.IsGoneFromThisMachine;

    public int MaxConcurrentActivities { get; init; } = 10 * Environment.ProcessorCount;

    public int MaxConcurrentOrchestrators { get; init; } = 10 * Environment.ProcessorCount;

    /// <summary>How often the index of what is due is read, and the sign of life given.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Where the engine's own work runs. Tests take one that does one thing at a time, for the same order of storage calls in every run.</summary>
    public TaskScheduler Scheduler { get; init; } = TaskScheduler.Default;

    /// <summary>Orchestrators by name; names are compared without case.</summary>
    public IReadOnlyDictionary<string, OrchestratorBody> Orchestrators { get; init; } = new Dictionary<string, OrchestratorBody>();

    /// <summary>Activities by name; names are compared without case.</summary>
    public IReadOnlyDictionary<string, ActivityBody> Activities { get; init; } = new Dictionary<string, ActivityBody>();
}
