using System.Reflection;
using Abm.Accounts;
using Abm.Configuration;
using Abm.Functions.Configuration.Versions;
using Abm.Functions.Messages;
using Abm.Ports;
using Microsoft.Extensions.Logging;

namespace Abm.Functions.Health;

/// <summary>Looks at what the app stands on, at most once a second however often it is asked.</summary>
public sealed class HealthProbe(IQuarantine quarantine, IMessageSender queues, IAccountDirectory accounts, IConfigSource config, IConfigStatus configStatus, TimeProvider clock, ILogger<HealthProbe> logger)
    : IDisposable
{
    private static readonly TimeSpan FreshFor = TimeSpan.FromSeconds(1);

    /// <summary>A storage that takes longer than this is not reachable for practical purposes.</summary>
    private static readonly TimeSpan StoragePatience = TimeSpan.FromSeconds(3);

    /// <summary>A large index may still be loading: the answer does not wait for it.</summary>
    private static readonly TimeSpan AccountsPatience = TimeSpan.FromMilliseconds(250);

    private static readonly string AppVersion =
        typeof(HealthProbe).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    private readonly SemaphoreSlim _one = new(1, 1);
    private HealthResponse? _last;

    public async Task<HealthResponse> ReadAsync(CancellationToken cancellationToken)
    {
        if (_last is { } fresh && clock.GetUtcNow() - fresh.At < FreshFor)
            return fresh;
        await _one.WaitAsync(cancellationToken);
        try
        {
            if (_last is { } meanwhile && clock.GetUtcNow() - meanwhile.At < FreshFor)
                return meanwhile;
            return _last = await LookAsync(cancellationToken);
        }
        finally
        {
            _one.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _one.Dispose();

    private async Task<HealthResponse> LookAsync(CancellationToken cancellationToken)
    {
        Task<int?> quarantined = TryAsync<int?>(async token => (await quarantine.ListAsync(500, null, token)).Items.Count(m => m.ReplayedAt is null), StoragePatience, cancellationToken);
        Task<QueuesHealth?> waiting = TryAsync<QueuesHealth?>(WaitingAsync, StoragePatience, cancellationToken);
        Task<IAccountIndex?> index = TryAsync<IAccountIndex?>(async token => await accounts.CurrentAsync(token), AccountsPatience, cancellationToken);
        Task<AbmConfig?> inForce = TryAsync<AbmConfig?>(async token => await config.CurrentAsync(token), StoragePatience, cancellationToken);

        AbmConfig? known = await inForce;
        ConfigStatus status = configStatus.Status;
        bool isReachable = await quarantined is not null;
        IAccountIndex? loaded = await index;
        return new HealthResponse(
            isReachable ? "ok" : "unhealthy",
            AppVersion,
            known?.Version,
            new ConfigHealth(status.Version, status.IsCurrent, status.CheckedAt),
            new AccountsHealth(loaded is not null, loaded?.AccountCount, loaded?.Version),
            new StorageHealth(isReachable),
            await waiting,
            await quarantined,
            clock.GetUtcNow());
    }

    private async Task<QueuesHealth?> WaitingAsync(CancellationToken cancellationToken)
    {
        string[] names = [LeadsReceivedMessage.Queue, DeliverMessage.Queue, LeadsReceivedMessage.BulkQueue, DeliverMessage.BulkQueue];
        int[] counts = await Task.WhenAll(names.Select(name => queues.CountAsync(name, cancellationToken)));
        DateTimeOffset?[] oldest = await Task.WhenAll(names.Select((name, i) => counts[i] > 0 ? queues.OldestAsync(name, cancellationToken) : Task.FromResult<DateTimeOffset?>(null)));
        return new QueuesHealth(counts[0], counts[1], counts[2], counts[3], oldest[0], oldest[1], oldest[2], oldest[3]);
    }

    /// <summary>The value, or null when it fails or takes too long: that is what the probe is there to say.</summary>
    private async Task<T?> TryAsync<T>(Func<CancellationToken, Task<T>> read, TimeSpan patience, CancellationToken cancellationToken)
    {
        try
        {
            return await read(CancellationToken.None).WaitAsync(patience, clock, cancellationToken);
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            logger.ProbeFailed(failure.GetType().Name);
            return default;
        }
    }
}

/// <summary>What the health check logs. Event ids 1500–1599.</summary>
internal static partial class HealthLog
{
    [LoggerMessage(1500, LogLevel.Debug, "A part of the health check failed: {Failure}")]
    public static partial void ProbeFailed(this ILogger logger, string failure);
}
