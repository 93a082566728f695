using System.Diagnostics;
using System.Globalization;

namespace Abm.Benchmarks.Harness;

/// <summary>
/// Keeps what other processes of the machine do out of the figures: waits for a quiet moment before a measurement and takes it again when others
/// worked meanwhile. Needs <c>/proc</c>; elsewhere everything counts as quiet.
/// </summary>
internal static class Quiet
{
    /// <summary>More than this share of all processors' time taken by others, and a measurement is taken again.</summary>
    private const double Tolerable = 0.1;

    /// <summary>How often a measurement is taken again, at most.</summary>
    private const int Again = 4;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan PatienceOfTheRun = TimeSpan.FromMinutes(12);
    private static TimeSpan _waited;
    private static double _worst;

    /// <summary>The largest share of all processors' time that others took during a measurement that was kept; starts anew with each question.</summary>
    public static double TakeWorst() => Interlocked.Exchange(ref _worst, 0);

    /// <summary>Measures until so many measurements were not disturbed, or a few more were tried; the least disturbed are kept.</summary>
    public static async Task<IReadOnlyList<T>> BestAsync<T>(BenchmarkOptions options, int wanted, Func<int, Task<T>> measure)
    {
        var tried = new List<(T Value, double Others)>();
        int attempts = options.IsQuick ? wanted : wanted + Again;
        for (int i = 0; i < attempts && tried.Count(one => one.Others <= Tolerable) < wanted; i++)
        {
            if (!options.IsQuick)
                await WaitAsync();
            Ticks before = Ticks.Now();
            T value = await measure(i);
            double others = Ticks.Now().OthersSince(before);
            tried.Add((value, others));
            if (others > Tolerable)
                Report.Note(string.Create(CultureInfo.InvariantCulture, $"other processes took {100 * others:0} % of the machine during this measurement"));
        }

        (T Value, double Others)[] kept = [.. tried.OrderBy(one => Math.Max(one.Others, Tolerable)).Take(wanted)];
        _worst = Math.Max(_worst, kept.Max(one => one.Others));
        return [.. kept.Select(one => one.Value)];
    }

    /// <summary>One measurement, the least disturbed of a few.</summary>
    public static async Task<T> OnceAsync<T>(BenchmarkOptions options, Func<Task<T>> measure) => (await BestAsync(options, 1, _ => measure()))[0];

    private static async Task WaitAsync()
    {
        long begun = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(begun) < Patience && _waited < PatienceOfTheRun)
        {
            Ticks before = Ticks.Now();
            await Task.Delay(TimeSpan.FromMilliseconds(400));
            if (Ticks.Now().OthersSince(before) <= Tolerable)
                return;
            _waited += TimeSpan.FromMilliseconds(400);
        }
    }

    /// <summary>Processor time in ticks since the machine was started.</summary>
    /// <param name="All">Of all processors, idle time included.</param>
    /// <param name="Busy">What anybody used.</param>
    /// <param name="Own">What this process and those it started used.</param>
    private readonly record struct Ticks(double All, double Busy, double Own)
    {
        public static Ticks Now()
        {
            if (!File.Exists("/proc/stat"))
                return default;

            // user nice system idle iowait irq softirq steal: the rest is contained in these.
            double[] cpu = [.. File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1).Take(8).Select(Number)];
            return new Ticks(cpu.Sum(), cpu.Sum() - cpu[3] - cpu[4], OwnTicks());
        }

        public double OthersSince(Ticks before)
        {
            double all = All - before.All;
            return all <= 0 ? 0 : Math.Max(0, (Busy - before.Busy - (Own - before.Own)) / all);
        }

        private static double OwnTicks()
        {
            var processes = new Dictionary<int, (int Parent, double Used)>();
            foreach (string folder in Directory.EnumerateDirectories("/proc"))
            {
                if (!int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out int id))
                    continue;
                try
                {
                    string line = File.ReadAllText(Path.Combine(folder, "stat"));
                    string[] fields = line[(line.LastIndexOf(')') + 2)..].Split(' ');

                    // Of itself and of the processes it started that have ended.
                    processes[id] = (int.Parse(fields[1], CultureInfo.InvariantCulture), Number(fields[11]) + Number(fields[12]) + Number(fields[13]) + Number(fields[14]));
                }
                catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
                {
                    // It ended meanwhile.
                }
            }

            return processes.Where(process => IsOwn(process.Key)).Sum(process => process.Value.Used);

            bool IsOwn(int id)
            {
                for (int depth = 0; depth < 32 && processes.TryGetValue(id, out (int Parent, double Used) process); depth++)
                {
                    if (id == Environment.ProcessId)
                        return true;
                    id = process.Parent;
                }

                return false;
            }
        }

        private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
    }
}
