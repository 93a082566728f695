using Abm.Benchmarks.Harness;
using Abm.Local.Azurite;

namespace Abm.Benchmarks.Runtime;

/// <summary>What ten thousand waiting plays cost: memory, the start, and the waiting itself.</summary>
internal sealed class WaitingBenchmarks(BenchmarkOptions options, Report report)
{
    private const string Hub = "Waiting";

    public async Task RunAsync()
    {
        int plays = options.Count(10_000, 500);
        Report.Note($"{plays} waiting plays");
        await using AzuriteServer azurite = await AzuriteServer.StartAsync(new AzuriteOptions(), CancellationToken.None);
        string storage = azurite.ConnectionString;

        (Stats emptyStart, Stats emptyFirst) = await StartsAsync(storage, "Empty");
        Idle empty = await IdleAsync(storage, "Empty");

        ChildFacts before, after;
        await using (WaitingProcess filling = await WaitingProcess.StartAsync(storage, Hub))
        {
            before = await filling.FactsAsync();
            await filling.FillAsync(plays);
            after = await filling.FactsAsync();
        }

        (Stats start, Stats first) = await StartsAsync(storage, Hub);
        Idle full = await IdleAsync(storage, Hub);

        report.Line("");
        report.Line($"{plays} plays that each wait for a timer (a day) or an event; a process of its own.");
        report.Table("figure", $"with {plays} waiting", "with none", "difference");
        report.Row("managed heap after a collection, in the process that started them", Figure.Megabytes(after.HeapBytes), Figure.Megabytes(before.HeapBytes), Figure.Megabytes(after.HeapBytes - before.HeapBytes));
        report.Row("memory of that process after a collection", Figure.Megabytes(after.WorkingSetBytes), Figure.Megabytes(before.WorkingSetBytes), Figure.Megabytes(after.WorkingSetBytes - before.WorkingSetBytes));
        report.Row("managed heap after a new start", Figure.Megabytes(full.HeapBytes), Figure.Megabytes(empty.HeapBytes), Figure.Megabytes(full.HeapBytes - empty.HeapBytes));
        report.Row("memory of the process after a new start", Figure.Megabytes(full.WorkingSetBytes), Figure.Megabytes(empty.WorkingSetBytes), Figure.Megabytes(full.WorkingSetBytes - empty.WorkingSetBytes));
        report.Row("start of the runtime until it takes work", Figure.Spread(start, "s"), Figure.Spread(emptyStart, "s"), $"{Figure.Of(start.Median - emptyStart.Median)} s");
        report.Row("from the start of the process until a first new orchestration is completed", Figure.Spread(first, "s"), Figure.Spread(emptyFirst, "s"), $"{Figure.Of(first.Median - emptyFirst.Median)} s");
        report.Row("storage requests in 10 s of waiting", full.Says(), empty.Says(), $"{full.Requests - empty.Requests}");
        report.Row("processor time in 10 s of waiting", $"{Figure.Of(full.CpuSeconds)} s", $"{Figure.Of(empty.CpuSeconds)} s", $"{Figure.Of(full.CpuSeconds - empty.CpuSeconds)} s");
    }

    private async Task<(Stats Start, Stats First)> StartsAsync(string storage, string hub)
    {
        IReadOnlyList<ChildStart> all = await Quiet.BestAsync(options, options.Repetitions, async _ =>
        {
            await using WaitingProcess process = await WaitingProcess.StartAsync(storage, hub);
            return process.Start;
        });
        return (new Stats(all.Select(one => one.StartSeconds)), new Stats(all.Select(one => one.FirstSeconds)));
    }

    private Task<Idle> IdleAsync(string storage, string hub) => Quiet.OnceAsync(options, async () =>
    {
        await using WaitingProcess process = await WaitingProcess.StartAsync(storage, hub);
        await Task.Delay(TimeSpan.FromSeconds(5));
        ChildFacts begin = await process.FactsAsync();
        await Task.Delay(TimeSpan.FromSeconds(10));
        ChildFacts end = await process.FactsAsync();
        return new Idle(
            end.Requests.Values.Sum(), end.Requests.GetValueOrDefault(StorageAct.Upkeep), end.Requests.GetValueOrDefault(StorageAct.QueueReceive),
            end.CpuBefore - begin.CpuAfter, end.HeapBytes, end.WorkingSetBytes);
    });

    private sealed record Idle(int Requests, int SignsOfLife, int Receives, double CpuSeconds, long HeapBytes, long WorkingSetBytes)
    {
        public string Says() => $"{Requests} ({SignsOfLife} signs of life and looks at the index, {Receives} looks at the queue, {Requests - SignsOfLife - Receives} others)";
    }
}
