using Abm.Clocks;
using Abm.Configuration;
using FsCheck;
using FsCheck.Fluent;
using NodaTime;

namespace Abm.Shared.Tests.Clocks;

/// <summary>The closed form against somebody who walks through time minute by minute and looks at the wall clock.</summary>
public sealed class BusinessCalendarProperties
{
    // Zones with and without clock changes, at odd offsets, changing at midnight, and on both hemispheres.
    private static readonly string[] Zones =
        ["Etc/UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "America/Santiago", "Asia/Kathmandu", "Africa/Cairo", "Pacific/Auckland"];

    private static readonly IReadOnlyList<LocalInterval>[] Days =
    [
        [],
        [LocalInterval.Hours(9, 17)],
        [LocalInterval.Hours(9, 13), LocalInterval.Hours(14, 18)],
        [LocalInterval.Hours(0, 6)],
        [LocalInterval.Hours(18, 24)],
        [LocalInterval.Hours(0, 24)],
        [LocalInterval.Hours(7.25, 8.5), LocalInterval.Hours(10, 10.25), LocalInterval.Hours(20, 23.75)],
    ];

    [Fact]
    public void A_deadline_is_where_the_minute_walker_has_used_up_the_budget()
    {
        Prop.ForAll(Cases.ToArbitrary(), c =>
        {
            BusinessCalendar calendar = BusinessCalendar.From(c.Rules);
            DateTimeOffset due = calendar.Deadline(c.Start, TimeSpan.FromMinutes(c.Minutes)).DueAt;
            return Walk(c.Rules, c.Start, c.Minutes) == due;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(60).WithQuietOnSuccess(true));
    }

    [Fact]
    public void Elapsed_time_to_the_deadline_is_the_budget()
    {
        Prop.ForAll(Cases.ToArbitrary(), c =>
        {
            BusinessCalendar calendar = BusinessCalendar.From(c.Rules);
            TimeSpan budget = TimeSpan.FromMinutes(c.Minutes);
            return calendar.Elapsed(c.Start, calendar.Deadline(c.Start, budget).DueAt) == budget;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(200).WithQuietOnSuccess(true));
    }

    private static Gen<Case> Cases =>
        from zone in Gen.Elements(Zones)
        from week in Gen.ArrayOf(Gen.Elements(Days), 7)
        from opens in Gen.Choose(0, 6)
        from day in Gen.Choose(0, 365 * 3)
        from minute in Gen.Choose(0, 1439)
        from minutes in Gen.Choose(1, 3000)
        from holiday in Gen.Choose(0, 20)
        let start = new DateTimeOffset(2025, 1, 1, 0, 0, 0, TimeSpan.Zero).AddDays(day).AddMinutes(minute)
        select new Case(
            new CalendarRules
            {
                Name = "random",
                Zone = zone,
                Week = week.Select((hours, d) => (Day: (DayOfWeek)d, Hours: d == opens && hours.Count == 0 ? Days[1] : hours)).ToDictionary(d => d.Day, d => d.Hours),
                Holidays = [new Holiday { Name = "Feast", Date = DateOnly.FromDateTime(start.UtcDateTime).AddDays(holiday) }],
            },
            start,
            minutes);

    /// <summary>A minute counts when its wall clock lies in working hours of a day that is no holiday.</summary>
    private static DateTimeOffset Walk(CalendarRules rules, DateTimeOffset start, int minutes)
    {
        DateTimeZone zone = DateTimeZoneProviders.Tzdb[rules.Zone];
        DateTimeOffset at = start;
        for (int left = minutes; left > 0; at = at.AddMinutes(1))
        {
            LocalDateTime local = Instant.FromDateTimeOffset(at).InZone(zone).LocalDateTime;
            TimeSpan time = new(local.TickOfDay);
            bool isHoliday = rules.Holidays.Any(h => h.Date == local.Date.ToDateOnly());
            if (!isHoliday && rules.Week[(DayOfWeek)((int)local.DayOfWeek % 7)].Any(i => i.From <= time && time < i.Until))
                left--;
        }

        return at;
    }

    private sealed record Case(CalendarRules Rules, DateTimeOffset Start, int Minutes)
    {
        public override string ToString() =>
            $"{Rules.Zone} {Start:O} +{Minutes} min, holiday {Rules.Holidays[0].Date:O}, " + string.Join("; ", Rules.Week.Select(d => $"{d.Key}: {string.Join(", ", d.Value.Select(i => $"{i.From:hh\\:mm}-{i.Until}"))}"));
    }
}
