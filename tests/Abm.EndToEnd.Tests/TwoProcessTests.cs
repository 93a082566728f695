using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Abm.TestKit;
using Azure.Data.Tables;

namespace Abm.EndToEnd.Tests;

/// <summary>Two processes of the app share one storage, and die without warning.</summary>
public sealed partial class TwoProcessTests
{
    /// <summary>Longer than a decision takes on a busy machine, or no timer would ever be waited for.</summary>
    private const int SoakBudget = 20;

    /// <summary>How far behind a machine may fall that is given more than it can do.</summary>
    private static readonly TimeSpan Backlog = TimeSpan.FromMinutes(20);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Of_two_processes_one_is_killed_and_the_other_finishes_everything_once()
    {
        Assert.SkipWhen(AbmClient.DeployedApp is not null, "A deployed app cannot be killed from here.");
        const int Count = 10;
        await using TwoProcesses both = await TwoProcesses.StartAsync(QuickPlays.Budget, Token);
        SharedWork work = new(both, Run.Name());
        Task[] posting = [.. Enumerable.Range(0, Count).Select(PostInTurnAsync)];
        await AbmClient.UntilAsync(
            () => Task.FromResult(both.Receiver.Deliveries.Count), told => told >= Count, Patience.OfBusyMachines, "The plays are under way", Token);

        both.Apps[0].Kill();

        await Task.WhenAll(posting);
        IReadOnlyList<string> wrong = await work.AuditAsync(Patience.OfBusyMachines, Token);
        Print(work);
        Assert.Empty(wrong);

        async Task PostInTurnAsync(int number)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(200 * number), Token); // all at once would be late with every step, and no timer would be waited for
            await work.PostAsync(number, Patience.OfBusyMachines, Token);
        }
    }

    /// <summary>Off unless <c>ABM_SOAK_SECONDS</c> says how long. <c>ABM_SOAK_RATE</c>: leads a second, default 2; <c>ABM_SOAK_SEED</c> repeats the kills of an earlier run.</summary>
    [Fact]
    public async Task Random_kills_of_either_process_under_load_lose_nothing_and_do_nothing_twice()
    {
        Assert.SkipWhen(AbmClient.DeployedApp is not null, "A deployed app cannot be killed from here.");
        double seconds = Number("ABM_SOAK_SECONDS", 0);
        Assert.SkipWhen(seconds <= 0, "It takes minutes: set ABM_SOAK_SECONDS (180 is what is asked of a release) to run it.");
        double rate = Math.Clamp(Number("ABM_SOAK_RATE", 2), 0.1, 20);
        int seed = (int)Number("ABM_SOAK_SEED", Environment.TickCount & 0xFFFF);
        Say($"seed {seed}, {seconds} s, {rate} leads a second");

        await using TwoProcesses both = await TwoProcesses.StartAsync(SoakBudget, Token);
        SharedWork work = new(both, Run.Name());
        using CancellationTokenSource over = CancellationTokenSource.CreateLinkedTokenSource(Token);
        using CancellationTokenSource watched = CancellationTokenSource.CreateLinkedTokenSource(Token);
        Task<IReadOnlySet<DateTimeOffset>> sweeps = WatchSweepsAsync(both, watched.Token);
        Task<int[]> killing = Task.WhenAll(both.Apps.Select((app, i) => KillAtRandomAsync(app, new Random(seed + i), over.Token)));

        long begun = Stopwatch.GetTimestamp();
        List<Task> posting = [];
        using (PeriodicTimer next = new(TimeSpan.FromSeconds(1 / rate)))
        {
            for (int number = 0; Stopwatch.GetElapsedTime(begun).TotalSeconds < seconds; number++)
            {
                posting.Add(work.PostAsync(number, Backlog, Token));
                await next.WaitForNextTickAsync(Token);
            }
        }

        await over.CancelAsync();
        work.Figures["kills"] = string.Join(" + ", await killing);
        List<string> wrong = [];
        try
        {
            await Task.WhenAll(posting);
        }
        catch (Exception late) when (late is TimeoutException or InvalidOperationException)
        {
            wrong.Add(late.Message);
        }

        wrong.AddRange(await work.AuditAsync(TimeSpan.FromMinutes(2), Token));
        await watched.CancelAsync();
        IReadOnlySet<DateTimeOffset> swept = await sweeps;
        work.Figures["runs of the minute timer"] = string.Join(' ', swept.Order().Select(at => at.ToString("HH:mm:ss", CultureInfo.InvariantCulture)));
        wrong.AddRange(SweepFaults(swept));
        double[] taken = [.. both.Apps.SelectMany(app => DecidedAfter().Matches(app.Output)).Select(match => double.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture) / 1000).Order()];
        work.Figures["from receipt to decision"] = string.Create(CultureInfo.InvariantCulture, $"median {taken.ElementAtOrDefault(taken.Length / 2):0.0} s, longest {taken.LastOrDefault():0.0} s");
        work.Figures["load average at the end"] = File.Exists("/proc/loadavg") ? (await File.ReadAllTextAsync("/proc/loadavg", Token)).Trim() : "not known on this system";
        Print(work);
        wrong.ForEach(Say);
        Assert.Empty(wrong);
    }

    /// <summary>Kills the process every 5 to 15 seconds and starts it again up to 4 seconds later; both may be gone at once. It runs when this ends.</summary>
    private static async Task<int> KillAtRandomAsync(AppProcess app, Random random, CancellationToken until)
    {
        for (int kills = 0; ; kills++)
        {
            try
            {
                await Task.Delay(TimeSpan.FromSeconds(5 + (random.NextDouble() * 10)), until);
            }
            catch (OperationCanceledException)
            {
                return kills;
            }

            app.Kill();
            await Task.Delay(TimeSpan.FromSeconds(random.NextDouble() * 4), Token);
            await app.RestartAsync(Token);
        }
    }

    /// <summary>Every run of the timer function that the runtime noted.</summary>
    private static async Task<IReadOnlySet<DateTimeOffset>> WatchSweepsAsync(TwoProcesses both, CancellationToken until)
    {
        TableClient timers = new TableServiceClient(both.Storage).GetTableClient("FunctionTimers");
        HashSet<DateTimeOffset> runs = [];
        while (true)
        {
            try
            {
                await Task.Delay(TimeSpan.FromMilliseconds(500), until);
                await foreach (TableEntity row in timers.QueryAsync<TableEntity>("RowKey eq 'SweepUndecided'", cancellationToken: until))
                {
                    if (row.GetDateTimeOffset("Last") is { } last)
                        runs.Add(last);
                }
            }
            catch (OperationCanceledException)
            {
                return runs;
            }
        }
    }

    /// <summary>The function runs at every full minute: once, be it late because its process was killed. The next one to run it may be killed too.</summary>
    private static IEnumerable<string> SweepFaults(IReadOnlySet<DateTimeOffset> runs)
    {
        long[] minutes = [.. runs.Select(at => at.UtcTicks / TimeSpan.TicksPerMinute).Order()];
        for (int i = 1; i < minutes.Length; i++)
        {
            if (minutes[i] == minutes[i - 1])
                yield return "The timer ran twice for one minute";
            if (minutes[i] > minutes[i - 1] + 2)
                yield return "The timer left out more than a minute";
        }

        if (minutes.Length == 0)
            yield return "The timer never ran";
    }

    private static double Number(string variable, double otherwise) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? double.Parse(text, CultureInfo.InvariantCulture) : otherwise;

    private static void Print(SharedWork work)
    {
        foreach ((string name, object value) in work.Figures)
            Say(string.Create(CultureInfo.InvariantCulture, $"{name}: {value}"));
    }

    [GeneratedRegex(@"decided: .* ([0-9.]+) ms after it was received", RegexOptions.CultureInvariant)]
    private static partial Regex DecidedAfter();

    private static void Say(string line) => TestContext.Current.TestOutputHelper!.WriteLine(line);
}
