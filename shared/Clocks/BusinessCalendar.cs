using System.Collections.Concurrent;
using System.Collections.Frozen;
using Abm.Configuration;
using NodaTime;
using NodaTime.TimeZones;

namespace Abm.Clocks;

/// <summary>Working time: which stretches of real time count, in a named zone, with holidays. Days on which clocks change count as long as they really last.</summary>
/// <remarks>
/// Opening and closing are read off a wall clock that never runs backwards: of an hour that comes twice the first counts as that hour, and an hour that is jumped over is the jump itself.
/// A shift over midnight belongs to the day on which it begins; a holiday closes its own day, from midnight to midnight.
/// </remarks>
public sealed class BusinessCalendar
{
    /// <summary>Name of the calendar that is always open.</summary>
    public const string AlwaysName = "always";

    /// <summary>What stands at stretches that nobody works.</summary>
    internal const string Closed = "closed", Weekend = "weekend", NotAWorkingDay = "not a working day", Open = "open", WallClock = "wall clock";

    // Beyond this a deadline is a mistake in the configuration, not a date.
    private const int MaxDays = 366 * 50;
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    // Deadlines of now lie in the same few months: their days are cut once.
    private const int MaxKnownDays = 400;
    private readonly ConcurrentDictionary<LocalDate, DeadlineInterval[]> _days = new();
    private readonly DateTimeZone _zone;
    private readonly CalendarRules? _rules;
    private readonly FrozenDictionary<DateOnly, Holiday[]> _once = FrozenDictionary<DateOnly, Holiday[]>.Empty;
    private readonly FrozenDictionary<(int Month, int Day), Holiday[]> _yearly = FrozenDictionary<(int Month, int Day), Holiday[]>.Empty;

    private BusinessCalendar(string name, DateTimeZone zone, string? ownZone, CalendarRules? rules)
    {
        Name = name;
        _zone = zone;
        OwnZone = ownZone;
        _rules = rules;
        if (rules is null)
            return;
        _once = rules.Holidays.Where(h => !h.EveryYear).GroupBy(h => h.Date).ToFrozenDictionary(g => g.Key, g => g.ToArray());
        _yearly = rules.Holidays.Where(h => h.EveryYear).GroupBy(h => (h.Date.Month, h.Date.Day)).ToFrozenDictionary(g => g.Key, g => g.ToArray());
    }

    public string Name { get; }

    /// <summary>IANA zone that its hours are read in.</summary>
    public string Zone => _zone.Id;

    /// <summary>IANA zone of a person that replaces the calendar's own; null: it is the calendar's own.</summary>
    public string? OwnZone { get; }

    /// <summary>Every instant counts: the wall clock.</summary>
    public static BusinessCalendar Always { get; } = new(AlwaysName, DateTimeZone.Utc, null, null);

    /// <summary>The calendar of these rules.</summary>
    /// <param name="rules">With the holidays of its lists; see <see cref="WorkingTimes.Named"/>.</param>
    /// <param name="zone">IANA zone of a person, instead of the rules' own; null, or none = the rules' own.</param>
    /// <exception cref="ArgumentException">It never opens, or its zone is unknown. A configuration that was checked cannot get here.</exception>
    public static BusinessCalendar From(CalendarRules rules, string? zone = null)
    {
        if (!rules.Week.Values.Any(day => day.Any(i => i.Until > i.From)))
            throw new ArgumentException($"Calendar '{rules.Name}' never opens.", nameof(rules));
        DateTimeZone? own = zone is null ? null : DateTimeZoneProviders.Tzdb.GetZoneOrNull(zone);
        DateTimeZone? found = own ?? DateTimeZoneProviders.Tzdb.GetZoneOrNull(rules.Zone);
        return new BusinessCalendar(rules.Name, found ?? throw new ArgumentException($"Zone '{rules.Zone}' is unknown.", nameof(rules)), own?.Id, rules);
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

    /// <summary>The same instant, without telling how it was come by.</summary>
    /// <exception cref="InvalidOperationException">The calendar does not open often enough to ever get there (50 years).</exception>
    public DateTimeOffset DueAt(DateTimeOffset start, TimeSpan budget)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(budget, TimeSpan.Zero);
        if (budget == TimeSpan.Zero || _rules is null)
            return start.ToUniversalTime() + budget;
        TimeSpan remaining = budget;
        foreach (DeadlineInterval segment in SegmentsFrom(start))
        {
            if (!segment.IsCounted)
                continue;
            TimeSpan open = segment.Until - segment.From;
            if (open >= remaining)
                return segment.From.ToUniversalTime() + remaining;
            remaining -= open;
        }

        throw new InvalidOperationException($"Calendar '{Name}' does not open often enough for {budget} of working time.");
    }

    /// <summary>Everything between two instants, cut into stretches that were counted and that were not, without gaps; nothing when the second is not later.</summary>
    public IReadOnlyList<DeadlineInterval> Between(DateTimeOffset from, DateTimeOffset until)
    {
        List<DeadlineInterval> intervals = [];
        if (until <= from)
            return intervals;
        if (_rules is null)
            return [new DeadlineInterval(from.ToUniversalTime(), until.ToUniversalTime(), IsCounted: true, "wall clock")];
        foreach (DeadlineInterval segment in SegmentsFrom(from.ToUniversalTime()))
        {
            if (segment.From >= until)
                return intervals;
            Add(intervals, segment.Until > until ? segment with { Until = until.ToUniversalTime() } : segment);
        }

        throw new InvalidOperationException("More than 50 years of working time cannot be counted.");
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

    /// <summary>The working time of so many working days from <paramref name="start"/>: until the same time of day so many days with work later.</summary>
    /// <remarks>A start in closed hours counts from the next opening. When that day closes earlier, until its closing; a lunch break at that time, until it begins.</remarks>
    /// <exception cref="InvalidOperationException">The calendar does not open often enough (50 years).</exception>
    public TimeSpan Days(DateTimeOffset start, int days)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(days);
        if (_rules is null)
            return TimeSpan.FromDays(days);
        DateTimeOffset opening = NextOpening(start);
        ZonedDateTime first = Instant.FromDateTimeOffset(opening).InZone(_zone);
        LocalDate day = first.Date;
        int left = days;
        for (int i = 0; left > 0; i++)
        {
            if (i == MaxDays)
                throw new InvalidOperationException($"Calendar '{Name}' does not open often enough for {days} working days.");
            day = day.PlusDays(1);
            if (DayOf(day, _rules).Any(s => s.IsCounted))
                left--;
        }

        return Elapsed(opening, At(day, new TimeSpan(first.TickOfDay)));
    }

    /// <summary>Whether work is going on at this instant: openings are included, closings are not.</summary>
    public bool IsOpenAt(DateTimeOffset instant) => _rules is null || SegmentsFrom(instant).First().IsCounted;

    /// <summary>The instant itself when it is in working time, otherwise the next opening.</summary>
    /// <exception cref="InvalidOperationException">It does not open within 50 years.</exception>
    public DateTimeOffset NextOpening(DateTimeOffset instant) =>
        NextOpening(instant, MaxDays) ?? throw new InvalidOperationException($"Calendar '{Name}' does not open within 50 years.");

    /// <summary>The instant itself when it is in working time, otherwise the next opening within so many days; null when there is none.</summary>
    public DateTimeOffset? NextOpening(DateTimeOffset instant, int withinDays)
    {
        foreach (DeadlineInterval segment in SegmentsFrom(instant, withinDays))
        {
            if (segment.IsCounted)
                return segment.From;
        }

        return null;
    }

    /// <summary>All time from an instant on, cut into stretches that count and stretches that do not, without gaps.</summary>
    private IEnumerable<DeadlineInterval> SegmentsFrom(DateTimeOffset start, int days = MaxDays)
    {
        if (_rules is null)
        {
            yield return new DeadlineInterval(start, DateTimeOffset.MaxValue, IsCounted: true, WallClock);
            yield break;
        }

        LocalDate day = Instant.FromDateTimeOffset(start).InZone(_zone).Date;
        for (int i = 0; i < days; i++, day = day.PlusDays(1))
        {
            foreach (DeadlineInterval segment in DayOf(day, _rules))
            {
                if (segment.Until <= start)
                    continue;
                yield return segment.From < start ? segment with { From = start } : segment;
            }
        }
    }

    private DeadlineInterval[] DayOf(LocalDate day, CalendarRules rules)
    {
        if (_days.TryGetValue(day, out DeadlineInterval[]? known))
            return known;
        DeadlineInterval[] segments = [.. SegmentsOf(day, rules)];
        if (_days.Count >= MaxKnownDays)
            _days.Clear();
        _days[day] = segments;
        return segments;
    }

    /// <summary>One local day: its working intervals less its holidays, and everything between them.</summary>
    private IEnumerable<DeadlineInterval> SegmentsOf(LocalDate day, CalendarRules rules)
    {
        List<LocalInterval> open = [.. Parts(HoursOf(day, rules), HoursOf(day.PlusDays(-1), rules))];
        List<(LocalInterval? Part, Holiday Holiday)> holidays =
        [
            .. HolidaysOn(day).Select(h => (h.Closed is { } part ? Clipped(part) : (LocalInterval?)null, h)),
            .. HolidaysOn(day.PlusDays(-1)).Where(h => h.Closed?.Until > Day).Select(h => ((LocalInterval?)new LocalInterval(TimeSpan.Zero, h.Closed!.Value.Until - Day), h)),
        ];
        string closed = open.Count > 0 ? Closed : day.DayOfWeek is IsoDayOfWeek.Saturday or IsoDayOfWeek.Sunday ? Weekend : NotAWorkingDay;

        // Wall-clock cuts: whether each piece between two neighbouring cuts counts is the same all over the piece.
        SortedSet<TimeSpan> cuts = [TimeSpan.Zero, Day];
        foreach (LocalInterval interval in open)
            cuts.UnionWith([interval.From, interval.Until]);
        foreach ((LocalInterval? part, _) in holidays)
        {
            if (part is { } cut)
                cuts.UnionWith([cut.From, cut.Until]);
        }

        TimeSpan[] at = [.. cuts];
        for (int i = 0; i + 1 < at.Length; i++)
        {
            DateTimeOffset from = At(day, at[i]);
            DateTimeOffset until = At(day, at[i + 1]);
            if (until <= from)
                continue;
            TimeSpan start = at[i];
            bool isWork = open.Exists(o => o.From <= start && start < o.Until);
            (LocalInterval? Part, Holiday Holiday) holiday = holidays.Find(h => h.Part is not { } part || (part.From <= start && start < part.Until));

            // A holiday is named where it takes working time away; a holiday on a weekend moves nothing.
            bool isNamed = holiday.Holiday is not null && (isWork || (holiday.Part is null && open.Count > 0));
            bool counts = isWork && holiday.Holiday is null;
            yield return new DeadlineInterval(from, until, counts, counts ? Open : isNamed ? $"holiday '{holiday.Holiday!.Name}'" : closed);
        }
    }

    private static IReadOnlyList<LocalInterval> HoursOf(LocalDate day, CalendarRules rules) =>
        rules.Week.TryGetValue((DayOfWeek)((int)day.DayOfWeek % 7), out IReadOnlyList<LocalInterval>? hours) ? hours : [];

    /// <summary>What falls into a day of its own intervals, and of those of the day before that go over midnight.</summary>
    private static IEnumerable<LocalInterval> Parts(IReadOnlyList<LocalInterval> own, IReadOnlyList<LocalInterval> before) =>
        before.Where(i => i.Until > Day).Select(i => new LocalInterval(TimeSpan.Zero, i.Until - Day)).Concat(own.Where(i => i.Until > i.From).Select(Clipped));

    private static LocalInterval Clipped(LocalInterval interval) => interval.Until > Day ? interval with { Until = Day } : interval;

    private IEnumerable<Holiday> HolidaysOn(LocalDate day) =>
        _once.GetValueOrDefault(day.ToDateOnly(), []).Concat(_yearly.GetValueOrDefault((day.Month, day.Day), []));

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
