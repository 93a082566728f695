using Abm.Configuration;
using NodaTime;

namespace Abm.Shared.Tests.Clocks;

/// <summary>Somebody who stays awake for ten years and looks at the wall clock every minute. Knows nothing of how calendars are counted.</summary>
/// <remarks>The wall clock never runs backwards for them: while an hour comes a second time they go on reading the latest time that they have seen.</remarks>
internal sealed class MinuteWalker
{
    public static readonly DateTimeOffset From = new(2008, 6, 1, 0, 0, 0, TimeSpan.Zero);
    public static readonly DateTimeOffset Until = new(2018, 6, 1, 0, 0, 0, TimeSpan.Zero);

    private const int Day = 1440;

    /// <summary>How many of the minutes before this one counted.</summary>
    private readonly int[] _counted;

    public MinuteWalker(CalendarRules rules)
    {
        DateTimeZone zone = DateTimeZoneProviders.Tzdb[rules.Zone];
        bool[][] week = [.. Enumerable.Range(0, 7).Select(d => OpenMinutes(rules, (DayOfWeek)d))];
        Dictionary<int, List<(int From, int Until)>> closed = Closed(rules);

        int minutes = (int)(Until - From).TotalMinutes;
        _counted = new int[minutes + 1];
        long utc = From.ToUnixTimeSeconds() / 60;
        long latest = long.MinValue;
        long midnight = long.MinValue;
        bool[] today = [];
        int sum = 0;
        int at = 0;
        foreach (NodaTime.TimeZones.ZoneInterval interval in zone.GetZoneIntervals(Instant.FromDateTimeOffset(From), Instant.FromDateTimeOffset(Until)))
        {
            long end = interval.HasEnd ? interval.End.ToUnixTimeSeconds() / 60 : long.MaxValue;
            long offset = interval.WallOffset.Seconds / 60;
            for (; at < minutes && utc + at < end; at++)
            {
                _counted[at] = sum;
                latest = Math.Max(latest, utc + at + offset);
                if (latest >= midnight)
                {
                    long day = latest / Day;
                    midnight = (day + 1) * Day;
                    today = OpenOn((int)day);
                }

                if (today[latest - (midnight - Day)])
                    sum++;
            }
        }

        _counted[minutes] = sum;

        // The minutes of a day by the wall clock; what the week says, but for holidays.
        bool[] OpenOn(int day)
        {
            bool[] open = [.. week[(day + 4) % 7]];
            foreach ((int from, int until) in closed.GetValueOrDefault(day, []))
                Array.Clear(open, from, until - from);
            return open;
        }
    }

    public int Elapsed(int from, int until) => _counted[until] - _counted[from];

    /// <summary>The first minute by which so many have counted; null: not within the ten years.</summary>
    public int? Deadline(int from, int budget)
    {
        int wanted = _counted[from] + budget;
        if (_counted[^1] < wanted)
            return null;
        int low = from, high = _counted.Length - 1;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (_counted[middle] >= wanted)
                high = middle;
            else
                low = middle + 1;
        }

        return low;
    }

    private static bool[] OpenMinutes(CalendarRules rules, DayOfWeek day)
    {
        bool[] open = new bool[Day];
        foreach (LocalInterval interval in rules.Week.GetValueOrDefault(day, []))
            Mark(open, (int)interval.From.TotalMinutes, (int)interval.Until.TotalMinutes);
        foreach (LocalInterval interval in rules.Week.GetValueOrDefault((DayOfWeek)(((int)day + 6) % 7), []))
            Mark(open, (int)interval.From.TotalMinutes - Day, (int)interval.Until.TotalMinutes - Day);
        return open;
    }

    private static void Mark(bool[] open, int from, int until)
    {
        for (int minute = Math.Max(0, from); minute < Math.Min(Day, until); minute++)
            open[minute] = true;
    }

    /// <summary>By days since 1970.</summary>
    private static Dictionary<int, List<(int From, int Until)>> Closed(CalendarRules rules)
    {
        Dictionary<int, List<(int From, int Until)>> closed = [];
        DateOnly epoch = new(1970, 1, 1);
        foreach (Holiday holiday in rules.Holidays)
        {
            for (int year = 2007; year <= 2019; year++)
            {
                if (!holiday.EveryYear && year != holiday.Date.Year)
                    continue;
                if (holiday.Date is { Month: 2, Day: 29 } && !DateTime.IsLeapYear(year))
                    continue;
                int day = new DateOnly(year, holiday.Date.Month, holiday.Date.Day).DayNumber - epoch.DayNumber;
                int from = (int)(holiday.Closed?.From.TotalMinutes ?? 0);
                int until = (int)(holiday.Closed?.Until.TotalMinutes ?? Day);
                Add(day, from, Math.Min(until, Day));
                if (until > Day)
                    Add(day + 1, 0, until - Day);
            }
        }

        return closed;

        void Add(int day, int from, int until) => (closed.TryGetValue(day, out List<(int From, int Until)>? parts) ? parts : closed[day] = []).Add((from, until));
    }
}
