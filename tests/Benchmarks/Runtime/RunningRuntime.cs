using Abm.Local.Hosting;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Abm.Benchmarks.Runtime;

/// <summary>The Local runtime in this process, with the measured functions, the app's own host.json settings and a task hub of its own.</summary>
internal sealed class RunningRuntime(IHost host, DurableTaskClient client) : IAsyncDisposable
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
        return new RunningRuntime(host, await MeasuredClient.Client.Task);
    }

    public async ValueTask DisposeAsync()
    {
        await host.StopAsync(CancellationToken.None);
        host.Dispose();
    }
}
