using System.Globalization;
using Abm.Configuration;
using NodaTime;
using NodaTime.TimeZones;

namespace Abm.Clocks;

/// <summary>What an iCalendar file says about holidays.</summary>
/// <param name="Holidays">By date. Null: it is no iCalendar file.</param>
/// <param name="Skipped">Events that say nothing that could be kept, and why.</param>
public sealed record HolidayFileReading(IReadOnlyList<Holiday>? Holidays, IReadOnlyList<SkippedEvent> Skipped);

/// <param name="Event">Its summary, or its number in the file.</param>
public sealed record SkippedEvent(string Event, string Code, string Why);

/// <summary>Reads holidays from an iCalendar file (RFC 5545): days and parts of days, recurring ones, exceptions.</summary>
/// <remarks>
/// An event of whole days closes those days; one with times closes that part of them, in the zone that is asked for. The same day of every year becomes one holiday of every year; any other recurrence becomes its
/// days from the first year to the last. What is not understood is skipped and named, never guessed at.
/// </remarks>
public static class HolidayFile
{
    /// <summary>Events of one file.</summary>
    public const int MaxEvents = 2_000;

    /// <summary>Holidays of one file.</summary>
    public const int MaxHolidays = 2_000;

    private const int MaxDaysOfOne = 62;
    private const int MaxNameLength = 200;

    // A day more or another zone still is a date.
    private const int MinYear = 2, MaxYear = 9_998;

    /// <summary>The zone that the file itself names (<c>X-WR-TIMEZONE</c>); null: none that is known.</summary>
    public static string? ZoneOf(string text) =>
        ICalendarText.Read(text, 0).Calendar.FirstOrDefault(p => p.Name == "X-WR-TIMEZONE") is { } property ? ZoneNamed(property.Value.Trim())?.Id : null;

    /// <param name="zone">IANA zone that parts of days are read in.</param>
    /// <param name="from">The first day that is wanted of what recurs otherwise than every year.</param>
    /// <param name="until">The last one.</param>
    public static HolidayFileReading Read(string text, string zone, DateOnly from, DateOnly until)
    {
        (IReadOnlyList<IReadOnlyList<ICalendarProperty>>? events, _, bool isCut) = ICalendarText.Read(text, MaxEvents);
        if (events is null)
            return new HolidayFileReading(null, []);
        List<SkippedEvent> skipped = [];
        if (isCut)
            skipped.Add(new SkippedEvent("", "tooMany", string.Create(CultureInfo.InvariantCulture, $"Only the first {MaxEvents} events were read.")));

        Event[] read = [.. events.Select((e, i) => Event.Read(e, i, DateTimeZoneProviders.Tzdb[zone], skipped)).OfType<Event>()];
        ILookup<string, DateOnly> replaced = read.Where(e => e.Replaces is not null).ToLookup(e => e.Uid, e => e.Replaces!.Value);
        HashSet<(DateOnly Date, bool EveryYear, LocalInterval? Closed)> seen = [];
        List<Holiday> holidays = [];
        foreach (Event e in read.Where(e => !e.IsCancelled))
        {
            foreach (Holiday holiday in e.Holidays(replaced[e.Uid].ToHashSet(), from, until, skipped))
            {
                if (seen.Add((holiday.Date, holiday.EveryYear, holiday.Closed)))
                    holidays.Add(holiday);
            }
        }

        if (holidays.Count > MaxHolidays)
            skipped.Add(new SkippedEvent("", "tooMany", string.Create(CultureInfo.InvariantCulture, $"Only the first {MaxHolidays} holidays are kept.")));
        return new HolidayFileReading(
            [.. holidays.OrderBy(h => h.EveryYear ? 0 : 1).ThenBy(h => h.EveryYear ? new DateOnly(2000, h.Date.Month, h.Date.Day) : h.Date).ThenBy(h => h.Closed?.From ?? TimeSpan.Zero).ThenBy(h => h.Name, StringComparer.Ordinal).Take(MaxHolidays)], skipped);
    }

    /// <summary>By its IANA name, also behind a prefix that makes it one of its own (<c>/vendor.example/Europe/Berlin</c>), or by Microsoft's.</summary>
    private static DateTimeZone? ZoneNamed(string name) =>
        DateTimeZoneProviders.Tzdb.GetZoneOrNull(name)
        ?? (name.StartsWith('/') && name.Length <= 200 ? Enumerable.Range(1, name.Length - 1).Where(i => name[i - 1] == '/').Select(i => DateTimeZoneProviders.Tzdb.GetZoneOrNull(name[i..])).FirstOrDefault(z => z is not null) : null)
        ?? (TzdbDateTimeZoneSource.Default.WindowsMapping.PrimaryMapping.TryGetValue(name, out string? iana) ? DateTimeZoneProviders.Tzdb.GetZoneOrNull(iana) : null);

    private sealed record Event(string Name, string Uid, LocalDateTime Start, LocalDateTime End, bool IsCancelled, DateOnly? Replaces, RecurrenceRule? Rule, IReadOnlySet<DateOnly> Except, IReadOnlyList<DateOnly> Also)
    {
        public static Event? Read(IReadOnlyList<ICalendarProperty> properties, int number, DateTimeZone zone, List<SkippedEvent> skipped)
        {
            ICalendarProperty? Find(string name) => properties.FirstOrDefault(p => p.Name == name);
            string name = Clean(Find("SUMMARY")?.Text());
            string called = name.Length > 0 ? name : string.Create(CultureInfo.InvariantCulture, $"event {number + 1}");
            if (Find("DTSTART") is not { } startProperty || Moment(startProperty, zone) is not { } start)
                return Skip("start", "It has no beginning that can be read.");
            bool isWholeDays = IsDate(startProperty);
            LocalDateTime end;
            if (Find("DTEND") is { } endProperty)
            {
                if (Moment(endProperty, zone) is not { } until || until < start)
                    return Skip("end", "Its end cannot be read, or lies before its beginning.");
                end = until == start && isWholeDays ? start.PlusDays(1) : until;
            }
            else if (Find("DURATION") is { } duration)
            {
                NodaTime.Text.ParseResult<Period> length = NodaTime.Text.PeriodPattern.NormalizingIso.Parse(duration.Value.Trim().TrimStart('+'));
                if (!length.Success)
                    return Skip("duration", "Its duration cannot be read.");
                if (length.Value is { Years: > 1 } or { Months: > 12 } or { Days: > 366 })
                    return TooLong();
                if (length.Value is { Years: < 0 } or { Months: < 0 } or { Days: < 0 } || start.Plus(length.Value) < start)
                    return Skip("duration", "Its duration cannot be read.");
                end = start.Plus(length.Value);
            }
            else
            {
                end = isWholeDays ? start.PlusDays(1) : start;
            }

            if (end == start)
                return Skip("empty", "It lasts no time.");
            if (Period.Between(start, end, PeriodUnits.Days).Days > MaxDaysOfOne)
                return TooLong();
            if (Unknown(startProperty) is { } zoneName)
                return Skip("zone", $"Its time zone is not known: {zoneName}.");
            if (properties.FirstOrDefault(p => p.Name is "EXDATE" or "RDATE" && p.Value.Split(',').Any(v => v.Trim().Length > 0 && Moment(p with { Value = v }, zone) is null)) is { } unclear)
                return Skip("dates", $"Its {unclear.Name} cannot be read.");
            RecurrenceRule? rule = null;
            if (Find("RRULE") is { } recurs && (rule = RecurrenceRule.Read(recurs.Value.Trim(), out string? unread)) is null)
                return Skip("recurrence", $"How it recurs is not understood: {unread}.");
            return new Event(
                called,
                Find("UID")?.Value ?? string.Create(CultureInfo.InvariantCulture, $"#{number}"),
                start,
                end,
                string.Equals(Find("STATUS")?.Value.Trim(), "CANCELLED", StringComparison.OrdinalIgnoreCase),
                Find("RECURRENCE-ID") is { } instance && Moment(instance, zone) is { } replaced ? replaced.Date.ToDateOnly() : null,
                rule,
                Dates("EXDATE").ToHashSet(),
                [.. Dates("RDATE")]);

            IEnumerable<DateOnly> Dates(string property) => properties.Where(p => p.Name == property)
                .SelectMany(p => p.Value.Split(',').Select(v => Moment(p with { Value = v }, zone))).OfType<LocalDateTime>().Select(m => m.Date.ToDateOnly());

            Event? TooLong() => Skip("tooLong", string.Create(CultureInfo.InvariantCulture, $"It lasts longer than {MaxDaysOfOne} days."));

            Event? Skip(string code, string why)
            {
                skipped.Add(new SkippedEvent(called, code, why));
                return null;
            }
        }

        public IEnumerable<Holiday> Holidays(HashSet<DateOnly> replaced, DateOnly from, DateOnly until, List<SkippedEvent> skipped)
        {
            DateOnly first = Start.Date.ToDateOnly();
            bool isEveryYear = Rule?.IsEveryYear(first) == true && first.Year <= from.Year && Except.Count == 0 && Also.Count == 0 && (Replaces is not null || replaced.Count == 0);
            if (isEveryYear)
                return Parts(first).Select(h => h with { EveryYear = true });
            IEnumerable<DateOnly> starts = (Rule is null ? [first] : Rule.DaysFrom(first, from.AddDays(-MaxDaysOfOne), until)).Concat(Also).Where(d => d <= until).Distinct()
                .Where(d => !Except.Contains(d) && (Replaces is not null || !replaced.Contains(d)));
            Holiday[] all = [.. starts.SelectMany(Parts).Where(h => h.Date >= from && h.Date <= until)];
            if (all.Length == 0)
                skipped.Add(new SkippedEvent(Name, "outside", FormattableString.Invariant($"None of its days lies from {from:yyyy-MM-dd} to {until:yyyy-MM-dd}.")));
            return all;
        }

        /// <summary>The days, and parts of days, of one occurrence.</summary>
        private IEnumerable<Holiday> Parts(DateOnly starts)
        {
            LocalDateTime from = LocalDate.FromDateOnly(starts) + Start.TimeOfDay;
            LocalDateTime until = from.Plus(Period.Between(Start, End, PeriodUnits.Days | PeriodUnits.Ticks));
            for (LocalDate day = from.Date; day.AtMidnight() < until; day = day.PlusDays(1))
            {
                TimeSpan begins = day == from.Date ? new TimeSpan(from.TickOfDay) : TimeSpan.Zero;
                TimeSpan ends = day == until.Date ? new TimeSpan(until.TickOfDay) : TimeSpan.FromDays(1);
                LocalInterval part = new(Minutes(begins), Minutes(ends));
                if (part.Until > part.From)
                    yield return new Holiday { Name = Name, Date = day.ToDateOnly(), Closed = begins == TimeSpan.Zero && ends == TimeSpan.FromDays(1) ? null : part };
            }
        }

        private static TimeSpan Minutes(TimeSpan time) => TimeSpan.FromMinutes(Math.Floor(time.TotalMinutes));

        private static bool IsDate(ICalendarProperty property) => property.Parameters.GetValueOrDefault("VALUE") == "DATE" || !property.Value.Contains('T', StringComparison.OrdinalIgnoreCase);

        /// <summary>The name of a zone that nobody knows; null: there is none, or it is known.</summary>
        private static string? Unknown(ICalendarProperty property) =>
            !IsDate(property) && property.Parameters.TryGetValue("TZID", out string? id) && id.Length > 0 && ZoneNamed(id) is null ? (id.Length > 60 ? id[..60] : id) : null;

        /// <summary>As the wall clock of the zone shows it. A time without a zone is what every wall clock shows.</summary>
        private static LocalDateTime? Moment(ICalendarProperty property, DateTimeZone zone)
        {
            string value = property.Value.Trim();
            if (RecurrenceRule.Day(value) is not { Year: >= MinYear and <= MaxYear } date)
                return null;
            if (IsDate(property))
                return LocalDate.FromDateOnly(date).AtMidnight();
            bool isUtc = value.EndsWith('Z');
            if (value.Length < 13 || value[8] is not ('T' or 't')
                || !TimeOnly.TryParseExact(value[9..].TrimEnd('Z'), ["HHmmss", "HHmm"], CultureInfo.InvariantCulture, DateTimeStyles.None, out TimeOnly time))
                return null;
            LocalDateTime local = LocalDate.FromDateOnly(date) + LocalTime.FromTimeOnly(time);
            DateTimeZone? own = isUtc ? DateTimeZone.Utc : property.Parameters.TryGetValue("TZID", out string? id) ? ZoneNamed(id) : null;
            return own is null || own.Id == zone.Id ? local : local.InZoneLeniently(own).WithZone(zone).LocalDateTime;
        }

        private static string Clean(string? text)
        {
            string clean = string.Join(' ', (text ?? "").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
            clean = string.Concat(clean.Where(c => !char.IsControl(c) && !char.IsSurrogate(c)));
            return clean.Length > MaxNameLength ? clean[..MaxNameLength] : clean;
        }
    }
}
