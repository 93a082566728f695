using Abm.Local.Hosting;
using Microsoft.Azure.Functions.Worker;

namespace Abm.Local.Tests.Worker;

/// <summary>The rarer rules of the timer trigger.</summary>
public sealed class TimerRulesTests
{
    public sealed class Breaks(Notes notes)
    {
        [Function("Breaks")]
        public void Run([TimerTrigger("%schedule%")] TimerInfo timer)
        {
            notes.Add($"next {timer.ScheduleStatus?.Next:HH:mm}");
            throw new InvalidOperationException("this time");
        }
    }

    public sealed class Unmonitored(Notes notes)
    {
        [Function("Unmonitored")]
        public void Run([TimerTrigger("%schedule%", UseMonitor = false)] TimerInfo timer) => notes.Add($"past due {timer.IsPastDue}, status {timer.ScheduleStatus is null}");
    }

    public sealed class EagerTicks(Notes notes)
    {
        [Function("EagerTicks")]
        public void Run([TimerTrigger("%schedule%", RunOnStartup = true)] TimerInfo timer) => notes.Add($"past due {timer.IsPastDue}");
    }

    public sealed class AsJson(Notes notes)
    {
        [Function("AsJson")]
        public void Run([TimerTrigger("%schedule%")] string timer) => notes.Add(timer);
    }

    [Fact]
    public async Task A_failed_run_waits_for_its_next_tick_and_is_logged_once()
    {
        var time = new ManualTime(TimerFunctionTests.Noon);
        await using TestApp app = await TestApp.StartAsync(TimerFunctionTests.For(TimerFunctionTests.NewHost(), time), typeof(Breaks));

        await TimerFunctionTests.AdvanceUntilAsync(app, time, TimeSpan.FromSeconds(30), 2);
        await Eventually.BeTrueAsync(() => app.Log.Entries.Count(entry => entry.Exception is not null) == 2, "both failures are logged");

        Assert.Equal(["next 12:05", "next 12:10"], app.Notes.Lines);
    }

    [Fact]
    public async Task A_timer_that_is_not_to_be_monitored_makes_up_for_nothing()
    {
        string host = TimerFunctionTests.NewHost();
        var time = new ManualTime(TimerFunctionTests.Noon);
        await using (TestApp before = await TestApp.StartAsync(TimerFunctionTests.For(host, time), typeof(Unmonitored)))
            await TimerFunctionTests.AdvanceUntilAsync(before, time, TimeSpan.FromSeconds(30), 1);
        time.Advance(TimeSpan.FromHours(1));

        await using TestApp after = await TestApp.StartAsync(TimerFunctionTests.For(host, time), typeof(Unmonitored));
        await TimerFunctionTests.AdvanceUntilAsync(after, time, TimeSpan.FromSeconds(30), 1);

        Assert.Equal(["past due False, status True"], after.Notes.Lines);
    }

    [Fact]
    public async Task A_missed_run_takes_the_place_of_the_run_at_the_start()
    {
        string host = TimerFunctionTests.NewHost();
        var time = new ManualTime(TimerFunctionTests.Noon);
        await using (TestApp before = await TestApp.StartAsync(TimerFunctionTests.For(host, time), typeof(EagerTicks)))
            await Eventually.BeTrueAsync(() => before.Notes.Lines.Count == 1, "the run at the start");
        time.Advance(TimeSpan.FromHours(1));

        await using TestApp after = await TestApp.StartAsync(TimerFunctionTests.For(host, time), typeof(EagerTicks));
        await TimerFunctionTests.AdvanceUntilAsync(after, time, TimeSpan.FromSeconds(30), 2);

        Assert.Equal(["past due True", "past due False"], after.Notes.Lines.Take(2));
    }

    [Fact]
    public async Task A_run_that_is_months_ahead_comes_on_its_day()
    {
        var time = new ManualTime(TimerFunctionTests.Noon);
        await using TestApp app = await TestApp.StartAsync(TimerFunctionTests.For(TimerFunctionTests.NewHost(), time, "0 0 0 1 1 *"), typeof(TimerFunctionTests.Ticks));

        await TimerFunctionTests.AdvanceUntilAsync(app, time, TimeSpan.FromDays(10), 1);

        Assert.InRange(time.GetUtcNow(), new DateTimeOffset(2027, 1, 1, 0, 0, 0, TimeSpan.Zero), new DateTimeOffset(2027, 1, 21, 0, 0, 0, TimeSpan.Zero));
    }

    [Fact]
    public async Task As_text_the_timer_is_camel_case_JSON()
    {
        var time = new ManualTime(TimerFunctionTests.Noon);
        await using TestApp app = await TestApp.StartAsync(TimerFunctionTests.For(TimerFunctionTests.NewHost(), time), typeof(AsJson));

        await TimerFunctionTests.AdvanceUntilAsync(app, time, TimeSpan.FromSeconds(30), 1);

        Assert.StartsWith("""{"scheduleStatus":{"last":""", app.Notes.Lines[0], StringComparison.Ordinal);
        Assert.EndsWith(""","isPastDue":false}""", app.Notes.Lines[0], StringComparison.Ordinal);
    }
}
