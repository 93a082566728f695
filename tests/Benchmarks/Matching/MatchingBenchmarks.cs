using System.Diagnostics;
using System.Globalization;
using Abm.Accounts;
using Abm.Benchmarks.Harness;
using Abm.Leads;
using Abm.Matching;
using Abm.TestKit;
using Fuzzy = FuzzySharp.Process;

namespace Abm.Benchmarks.Matching;

/// <summary>The matcher on directories of invented accounts, on one thread, beside a plain fuzzy search over all names.</summary>
internal sealed class MatchingBenchmarks(BenchmarkOptions options, Report report)
{
    private const int Seed = 20_260_101;

    public async Task RunAsync()
    {
        report.Section("Matching");
        report.Line("Invented directories (seeded, with near-namesakes); one thread, every lead matched against the whole directory.");
        report.Table("accounts", "one lead", "leads a second", "index built in", "index with its accounts", "outcome of the leads", $"FuzzySharp `Process.ExtractOne` over all names", "ratio");
        int[] sizes = options.IsQuick ? [2_000] : options.WithMillion ? [10_000, 100_000, 1_000_000] : [10_000, 100_000];
        foreach (int size in sizes)
            await MeasureAsync(size);
    }

    private async Task MeasureAsync(int size)
    {
        Report.Note(string.Create(CultureInfo.InvariantCulture, $"matching among {size} accounts"));
        long before = Heap();
        (AccountIndex index, Stats built) = await BuildAsync(size);
        long bytes = Heap() - before;
        (List<Lead> leads, List<Lead> warmUp, string[] names) = Make(size);

        foreach (Lead lead in warmUp)
            LeadMatcher.Match(lead, index, MatchModel.Default);

        IReadOnlyList<Pass> passes = await Quiet.BestAsync(options, options.Repetitions, _ => Task.Run(() => Pass.Over(leads, index)));
        Stats rates = new(passes.Select(pass => pass.Rate));
        IReadOnlyDictionary<string, int> outcomes = passes[0].Outcomes;
        double rate = rates.Median;
        double fuzzy = await Quiet.OnceAsync(options, () => Task.Run(() => FuzzyRate(names, leads)));
        report.Row(
            size.ToString("N0", CultureInfo.InvariantCulture),
            $"p50 {Figure.Of(new Stats(passes.Select(pass => pass.Times.Median)).Median)} µs, p99 {Figure.Of(new Stats(passes.Select(pass => pass.Times.Percentile(0.99))).Median)} µs",
            Figure.Spread(rates, "/s"),
            Figure.Spread(built, "s"),
            Figure.Megabytes(bytes),
            string.Join(", ", outcomes.OrderByDescending(outcome => outcome.Value).Select(outcome => string.Create(CultureInfo.InvariantCulture, $"{100.0 * outcome.Value / leads.Count:0} % {outcome.Key.ToLowerInvariant()}"))),
            $"{Figure.Of(fuzzy)} leads/s",
            $"{Figure.Of(rate / fuzzy)} times as many");
        GC.KeepAlive(index);
    }

    /// <summary>Nothing of the making stays but the index.</summary>
    private async Task<(AccountIndex Index, Stats Built)> BuildAsync(int size)
    {
        List<Account> accounts = new InventedDirectory(Seed).Accounts(size);
        AccountIndex index = AccountIndex.Empty;
        IReadOnlyList<double> built = await Quiet.BestAsync(options, size >= 1_000_000 ? 1 : Math.Min(3, options.Repetitions), _ => Task.Run(() =>
        {
            index = AccountIndex.Empty;
            Heap();
            long begun = Stopwatch.GetTimestamp();
            index = AccountIndex.Build(accounts, [], 1);
            return Stopwatch.GetElapsedTime(begun).TotalSeconds;
        }));
        return (index, new Stats(built));
    }

    private (List<Lead> Leads, List<Lead> WarmUp, string[] Names) Make(int size)
    {
        var directory = new InventedDirectory(Seed);
        List<Account> accounts = directory.Accounts(size);
        return (directory.Leads(accounts, options.Count(20_000, 500)), directory.Leads(accounts, options.Count(5_000, 200)), [.. accounts.Select(account => account.Name)]);
    }

    /// <summary>Leads a second when the company's name is compared with every account's name, as fuzzy matching is often done.</summary>
    private double FuzzyRate(string[] names, List<Lead> leads)
    {
        string[] sample = [.. leads.Select(lead => lead.Submitted.Company).OfType<string>().Take(names.Length > 50_000 ? 5 : options.Count(20, 3))];
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
    /// <param name="Outcomes">How many leads came to which end.</param>
    private sealed record Pass(double Rate, Stats Times, IReadOnlyDictionary<string, int> Outcomes)
    {
        public static Pass Over(List<Lead> leads, AccountIndex index)
        {
            var outcomes = new Dictionary<string, int>(StringComparer.Ordinal);
            var taken = new double[leads.Count];
            long begun = Stopwatch.GetTimestamp();
            for (int i = 0; i < leads.Count; i++)
            {
                long from = Stopwatch.GetTimestamp();
                MatchDecision decision = LeadMatcher.Match(leads[i], index, MatchModel.Default);
                taken[i] = Stopwatch.GetElapsedTime(from).TotalMicroseconds;
                string outcome = decision.GetType().Name;
                outcomes[outcome] = outcomes.GetValueOrDefault(outcome) + 1;
            }

            return new Pass(leads.Count / Stopwatch.GetElapsedTime(begun).TotalSeconds, new Stats(taken), outcomes);
        }
    }
}
