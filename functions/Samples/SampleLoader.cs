using System.Diagnostics;
using System.Text;
using Abm.Functions.Http;
using Abm.Functions.Import;
using Abm.Functions.Storage;
using Azure.Data.Tables;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Abm.Functions.Samples;

/// <summary>Loads the invented company of <c>samples/</c> on the first start, when the setting says so, through the code of the import endpoint. Runs beside the app, never before it.</summary>
public sealed class SampleLoader(
    IConfiguration configuration, ImportTargets targets, TableServiceClient tables, IHostApplicationLifetime lifetime, TimeProvider clock, IServiceProvider services,
    ILogger<SampleLoader> logger) : BackgroundService
{
    /// <summary>Setting: <c>true</c> loads the samples. Default: false.</summary>
    public const string Setting = "Abm:LoadSamples";

    private const string Partition = "samples";
    private const string Row = "loaded";

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!configuration.GetValue<bool>(Setting))
            return;
        await StartedAsync(stoppingToken);
        if (SampleFolder.Find(AppContext.BaseDirectory, Directory.GetCurrentDirectory()) is not { } folder)
        {
            logger.NoSamples();
            return;
        }

        try
        {
            await LoadAsync(folder, stoppingToken);
        }
        catch (Exception e) when (StorageFailures.IsUnavailable(e))
        {
            // Loading again is safe, and the next start does: the mark is written last.
            logger.SamplesPutOff(e);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The app is being stopped; the next start loads what is missing.
        }
    }

    /// <summary>Loads every file that is there, in the order in which they build on each other, then writes the mark that says so.</summary>
    internal async Task LoadAsync(string folder, CancellationToken cancellationToken)
    {
        TableClient marks = tables.GetTableClient(AccountTables.Marks);
        if ((await marks.GetEntityIfExistsAsync<TableEntity>(Partition, Row, cancellationToken: cancellationToken)).HasValue)
            return;
        var loaded = new StringBuilder();
        foreach (string kind in targets.Kinds)
        {
            string path = Path.Combine(folder, kind + ".csv");
            if (!File.Exists(path))
                continue;
            await using FileStream file = File.OpenRead(path);
            switch (await CsvImporter.RunAsync(file, null, targets.For(kind, Partition), dryRun: false, cancellationToken))
            {
                case ImportResult.Done(var report):
                    loaded.Append(loaded.Length == 0 ? "" : ", ").Append(report.Accepted + report.Updated).Append(' ').Append(kind);
                    if (report.Rejected > 0)
                        logger.SampleRowsRejected(kind, report.Rejected);
                    break;
                case ImportResult.Unreadable(var problems):
                    logger.SampleUnreadable(kind, problems[0].Message);
                    break;
                default:
                    throw new UnreachableException();
            }
        }

        await marks.UpsertEntityAsync(new TableEntity(Partition, Row) { ["LoadedAt"] = clock.GetUtcNow() }, TableUpdateMode.Replace, cancellationToken);
        logger.SamplesLoaded(loaded.ToString());
        foreach (string line in SampleAdvice.Lines(SampleAdvice.AddressOf(configuration, services.GetService<IServer>())))
            logger.Try(line);
    }

    private async Task StartedAsync(CancellationToken stoppingToken)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using CancellationTokenRegistration registration = lifetime.ApplicationStarted.Register(started.SetResult);
        await started.Task.WaitAsync(stoppingToken);
    }
}

/// <summary>Registers the samples.</summary>
public static class SampleServices
{
    public static IServiceCollection AddSamples(this IServiceCollection services) => services.AddHostedService<SampleLoader>();
}
