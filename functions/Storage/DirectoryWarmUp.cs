using Abm.Functions.Http;
using Abm.Functions.Storage.Accounts;
using Abm.Ports;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Abm.Functions.Storage;

/// <summary>Loads accounts and reps beside the start, so that the first lead does not wait for it, and sees to it that the next start is quick.</summary>
public sealed class DirectoryWarmUp(FeedAccountCatalogue accounts, IRepDirectory reps, IHostApplicationLifetime lifetime, ILogger<DirectoryWarmUp> logger) : BackgroundService
{
    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using CancellationTokenRegistration registration = lifetime.ApplicationStarted.Register(started.SetResult);
        try
        {
            await started.Task.WaitAsync(stoppingToken);
            await accounts.CurrentAsync(stoppingToken);
            await reps.CurrentAsync(stoppingToken);
            await accounts.RenewSnapshotAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The app is being stopped.
        }
        catch (Exception e) when (StorageFailures.IsUnavailable(e))
        {
            // Whoever needs them first loads them, and is told if that fails as well.
            logger.WarmUpPutOff(e);
        }
    }
}

internal static partial class StorageLog
{
    [LoggerMessage(1051, LogLevel.Warning, "Accounts and reps could not be loaded ahead; the first use loads them")]
    public static partial void WarmUpPutOff(this ILogger logger, Exception exception);
}
