using Abm.Clocks;
using Abm.Configuration;
using FsCheck;
using FsCheck.Fluent;

namespace Abm.Shared.Tests.Clocks;

/// <summary>The closed form against the <see cref="MinuteWalker"/>: ten years, thirty zones, and the laws that counting obeys.</summary>
public sealed class BusinessCalendarProperties
{
    // With and without clock changes, at odd offsets, by half an hour, at midnight and a minute past it, by a whole day, around Ramadan, and on both hemispheres.
    private static readonly string[] AllZones =
    [
        "Etc/UTC", "Europe/Berlin", "Europe/London", "Europe/Dublin", "Europe/Istanbul", "Europe/Moscow", "Africa/Cairo", "Africa/Casablanca", "Africa/Johannesburg", "America/New_York",
        "America/Los_Angeles", "America/Phoenix", "America/St_Johns", "America/Sao_Paulo", "America/Santiago", "America/Havana", "America/Caracas", "America/Asuncion", "Asia/Kathmandu", "Asia/Kolkata",
        "Asia/Tehran", "Asia/Amman", "Asia/Gaza", "Asia/Tokyo", "Asia/Pyongyang", "Australia/Lord_Howe", "Australia/Adelaide", "Pacific/Apia", "Pacific/Chatham", "Pacific/Auckland",
    ];

    private static readonly IReadOnlyList<LocalInterval>[] Days =
    [
        [],
        [LocalInterval.Hours(9, 17)],
        [LocalInterval.Hours(9, 13), LocalInterval.Hours(14, 18)],
        [LocalInterval.Hours(0, 2.5), LocalInterval.Hours(3, 6)],
        [LocalInterval.Hours(18, 24)],
        [LocalInterval.Hours(0, 24)],
        [LocalInterval.Hours(7.25, 8.5), LocalInterval.Hours(10, 10.25), LocalInterval.Hours(20, 23.75)],
        [LocalInterval.Hours(12, 15), LocalInterval.Hours(22, 30)],
    ];

    public static TheoryData<string> Zones => [.. AllZones];

    [Theory]
    [MemberData(nameof(Zones))]
    public void Counting_agrees_with_somebody_who_looked_at_the_clock_every_minute_for_ten_years(string zone)
    {
        foreach (CalendarRules rules in new[] { Mixed(zone), Nights(zone) })
        {
            MinuteWalker walker = new(rules);
            BusinessCalendar calendar = BusinessCalendar.From(rules);
            int last = (int)(MinuteWalker.Until - MinuteWalker.From).TotalMinutes;

            Assert.Equal(walker.Elapsed(0, last), calendar.Elapsed(MinuteWalker.From, MinuteWalker.Until).TotalMinutes);
            Prop.ForAll(
                Gen.Choose(0, last - 200_000).SelectMany(start => Gen.Choose(1, 6_000).SelectMany(budget => Gen.Choose(0, 90_000).Select(length => (start, budget, length)))).ToArbitrary(),
                c =>
                {
                    DateTimeOffset start = At(c.start);
                    Assert.Equal(walker.Elapsed(c.start, c.start + c.length), calendar.Elapsed(start, At(c.start + c.length)).TotalMinutes);
                    Assert.Equal(At(walker.Deadline(c.start, c.budget)!.Value), calendar.Deadline(start, TimeSpan.FromMinutes(c.budget)).DueAt);
                }).Check(Config.QuickThrowOnFailure.WithMaxTest(20).WithQuietOnSuccess(true));
        }
    }

    [Fact]
    public void Elapsed_time_to_the_deadline_is_the_budget() => Hold(c => c.Calendar.Elapsed(c.Start, c.Calendar.Deadline(c.Start, c.Budget).DueAt) == c.Budget);

    [Fact]
    public void A_budget_can_be_used_up_in_two_parts() => Hold(c =>
    {
        TimeSpan part = new(c.Budget.Ticks * c.Share / 100);
        DateTimeOffset between = c.Calendar.Deadline(c.Start, part).DueAt;
        return c.Calendar.Deadline(between, c.Budget - part).DueAt == c.Calendar.Deadline(c.Start, c.Budget).DueAt || part == TimeSpan.Zero || part == c.Budget;
    });

    [Fact]
    public void Time_adds_up_over_any_instant_between() => Hold(c =>
    {
        DateTimeOffset end = c.Start + (c.Budget * 7);
        DateTimeOffset between = c.Start + (c.Budget * 7 * c.Share / 100);
        return c.Calendar.Elapsed(c.Start, between) + c.Calendar.Elapsed(between, end) == c.Calendar.Elapsed(c.Start, end);
    });

    [Fact]
    public void A_later_start_is_never_due_earlier() => Hold(c =>
        c.Calendar.Deadline(c.Start + (c.Budget * c.Share / 50), c.Budget).DueAt >= c.Calendar.Deadline(c.Start, c.Budget).DueAt);

    [Fact]
    public void What_a_deadline_explains_leaves_no_gap_and_its_counted_time_is_the_budget() => Hold(c =>
    {
        CalendarDeadline deadline = c.Calendar.Deadline(c.Start, c.Budget);
        return Tiles(deadline.Intervals, c.Start, deadline.DueAt) && Counted(deadline.Intervals) == c.Budget && deadline.Intervals[^1].IsCounted && c.Calendar.DueAt(c.Start, c.Budget) == deadline.DueAt;
    });

    [Fact]
    public void A_clock_with_pauses_explains_its_deadline_without_gaps_and_counts_the_budget() => Hold(c =>
    {
        SlaClock clock = SlaClock.Start("p", c.Budget, c.Calendar, c.Start);
        DateTimeOffset due = clock.DueAt;
        DateTimeOffset first = c.Start + ((due - c.Start) * c.Share / 101);
        clock = clock.Pause("a", first).Pause("b", first + TimeSpan.FromMinutes(c.Share));
        clock = clock.Resume("a", first + TimeSpan.FromMinutes(3 * c.Share), c.Calendar).Resume("b", first + TimeSpan.FromHours(c.Share), c.Calendar);
        SlaDeadline deadline = clock.Explain(c.Calendar);
        TimeSpan paused = c.Calendar.Elapsed(first, first + TimeSpan.FromHours(c.Share));
        return Tiles(deadline.Intervals, c.Start, clock.DueAt)
            && Counted(deadline.Intervals) == c.Budget
            && clock.WorkedAt(clock.DueAt, c.Calendar) == c.Budget
            && c.Calendar.Elapsed(c.Start, clock.DueAt) == c.Budget + paused
            && clock.Recount(c.Budget, c.Calendar).DueAt == clock.DueAt;
    });

    [Fact]
    public void Working_days_end_at_the_same_time_of_day_or_at_a_closing() => Hold(c =>
    {
        TimeSpan budget = c.Calendar.Days(c.Start, c.Share % 9);
        DateTimeOffset due = c.Calendar.Deadline(c.Start, budget).DueAt;
        return due >= c.Start && budget >= TimeSpan.Zero && c.Calendar.Days(c.Start, (c.Share % 9) + 1) >= budget;
    });

    private static bool Tiles(IReadOnlyList<DeadlineInterval> intervals, DateTimeOffset from, DateTimeOffset until) =>
        intervals[0].From == from && intervals[^1].Until == until && intervals.Zip(intervals.Skip(1)).All(p => p.First.Until == p.Second.From) && intervals.All(i => i.Until > i.From);

    private static TimeSpan Counted(IReadOnlyList<DeadlineInterval> intervals) => intervals.Where(i => i.IsCounted).Aggregate(TimeSpan.Zero, (sum, i) => sum + (i.Until - i.From));

    private static DateTimeOffset At(int minute) => MinuteWalker.From.AddMinutes(minute);

    private static void Hold(Func<Case, bool> law) => Prop.ForAll(Cases.ToArbitrary(), law).Check(Config.QuickThrowOnFailure.WithMaxTest(100).WithQuietOnSuccess(true));

    private static Gen<Case> Cases =>
        from zone in Gen.Elements(AllZones)
        from week in Gen.ArrayOf(Gen.Elements(Days), 7)
        from opens in Gen.Choose(0, 6)
        from start in Gen.Choose(0, 5_000_000)
        from seconds in Gen.Choose(1, 400_000)
        from share in Gen.Choose(0, 100)
        from feast in Gen.Choose(0, 20)
        from half in Gen.Choose(0, 20)
        let at = MinuteWalker.From.AddMinutes(start)
        let date = DateOnly.FromDateTime(at.UtcDateTime)
        select new Case(
            new CalendarRules
            {
                Name = "random",
                Zone = zone,
                Week = Orderly(week.Select((hours, d) => (Day: (DayOfWeek)d, Hours: d == opens && hours.Count == 0 ? Days[1] : hours)).ToDictionary(d => d.Day, d => d.Hours)),
                Holidays =
                [
                    new Holiday { Name = "Feast", Date = date.AddDays(feast) },
                    new Holiday { Name = "Half", Date = date.AddDays(half), EveryYear = true, Closed = LocalInterval.Hours(12, 16) },
                    new Holiday { Name = "Late", Date = date.AddDays(half), Closed = LocalInterval.Hours(23, 26) },
                ],
            },
            at,
            TimeSpan.FromSeconds(seconds),
            share);

    private static CalendarRules Mixed(string zone) => new()
    {
        Name = "mixed",
        Zone = zone,
        Week = Enum.GetValues<DayOfWeek>().ToDictionary(d => d, d => Days[(int)d % 7]),
        Holidays =
        [
            new Holiday { Name = "Christmas", Date = new DateOnly(2000, 12, 25), EveryYear = true },
            new Holiday { Name = "Eve", Date = new DateOnly(2000, 12, 24), EveryYear = true, Closed = LocalInterval.Hours(12, 24) },
            new Holiday { Name = "Leap day", Date = new DateOnly(2000, 2, 29), EveryYear = true },
            new Holiday { Name = "Once", Date = new DateOnly(2011, 12, 29) },
            new Holiday { Name = "Clocks change", Date = new DateOnly(2010, 3, 28) },
            new Holiday { Name = "Lunch", Date = new DateOnly(2014, 5, 14), Closed = LocalInterval.Hours(11, 12.5) },
        ],
    };

    private static CalendarRules Nights(string zone) => new()
    {
        Name = "nights",
        Zone = zone,
        Week = Enum.GetValues<DayOfWeek>().ToDictionary(d => d, _ => (IReadOnlyList<LocalInterval>)[LocalInterval.Hours(14, 16), LocalInterval.Hours(23.5, 26.25)]),
        Holidays = [new Holiday { Name = "New Year", Date = new DateOnly(2000, 1, 1), EveryYear = true, Closed = LocalInterval.Hours(15, 25) }],
    };

    /// <summary>A night shift goes on into the next day only where that one begins late enough.</summary>
    private static Dictionary<DayOfWeek, IReadOnlyList<LocalInterval>> Orderly(Dictionary<DayOfWeek, IReadOnlyList<LocalInterval>> week) => week.ToDictionary(
        d => d.Key,
        d => (IReadOnlyList<LocalInterval>)[.. d.Value.Select(i => i.Until > TimeSpan.FromDays(1) && week[(DayOfWeek)(((int)d.Key + 1) % 7)].Any(n => n.From < TimeSpan.FromHours(6)) ? i with { Until = TimeSpan.FromDays(1) } : i)]);

    private sealed record Case(CalendarRules Rules, DateTimeOffset Start, TimeSpan Budget, int Share)
    {
        public BusinessCalendar Calendar { get; } = BusinessCalendar.From(Rules);

        public override string ToString() =>
            $"{Rules.Zone} {Start:O} +{Budget} {Share} % " + string.Join("; ", Rules.Week.Select(d => $"{d.Key}: {string.Join(", ", d.Value.Select(i => $"{i.From}-{i.Until}"))}")) + "; " + string.Join(", ", Rules.Holidays.Select(h => $"{h.Name} {h.Date:O} {h.Closed}"));
    }
}
