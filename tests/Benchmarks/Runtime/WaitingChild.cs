using System.Diagnostics;
using System.Text.Json;
using Abm.Benchmarks.Harness;
using Microsoft.DurableTask.Client;

namespace Abm.Benchmarks.Runtime;

/// <summary>What a process with the runtime says about itself.</summary>
/// <param name="HeapBytes">Managed heap after a full collection.</param>
/// <param name="WorkingSetBytes">Memory of the process.</param>
/// <param name="CpuBefore">Processor seconds when the question came.</param>
/// <param name="CpuAfter">Processor seconds after the collection.</param>
/// <param name="Requests">Storage requests since the last question.</param>
internal sealed record ChildFacts(long HeapBytes, long WorkingSetBytes, double CpuBefore, double CpuAfter, IReadOnlyDictionary<StorageAct, int> Requests);

/// <summary>When a process with the runtime was ready.</summary>
/// <param name="StartSeconds">From the start of the runtime until it listens, fires timers and takes work.</param>
/// <param name="FirstSeconds">From the start of the process until the first new orchestration was completed.</param>
internal sealed record ChildStart(double StartSeconds, double FirstSeconds);

/// <summary>A process of its own that runs the runtime: memory, processor time and start are those of the runtime, not of the benchmarks.</summary>
internal static class WaitingChild
{
    public const string Command = "runtime-child";

    /// <summary>Answers questions that come as lines on the standard input, until it ends.</summary>
    public static async Task<int> RunAsync(string storage, string hub)
    {
        using RequestCounter counter = RequestCounter.Start();
        long begun = Stopwatch.GetTimestamp();
        await using RunningRuntime runtime = await RunningRuntime.StartAsync(storage, hub);
        double started = Stopwatch.GetElapsedTime(begun).TotalSeconds;
        await runtime.Client.WaitForInstanceCompletionAsync(await StartOneAsync(), getInputsAndOutputs: false, CancellationToken.None);
        using var me = Process.GetCurrentProcess();
        Say(new ChildStart(started, (DateTime.Now - me.StartTime).TotalSeconds));

        while (await Console.In.ReadLineAsync() is { } line)
        {
            switch (line.Split(' '))
            {
                case ["fill", var count]:
                    await FillAsync(runtime.Client, int.Parse(count, System.Globalization.CultureInfo.InvariantCulture));
                    Say(true);
                    break;
                case ["facts"]:
                    Say(Facts(counter));
                    break;
            }
        }

        return 0;

        Task<string> StartOneAsync() => runtime.Client.ScheduleNewOrchestrationInstanceAsync(nameof(MeasuredOrchestrations.OneActivity), CancellationToken.None);
    }

    private static async Task FillAsync(DurableTaskClient client, int count)
    {
        Marks.Clear();
        await Load.ManyAsync(count, 32, _ => client.ScheduleNewOrchestrationInstanceAsync(nameof(MeasuredOrchestrations.WaitingPlay), CancellationToken.None));
        await Marks.UntilAsync(count, TimeSpan.FromMinutes(10));
        Marks.Clear();
        await Task.Delay(TimeSpan.FromSeconds(2));
    }

    private static ChildFacts Facts(RequestCounter counter)
    {
        double before = Environment.CpuUsage.TotalTime.TotalSeconds;
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        GC.WaitForPendingFinalizers();
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        using var me = Process.GetCurrentProcess();
        return new ChildFacts(GC.GetTotalMemory(false), me.WorkingSet64, before, Environment.CpuUsage.TotalTime.TotalSeconds, counter.Take());
    }

    private static void Say<T>(T answer)
    {
        Console.Out.WriteLine(JsonSerializer.Serialize(answer));
        Console.Out.Flush();
    }
}

/// <summary>The other end of <see cref="WaitingChild"/>.</summary>
internal sealed class WaitingProcess : IAsyncDisposable
{
    private readonly Process _process;

    private WaitingProcess(Process process, ChildStart start) => (_process, Start) = (process, start);

    public ChildStart Start { get; }

    public static async Task<WaitingProcess> StartAsync(string storage, string hub)
    {
        ProcessStartInfo start = new("dotnet", [typeof(WaitingChild).Assembly.Location, WaitingChild.Command, hub])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        start.Environment["BENCHMARK_STORAGE"] = storage;
        Process process = Process.Start(start)!;
        return new WaitingProcess(process, await ReadAsync<ChildStart>(process));
    }

    public async Task FillAsync(int count) => await AskAsync<bool>(FormattableString.Invariant($"fill {count}"));

    public Task<ChildFacts> FactsAsync() => AskAsync<ChildFacts>("facts");

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        try
        {
            await _process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    private async Task<T> AskAsync<T>(string question)
    {
        await _process.StandardInput.WriteLineAsync(question);
        return await ReadAsync<T>(_process);
    }

    private static async Task<T> ReadAsync<T>(Process process) =>
        JsonSerializer.Deserialize<T>(await process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The process with the runtime ended."))!;
}
