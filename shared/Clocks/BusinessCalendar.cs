using Abm.Configuration;
using NodaTime;
using NodaTime.TimeZones;

namespace Abm.Clocks;

/// <summary>Working time: which stretches of real time count, in a named zone, with holidays. Days on which clocks change count as long as they really last.</summary>
public sealed class BusinessCalendar
{
    /// <summary>Name of the calendar that is always open.</summary>
    public const string AlwaysName = "always";

    // Beyond this a deadline is a mistake in the configuration, not a date.
    private const int MaxDays = 366 * 50;

    private readonly DateTimeZone _zone;
    private readonly CalendarRules? _rules;

    private BusinessCalendar(string name, DateTimeZone zone, CalendarRules? rules)
    {
        Name = name;
        _zone = zone;
        _rules = rules;
    }

    public string Name { get; }

    /// <summary>Every instant counts: the wall clock.</summary>
    public static BusinessCalendar Always { get; } = new(AlwaysName, DateTimeZone.Utc, null);

    /// <summary>The calendar of these rules.</summary>
    /// <param name="zone">IANA zone of a person, instead of the rules' own; null = the rules' own.</param>
    /// <exception cref="ArgumentException">It never opens, or its zone is unknown. A configuration that was checked cannot get here.</exception>
    public static BusinessCalendar From(CalendarRules rules, string? zone = null)
    {
        if (!rules.Week.Values.Any(day => day.Any(i => i.Until > i.From)))
            throw new ArgumentException($"Calendar '{rules.Name}' never opens.", nameof(rules));
        DateTimeZone? found = (zone is null ? null : DateTimeZoneProviders.Tzdb.GetZoneOrNull(zone)) ?? DateTimeZoneProviders.Tzdb.GetZoneOrNull(rules.Zone);
        return new BusinessCalendar(rules.Name, found ?? throw new ArgumentException($"Zone '{rules.Zone}' is unknown.", nameof(rules)), rules);
    }

    /// <summary>When the budget of working time is used up, counted from <paramref name="start"/>; and what was counted and skipped on the way.</summary>
    /// <remarks>A start in closed hours counts from the next opening. The result may lie exactly at a closing. No budget: due at the start.</remarks>
    /// <exception cref="InvalidOperationException">The calendar does not open often enough to ever get there (50 years).</exception>
    public CalendarDeadline Deadline(DateTimeOffset start, TimeSpan budget)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(budget, TimeSpan.Zero);
        start = start.ToUniversalTime();
        if (budget == TimeSpan.Zero)
            return new CalendarDeadline(start, []);
        TimeSpan remaining = budget;
        List<DeadlineInterval> intervals = [];
        foreach (DeadlineInterval segment in SegmentsFrom(start))
        {
            if (segment.IsCounted && segment.Until - segment.From >= remaining)
            {
                DateTimeOffset due = segment.From + remaining;
                Add(intervals, segment with { Until = due });
                return new CalendarDeadline(due, intervals);
            }

            if (segment.IsCounted)
                remaining -= segment.Until - segment.From;
            Add(intervals, segment);
        }

        throw new InvalidOperationException($"Calendar '{Name}' does not open often enough for {budget} of working time.");
    }

    /// <summary>Working time between two instants; zero when the second is not later.</summary>
    public TimeSpan Elapsed(DateTimeOffset from, DateTimeOffset until)
    {
        if (until <= from)
            return TimeSpan.Zero;
        if (_rules is null)
            return until - from;
        TimeSpan sum = TimeSpan.Zero;
        foreach (DeadlineInterval segment in SegmentsFrom(from))
        {
            if (segment.From >= until)
                return sum;
            if (segment.IsCounted)
                sum += (segment.Until < until ? segment.Until : until) - segment.From;
        }

        throw new InvalidOperationException("More than 50 years of working time cannot be counted.");
    }

    /// <summary>Whether work is going on at this instant: openings are included, closings are not.</summary>
    public bool IsOpenAt(DateTimeOffset instant) => NextOpening(instant) == instant;

    /// <summary>The instant itself when it is in working time, otherwise the next opening.</summary>
    public DateTimeOffset NextOpening(DateTimeOffset instant)
    {
        foreach (DeadlineInterval segment in SegmentsFrom(instant))
        {
            if (segment.IsCounted)
                return segment.From;
        }

        throw new InvalidOperationException($"Calendar '{Name}' does not open within 50 years.");
    }

    /// <summary>All time from an instant on, cut into stretches that count and stretches that do not, without gaps.</summary>
    private IEnumerable<DeadlineInterval> SegmentsFrom(DateTimeOffset start)
    {
        if (_rules is null)
        {
            yield return new DeadlineInterval(start, DateTimeOffset.MaxValue, IsCounted: true, "wall clock");
            yield break;
        }

        LocalDate day = Instant.FromDateTimeOffset(start).InZone(_zone).Date;
        for (int i = 0; i < MaxDays; i++, day = day.PlusDays(1))
        {
            foreach (DeadlineInterval segment in SegmentsOf(day, _rules))
            {
                if (segment.Until <= start)
                    continue;
                yield return segment.From < start ? segment with { From = start } : segment;
            }
        }
    }

    /// <summary>One local day: its working intervals less its holidays, and everything between them.</summary>
    private IEnumerable<DeadlineInterval> SegmentsOf(LocalDate day, CalendarRules rules)
    {
        DayOfWeek weekday = (DayOfWeek)((int)day.DayOfWeek % 7);
        IReadOnlyList<LocalInterval> open = rules.Week.TryGetValue(weekday, out IReadOnlyList<LocalInterval>? found) ? found : [];
        Holiday[] holidays = [.. rules.Holidays.Where(h => IsOn(h, day))];
        string closed = open.Count > 0 ? "closed" : weekday is DayOfWeek.Saturday or DayOfWeek.Sunday ? "weekend" : "not a working day";

        // Wall-clock cuts: whether each piece between two neighbouring cuts counts is the same all over the piece.
        SortedSet<TimeSpan> cuts = [TimeSpan.Zero, TimeSpan.FromDays(1)];
        foreach (LocalInterval interval in open)
            cuts.UnionWith([interval.From, interval.Until]);
        foreach (Holiday holiday in holidays)
        {
            if (holiday.Closed is { } part)
                cuts.UnionWith([part.From, part.Until]);
        }

        TimeSpan[] at = [.. cuts];
        for (int i = 0; i + 1 < at.Length; i++)
        {
            DateTimeOffset from = At(day, at[i]);
            DateTimeOffset until = At(day, at[i + 1]);
            if (until <= from)
                continue;
            TimeSpan start = at[i];
            bool isWork = open.Any(o => o.From <= start && start < o.Until);
            Holiday? holiday = holidays.FirstOrDefault(h => h.Closed is null || (h.Closed.Value.From <= start && start < h.Closed.Value.Until));

            // A holiday is named where it takes working time away; a holiday on a weekend moves nothing.
            bool isNamed = holiday is not null && (isWork || (holiday.Closed is null && open.Count > 0));
            bool counts = isWork && holiday is null;
            yield return new DeadlineInterval(from, until, counts, counts ? "open" : isNamed ? holiday!.Name : closed);
        }
    }

    private static bool IsOn(Holiday holiday, LocalDate day) =>
        holiday.Date.Month == day.Month && holiday.Date.Day == day.Day && (holiday.EveryYear || holiday.Date.Year == day.Year);

    /// <summary>The instant of a wall-clock time: the first of two where clocks go back, the change itself where they jump over it. Never runs backwards.</summary>
    private DateTimeOffset At(LocalDate day, TimeSpan time)
    {
        LocalDateTime local = day.AtMidnight().PlusTicks(time.Ticks);
        ZoneLocalMapping mapping = _zone.MapLocal(local);
        Instant instant = mapping.Count == 0 ? mapping.LateInterval.Start : mapping.First().ToInstant();
        return instant.ToDateTimeOffset();
    }

    private static void Add(List<DeadlineInterval> intervals, DeadlineInterval next)
    {
        if (intervals.Count > 0 && intervals[^1] is { } last && last.Until == next.From && last.IsCounted == next.IsCounted && last.Why == next.Why)
            intervals[^1] = last with { Until = next.Until };
        else
            intervals.Add(next);
    }
}

/// <summary>When working time is used up, and how it was counted.</summary>
/// <param name="Intervals">Counted and skipped stretches in order, without gaps, from the start to the end.</param>
public sealed record CalendarDeadline(DateTimeOffset DueAt, IReadOnlyList<DeadlineInterval> Intervals);
