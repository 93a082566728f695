using System.Diagnostics;
using System.Globalization;
using Abm.Accounts;
using Abm.Benchmarks.Harness;
using Abm.Leads;
using Abm.Matching;
using Abm.TestKit;
using Fuzzy = FuzzySharp.Process;

namespace Abm.Benchmarks.Matching;

/// <summary>The matcher on directories of invented companies, on one thread, beside what is often done instead: a fuzzy search over all names, and trigrams in PostgreSQL.</summary>
internal sealed class MatchingBenchmarks(BenchmarkOptions options, Report report)
{
    private const int Seed = 20_260_101;

    public async Task RunAsync()
    {
        report.Section("Matching");
        report.Line("Invented directories (seeded; word frequencies by a Zipf–Mandelbrot law, shared domains, branches, near-namesakes); one thread, every lead matched against the whole directory.");
        report.Table(
            "accounts", "one lead", "leads a second", "allocated for a lead", "index built in", "index with its accounts", "… after the leads", "working set, highest", "snapshot", "loaded from Azurite", "outcome of the leads",
            "FuzzySharp `Process.ExtractOne`", "ratio", "PostgreSQL `similarity`, GIN", "ratio");
        IReadOnlyList<int> sizes = options.Accounts is { } only ? [only] : options.IsQuick ? [2_000] : [10_000, 100_000, 1_000_000];
        await using Trigrams? postgres = await Trigrams.OpenAsync();
        foreach (int size in sizes)
            await MeasureAsync(size, postgres);
        await new BatchBenchmarks(options, report).RunAsync();
    }

    private async Task MeasureAsync(int size, Trigrams? postgres)
    {
        Report.Note(string.Create(CultureInfo.InvariantCulture, $"matching among {size} accounts"));
        (List<Lead> leads, List<Lead> warmUp) = Make(size);
        long before = Heap();
        (AccountIndex index, double built) = Build(size);
        long bytes = Heap() - before;
        foreach (Lead lead in warmUp)
            LeadMatcher.Match(lead, index, MatchModel.Default);

        IReadOnlyList<Pass> passes = await Quiet.BestAsync(options, options.Repetitions, _ => Task.Run(() => Pass.Over(leads, index)));
        Stats rates = new(passes.Select(pass => pass.Rate));
        long after = Heap() - before;
        using var process = Process.GetCurrentProcess();
        double highest = process.PeakWorkingSet64;
        IReadOnlyDictionary<string, int> outcomes = passes[0].Outcomes;
        SnapshotLoading snapshot = await SnapshotLoading.WriteAsync(index);
        index = AccountIndex.Empty;
        Heap();
        Stats loaded = new(await Quiet.BestAsync(options, size >= 1_000_000 ? 1 : Math.Min(3, options.Repetitions), _ => snapshot.LoadAsync(size)));

        string[] names = [.. new InventedCompanies(Seed).Accounts(size).Select(account => account.Name)];
        string[] sample = [.. leads.Select(lead => lead.Submitted.Company).OfType<string>().Take(options.Count(size >= 1_000_000 ? 3 : size > 50_000 ? 10 : 40, 3))];
        double fuzzy = FuzzyRate(names, sample);
        (string trigrams, double trigramRate) = postgres is null ? ("not installed", double.NaN) : await postgres.MeasureAsync(names, leads, options);
        report.Row(
            size.ToString("N0", CultureInfo.InvariantCulture),
            $"p50 {Figure.Of(new Stats(passes.Select(pass => pass.Times.Median)).Median)} µs, p99 {Figure.Of(new Stats(passes.Select(pass => pass.Times.Percentile(0.99))).Median)} µs",
            Figure.Spread(rates, "/s"),
            $"{Figure.Of(passes[^1].Allocated)} bytes",
            $"{Figure.Of(built)} s",
            Figure.Megabytes(bytes),
            Figure.Megabytes(after),
            Figure.Megabytes(highest),
            $"{Figure.Megabytes(snapshot.Bytes)}, written in {Figure.Of(snapshot.Seconds)} s",
            Figure.Spread(loaded, "s"),
            string.Join(", ", outcomes.OrderByDescending(outcome => outcome.Value).Select(outcome => string.Create(CultureInfo.InvariantCulture, $"{100.0 * outcome.Value / leads.Count:0} % {outcome.Key.ToLowerInvariant()}"))),
            $"{Figure.Of(fuzzy)} leads/s ({sample.Length} leads)",
            $"{Figure.Of(rates.Median / fuzzy)} times as many",
            trigrams,
            double.IsNaN(trigramRate) ? "–" : $"{Figure.Of(rates.Median / trigramRate)} times as many");
    }

    private static (AccountIndex Index, double Seconds) Build(int size)
    {
        long begun = Stopwatch.GetTimestamp();
        AccountIndex index = AccountIndex.Build(new InventedCompanies(Seed).Accounts(size), [], 1);
        return (index, Stopwatch.GetElapsedTime(begun).TotalSeconds);
    }

    /// <summary>Leads of people at some of the accounts, so that not all accounts are in memory at once.</summary>
    private (List<Lead> Leads, List<Lead> WarmUp) Make(int size)
    {
        const int Enough = 40_000;
        int step = Math.Max(1, size / Enough);
        var directory = new InventedCompanies(Seed);
        Account[] some = [.. directory.Accounts(size).Where((_, i) => i % step == 0)];
        return (directory.Leads(some, options.Count(20_000, 500)), directory.Leads(some, options.Count(10_000, 200)));
    }

    /// <summary>Leads a second when the company's name is compared with every account's name, as fuzzy matching is often done.</summary>
    private static double FuzzyRate(string[] names, string[] sample)
    {
        Fuzzy.ExtractOne(sample[0], names.Take(1000));
        long begun = Stopwatch.GetTimestamp();
        foreach (string company in sample)
            Fuzzy.ExtractOne(company, names);
        return sample.Length / Stopwatch.GetElapsedTime(begun).TotalSeconds;
    }

    private static long Heap()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: true);
        return GC.GetTotalMemory(true);
    }

    /// <summary>All leads once, one after the other.</summary>
    /// <param name="Rate">Leads a second.</param>
    /// <param name="Times">Microseconds of each.</param>
    /// <param name="Allocated">Bytes for each lead, its answer included.</param>
    /// <param name="Outcomes">How many leads came to which end.</param>
    private sealed record Pass(double Rate, Stats Times, double Allocated, IReadOnlyDictionary<string, int> Outcomes)
    {
        public static Pass Over(List<Lead> leads, AccountIndex index)
        {
            // As they arrive: leads that nobody has read yet.
            Lead[] arriving = [.. leads.Select(lead => new Lead(lead.Id, lead.Submitted, lead.ReceivedAt))];
            var outcomes = new Dictionary<string, int>(StringComparer.Ordinal);
            var taken = new double[leads.Count];
            long allocated = GC.GetAllocatedBytesForCurrentThread();
            long begun = Stopwatch.GetTimestamp();
            for (int i = 0; i < arriving.Length; i++)
            {
                long from = Stopwatch.GetTimestamp();
                MatchDecision decision = LeadMatcher.Match(arriving[i], index, MatchModel.Default);
                taken[i] = Stopwatch.GetElapsedTime(from).TotalMicroseconds;
                string outcome = decision.GetType().Name;
                outcomes[outcome] = outcomes.GetValueOrDefault(outcome) + 1;
            }

            double rate = leads.Count / Stopwatch.GetElapsedTime(begun).TotalSeconds;
            return new Pass(rate, new Stats(taken), (double)(GC.GetAllocatedBytesForCurrentThread() - allocated) / leads.Count, outcomes);
        }
    }
}
