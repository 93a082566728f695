using Abm.Clocks;
using Abm.Configuration;

namespace Abm.Shared.Tests.Clocks;

public sealed class BusinessCalendarTests
{
    // 16 November 2026 is a Monday.
    private static readonly IReadOnlyList<LocalInterval> NineToFive = [LocalInterval.Hours(9, 17)];

    [Theory]
    [InlineData("Fri 16:30 + 1 h is Mon 09:30 (Chatwoot)", "2026-11-20T16:30", 1, "2026-11-23T09:30")]
    [InlineData("Wed 07:00 + 2 h is Wed 11:00 (Chatwoot)", "2026-11-18T07:00", 2, "2026-11-18T11:00")]
    [InlineData("Sat 15:00 + 4 h is Mon 13:00 (Frappe)", "2026-11-21T15:00", 4, "2026-11-23T13:00")]
    [InlineData("4 h from 13:00 end exactly at closing", "2026-11-18T13:00", 4, "2026-11-18T17:00")]
    [InlineData("a start at closing counts from the next opening", "2026-11-18T17:00", 1, "2026-11-19T10:00")]
    [InlineData("a start at opening counts at once", "2026-11-18T09:00", 1, "2026-11-18T10:00")]
    [InlineData("a whole week's work", "2026-11-16T09:00", 40, "2026-11-20T17:00")]
    public void A_deadline_counts_working_time_only(string says, string start, int hours, string due)
    {
        BusinessCalendar calendar = BusinessCalendar.From(Office("Etc/UTC"));

        Assert.True(Utc(due) == calendar.Deadline(Utc(start), TimeSpan.FromHours(hours)).DueAt, says);
    }

    [Fact]
    public void On_the_wall_clock_everything_between_two_instants_counts()
    {
        DateTimeOffset from = new(2026, 11, 18, 10, 0, 0, TimeSpan.Zero);

        Assert.Equal([new DeadlineInterval(from, from.AddHours(3), IsCounted: true, "wall clock")], BusinessCalendar.Always.Between(from, from.AddHours(3)));
        Assert.Empty(BusinessCalendar.Always.Between(from, from));
    }

    [Fact]
    public void A_lunch_break_does_not_count()
    {
        BusinessCalendar calendar = BusinessCalendar.From(Week("Etc/UTC", [LocalInterval.Hours(9, 13), LocalInterval.Hours(14, 18)]));

        CalendarDeadline deadline = calendar.Deadline(Utc("2026-11-18T12:30"), TimeSpan.FromHours(1));

        Assert.Equal(Utc("2026-11-18T14:30"), deadline.DueAt);
        Assert.Equal(["open", "closed", "open"], deadline.Intervals.Select(i => i.Why));
        Assert.Equal([true, false, true], deadline.Intervals.Select(i => i.IsCounted));
    }

    [Fact]
    public void A_shift_over_the_hour_that_is_skipped_in_spring_lasts_five_real_hours()
    {
        BusinessCalendar calendar = BusinessCalendar.From(new CalendarRules
        {
            Name = "night",
            Zone = "Europe/Berlin",
            Week = new Dictionary<DayOfWeek, IReadOnlyList<LocalInterval>> { [DayOfWeek.Sunday] = [LocalInterval.Hours(0, 6)] },
        });

        TimeSpan spring = calendar.Elapsed(Utc("2026-03-28T12:00"), Utc("2026-03-29T12:00"));
        TimeSpan autumn = calendar.Elapsed(Utc("2026-10-24T12:00"), Utc("2026-10-25T12:00"));

        Assert.Equal(TimeSpan.FromHours(5), spring);
        Assert.Equal(TimeSpan.FromHours(7), autumn);
        Assert.Equal(Utc("2026-03-29T04:00"), calendar.Deadline(Utc("2026-03-28T12:00"), TimeSpan.FromHours(5)).DueAt);
    }

    [Fact]
    public void Hours_that_lie_wholly_in_the_skipped_hour_do_not_exist_that_day()
    {
        BusinessCalendar calendar = BusinessCalendar.From(Week("Europe/Berlin", [new LocalInterval(new TimeSpan(2, 15, 0), new TimeSpan(2, 45, 0))], allDays: true));

        Assert.Equal(TimeSpan.Zero, calendar.Elapsed(Utc("2026-03-28T23:00"), Utc("2026-03-29T22:00")));
        Assert.Equal(TimeSpan.FromMinutes(30), calendar.Elapsed(Utc("2026-03-29T22:00"), Utc("2026-03-30T22:00")));
    }

    [Fact]
    public void No_budget_is_due_at_once_even_at_night()
    {
        BusinessCalendar calendar = BusinessCalendar.From(Office("Etc/UTC"));

        CalendarDeadline deadline = calendar.Deadline(Utc("2026-11-21T03:00"), TimeSpan.Zero);

        Assert.Equal(Utc("2026-11-21T03:00"), deadline.DueAt);
        Assert.Empty(deadline.Intervals);
    }

    [Fact]
    public void A_holiday_moves_the_deadline_and_is_named()
    {
        BusinessCalendar calendar = BusinessCalendar.From(Office("Etc/UTC") with
        {
            Holidays = [new Holiday { Name = "St Martin", Date = new DateOnly(2000, 11, 19), EveryYear = true }],
        });

        CalendarDeadline deadline = calendar.Deadline(Utc("2026-11-18T16:00"), TimeSpan.FromHours(2));

        Assert.Equal(Utc("2026-11-20T10:00"), deadline.DueAt);
        Assert.Equal(["open", "closed", "holiday 'St Martin'", "closed", "open"], deadline.Intervals.Select(i => i.Why));
    }

    [Fact]
    public void A_holiday_of_half_a_day_takes_only_that_half()
    {
        BusinessCalendar calendar = BusinessCalendar.From(Office("Etc/UTC") with
        {
            Holidays = [new Holiday { Name = "Christmas Eve", Date = new DateOnly(2026, 12, 24), Closed = LocalInterval.Hours(12, 24) }],
        });

        CalendarDeadline deadline = calendar.Deadline(Utc("2026-12-24T09:00"), TimeSpan.FromHours(4));

        Assert.Equal(Utc("2026-12-25T10:00"), deadline.DueAt);
        Assert.Equal(["open", "holiday 'Christmas Eve'", "closed", "open"], deadline.Intervals.Select(i => i.Why));
    }

    [Fact]
    public void A_holiday_on_a_weekend_moves_nothing_and_is_not_blamed()
    {
        BusinessCalendar calendar = BusinessCalendar.From(Office("Etc/UTC") with { Holidays = [new Holiday { Name = "Sunday feast", Date = new DateOnly(2026, 11, 22) }] });

        CalendarDeadline deadline = calendar.Deadline(Utc("2026-11-20T16:30"), TimeSpan.FromHours(1));

        Assert.Equal(["open", "closed", "weekend", "closed", "open"], deadline.Intervals.Select(i => i.Why));
    }

    [Fact]
    public void A_person_works_in_their_own_zone()
    {
        BusinessCalendar calendar = BusinessCalendar.From(Office("Europe/Berlin"), "America/New_York");

        Assert.Equal(Utc("2026-11-18T15:00"), calendar.Deadline(Utc("2026-11-18T08:00"), TimeSpan.FromHours(1)).DueAt);
    }

    [Fact]
    public void The_wall_clock_counts_every_hour()
    {
        CalendarDeadline deadline = BusinessCalendar.Always.Deadline(Utc("2026-11-20T16:30"), TimeSpan.FromHours(24));

        Assert.Equal(Utc("2026-11-21T16:30"), deadline.DueAt);
        Assert.Equal("wall clock", Assert.Single(deadline.Intervals).Why);
    }

    [Fact]
    public void An_opening_is_open_and_a_closing_is_not()
    {
        BusinessCalendar calendar = BusinessCalendar.From(Office("Etc/UTC"));

        Assert.True(calendar.IsOpenAt(Utc("2026-11-18T09:00")));
        Assert.False(calendar.IsOpenAt(Utc("2026-11-18T17:00")));
        Assert.Equal(Utc("2026-11-23T09:00"), calendar.NextOpening(Utc("2026-11-20T17:00")));
    }

    [Fact]
    public void A_calendar_that_never_opens_is_refused_and_not_looped_over()
    {
        CalendarRules never = Office("Etc/UTC") with { Week = new Dictionary<DayOfWeek, IReadOnlyList<LocalInterval>>() };
        CalendarRules hardlyEver = Office("Etc/UTC") with
        {
            Week = new Dictionary<DayOfWeek, IReadOnlyList<LocalInterval>> { [DayOfWeek.Monday] = [new LocalInterval(TimeSpan.Zero, TimeSpan.FromSeconds(1))] },
        };

        Assert.Throws<ArgumentException>(() => BusinessCalendar.From(never));
        Assert.Throws<InvalidOperationException>(() => BusinessCalendar.From(hardlyEver).Deadline(Utc("2026-11-18T09:00"), TimeSpan.FromHours(8)));
    }

    [Fact]
    public void The_intervals_of_a_deadline_leave_no_gap_and_add_up_to_the_budget()
    {
        BusinessCalendar calendar = BusinessCalendar.From(Office("Europe/Berlin"));
        DateTimeOffset start = Utc("2026-03-27T15:10");

        CalendarDeadline deadline = calendar.Deadline(start, TimeSpan.FromHours(30));

        Assert.Equal(start, deadline.Intervals[0].From);
        Assert.Equal(deadline.DueAt, deadline.Intervals[^1].Until);
        Assert.All(deadline.Intervals.Zip(deadline.Intervals.Skip(1)), pair => Assert.Equal(pair.First.Until, pair.Second.From));
        Assert.Equal(TimeSpan.FromHours(30), deadline.Intervals.Where(i => i.IsCounted).Aggregate(TimeSpan.Zero, (sum, i) => sum + (i.Until - i.From)));
    }

    internal static DateTimeOffset Utc(string text) => DateTimeOffset.Parse(text + "Z", System.Globalization.CultureInfo.InvariantCulture);

    internal static CalendarRules Office(string zone) => Week(zone, NineToFive);

    internal static CalendarRules Week(string zone, IReadOnlyList<LocalInterval> hours, bool allDays = false) => new()
    {
        Name = "office",
        Zone = zone,
        Week = Enum.GetValues<DayOfWeek>().Where(d => allDays || d is not (DayOfWeek.Saturday or DayOfWeek.Sunday)).ToDictionary(d => d, _ => hours),
    };
}
