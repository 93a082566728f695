using System.Diagnostics;
using Abm.Local.Hosting;
using Azure.Data.Tables;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Abm.Benchmarks.Runtime;

/// <summary>The Local runtime in this process, with the measured functions, the app's own host.json settings and a task hub of its own.</summary>
internal sealed class RunningRuntime(IHost host, DurableTaskClient client, TableClient wakes) : IAsyncDisposable
{
    public DurableTaskClient Client => client;

    public static async Task<RunningRuntime> StartAsync(string storage, string hub)
    {
        FunctionsApplicationBuilder builder = LocalRuntime.CreateBuilder(new LocalRuntimeOptions
        {
            AppAssembly = typeof(RunningRuntime).Assembly,
            FunctionTypes = [typeof(MeasuredOrchestrations), typeof(MeasuredActivities), typeof(MeasuredClient), typeof(MeasuredQueue)],
            HostJson = $$"""
                {
                  "version": "2.0",
                  "extensions": {
                    "queues": { "batchSize": 16, "newBatchThreshold": 8, "maxPollingInterval": "00:00:02" },
                    "durableTask": { "hubName": "{{hub}}" }
                  }
                }
                """,
            Settings = new Dictionary<string, string?> { ["AzureWebJobsStorage"] = storage },
            Port = 0,
            OwnsProcess = false,
        });
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Logging.AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.ConfigureFunctionsWebApplication();
        IHost host = builder.Build();
        await host.StartAsync();

        MeasuredClient.Client = new TaskCompletionSource<DurableTaskClient>();
        using var http = new HttpClient { BaseAddress = LocalRuntime.AddressOf(host) };
        (await http.PostAsync(new Uri("api/client", UriKind.Relative), null)).EnsureSuccessStatusCode();
        return new RunningRuntime(host, await MeasuredClient.Client.Task, new TableServiceClient(storage).GetTableClient($"{hub}LocalWakes"));
    }

    /// <summary>
    /// Waits until nothing is under way: the index of what is due has no row left, so that every request that an orchestration costs was made. What is
    /// measured up to here may be set beside what all those requests cost alone.
    /// </summary>
    public async Task SettledAsync(TimeSpan within)
    {
        long begun = Stopwatch.GetTimestamp();
        while (await IsAnyLeftAsync())
        {
            if (Stopwatch.GetElapsedTime(begun) > within)
                throw new TimeoutException($"The index of what is due is not empty after {within}.");
            await Task.Delay(5);
        }
    }

    /// <summary>Partitions of the index are minutes, digits; the signs of life lie behind them.</summary>
    private async Task<bool> IsAnyLeftAsync()
    {
        await foreach (TableEntity _ in wakes.QueryAsync<TableEntity>("PartitionKey lt ':'", maxPerPage: 1, select: ["RowKey"], cancellationToken: CancellationToken.None))
            return true;
        return false;
    }

    public async ValueTask DisposeAsync()
    {
        await host.StopAsync(CancellationToken.None);
        host.Dispose();
    }
}
