using System.Diagnostics;
using Abm.Benchmarks.Harness;
using Abm.Local.Azurite;
using Azure.Storage.Queues;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace Abm.Benchmarks.Runtime;

/// <summary>The Local runtime beside the raw limits of the storage it runs on.</summary>
internal sealed class RuntimeBenchmarks(BenchmarkOptions options, Report report)
{
    /// <summary>Requests at a time: of those who start and send, and of the raw measurements.</summary>
    private const int Concurrency = 32;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private int _hubs;

    public async Task RunAsync()
    {
        report.Section("Runtime");
        report.Line($"{Concurrency} requests at a time. The limit beside a figure is the rate at which the same storage does the same requests without the runtime, measured in turn with the figure; a figure is measured until the last of its requests was made. The ratio is the median of the pairs.");

        Report.Note("raw limits of the storage");
        await using (AzuriteServer azurite = await AzuriteServer.StartAsync(new AzuriteOptions(), CancellationToken.None))
        {
            ReportRaw(await RawStorage.MeasureAsync(azurite.ConnectionString, Concurrency, options));
            report.Table("figure", "measured", "raw limit of the same storage in the same run", "ratio");
            await ThroughputAsync(azurite.ConnectionString);
            await LatenciesAsync(azurite.ConnectionString);
            await TimersAsync(azurite.ConnectionString);
            await QueueAsync(azurite.ConnectionString);
        }

        await new WaitingBenchmarks(options, report).RunAsync();
    }

    private void ReportRaw(RawStorage raw)
    {
        report.Table("raw limit", "a second");
        report.Row("table: point reads of 1 KB", Figure.Spread(raw.Reads, "/s"));
        report.Row("table: inserts of 1 KB", Figure.Spread(raw.Inserts, "/s"));
        report.Row("table: replacements conditional on the tag", Figure.Spread(raw.Updates, "/s"));
        report.Row("table: deletes", Figure.Spread(raw.Deletes, "/s"));
        report.Row("table: transactions of 10 inserts", Figure.Spread(raw.Transactions, "/s"));
        report.Row("queue: messages sent, received (16 at a time) and deleted", Figure.Spread(raw.Messages, "/s"));
    }

    private async Task ThroughputAsync(string storage)
    {
        foreach ((string name, string says, int count) in ((string, string, int)[])
            [(nameof(MeasuredOrchestrations.OneActivity), "orchestrations with one activity", options.Count(1000, 100)),
             (nameof(MeasuredOrchestrations.FiveActivities), "orchestrations with a chain of 5 activities", options.Count(400, 40))])
        {
            Report.Note(says);
            IReadOnlyDictionary<StorageAct, double> requests = await RequestsAsync(storage, name, options.Count(200, 50));
            Pairs pairs = await PairsAsync(
                async () =>
                {
                    await using RunningRuntime runtime = await StartAsync(storage);
                    return await RateAsync(runtime, name, count);
                },
                () => RawStorage.SameRequestsAsync(storage, requests, count, Concurrency));
            pairs.Report(report, says, "the same requests alone");
            report.Row($"– requests of each", Requests(requests), "", "");
        }
    }

    private async Task LatenciesAsync(string storage)
    {
        await using RunningRuntime runtime = await StartAsync(storage);
        int count = options.Count(500, 50);

        Report.Note("activity latency");
        await ProbesAsync(20);
        (Stats calls, Stats beginnings) = await Quiet.OnceAsync(options, async () =>
        {
            Marks.Clear();
            await ProbesAsync(count);
            return (new Stats(Marks.Latencies), new Stats(Marks.Beginnings));
        });
        Stats write = await Quiet.OnceAsync(options, () => OneWriteAsync(storage, count));
        report.Row("activity, one at a time: call until its answer is seen", Figure.Latency(calls), $"one table write: {Figure.Latency(write)}", $"{Figure.Of(calls.Median / write.Median)} writes");
        report.Row("activity, one at a time: call until it runs", Figure.Latency(beginnings), "the same", $"{Figure.Of(beginnings.Median / write.Median)} writes");

        Report.Note("event latency");
        int round = 0;
        Stats events = await Quiet.OnceAsync(options, async () =>
        {
            round++;
            Marks.Clear();
            await Load.ManyAsync(count, Concurrency, i => ScheduleAsync(runtime.Client, nameof(MeasuredOrchestrations.EventLatency), null, $"event-{round}-{i:D5}"));
            await WaitAsync(() => Marks.CalledAt.Count >= count);
            await SettleAsync();
            for (int i = 0; i < count; i++)
            {
                await runtime.Client.RaiseEventAsync($"event-{round}-{i:D5}", "go", Stopwatch.GetTimestamp());
                await Marks.UntilAsync(i + 1, Patience);
            }

            return new Stats(Marks.Latencies);
        });
        report.Row("external event, one at a time: raised until the orchestration goes on", Figure.Latency(events), "the same", $"{Figure.Of(events.Median / write.Median)} writes");

        async Task ProbesAsync(int times)
        {
            for (int i = 0; i < times; i++)
            {
                string id = await ScheduleAsync(runtime.Client, nameof(MeasuredOrchestrations.ActivityLatency), null, null);
                await runtime.Client.WaitForInstanceCompletionAsync(id, getInputsAndOutputs: false, CancellationToken.None);
            }
        }
    }

    private async Task TimersAsync(string storage)
    {
        Report.Note("timers, all due at once");
        int count = options.Count(1000, 100);
        int ahead = options.Count(15, 5);
        int counted = options.Count(200, 50);
        IReadOnlyDictionary<StorageAct, double> shortly = await TimerRequestsAsync(storage, counted, TimeSpan.FromSeconds(ahead));
        IReadOnlyDictionary<StorageAct, double> later = await TimerRequestsAsync(storage, counted, TimeSpan.FromSeconds(40));
        List<double[]> latenesses = [];
        Pairs bursts = await PairsAsync(
            async () =>
            {
                await using RunningRuntime runtime = await StartAsync(storage);
                DateTime dueAt = DateTime.UtcNow.AddSeconds(ahead);
                await Load.ManyAsync(count, Concurrency, _ => ScheduleAsync(runtime.Client, nameof(MeasuredOrchestrations.TimerLateness), dueAt.Ticks, null));
                if (DateTime.UtcNow > dueAt.AddSeconds(-0.5))
                    throw new InvalidOperationException("The machine is too slow (or too busy) to start all instances before their timers are due.");
                await Marks.UntilAsync(count, Patience);
                await runtime.SettledAsync(Patience);
                latenesses.Add([.. Marks.Latencies]);
                return count / (DateTime.UtcNow - dueAt).TotalSeconds;
            },
            () => RawStorage.SameRequestsAsync(storage, shortly, count, Concurrency));
        Stats lateness = new(latenesses.SelectMany(burst => burst));
        bursts.Report(report, $"timers a second, {count} due at one instant, set {ahead} s before", "the same requests alone");
        report.Row("– requests of each, from being due to the end", Requests(shortly), "", "");
        report.Row("– the same, set 40 s before", Requests(later), "", "");
        report.Row("– lateness of these timers", Figure.Latency(lateness), "", "");

        Report.Note("timers, 20 a second");
        int calmCount = options.Count(400, 40);
        Stats calm = await Quiet.OnceAsync(options, async () =>
        {
            await using RunningRuntime runtime = await StartAsync(storage);
            DateTime first = DateTime.UtcNow.AddSeconds(ahead);
            await Load.ManyAsync(calmCount, Concurrency, i => ScheduleAsync(runtime.Client, nameof(MeasuredOrchestrations.TimerLateness), first.AddMilliseconds(50 * i).Ticks, null));
            await Marks.UntilAsync(calmCount, Patience);
            return new Stats(Marks.Latencies);
        });
        report.Row("timer lateness, 20 due a second", Figure.Latency(calm), "", "");
    }

    private async Task QueueAsync(string storage)
    {
        Report.Note("queue function");
        int count = options.Count(2000, 200);
        QueueClient queue = new(storage, MeasuredQueue.Name, new QueueClientOptions { MessageEncoding = QueueMessageEncoding.Base64 });
        await queue.CreateIfNotExistsAsync();
        string payload = new('x', 600);
        QueueClient alone = new(storage, "raw-messages");
        await alone.CreateIfNotExistsAsync();
        Pairs pairs = await PairsAsync(
            async () =>
            {
                await using RunningRuntime runtime = await StartAsync(storage);
                long begun = Stopwatch.GetTimestamp();
                await Load.ManyAsync(count, Concurrency, _ => queue.SendMessageAsync(payload));
                await Marks.UntilAsync(count, Patience);
                while ((await queue.GetPropertiesAsync()).Value.ApproximateMessagesCount > 0) // hidden ones count: the last are not deleted yet
                    await Task.Delay(5);
                return count / Stopwatch.GetElapsedTime(begun).TotalSeconds;
            },
            () => RawStorage.MessagesAsync(alone, count, Concurrency));
        pairs.Report(report, "messages through a queue function, sent meanwhile", "sent, received and deleted");
    }

    /// <summary>A figure and the limit of the storage, measured in turn, so often as asked for.</summary>
    private async Task<Pairs> PairsAsync(Func<Task<double>> figure, Func<Task<double>> limit)
    {
        if (!options.IsQuick)
        {
            await limit();
            await figure();
        }

        return new Pairs(await Quiet.BestAsync(options, options.Repetitions, async _ => (await limit(), await figure())));
    }

    private static async Task<double> RateAsync(RunningRuntime runtime, string name, int count)
    {
        DurableTaskClient client = runtime.Client;
        long begun = Stopwatch.GetTimestamp();
        await Load.ManyAsync(count, Concurrency, _ => ScheduleAsync(client, name, null, null));
        await Marks.UntilAsync(count, Patience);
        await runtime.SettledAsync(Patience);
        double rate = count / Stopwatch.GetElapsedTime(begun).TotalSeconds;

        int completed = 0;
        await foreach (OrchestrationMetadata instance in client.GetAllInstancesAsync(new OrchestrationQuery { Statuses = [OrchestrationRuntimeStatus.Completed] }))
            completed += instance.Name == name ? 1 : 0;
        return completed == count ? rate : throw new InvalidOperationException($"{completed} of {count} orchestrations are completed.");
    }

    private async Task<IReadOnlyDictionary<StorageAct, double>> RequestsAsync(string storage, string name, int count)
    {
        await using RunningRuntime runtime = await StartAsync(storage);
        using RequestCounter counter = RequestCounter.Start();
        await runtime.SettledAsync(Patience);
        counter.Take();
        await Load.ManyAsync(count, Concurrency, _ => ScheduleAsync(runtime.Client, name, null, null));
        await Marks.UntilAsync(count, Patience);
        await runtime.SettledAsync(Patience);
        return Each(counter.Take(), count);
    }

    private async Task<IReadOnlyDictionary<StorageAct, double>> TimerRequestsAsync(string storage, int count, TimeSpan ahead)
    {
        await using RunningRuntime runtime = await StartAsync(storage);
        using RequestCounter counter = RequestCounter.Start();
        DateTime dueAt = DateTime.UtcNow + ahead;
        await Load.ManyAsync(count, Concurrency, _ => ScheduleAsync(runtime.Client, nameof(MeasuredOrchestrations.TimerLateness), dueAt.Ticks, null));
        await Task.Delay(dueAt.AddSeconds(-0.2) - DateTime.UtcNow); // started long before; what follows is the timer's own
        counter.Take();
        await Marks.UntilAsync(count, Patience);
        await runtime.SettledAsync(Patience);
        return Each(counter.Take(), count);
    }

    private async Task<RunningRuntime> StartAsync(string storage)
    {
        RunningRuntime runtime = await RunningRuntime.StartAsync(storage, $"Bench{++_hubs}");
        Marks.Clear();
        return runtime;
    }

    private static async Task<Stats> OneWriteAsync(string storage, int count)
    {
        Azure.Data.Tables.TableClient table = new Azure.Data.Tables.TableServiceClient(storage).GetTableClient("OneWrite");
        await table.CreateIfNotExistsAsync(CancellationToken.None);
        string text = new('x', 900);
        return new Stats(await Load.LatenciesAsync(count, i => table.AddEntityAsync(
            new Azure.Data.Tables.TableEntity(FormattableString.Invariant($"p{i}"), "row") { ["Text"] = text }, CancellationToken.None)));
    }

    private static Task<string> ScheduleAsync(DurableTaskClient client, string name, object? input, string? id) =>
        client.ScheduleNewOrchestrationInstanceAsync(name, input, id is null ? null : new StartOrchestrationOptions(id), CancellationToken.None);

    private static Dictionary<StorageAct, double> Each(IReadOnlyDictionary<StorageAct, int> counted, int count) =>
        counted.Where(act => act.Key is not (StorageAct.Upkeep or StorageAct.QueueReceive)).ToDictionary(act => act.Key, act => (double)act.Value / count);

    private static string Requests(IReadOnlyDictionary<StorageAct, double> requests) =>
        $"{Figure.Of(requests.Values.Sum())}: " + string.Join(", ", requests.OrderBy(act => act.Key).Select(act => $"{Figure.Of(act.Value)} {act.Key.ToString().ToLowerInvariant()}"));

    private static async Task WaitAsync(Func<bool> condition)
    {
        long begun = Stopwatch.GetTimestamp();
        while (!condition())
        {
            if (Stopwatch.GetElapsedTime(begun) > Patience)
                throw new TimeoutException("What was to be measured never came to be.");
            await Task.Delay(5);
        }
    }

    /// <summary>Lets what was begun come to its end: the last commits and what they leave to be cleaned up.</summary>
    private static Task SettleAsync() => Task.Delay(TimeSpan.FromSeconds(1));

    private sealed class Pairs(IReadOnlyList<(double Limit, double Figure)> all)
    {
        public void Report(Report report, string says, string limit)
        {
            Stats ratios = new(all.Select(pair => pair.Figure / pair.Limit));
            string share = ratios.Count == 1 ? Figure.Share(ratios.Median) : $"{Figure.Share(ratios.Median)} ({Figure.Share(ratios.Min)}–{Figure.Share(ratios.Max)})";
            report.Row(says, Figure.Spread(new Stats(all.Select(pair => pair.Figure)), "/s"), $"{Figure.Spread(new Stats(all.Select(pair => pair.Limit)), "/s")} {limit}", share);
        }
    }
}
