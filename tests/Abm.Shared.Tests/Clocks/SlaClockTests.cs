using Abm.Clocks;
using static Abm.Shared.Tests.Clocks.BusinessCalendarTests;

namespace Abm.Shared.Tests.Clocks;

public sealed class SlaClockTests
{
    private static readonly BusinessCalendar Nine = BusinessCalendar.From(Office("Etc/UTC"));
    private static readonly SlaClock Clock = SlaClock.Start("first-touch", TimeSpan.FromHours(4), Nine, Utc("2026-11-18T10:00"));

    [Fact]
    public void A_clock_runs_until_its_deadline_and_is_missed_at_it()
    {
        Assert.Equal(Utc("2026-11-18T14:00"), Clock.DueAt);
        Assert.Equal(ClockState.Running, Clock.StateAt(Clock.DueAt.AddTicks(-1)));
        Assert.Equal(ClockState.BreachedOpen, Clock.StateAt(Clock.DueAt));
    }

    [Fact]
    public void A_touch_before_the_deadline_meets_it_for_good()
    {
        SlaClock met = Clock.Meet(Utc("2026-11-18T13:59"));

        Assert.Equal(ClockState.Met, met.StateAt(Utc("2026-12-01T00:00")));
        Assert.Same(met, met.Meet(Utc("2026-11-19T10:00")));
        Assert.Same(met, met.Cancel(Utc("2026-11-19T10:00")));
    }

    [Fact]
    public void A_missed_clock_is_measured_on_until_it_is_stopped()
    {
        SlaClock late = Clock.Meet(Utc("2026-11-19T10:00"));

        Assert.Equal(TimeSpan.FromHours(7), Clock.WorkedAt(Utc("2026-11-18T20:00"), Nine));
        Assert.Equal(ClockState.BreachedClosed, late.StateAt(Utc("2026-11-20T10:00")));
        Assert.Equal(TimeSpan.FromHours(8), late.WorkedAt(Utc("2026-11-25T10:00"), Nine));
        Assert.Equal(ClockState.BreachedClosed, Clock.Cancel(Utc("2026-11-19T10:00")).StateAt(Utc("2026-11-20T10:00")));
    }

    [Fact]
    public void A_pause_moves_the_deadline_by_the_working_time_that_it_lasted()
    {
        SlaClock paused = Clock.Pause("waiting for the customer", Utc("2026-11-18T12:00"));
        SlaClock resumed = paused.Resume("waiting for the customer", Utc("2026-11-19T10:00"), Nine);

        Assert.Equal(ClockState.Paused, paused.StateAt(Utc("2026-11-18T23:00")));
        Assert.Equal(TimeSpan.FromHours(2), paused.WorkedAt(Utc("2026-11-19T09:30"), Nine));
        Assert.Equal(Utc("2026-11-19T12:00"), resumed.DueAt);
        Assert.Equal(ClockState.Running, resumed.StateAt(Utc("2026-11-19T11:59")));
    }

    [Fact]
    public void Pauses_inside_each_other_count_once()
    {
        SlaClock clock = Clock
            .Pause("customer", Utc("2026-11-18T11:00"))
            .Pause("legal", Utc("2026-11-18T12:00"))
            .Resume("customer", Utc("2026-11-18T13:00"), Nine);

        Assert.Equal(ClockState.Paused, clock.StateAt(Utc("2026-11-18T13:30")));
        SlaClock resumed = clock.Resume("legal", Utc("2026-11-18T14:00"), Nine);
        Assert.Equal(Utc("2026-11-18T17:00"), resumed.DueAt); // three of four hours remain at 14:00
        Assert.Equal(TimeSpan.FromHours(1), resumed.WorkedAt(Utc("2026-11-18T14:00"), Nine));
    }

    [Fact]
    public void A_missed_clock_cannot_be_paused()
    {
        Assert.Same(Clock, Clock.Pause("too late", Utc("2026-11-18T14:00")));
    }

    [Fact]
    public void A_deadline_explains_its_pauses_too()
    {
        SlaClock clock = Clock.Pause("customer", Utc("2026-11-18T12:00")).Resume("customer", Utc("2026-11-18T16:00"), Nine);

        SlaDeadline deadline = clock.Explain(Nine);

        Assert.Equal(Utc("2026-11-19T10:00"), deadline.DueAt);
        Assert.Equal(["open", "paused: customer", "open", "closed", "open"], deadline.Intervals.Select(i => i.Why));
        Assert.Equal(deadline.DueAt, deadline.Intervals[^1].Until);
        Assert.Equal(TimeSpan.FromHours(4), deadline.Intervals.Where(i => i.IsCounted).Aggregate(TimeSpan.Zero, (sum, i) => sum + (i.Until - i.From)));
    }

    [Theory]
    [InlineData(ClockState.Running, "running")]
    [InlineData(ClockState.Paused, "paused")]
    [InlineData(ClockState.Met, "met")]
    [InlineData(ClockState.BreachedOpen, "breached")]
    [InlineData(ClockState.BreachedClosed, "breached")]
    [InlineData(ClockState.Cancelled, "cancelled")]
    public void States_have_five_names_on_the_outside(ClockState state, string text) => Assert.Equal(text, state.Text());
}
