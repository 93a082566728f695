using Abm.Clocks;
using Abm.Configuration;
using Abm.Decisions;
using Abm.TestKit;
using static Abm.Shared.Tests.Clocks.BusinessCalendarTests;

namespace Abm.Shared.Tests.Clocks;

public sealed class ClockChangesTests
{
    private static readonly BusinessCalendar Nine = BusinessCalendar.From(Office("Etc/UTC"));
    private static readonly SlaPolicy Policy = new() { Name = "first-touch", Budget = TimeSpan.FromHours(4), PauseReasons = ["waitingForCustomer", "legalReview"] };

    private static readonly ClockRecord Clock = new()
    {
        ClockId = "clk-1",
        LeadId = A.Lead().Id,
        PlayId = "play-1",
        Policy = "first-touch",
        Scope = ClockScopes.Owner,
        State = ClockState.Running,
        StartedAt = Utc("2026-11-18T10:00"),
        ReceivedAt = Utc("2026-11-18T09:55"),
        DueAt = Utc("2026-11-18T14:00"),
        Budget = TimeSpan.FromHours(4),
        Calendar = "office",
        ConfigVersion = "v1",
        OwnerId = RepId.Parse("R1"),
    };

    [Fact]
    public void A_clock_is_paused_only_for_a_reason_that_its_policy_allows()
    {
        ClockAnswer.Refused refused = Assert.IsType<ClockAnswer.Refused>(ClockChanges.Pause(Clock, Policy, "lunch", "R1", Utc("2026-11-18T12:00")));

        Assert.Equal("unknownReason", refused.Code);
        Assert.Contains("waitingForCustomer, legalReview", refused.Says, StringComparison.Ordinal);
        Assert.Equal("unknownReason", Assert.IsType<ClockAnswer.Refused>(ClockChanges.Pause(Clock, null, "legalReview", "R1", Utc("2026-11-18T12:00"))).Code);
    }

    [Fact]
    public void The_time_that_remains_is_frozen_while_it_is_paused_and_the_former_deadline_is_kept()
    {
        ClockRecord paused = Changed(ClockChanges.Pause(Clock, Policy, "waitingForCustomer", "R1", Utc("2026-11-18T12:00")));
        ClockRecord resumed = Changed(ClockChanges.Resume(paused, null, "R2", Utc("2026-11-19T10:00"), Nine));

        Assert.Equal((ClockState.Paused, ClockState.Paused), (paused.State, paused.StateAt(Utc("2026-11-18T20:00"))));
        Assert.Equal((ClockState.Running, Utc("2026-11-19T12:00")), (resumed.State, resumed.DueAt));
        Assert.Equal(("resumed", Utc("2026-11-18T14:00")), (Assert.Single(resumed.History).Code, resumed.FirstDueAt));
        Assert.Equal(("R1", "R2"), (Assert.Single(resumed.Pauses).By, resumed.Pauses[0].ResumedBy));
    }

    [Fact]
    public void Pauses_inside_each_other_count_once_and_the_last_one_that_ends_lets_it_go_on()
    {
        ClockRecord clock = Changed(ClockChanges.Pause(Clock, Policy, "waitingForCustomer", "R1", Utc("2026-11-18T11:00")));
        clock = Changed(ClockChanges.Pause(clock, Policy, "legalReview", "R1", Utc("2026-11-18T12:00")));
        clock = Changed(ClockChanges.Resume(clock, "waitingForCustomer", "R1", Utc("2026-11-18T13:00"), Nine));
        Assert.Equal(ClockState.Paused, clock.State);

        clock = Changed(ClockChanges.Resume(clock, "legalReview", "R1", Utc("2026-11-18T14:00"), Nine));

        Assert.Equal((ClockState.Running, Utc("2026-11-18T17:00")), (clock.State, clock.DueAt));
    }

    [Fact]
    public void A_clock_is_paused_and_resumed_once_however_often_it_is_asked()
    {
        ClockRecord paused = Changed(ClockChanges.Pause(Clock, Policy, "legalReview", "R1", Utc("2026-11-18T11:00")));
        Assert.IsType<ClockAnswer.Unchanged>(ClockChanges.Pause(paused, Policy, "legalReview", "R1", Utc("2026-11-18T11:01")));

        ClockRecord resumed = Changed(ClockChanges.Resume(paused, "legalReview", "R1", Utc("2026-11-18T12:00"), Nine));
        Assert.IsType<ClockAnswer.Unchanged>(ClockChanges.Resume(resumed, "legalReview", "R1", Utc("2026-11-18T12:01"), Nine));
        Assert.Equal("notPaused", Refused(ClockChanges.Resume(Clock, null, "R1", Utc("2026-11-18T12:01"), Nine)));
    }

    [Fact]
    public void A_missed_or_stopped_clock_is_not_paused_and_no_change_lies_before_what_was()
    {
        Assert.Equal("breached", Refused(ClockChanges.Pause(Clock, Policy, "legalReview", "R1", Utc("2026-11-18T14:00"))));
        Assert.Equal("stopped", Refused(ClockChanges.Pause(ClockChanges.Touched(Clock, Utc("2026-11-18T11:00"), Utc("2026-11-18T11:00")), Policy, "legalReview", "R1", Utc("2026-11-18T12:00"))));
        Assert.Equal("outOfOrder", Refused(ClockChanges.Pause(Clock, Policy, "legalReview", "R1", Utc("2026-11-18T09:59"))));
        ClockRecord paused = Changed(ClockChanges.Pause(Clock, Policy, "legalReview", "R1", Utc("2026-11-18T12:00")));
        Assert.Equal("outOfOrder", Refused(ClockChanges.Resume(paused, null, "R1", Utc("2026-11-18T11:00"), Nine)));
    }

    [Fact]
    public void A_touch_told_after_the_deadline_and_dated_before_it_meets_the_clock_and_is_marked()
    {
        ClockRecord missed = ClockChanges.Breached(Clock, Utc("2026-11-18T14:00"))!;

        ClockRecord met = ClockChanges.Touched(missed, Utc("2026-11-18T13:30"), Utc("2026-11-18T15:00"));

        Assert.Equal((ClockState.Met, true), (met.State, met.IsReportedLate));
        Assert.Equal(Utc("2026-11-18T14:00"), met.BreachedAt); // that it was told as missed is not unsaid
        Assert.False(ClockChanges.Touched(Clock, Utc("2026-11-18T13:30"), Utc("2026-11-18T13:45")).IsReportedLate);
    }

    [Fact]
    public void A_policy_can_let_what_is_told_late_count_as_missed()
    {
        ClockRecord late = ClockChanges.Touched(Clock with { LateReports = LateReports.Breached }, Utc("2026-11-18T13:30"), Utc("2026-11-18T15:00"));

        Assert.Equal((ClockState.BreachedClosed, true), (late.State, late.IsReportedLate));
    }

    [Theory]
    [InlineData("2026-11-18T11:00", "2026-11-18T16:00")]
    [InlineData("2026-11-18T16:00", "2026-11-18T11:00")]
    public void The_earliest_touch_counts_in_whatever_order_they_are_told(string first, string second)
    {
        ClockRecord clock = ClockChanges.Touched(ClockChanges.Touched(Clock, Utc(first), Utc("2026-11-18T16:00")), Utc(second), Utc("2026-11-18T16:01"));

        Assert.Equal((ClockState.Met, Utc("2026-11-18T11:00")), (clock.State, clock.StoppedAt));
    }

    [Fact]
    public void A_touch_between_reception_and_routing_meets_the_clock_and_one_before_a_later_owners_clock_leaves_it_unanswered()
    {
        Assert.Equal(ClockState.Met, ClockChanges.Touched(Clock, Utc("2026-11-18T09:57"), Utc("2026-11-18T10:01")).State);

        ClockRecord second = ClockChanges.Touched(Clock with { ReceivedAt = null }, Utc("2026-11-18T09:57"), Utc("2026-11-18T10:01"));

        Assert.Equal((ClockState.Cancelled, Clock.StartedAt), (second.State, second.StoppedAt));
    }

    [Fact]
    public void A_breach_is_noted_once_and_not_for_a_clock_that_is_paused_or_was_moved()
    {
        Assert.Null(ClockChanges.Breached(Clock, Utc("2026-11-18T13:59")));
        ClockRecord missed = ClockChanges.Breached(Clock, Utc("2026-11-18T14:00"))!;
        Assert.Equal((ClockState.BreachedOpen, Clock.DueAt), (missed.State, missed.BreachedAt));
        Assert.Null(ClockChanges.Breached(missed, Utc("2026-11-18T15:00")));
        Assert.Null(ClockChanges.Breached(Changed(ClockChanges.Pause(Clock, Policy, "legalReview", "R1", Utc("2026-11-18T12:00"))), Utc("2026-11-18T15:00")));
        Assert.Null(ClockChanges.Breached(Clock with { DueAt = Utc("2026-11-20T14:00") }, Utc("2026-11-18T15:00")));
    }

    [Fact]
    public void A_clock_that_nobody_waits_for_is_cancelled_unless_it_was_missed_by_then()
    {
        Assert.Equal(ClockState.Cancelled, ClockChanges.Cancelled(Clock, Utc("2026-11-18T13:00")).State);
        Assert.Equal(ClockState.BreachedClosed, ClockChanges.Cancelled(Clock, Utc("2026-11-18T14:00")).State);
        ClockRecord met = ClockChanges.Touched(Clock, Utc("2026-11-18T11:00"), Utc("2026-11-18T11:00"));
        Assert.Same(met, ClockChanges.Cancelled(met, Utc("2026-11-18T12:00")));
    }

    private static ClockRecord Changed(ClockAnswer answer) => Assert.IsType<ClockAnswer.Changed>(answer).Clock;

    private static string Refused(ClockAnswer answer) => Assert.IsType<ClockAnswer.Refused>(answer).Code;
}
