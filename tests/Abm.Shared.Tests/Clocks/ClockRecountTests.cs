using Abm.Clocks;
using Abm.Configuration;
using Abm.Decisions;
using Abm.People;
using Abm.TestKit;
using static Abm.Shared.Tests.Clocks.BusinessCalendarTests;

namespace Abm.Shared.Tests.Clocks;

public sealed class ClockRecountTests
{
    private static readonly Rep Ann = new() { Id = RepId.Parse("R1"), Name = "Ann", Calendar = "office" };
    private static readonly DateTimeOffset Start = Utc("2026-11-18T16:00");
    private static readonly AbmConfig Before = Config(Office("Etc/UTC"), TimeSpan.FromHours(4), "v1");
    private static readonly AbmConfig WithHoliday = Config(Office("Etc/UTC") with { Holidays = [new Holiday { Name = "St Martin", Date = new DateOnly(2026, 11, 19) }] }, TimeSpan.FromHours(4), "v2");
    private static readonly ClockRecord Clock = Started(Before);

    [Fact]
    public void A_holiday_that_is_added_moves_an_open_deadline_and_the_old_one_is_kept()
    {
        RecountedClock counted = ClockRecount.Of(Clock, Ann, WithHoliday, Utc("2026-11-18T16:30"));

        Assert.Equal((RecountOutcome.Moved, Utc("2026-11-20T12:00"), "v2"), (counted.Outcome, counted.After.DueAt, counted.After.ConfigVersion));
        DeadlineChange change = Assert.Single(counted.After.History);
        Assert.Equal((Utc("2026-11-19T12:00"), "calendar", "v1"), (change.DueAt, change.Code, change.ConfigVersion));
        Assert.Contains("Thu 19 Nov closed: holiday 'St Martin'.", DeadlineWords.Of(counted.After.Counted.Explain(ClockChanges.CalendarOf(counted.After, WithHoliday))));
    }

    [Fact]
    public void Counting_again_by_the_same_rules_moves_nothing()
    {
        ClockRecord moved = ClockRecount.Of(Clock, Ann, WithHoliday, Utc("2026-11-18T16:30")).After;

        Assert.Equal(RecountOutcome.Same, ClockRecount.Of(moved, Ann, WithHoliday, Utc("2026-11-18T16:31")).Outcome);
        Assert.Equal(RecountOutcome.Same, ClockRecount.Of(Clock, Ann, Before, Utc("2026-11-18T16:31")).Outcome);
    }

    [Fact]
    public void A_policy_that_allows_more_or_other_hours_moves_the_deadline_too()
    {
        RecountedClock longer = ClockRecount.Of(Clock, Ann, Config(Office("Etc/UTC"), TimeSpan.FromHours(8), "v2"), Utc("2026-11-18T16:30"));
        AbmConfig always = Before with { Version = "v2", SlaPolicies = Policies(new SlaPolicy { Name = "touch", Budget = TimeSpan.FromHours(4), Hours = SlaHours.Always }) };
        RecountedClock clock = ClockRecount.Of(Clock, Ann, always, Utc("2026-11-18T16:30"));

        Assert.Equal((Utc("2026-11-19T16:00"), "policy"), (longer.After.DueAt, longer.After.History[0].Code));
        Assert.Equal((Utc("2026-11-18T20:00"), "policy", "always"), (clock.After.DueAt, clock.After.History[0].Code, clock.After.Calendar));
    }

    [Fact]
    public void A_change_of_rules_makes_nobody_late()
    {
        RecountedClock shorter = ClockRecount.Of(Clock, Ann, Config(Office("Etc/UTC"), TimeSpan.FromMinutes(30), "v2"), Utc("2026-11-18T16:45"));

        Assert.Equal((RecountOutcome.WouldBePast, Utc("2026-11-18T16:30")), (shorter.Outcome, shorter.WouldBeDueAt));
        Assert.Same(Clock, shorter.After);
    }

    [Fact]
    public void What_is_finished_or_missed_stays_as_it_was()
    {
        ClockRecord met = ClockChanges.Touched(Clock, Utc("2026-11-18T16:30"), Utc("2026-11-18T16:30"));

        Assert.Equal(RecountOutcome.Finished, ClockRecount.Of(met, Ann, WithHoliday, Utc("2026-11-18T16:40")).Outcome);
        Assert.Equal(RecountOutcome.Breached, ClockRecount.Of(Clock, Ann, WithHoliday, Clock.DueAt).Outcome);
        Assert.Equal(RecountOutcome.NoPolicy, ClockRecount.Of(Clock, Ann, Before with { Version = "v2", SlaPolicies = SlaPolicy.Defaults }, Utc("2026-11-18T16:40")).Outcome);
    }

    [Fact]
    public void A_paused_clock_is_counted_anew_as_well()
    {
        ClockRecord paused = ((ClockAnswer.Changed)ClockChanges.Pause(Clock, Before.SlaPolicies["touch"], "legalReview", "R1", Utc("2026-11-18T16:30"))).Clock;

        ClockRecord counted = ClockRecount.Of(paused, Ann, WithHoliday, Utc("2026-11-18T17:30")).After;
        ClockRecord resumed = ((ClockAnswer.Changed)ClockChanges.Resume(counted, null, "R1", Utc("2026-11-23T09:00"), ClockChanges.CalendarOf(counted, WithHoliday))).Clock;

        Assert.Equal((ClockState.Paused, Utc("2026-11-20T12:00")), (counted.State, counted.DueAt));
        Assert.Equal(Utc("2026-11-23T12:30"), resumed.DueAt);
    }

    [Fact]
    public void A_calendar_that_was_closed_for_good_moves_nothing_and_is_not_looped_over()
    {
        AbmConfig closed = Config(Office("Etc/UTC") with { Holidays = [.. Enumerable.Range(0, 366).Select(d => new Holiday { Name = "Off", Date = new DateOnly(2024, 1, 1).AddDays(d), EveryYear = true })] }, TimeSpan.FromHours(4), "v2");

        Assert.Equal(RecountOutcome.Unreachable, ClockRecount.Of(Clock, Ann, closed, Utc("2026-11-18T16:30")).Outcome);
    }

    [Fact]
    public void The_fingerprint_changes_with_what_is_counted_by_and_with_nothing_else()
    {
        Assert.Equal(ClockRules.Fingerprint(Before), ClockRules.Fingerprint(Before with { Version = "v9", Routing = [], Plays = [] }));
        Assert.NotEqual(ClockRules.Fingerprint(Before), ClockRules.Fingerprint(WithHoliday));
        AbmConfig list = Before with { Calendars = new Dictionary<string, CalendarRules> { ["office"] = Before.Calendars["office"] with { HolidayLists = ["de"] } }, Holidays = new Dictionary<string, IReadOnlyList<Holiday>> { ["de"] = [] } };
        Assert.NotEqual(ClockRules.Fingerprint(list), ClockRules.Fingerprint(list with { Holidays = new Dictionary<string, IReadOnlyList<Holiday>> { ["de"] = WithHoliday.Calendars["office"].Holidays } }));
    }

    [Fact]
    public void A_play_keeps_its_own_ladder_and_counts_by_the_calendars_and_times_of_now()
    {
        LadderStep[] ladder = [new() { At = 100, Do = LadderAction.Breach }];
        AbmConfig ofPlay = Before with { SlaPolicies = Policies(Before.SlaPolicies["touch"] with { Ladder = ladder }) };
        AbmConfig now = Config(WithHoliday.Calendars["office"], TimeSpan.FromHours(8), "v2");

        AbmConfig rules = ClockRules.InForce(ofPlay, now);

        Assert.Equal(("v1", TimeSpan.FromHours(8)), (rules.Version, rules.SlaPolicies["touch"].Budget));
        Assert.Same(ladder, rules.SlaPolicies["touch"].Ladder);
        Assert.Single(rules.Calendars["office"].Holidays);
    }

    internal static AbmConfig Config(CalendarRules office, TimeSpan budget, string version) => AbmConfig.Default with
    {
        Version = version,
        Calendars = new Dictionary<string, CalendarRules> { ["office"] = office },
        DefaultCalendar = "office",
        SlaPolicies = Policies(new SlaPolicy { Name = "touch", Budget = budget }),
    };

    private static Dictionary<string, SlaPolicy> Policies(SlaPolicy policy) => new() { [policy.Name] = policy };

    private static ClockRecord Started(AbmConfig config)
    {
        SlaPolicy policy = config.SlaPolicies["touch"];
        CountedHours hours = WorkingTimes.For(policy, ClockParties.Owner(Ann), config);
        return new ClockRecord
        {
            ClockId = "clk-1",
            LeadId = A.Lead().Id,
            PlayId = "play-1",
            Policy = policy.Name,
            Scope = ClockScopes.Owner,
            State = ClockState.Running,
            StartedAt = Start,
            DueAt = hours.Calendar.Deadline(Start, policy.Budget).DueAt,
            Budget = policy.Budget,
            Calendar = hours.Calendar.Name,
            CountedBy = hours.Choice,
            ConfigVersion = config.Version,
            OwnerId = Ann.Id,
        };
    }
}
