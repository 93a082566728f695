using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Abm.Functions.Configuration.Versions;

/// <summary>Reads the folder before anything listens, so that a mistake is seen by whoever started the app and not by the first lead, and takes it over when it is new.</summary>
/// <param name="setting">The value of <see cref="ConfigFolder.Setting"/>.</param>
public sealed class FolderAtStart(string? setting, ConfigPublisher publisher, ILogger<FolderAtStart> logger) : IHostedLifecycleService
{
    /// <inheritdoc/>
    /// <exception cref="ConfigurationRefusedException">It cannot be used; the message says everything that is wrong.</exception>
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        string? folder = ConfigFolder.Find(setting);
        string? version = await publisher.TakeOverFolderAsync(folder is null ? [] : await ConfigFolder.ReadSourcesAsync(folder, cancellationToken), folder, cancellationToken);
        if (version is not null)
            logger.FolderTakenOver(folder ?? "the built-in defaults", version);
        else if (folder is not null)
            logger.FolderKnown(folder);
    }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
