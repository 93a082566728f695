using System.Diagnostics;
using System.Globalization;
using Abm.Accounts;
using Abm.Benchmarks.Harness;
using Abm.Configuration;
using Abm.Decisions;
using Abm.Functions.Configuration;
using Abm.Functions.Replays;
using Abm.Functions.Storage;
using Abm.Functions.Storage.Decisions;
using Abm.Functions.Storage.Persons;
using Abm.Journeys;
using Abm.People;
using Abm.Ports;
using Abm.Replays;
using Abm.Routing;
using Abm.TestKit;
using Azure.Data.Tables;

namespace Abm.Benchmarks.Replays;

/// <summary>What it costs to note what decisions are made from, and how fast a draft is tried on the past: in memory, and from a stored window.</summary>
internal sealed class DryRunBenchmarks(BenchmarkOptions options, Report report)
{
    private const int Seed = 20_260_327;

    public async Task RunAsync()
    {
        report.Section("Dry run");
        int count = options.Count(10_000, 300);
        AbmConfig active = Samples();
        AbmConfig draft = active with
        {
            Version = "draft",
            Matching = active.Matching with { AutomaticFrom = active.Matching.AutomaticFrom + 1 },
            Routing = [new RoutingRule { Name = "Small accounts wait", When = new Predicate.Test("account.employees", PredicateOp.Lt, ["100"]), To = new RouteTarget.Queue("desk") }, .. active.Routing],
        };
        int accounts = options.Count(50_000, 1_000);
        report.Line(string.Create(CultureInfo.InvariantCulture, $"{count} invented leads, {accounts} invented accounts, the sample configuration, 25 reps in 4 pools; each lead is decided twice, under what is in force and under the draft. One thread."));
        PastLeads past = new(Seed, count, active, accounts);

        int decided = 0;
        Report.Note("deciding with and without noting");
        IReadOnlyList<double> plain = await Quiet.BestAsync(options, options.Repetitions, _ => Task.Run(() => Seconds(() => DecidePlain(past))));
        IReadOnlyList<double> noted = await Quiet.BestAsync(options, options.Repetitions, _ => Task.Run(() => Seconds(() => decided = past.Decide().Count())));
        JourneyDecision[] decisions = [.. past.Decide()];
        if (decided != decisions.Length)
            throw new InvalidOperationException($"{decided} decisions the one time, {decisions.Length} the other.");

        Report.Note("dry run in memory");
        DryRunReport found = Run(active, draft, decisions, past.Reps);
        Process self = Process.GetCurrentProcess();
        List<double> pureProcessor = [];
        IReadOnlyList<double> pure = await Quiet.BestAsync(options, options.Repetitions, _ => Task.Run(() =>
        {
            TimeSpan before = Used(self);
            double taken = Seconds(() => Run(active, draft, decisions, past.Reps));
            pureProcessor.Add((Used(self) - before).TotalSeconds);
            return taken;
        }));

        Report.Note("storing the window");
        TableServiceClient service = new(await SharedAzurite.ConnectionStringAsync());
        string reps = await StoreAsync(service, decisions, past.Reps);
        (Stats sizes, _) = await SizesAsync(service);

        Report.Note("dry run from the storage");
        World world = new(past);
        DryRunner runner = new(new TableDecisionLog(service), new TableRepSnapshots(service), world, world, TimeProvider.System);
        DryRunWindow window = new(DateTimeOffset.UnixEpoch, DateTimeOffset.MaxValue.AddDays(-1), count);
        List<double> processor = [];
        IReadOnlyList<double> stored = await Quiet.BestAsync(options, options.Repetitions, _ => Task.Run(async () =>
        {
            TimeSpan before = Used(self);
            DryRunOutcome outcome = await runner.RunAsync(active, draft, window, _ => Task.CompletedTask, CancellationToken.None);
            processor.Add((Used(self) - before).TotalSeconds);
            if (outcome.Report.Decisions != count || outcome.Report.Flips != found.Flips || outcome.WithTodaysReps != 0)
                throw new InvalidOperationException($"The stored window came to {outcome.Report.Decisions} decisions and {outcome.Report.Flips} flips, not {count} and {found.Flips} (people {reps}).");
            return outcome.Took.TotalSeconds;
        }));

        report.Table("what", "measured");
        report.Row("a decision", $"{Figure.Of(1e6 * new Stats(plain).Median / count)} µs; with noting what it read {Figure.Of(1e6 * new Stats(noted).Median / count)} µs");
        report.Row("what a decision was made from, packed", $"p50 {Figure.Of(sizes.Median)} bytes, p95 {Figure.Of(sizes.Percentile(0.95))} bytes, most {Figure.Of(sizes.Percentile(1))} bytes");
        report.Row(string.Create(CultureInfo.InvariantCulture, $"dry run of {count} decisions, in memory"), $"{Figure.Spread(new Stats(pure), "s")}; processor time {Figure.Of(new Stats(pureProcessor).Median)} s");
        report.Row(string.Create(CultureInfo.InvariantCulture, $"dry run of {count} decisions, from Azurite"), $"{Figure.Spread(new Stats(stored), "s")}; processor time of this process {Figure.Of(new Stats(processor).Median)} s");
        report.Row("what it found", string.Create(CultureInfo.InvariantCulture, $"{found.Flips} flips ({found.FlipPercent:0.#} %), {found.MinorOnly} turns only, {found.PartlyRecorded} partly recorded"));
    }

    private static DryRunReport Run(AbmConfig active, AbmConfig draft, JourneyDecision[] decisions, IReadOnlyDictionary<RepId, Rep> reps)
    {
        DryRun run = new(active, draft, null, JourneySteps.All);
        foreach (JourneyDecision decision in decisions)
            run.Add(decision.Inputs!, reps);
        return run.Report();
    }

    private static void DecidePlain(PastLeads past)
    {
        Dictionary<string, PoolState> pools = new(StringComparer.Ordinal);
        DateTimeOffset now = new(2026, 3, 27, 7, 0, 0, TimeSpan.Zero);
        foreach (Leads.Lead lead in past.Leads)
        {
            now = now.AddSeconds(20);
            JourneyDecision decision = LeadJourney.Decide(lead, new JourneyContext(past.Config, past.Index, past.Reps, new Dictionary<string, PoolState>(pools)), now);
            if (decision.PoolAfter is { } after)
                pools[after.Pool] = after;
        }
    }

    private static TimeSpan Used(Process self)
    {
        self.Refresh();
        return self.TotalProcessorTime;
    }

    private static double Seconds(Action act)
    {
        long begun = Stopwatch.GetTimestamp();
        act();
        return Stopwatch.GetElapsedTime(begun).TotalSeconds;
    }

    private static async Task<string> StoreAsync(TableServiceClient service, JourneyDecision[] decisions, IReadOnlyDictionary<RepId, Rep> people)
    {
        foreach (string table in TableNames.OfLeads.Concat(AccountTables.All))
            await service.CreateTableIfNotExistsAsync(table);
        string reps = await new TableRepSnapshots(service).KeepAsync(people, CancellationToken.None);
        TableLeadStore leads = new(service, new PersonHash(service));
        await Load.ManyAsync(decisions.Length, 16, async i =>
        {
            JourneyDecision decision = decisions[i];
            await leads.AdmitAsync(decision.Lead, "f", CancellationToken.None);
            await leads.AddDecisionAsync(decision with { Inputs = decision.Inputs! with { RepsVersion = reps } }, CancellationToken.None);
        });
        return reps;
    }

    private static async Task<(Stats Sizes, int Rows)> SizesAsync(TableServiceClient service)
    {
        List<double> sizes = [];
        await foreach (TableEntity row in service.GetTableClient(TableNames.Leads).QueryAsync<TableEntity>("RowKey ge '!decision|' and RowKey lt '!decision}'"))
            sizes.Add(Enumerable.Range(0, 12).Sum(i => row.GetBinary(string.Create(CultureInfo.InvariantCulture, $"In{i}"))?.Length ?? 0));
        return (new Stats(sizes), sizes.Count);
    }

    private static AbmConfig Samples() => ConfigReader.Read(
        Directory.EnumerateFiles(Path.Combine(Repository.Root, "samples", "config"), "*.yaml").Select(f => new ConfigFile(Path.GetFileName(f), File.ReadAllText(f)))) switch
    {
        ConfigReading.Accepted accepted => accepted.Config,
        _ => throw new InvalidOperationException("The sample configuration cannot be used."),
    };

    private sealed class World(PastLeads past) : IRepDirectory, IAccountDirectory
    {
        ValueTask<IReadOnlyDictionary<RepId, Rep>> IRepDirectory.CurrentAsync(CancellationToken cancellationToken) => ValueTask.FromResult(past.Reps);

        ValueTask<IAccountIndex> IAccountDirectory.CurrentAsync(CancellationToken cancellationToken) => ValueTask.FromResult<IAccountIndex>(past.Index);
    }
}
