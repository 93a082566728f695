using System.Collections.Concurrent;
using System.Diagnostics;
using Abm.Configuration;
using Abm.Functions.Storage;
using Abm.Ports;
using Azure;
using Azure.Data.Tables;
using Microsoft.Extensions.Logging;

namespace Abm.Functions.Configuration;

/// <summary>The configuration in a folder, read once when the app starts. Every version that was ever in force is kept in a table, so that running plays find theirs after a restart.</summary>
/// <param name="folder">Null = the built-in defaults.</param>
public sealed class FileConfigSource(string? folder, TableServiceClient tables, ILogger<FileConfigSource> logger) : IConfigSource, IDisposable
{
    /// <summary>The table of versions: one row each, named after its content, never changed.</summary>
    public const string Table = "AbmConfig";

    private const string Partition = "config";
    private const string Document = "Doc";

    private readonly TableClient _table = tables.GetTableClient(Table);
    private readonly ConcurrentDictionary<string, AbmConfig> _known = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _loading = new(1, 1);
    private AbmConfig? _current;

    /// <summary>The configuration in force. The first call reads the folder and keeps the version; the app makes it when it starts.</summary>
    /// <exception cref="ConfigurationRefusedException">It cannot be used; the message says everything that is wrong.</exception>
    public async ValueTask<AbmConfig> CurrentAsync(CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _current) is { } current)
            return current;
        await _loading.WaitAsync(cancellationToken);
        try
        {
            if (_current is { } loaded)
                return loaded;
            ConfigReading.Accepted reading = await ReadFolderAsync(cancellationToken);
            await KeepAsync(reading, cancellationToken);
            logger.ConfigurationInForce(reading.Config.Version, folder ?? "the built-in defaults");
            _known[reading.Config.Version] = reading.Config;
            Volatile.Write(ref _current, reading.Config);
            return reading.Config;
        }
        finally
        {
            _loading.Release();
        }
    }

    /// <inheritdoc/>
    public async ValueTask<AbmConfig?> FindAsync(string version, CancellationToken cancellationToken)
    {
        await CurrentAsync(cancellationToken);
        if (_known.TryGetValue(version, out AbmConfig? known))
            return known;
        NullableResponse<TableEntity> row = await _table.GetEntityIfExistsAsync<TableEntity>(Partition, version, cancellationToken: cancellationToken);
        if (!row.HasValue || row.Value!.GetText(Document) is not { } canonical)
            return null;

        // A kept version was checked when it came into force. Should a later build read it otherwise, that is said, not guessed around.
        return ConfigReader.FromCanonical(canonical) switch
        {
            ConfigReading.Accepted accepted => _known.GetOrAdd(version, accepted.Config),
            ConfigReading.Refused refused => throw new ConfigurationRefusedException($"table {Table}, version {version}", refused.Problems),
            _ => throw new UnreachableException(),
        };
    }

    public void Dispose() => _loading.Dispose();

    private async Task<ConfigReading.Accepted> ReadFolderAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<ConfigFile> files = folder is null ? [] : await ConfigFolder.ReadAsync(folder, cancellationToken);
        return ConfigReader.Read(files) switch
        {
            ConfigReading.Accepted accepted => accepted,
            ConfigReading.Refused refused => throw new ConfigurationRefusedException(folder ?? "the built-in defaults", refused.Problems),
            _ => throw new UnreachableException(),
        };
    }

    /// <summary>Inserts the version unless it is there. It never changes: it is named after its content.</summary>
    private async Task KeepAsync(ConfigReading.Accepted reading, CancellationToken cancellationToken)
    {
        TableEntity row = new(Partition, reading.Config.Version);
        row.SetText(Document, reading.Canonical);
        try
        {
            await _table.AddEntityAsync(row, cancellationToken);
        }
        catch (RequestFailedException e) when (e.Status == 404)
        {
            await _table.CreateIfNotExistsAsync(cancellationToken);
            await _table.UpsertEntityAsync(row, TableUpdateMode.Replace, cancellationToken);
        }
        catch (RequestFailedException e) when (e.Status == 409)
        {
            logger.ConfigurationKeptBefore(reading.Config.Version);
        }
    }
}
