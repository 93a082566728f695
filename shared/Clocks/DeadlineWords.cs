using System.Globalization;
using Abm.Configuration;
using NodaTime;

namespace Abm.Clocks;

/// <summary>Says a deadline in plain sentences, in the time of the people who work by it.</summary>
public static class DeadlineWords
{
    // More than this nobody reads; a deadline of months has hundreds of nights.
    private const int MaxSentences = 60;

    /// <summary>What was allowed, what was counted, what was skipped and why, and when it is due: a sentence each.</summary>
    public static IReadOnlyList<string> Of(SlaDeadline deadline)
    {
        DateTimeZone zone = deadline.Zone is { } named ? DateTimeZoneProviders.Tzdb.GetZoneOrNull(named) ?? DateTimeZone.Utc : DateTimeZone.Utc;
        bool isAlways = deadline.Calendar == BusinessCalendar.AlwaysName;
        List<string> sentences =
        [
            isAlways
                ? $"{Length(deadline.Budget)} on the wall clock are allowed ({deadline.Policy}), from {Long(deadline.StartAt, zone)}."
                : $"{Length(deadline.Budget)} of working time are allowed ({deadline.Policy}), by calendar '{deadline.Calendar}' in {zone.Id}, from {Long(deadline.StartAt, zone)}.",
        ];
        foreach (DeadlineInterval interval in deadline.Intervals.Take(MaxSentences))
            sentences.Add(Of(interval, zone));
        if (deadline.Intervals.Count > MaxSentences)
            sentences.Add(string.Create(CultureInfo.InvariantCulture, $"And so on: {deadline.Intervals.Count - MaxSentences} more stretches."));
        sentences.Add(deadline.Intervals is [.., { IsCounted: false } last] && last.Until == DateTimeOffset.MaxValue
            ? $"It is paused; before the pause it was due {Long(deadline.DueAt, zone)}."
            : $"Due {Long(deadline.DueAt, zone)}{(zone.Id is "UTC" or "Etc/UTC" ? "" : $" ({deadline.DueAt.UtcDateTime.ToString("d MMM HH:mm", CultureInfo.InvariantCulture)} UTC)")}.");
        return sentences;
    }

    /// <summary>One stretch: <c>Counted 2 h on Tue 10 Nov, 15:00–17:00.</c> or <c>11 Nov closed: holiday 'St Martin'.</c></summary>
    public static string Of(DeadlineInterval interval, DateTimeZone zone)
    {
        string span = Span(interval, zone);
        if (interval.IsCounted)
            return $"Counted {Length(interval.Until - interval.From)} on {span}.";
        return interval.Why.StartsWith("paused", StringComparison.Ordinal) ? $"{span} {interval.Why}."
            : interval.Why is BusinessCalendar.Closed ? $"{span} closed."
            : $"{span} closed: {interval.Why}.";
    }

    /// <summary>Such as <c>Christmas Eve on 24 December every year, 12:00–24:00 only</c>.</summary>
    public static string Of(Holiday holiday) => ConfigModel.For(typeof(Holiday)).Words(holiday);

    /// <summary>A length such as <c>1 h 30 min</c>.</summary>
    public static string Length(TimeSpan length)
    {
        List<string> parts = [];
        if (length < TimeSpan.Zero)
            return "-" + Length(length.Negate());
        if (length >= TimeSpan.FromHours(1))
            parts.Add(((long)length.TotalHours).ToString(CultureInfo.InvariantCulture) + " h");
        if (length.Minutes > 0)
            parts.Add(length.Minutes.ToString(CultureInfo.InvariantCulture) + " min");
        if (length < TimeSpan.FromHours(1) && (length.Seconds > 0 || length.Milliseconds > 0 || parts.Count == 0))
            parts.Add(((length - TimeSpan.FromMinutes((long)length.TotalMinutes)).TotalSeconds).ToString("0.###", CultureInfo.InvariantCulture) + " s");
        return string.Join(' ', parts);
    }

    private static string Span(DeadlineInterval interval, DateTimeZone zone)
    {
        LocalDateTime from = Local(interval.From, zone);
        if (interval.Until == DateTimeOffset.MaxValue)
            return $"From {Day(from)} {Time(from)} on";
        LocalDateTime until = Local(interval.Until, zone);
        bool endsAtMidnight = until.TimeOfDay == LocalTime.Midnight;
        if (from.TimeOfDay == LocalTime.Midnight && endsAtMidnight && until.Date > from.Date)
        {
            LocalDate last = until.Date.PlusDays(-1);
            return last == from.Date ? Day(from) : $"{Day(from)} to {Day(last.AtMidnight())}";
        }

        return from.Date == until.Date || (endsAtMidnight && from.Date == until.Date.PlusDays(-1))
            ? $"{Day(from)}, {Time(from)}–{(endsAtMidnight ? "24:00" : Time(until))}"
            : $"{Day(from)} {Time(from)} to {Day(until)} {Time(until)}";
    }

    private static LocalDateTime Local(DateTimeOffset at, DateTimeZone zone) => Instant.FromDateTimeOffset(at).InZone(zone).LocalDateTime;

    private static string Day(LocalDateTime at) => at.ToString("ddd d MMM", CultureInfo.InvariantCulture);

    private static string Time(LocalDateTime at) => at.ToString(at.Second == 0 ? "HH:mm" : "HH:mm:ss", CultureInfo.InvariantCulture);

    private static string Long(DateTimeOffset at, DateTimeZone zone)
    {
        LocalDateTime local = Local(at, zone);
        return $"{local.ToString("ddd d MMM uuuu", CultureInfo.InvariantCulture)} {Time(local)}";
    }
}
