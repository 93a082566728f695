using System.Diagnostics;
using System.Globalization;
using System.Net;
using Abm.Local.Hosting;
using Abm.TestKit;
using Azure.Data.Tables;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Timers;

namespace Abm.Local.Tests.Worker;

public sealed class TimerFunctionTests
{
    internal static readonly DateTimeOffset Noon = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);
    private static int s_hosts;

    public sealed class Ticks(Notes notes)
    {
        [Function("Ticks")]
        public void Run([TimerTrigger("%schedule%")] TimerInfo timer) =>
            notes.Add($"past due {timer.IsPastDue}, last {timer.ScheduleStatus?.Last:HH:mm:ss}, next {timer.ScheduleStatus?.Next:HH:mm:ss}");
    }

    public sealed class AtStart(Notes notes)
    {
        [Function("AtStart")]
        public void Run([TimerTrigger("0 0 0 1 1 *", RunOnStartup = true)] TimerInfo timer) => notes.Add("started");
    }

    public sealed class Frequent(Notes notes)
    {
        [Function("Frequent")]
        public void Run([TimerTrigger("*/10 * * * * *")] TimerInfo timer) => notes.Add($"status {timer.ScheduleStatus is null}");
    }

    public sealed class Retries(Notes notes)
    {
        [Function("Retries")]
        [ExponentialBackoffRetry(3, "00:00:10", "00:00:30")]
        public void Run([TimerTrigger("0 0 * * * *")] TimerInfo timer, FunctionContext context)
        {
            notes.Add($"{context.RetryContext.RetryCount} of {context.RetryContext.MaxRetryCount}");
            throw new InvalidOperationException("always");
        }
    }

    public sealed class Held(Notes notes, QueueFunctionTests.Gate gate)
    {
        [Function("Held")]
        public async Task Run([TimerTrigger("0 * * * * *")] TimerInfo timer)
        {
            notes.Add($"next {timer.ScheduleStatus?.Next:HH:mm:ss}");
            await gate.PassAsync();
        }
    }

    [Theory]
    [InlineData("0 */5 * * * *", "2026-03-02T12:00:00Z", "2026-03-02T12:05:00Z")]
    [InlineData("*/5 * * * *", "2026-03-02T12:00:00Z", "2026-03-02T12:05:00Z")]
    [InlineData("30 0 8 * * 1-5", "2026-03-06T12:00:00Z", "2026-03-09T08:00:30Z")]
    [InlineData("00:00:45", "2026-03-02T12:00:00Z", "2026-03-02T12:00:45Z")]
    [InlineData("0 0 0 29 2 *", "2026-03-02T12:00:00Z", "2028-02-29T00:00:00Z")]
    public void The_next_run_is_after_the_instant_in_UTC(string schedule, string after, string next)
    {
        DateTimeOffset found = TimerSchedule.Parse(schedule, "f").Next(DateTimeOffset.Parse(after, CultureInfo.InvariantCulture));

        Assert.Equal(DateTimeOffset.Parse(next, CultureInfo.InvariantCulture), found);
    }

    [Theory]
    [InlineData("")]
    [InlineData("every day")]
    [InlineData("0 0 25 * * *")]
    [InlineData("0 0 0 30 2 *")]
    [InlineData("0 0 0 L * *")]
    [InlineData("00:00:00")]
    public void A_schedule_that_is_none_or_never_comes_is_refused_by_function(string schedule)
    {
        var refused = Assert.Throws<LocalRuntimeException>(() => TimerSchedule.Parse(schedule, "App.Reports.Run"));

        Assert.StartsWith("App.Reports.Run: ", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
    }

    [Fact]
    public async Task A_timer_runs_at_each_tick_and_its_status_says_where_it_stands()
    {
        var time = new ManualTime(Noon);
        await using TestApp app = await TestApp.StartAsync(For(NewHost(), time), typeof(Ticks));

        await AdvanceUntilAsync(app, time, TimeSpan.FromSeconds(30), 2);

        Assert.Equal("past due False, last 00:00:00, next 12:05:00", app.Notes.Lines[0]);
        Assert.Equal("past due False, last 12:05:00, next 12:10:00", app.Notes.Lines[1]);
    }

    [Fact]
    public async Task A_run_missed_while_the_app_was_down_is_made_up_for_once()
    {
        string host = NewHost();
        var time = new ManualTime(Noon);
        await using (TestApp before = await TestApp.StartAsync(For(host, time), typeof(Ticks)))
            await AdvanceUntilAsync(before, time, TimeSpan.FromSeconds(30), 1);
        time.Advance(TimeSpan.FromHours(1));

        await using TestApp after = await TestApp.StartAsync(For(host, time), typeof(Ticks));
        await Eventually.BeTrueAsync(() => after.Notes.Lines.Count == 1, "the missed run");
        await AdvanceUntilAsync(after, time, TimeSpan.FromSeconds(30), 2);

        Assert.Equal("past due True, last 12:05:00, next 12:10:00", after.Notes.Lines[0]);
        Assert.StartsWith("past due False", after.Notes.Lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_changed_schedule_is_no_missed_run()
    {
        string host = NewHost();
        var time = new ManualTime(Noon);
        await using (TestApp before = await TestApp.StartAsync(For(host, time), typeof(Ticks)))
            await AdvanceUntilAsync(before, time, TimeSpan.FromSeconds(30), 1);
        time.Advance(TimeSpan.FromMinutes(20));

        await using TestApp after = await TestApp.StartAsync(For(host, time, "0 0 18 * * *"), typeof(Ticks));
        await AdvanceUntilAsync(after, time, TimeSpan.FromMinutes(10), 1);

        Assert.Equal("past due False, last 12:05:00, next 18:00:00", after.Notes.Lines[0]);
    }

    [Fact]
    public async Task Ticks_missed_during_a_long_run_collapse_into_one()
    {
        var gate = new QueueFunctionTests.Gate();
        var time = new ManualTime(Noon);
        await using TestApp app = await TestApp.StartAsync(For(NewHost(), time, gate: gate), typeof(Held));
        await AdvanceUntilAsync(app, time, TimeSpan.FromSeconds(10), 1);

        time.Advance(TimeSpan.FromMinutes(30));
        gate.Open.SetResult();
        await Eventually.BeTrueAsync(() => app.Notes.Lines.Count == 2, "the collapsed run");
        int afterLongRun = app.Notes.Lines.Count;
        await AdvanceUntilAsync(app, time, TimeSpan.FromSeconds(10), 3);

        Assert.Equal(2, afterLongRun);
        Assert.Equal(1, gate.Most);
        Assert.Equal("next 12:32:00", app.Notes.Lines[2]);
    }

    [Fact]
    public async Task A_timer_may_run_at_each_start()
    {
        string host = NewHost();
        var time = new ManualTime(Noon);
        for (int start = 0; start < 2; start++)
        {
            await using TestApp app = await TestApp.StartAsync(For(host, time), typeof(AtStart));
            await Eventually.BeTrueAsync(() => app.Notes.Lines.Count == 1, "the run at start");
        }
    }

    [Fact]
    public async Task A_timer_more_often_than_each_minute_is_not_monitored()
    {
        var time = new ManualTime(Noon);
        await using TestApp app = await TestApp.StartAsync(For(NewHost(), time), typeof(Frequent));

        await AdvanceUntilAsync(app, time, TimeSpan.FromSeconds(5), 1);

        Assert.Equal("status True", app.Notes.Lines[0]);
    }

    [Fact]
    public async Task A_retry_policy_runs_a_failed_timer_again_and_logs_it_once()
    {
        var time = new ManualTime(Noon);
        await using TestApp app = await TestApp.StartAsync(For(NewHost(), time), typeof(Retries));
        await AdvanceUntilAsync(app, time, TimeSpan.FromMinutes(10), 1);

        await AdvanceUntilAsync(app, time, TimeSpan.FromSeconds(1), 4);
        await Eventually.BeTrueAsync(() => app.Log.Entries.Any(entry => entry.Exception is not null), "the failure is logged");

        Assert.Equal(["0 of 3", "1 of 3", "2 of 3", "3 of 3"], app.Notes.Lines);
        Assert.Single(app.Log.Entries, entry => entry.Exception is not null);
    }

    [Theory]
    [InlineData(0, 10)]
    [InlineData(1, 20)]
    [InlineData(2, 30)]
    [InlineData(60, 30)]
    public void Exponential_waits_double_up_to_their_maximum(int retry, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), new ExponentialBackoffRetryAttribute(-1, "00:00:10", "00:00:30").DelayBefore(retry));

    [Fact]
    public void A_retry_interval_must_be_a_time_and_the_minimum_below_the_maximum()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new FixedDelayRetryAttribute(1, "-00:00:01"));
        Assert.Throws<ArgumentOutOfRangeException>(() => new FixedDelayRetryAttribute(1, "soon"));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ExponentialBackoffRetryAttribute(1, "00:01:00", "00:00:10"));
    }

    [Fact]
    public async Task A_timer_function_can_be_started_by_hand()
    {
        await using TestApp app = await TestApp.StartAsync(For(NewHost(), new ManualTime(Noon)), typeof(Ticks));

        using HttpResponseMessage response = await app.Http.PostAsync("/admin/functions/ticks", null);

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        await Eventually.BeTrueAsync(() => app.Notes.Lines.Count == 1, "the run by hand");
    }

    [Fact]
    public async Task Of_two_processes_one_runs_the_timers_and_the_other_takes_over_when_it_stops()
    {
        string host = NewHost();
        var time = new ManualTime(Noon);
        await using TestApp one = await TestApp.StartAsync(For(host, time), typeof(Ticks));
        await AdvanceUntilAsync(one, time, TimeSpan.FromSeconds(30), 1);
        await using TestApp two = await TestApp.StartAsync(For(host, time), typeof(Ticks));

        await AdvanceUntilAsync(one, time, TimeSpan.FromSeconds(3), 2);
        int runsOfTwoWhileOneRuns = two.Notes.Lines.Count;
        await one.StopAsync();
        await AdvanceUntilAsync(two, time, TimeSpan.FromSeconds(3), 1);

        Assert.Equal(0, runsOfTwoWhileOneRuns);
        Assert.StartsWith("past due False, last 12:10:00", two.Notes.Lines[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_lease_that_is_not_renewed_is_taken_over_after_its_length_and_the_former_owner_notices()
    {
        var time = new ManualTime(Noon);
        TableClient table = await TableAsync();
        string host = NewHost();
        var first = new TimerLease(table, host, "first", time);
        var second = new TimerLease(table, host, "second", time);

        Assert.True(await first.TryTakeAsync(default));
        Assert.False(await second.TryTakeAsync(default));
        time.Advance(TimerLease.Length / 2);
        Assert.True(await first.TryRenewAsync(default));
        time.Advance(TimerLease.Length / 2);
        Assert.False(await second.TryTakeAsync(default)); // renewed meanwhile
        time.Advance(TimerLease.Length);
        Assert.True(await second.TryTakeAsync(default));
        Assert.False(await first.TryRenewAsync(default));

        await second.ReleaseAsync(default);
        Assert.True(await first.TryTakeAsync(default));
    }

    [Fact]
    public async Task A_lease_whose_process_is_gone_from_this_machine_is_taken_over_at_once()
    {
        var time = new ManualTime(Noon);
        TableClient table = await TableAsync();
        string host = NewHost();
        string[] parts = ProcessName.ForThisProcess().Split('.');
        var killed = new TimerLease(table, host, $"{parts[0]}.{int.MaxValue}.{parts[2]}.{parts[3]}", time);
        var next = new TimerLease(table, host, ProcessName.ForThisProcess(), time);
        var third = new TimerLease(table, host, ProcessName.ForThisProcess(), time);

        Assert.True(await killed.TryTakeAsync(default));
        Assert.True(await next.TryTakeAsync(default));
        Assert.False(await third.TryTakeAsync(default)); // its holder lives
    }

    internal static TestAppSetup For(string host, ManualTime time, string schedule = "0 */5 * * * *", QueueFunctionTests.Gate? gate = null) => new()
    {
        Settings = new() { ["schedule"] = schedule, ["AzureFunctionsWebHost:hostId"] = host },
        Time = time,
        Configure = builder => Microsoft.Extensions.DependencyInjection.ServiceCollectionServiceExtensions.AddSingleton(builder.Services, gate ?? new QueueFunctionTests.Gate()),
    };

    internal static string NewHost() => FormattableString.Invariant($"host{Interlocked.Increment(ref s_hosts)}");

    /// <summary>Moves the clock step by step until the app has run so often. What a step set going has to come to rest before the next one:
    /// else a slow machine lets hours pass between a timer and the function that it runs.</summary>
    internal static Task AdvanceUntilAsync(TestApp app, ManualTime time, TimeSpan step, int runs)
    {
        const int idleTimers = 2; // the listener's and the lease's
        long begunAt = Stopwatch.GetTimestamp();
        long restsSince = begunAt;
        int seen = time.Changes;
        bool isMoving = true;
        return Eventually.BeTrueAsync(
            () =>
            {
                if (app.Notes.Lines.Count >= runs)
                    return true;
                if (time.Changes != seen)
                    (seen, restsSince) = (time.Changes, Stopwatch.GetTimestamp());
                bool isComplete = time.Waiting >= idleTimers || Stopwatch.GetElapsedTime(begunAt) > TimeSpan.FromSeconds(3);
                if (isMoving && (!isComplete || Stopwatch.GetElapsedTime(restsSince) < TimeSpan.FromMilliseconds(100)))
                    return false;
                time.Advance(step);
                isMoving = time.Changes != seen;
                return false;
            },
            $"run {runs}");
    }

    private static async Task<TableClient> TableAsync()
    {
        TableClient table = new(await SharedAzurite.ConnectionStringAsync(), TableTimerStore.TableName);
        await table.CreateIfNotExistsAsync();
        return table;
    }
}
