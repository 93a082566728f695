using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Abm.Benchmarks.Harness;
using Abm.Local.Azurite;
using Abm.TestKit;
using Azure.Data.Tables;
using Azure.Storage.Queues;

namespace Abm.Benchmarks.Intake;

/// <summary>The app as a process: how long it takes to accept a lead, and what each lead costs in storage requests.</summary>
internal sealed class IntakeBenchmarks(BenchmarkOptions options, Report report)
{
    private const int Concurrency = 8;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    private int _leads;

    public async Task RunAsync()
    {
        report.Section("Intake");
        report.Line("`POST /api/leads` to the app in a process of its own, with the accounts of `samples/`. Raw: one table insert and one queue put, one after the other, by a client in another process, taking turns with the leads.");
        report.Table("figure", "measured", "raw", "ratio");
        await LatencyAsync();
        await ThroughputAsync();
        await CostAsync();
    }

    private async Task LatencyAsync()
    {
        Report.Note("accepting leads, one at a time");
        await using AzuriteServer azurite = await AzuriteServer.StartAsync(new AzuriteOptions(), CancellationToken.None);
        await using AppProcess app = await StartAsync(azurite.ConnectionString, isProcessing: false);
        using var client = new AbmClient(app.BaseAddress);
        (TableClient table, QueueClient queue) = await RawAsync(azurite.ConnectionString);
        string text = new('x', 900);
        int count = options.Count(1000, 50);
        int row = 0;
        await TurnAsync(count / 5);
        (Stats a, Stats r) = await Quiet.OnceAsync(options, () => TurnAsync(count));
        report.Row("a lead is accepted, one at a time, nothing else going on", Figure.Latency(a), Figure.Latency(r), $"p50 {Figure.Share(a.Median / r.Median)}, p99 {Figure.Share(a.Percentile(0.99) / r.Percentile(0.99))}");

        async Task<(Stats Accepted, Stats Raw)> TurnAsync(int leads)
        {
            List<double> accepted = [], raw = [];
            for (int i = 0; i < leads; i++)
            {
                long begun = Stopwatch.GetTimestamp();
                await SubmitAsync(client);
                accepted.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
                begun = Stopwatch.GetTimestamp();
                await table.AddEntityAsync(new TableEntity(FormattableString.Invariant($"p{row++}"), "row") { ["Text"] = text }, CancellationToken.None);
                await queue.SendMessageAsync(text);
                raw.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
            }

            return (new Stats(accepted), new Stats(raw));
        }
    }

    private async Task ThroughputAsync()
    {
        Report.Note("leads all the way");
        await using AzuriteServer azurite = await AzuriteServer.StartAsync(new AzuriteOptions(), CancellationToken.None);
        await using AppProcess app = await StartAsync(azurite.ConnectionString, isProcessing: true);
        using var client = new AbmClient(app.BaseAddress);
        (TableClient table, QueueClient queue) = await RawAsync(azurite.ConnectionString);
        TableClient decided = new TableServiceClient(azurite.ConnectionString).GetTableClient("AbmLeadList");
        string text = new('x', 900);
        int count = options.Count(500, 30), row = 0, done = 0;
        if (!options.IsQuick)
            await TurnAsync(0);
        IReadOnlyList<(double Leads, double Raw, double[] Latencies)> turns = await Quiet.BestAsync(options, options.Repetitions, TurnAsync);
        Stats rate = new(turns.Select(turn => turn.Leads)), raw = new(turns.Select(turn => turn.Raw)), latencies = new(turns.SelectMany(turn => turn.Latencies));
        report.Row($"a lead is accepted, {Concurrency} at a time, while leads are decided", Figure.Latency(latencies), "", "");
        report.Row($"leads a second from HTTP to a stored decision, {Concurrency} at a time", Figure.Spread(rate, "/s"), Figure.Spread(raw, "pairs/s"), Figure.Share(rate.Median / raw.Median));

        async Task<(double Leads, double Raw, double[] Latencies)> TurnAsync(int turn)
        {
            double pairs = await Load.RateAsync(count, Concurrency, async _ =>
            {
                await table.AddEntityAsync(new TableEntity(FormattableString.Invariant($"p{Interlocked.Increment(ref row)}"), "row") { ["Text"] = text }, CancellationToken.None);
                await queue.SendMessageAsync(text);
            });
            var taken = new double[count];
            long begun = Stopwatch.GetTimestamp();
            await Load.ManyAsync(count, Concurrency, async i =>
            {
                long from = Stopwatch.GetTimestamp();
                await SubmitAsync(client);
                taken[i] = Stopwatch.GetElapsedTime(from).TotalMilliseconds;
            });
            done += count;
            await UntilDecidedAsync(decided, done);
            return (count / Stopwatch.GetElapsedTime(begun).TotalSeconds, pairs, taken);
        }
    }

    private async Task CostAsync()
    {
        Report.Note("storage requests of a lead");
        int count = options.Count(200, 30);
        IReadOnlyDictionary<string, double> accepting = await CountAsync(count, isProcessing: false);
        IReadOnlyDictionary<string, double> all = await CountAsync(count, isProcessing: true);

        report.Line("");
        report.Line($"Storage requests of one lead (mean of {count} leads that match an owned account and start a play), counted between the app and the storage. What is done in idle times as well (signs of life, looking for work) is left out.");
        report.Table("table or queue: act", "accepted only", "all the way to the waiting play");
        foreach (string key in accepting.Keys.Union(all.Keys).Order(StringComparer.Ordinal))
            report.Row(key, Figure.Of(accepting.GetValueOrDefault(key)), Figure.Of(all.GetValueOrDefault(key)));
        report.Row("**together**", $"**{Figure.Of(accepting.Values.Sum())}**", $"**{Figure.Of(all.Values.Sum())}**");
        report.Row("of these, the durable engine", Figure.Of(Durable(accepting)), Figure.Of(Durable(all)));

        static double Durable(IReadOnlyDictionary<string, double> counts) => counts.Where(pair => pair.Key.Contains("Local", StringComparison.Ordinal)).Sum(pair => pair.Value);
    }

    private async Task<IReadOnlyDictionary<string, double>> CountAsync(int count, bool isProcessing)
    {
        await using CountedStorage storage = await CountedStorage.StartAsync();
        await using AppProcess app = await StartAsync(storage.ConnectionString, isProcessing);
        using var client = new AbmClient(app.BaseAddress);
        TableClient decided = new TableServiceClient(storage.Direct).GetTableClient("AbmLeadList");

        // The first leads fill what is read once: the index, the configuration, connections.
        int done = 20;
        await Load.ManyAsync(done, 1, _ => SubmitAsync(client));
        await SettleAsync(done);
        TimeSpan window = TimeSpan.FromSeconds(options.Count(60, 5)); // a minute: the sweep runs once in it
        storage.Take();
        await Task.Delay(window);
        IReadOnlyDictionary<string, int> idle = storage.Take();

        long begun = Stopwatch.GetTimestamp();
        done += count;
        await Load.ManyAsync(count, 4, _ => SubmitAsync(client));
        await SettleAsync(done);
        double share = Stopwatch.GetElapsedTime(begun) / window;
        return storage.Take()
            .Select(pair => KeyValuePair.Create(pair.Key, (pair.Value - (share * idle.GetValueOrDefault(pair.Key))) / count))
            .Where(pair => pair.Value > 0.005)
            .ToDictionary();

        async Task SettleAsync(int leads)
        {
            if (isProcessing)
                await UntilDecidedAsync(decided, leads);
            await Task.Delay(TimeSpan.FromSeconds(4));
        }
    }

    private static async Task<AppProcess> StartAsync(string storage, bool isProcessing)
    {
        AppProcess app = await AppProcess.StartAsync(
            new AppOptions
            {
                Storage = storage,
                Settings = isProcessing ? new Dictionary<string, string>() : new Dictionary<string, string> { ["AzureWebJobs.RunJourney.Disabled"] = "true" },
            },
            CancellationToken.None);
        using var client = new AbmClient(app.BaseAddress);
        foreach (string kind in (string[])["accounts", "contacts", "reps"])
        {
            string csv = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "samples", kind + ".csv"));
            (await client.PostCsvAsync($"api/import/{kind}", csv, CancellationToken.None)).Expect(HttpStatusCode.OK);
        }

        return app;
    }

    /// <summary>A lead of somebody new at an account that has an owner.</summary>
    private async Task SubmitAsync(AbmClient client)
    {
        int number = Interlocked.Increment(ref _leads);
        var lead = new JsonObject
        {
            ["firstName"] = "Marta",
            ["lastName"] = "Kowalczyk",
            ["title"] = "Head of Maintenance",
            ["email"] = string.Create(CultureInfo.InvariantCulture, $"marta.{number}@arvenda.example"),
            ["company"] = "Arvenda Group",
            ["country"] = "Germany",
            ["source"] = "web",
            ["externalId"] = string.Create(CultureInfo.InvariantCulture, $"form-{number}"),
            ["utm"] = new JsonObject { ["source"] = "newsletter", ["campaign"] = "spring-uptime" },
            ["consent"] = new JsonObject { ["email"] = true },
        };
        (await client.PostJsonAsync("api/leads", lead, CancellationToken.None)).Expect(HttpStatusCode.Accepted);
    }

    private static async Task<(TableClient Table, QueueClient Queue)> RawAsync(string storage)
    {
        TableClient table = new TableServiceClient(storage).GetTableClient("RawPairs");
        QueueClient queue = new(storage, "raw-pairs");
        await table.CreateIfNotExistsAsync(CancellationToken.None);
        await queue.CreateIfNotExistsAsync();
        return (table, queue);
    }

    private static async Task UntilDecidedAsync(TableClient list, int count)
    {
        long begun = Stopwatch.GetTimestamp();
        for (; ; )
        {
            int rows = 0;
            await foreach (TableEntity _ in list.QueryAsync<TableEntity>((string?)null, 1000, ["PartitionKey"], CancellationToken.None))
                rows++;
            if (rows >= count)
                return;
            if (Stopwatch.GetElapsedTime(begun) > Patience)
                throw new TimeoutException($"{rows} of {count} leads were decided within {Patience}.");
            await Task.Delay(TimeSpan.FromMilliseconds(100));
        }
    }
}
