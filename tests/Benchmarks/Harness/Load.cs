using System.Diagnostics;

namespace Abm.Benchmarks.Harness;

/// <summary>Does one thing many times.</summary>
internal static class Load
{
    /// <summary>How many things a second are done when so many are done at a time.</summary>
    public static async Task<double> RateAsync(int count, int concurrency, Func<int, Task> act)
    {
        long begun = Stopwatch.GetTimestamp();
        await ManyAsync(count, concurrency, act);
        return count / Stopwatch.GetElapsedTime(begun).TotalSeconds;
    }

    /// <summary>Does it so often, so many at a time.</summary>
    public static async Task ManyAsync(int count, int concurrency, Func<int, Task> act)
    {
        int next = -1;
        await Task.WhenAll(Enumerable.Range(0, Math.Min(count, concurrency)).Select(_ => Task.Run(async () =>
        {
            for (int i = Interlocked.Increment(ref next); i < count; i = Interlocked.Increment(ref next))
                await act(i);
        })));
    }

    /// <summary>How long each takes in milliseconds, one after the other.</summary>
    public static async Task<List<double>> LatenciesAsync(int count, Func<int, Task> act)
    {
        var taken = new List<double>(count);
        for (int i = 0; i < count; i++)
        {
            long begun = Stopwatch.GetTimestamp();
            await act(i);
            taken.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
        }

        return taken;
    }

    /// <summary>Measures once to warm up and then so often as asked for, in quiet moments.</summary>
    public static async Task<Stats> RepeatAsync(BenchmarkOptions options, Func<int, Task<double>> measure)
    {
        if (!options.IsQuick)
            await measure(-1);
        return new Stats(await Quiet.BestAsync(options, options.Repetitions, measure));
    }
}
