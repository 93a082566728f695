using System.Diagnostics;
using Abm.Configuration;
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
        ConfigDraft draft = ConfigDraft.Read(folder is null ? [] : await ConfigFolder.ReadSourcesAsync(folder, cancellationToken)) switch
        {
            ConfigDraftReading.Accepted accepted => accepted.Draft,
            ConfigDraftReading.Refused refused => throw new ConfigurationRefusedException(folder ?? "the built-in defaults", refused.Problems),
            _ => throw new UnreachableException(),
        };
        if (await publisher.TakeOverFolderAsync(draft, isNamed: folder is not null, cancellationToken))
            logger.FolderTakenOver(folder ?? "the built-in defaults", draft.Version);
        else
            logger.FolderKnown(folder ?? "the built-in defaults", draft.Version);
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
