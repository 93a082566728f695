using System.Globalization;
using Abm.Benchmarks.Harness;
using Abm.Benchmarks.Intake;
using Abm.Benchmarks.Matching;
using Abm.Benchmarks.Plays;
using Abm.Benchmarks.Replays;
using Abm.Benchmarks.Runtime;

// dotnet run -c Release --project tests/Benchmarks -- [runtime|matching|intake|dryrun|plays|all] [--quick] [--accounts COUNT] [--plays COUNT] [--out FILE]
if (args is [WaitingChild.Command, var hub])
    return await WaitingChild.RunAsync(Environment.GetEnvironmentVariable("BENCHMARK_STORAGE") ?? "", hub);

string[] known = ["runtime", "matching", "intake", "dryrun", "plays"];
List<string> suites = [];
bool isQuick = false;
int? accounts = null;
int? plays = null;
string? path = null;
for (int i = 0; i < args.Length; i++)
{
    switch (args[i])
    {
        case "--quick": isQuick = true; break;
        case "--accounts" when i + 1 < args.Length && int.TryParse(args[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count >= 1_000:
            accounts = count;
            i++;
            break;
        case "--plays" when i + 1 < args.Length && int.TryParse(args[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out int open) && open >= 100:
            plays = open;
            i++;
            break;
        case "--out" when i + 1 < args.Length: path = args[++i]; break;
        case "all": suites.AddRange(known); break;
        case var suite when known.Contains(suite, StringComparer.Ordinal): suites.Add(suite); break;
        default:
            Console.Error.WriteLine($"'{args[i]}' is not understood. Usage: [runtime|matching|intake|dryrun|plays|all] [--quick] [--accounts COUNT] [--plays COUNT] [--out FILE]");
            return 2;
    }
}

if (suites.Count == 0)
    suites.AddRange(known);
var options = new BenchmarkOptions(isQuick, accounts, plays);
var report = new Report(Console.Out);
report.Line("# Benchmarks");
Machine.Describe(report, options);
foreach (string suite in suites.Distinct())
{
    string before = Machine.LoadAverage();
    Task running = suite switch
    {
        "runtime" => new RuntimeBenchmarks(options, report).RunAsync(),
        "matching" => new MatchingBenchmarks(options, report).RunAsync(),
        "dryrun" => new DryRunBenchmarks(options, report).RunAsync(),
        "plays" => new OpenPlaysBenchmarks(options, report).RunAsync(),
        _ => new IntakeBenchmarks(options, report).RunAsync(),
    };
    await running;
    report.Line("");
    report.Line($"Load average of the machine before and after: {before}; {Machine.LoadAverage()}. Other processes took at most {100 * Quiet.TakeWorst():0} % of the machine during a kept measurement.");
    if (path is not null)
        await File.WriteAllTextAsync(path, report.Text);
}

return 0;
