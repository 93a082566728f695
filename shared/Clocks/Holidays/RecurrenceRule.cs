using System.Globalization;

namespace Abm.Clocks;

/// <summary>The days of an RRULE (RFC 5545, section 3.3.10), as far as holidays need them: by year, month, week or day, with interval, count, end, months, days of the month and weekdays.</summary>
internal sealed class RecurrenceRule
{
    /// <summary>Days looked at for one rule: half a century of each day. Without a count nothing before the wanted days is looked at.</summary>
    private const int MaxLooks = 20_000;

    private static readonly string[] Weekdays = ["SU", "MO", "TU", "WE", "TH", "FR", "SA"];
    private string _frequency = "";
    private int _interval = 1;
    private int? _count;
    private DateOnly? _until;
    private int _weekStart = 1;
    private int[] _months = [];
    private int[] _monthDays = [];
    private (int Ordinal, DayOfWeek Day)[] _days = [];

    private RecurrenceRule()
    {
    }

    /// <summary>Whether it is nothing but the same day of every year for ever.</summary>
    public bool IsEveryYear(DateOnly start) =>
        _frequency == "YEARLY" && _interval == 1 && _count is null && _until is null && _days.Length == 0
        && (_months.Length == 0 || (_months.Length == 1 && _months[0] == start.Month)) && (_monthDays.Length == 0 || (_monthDays.Length == 1 && _monthDays[0] == start.Day));

    /// <summary>Reads a rule.</summary>
    /// <param name="why">What of it is not understood; null when it is read.</param>
    public static RecurrenceRule? Read(string text, out string? why)
    {
        RecurrenceRule rule = new();
        why = null;
        foreach (string part in text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            string[] pair = part.Split('=', 2);
            string name = pair[0].ToUpperInvariant();
            string value = pair.Length == 2 ? pair[1].ToUpperInvariant() : "";
            bool isRead = name switch
            {
                "FREQ" => (rule._frequency = value) is "YEARLY" or "MONTHLY" or "WEEKLY" or "DAILY",
                "INTERVAL" => Number(value, 1, 1000, out rule._interval),
                "COUNT" => Number(value, 1, MaxLooks, out int count) && (rule._count = count) > 0,
                "UNTIL" => (rule._until = Day(value)) is not null,
                "BYMONTH" => Numbers(value, 1, 12, out rule._months),
                "BYMONTHDAY" => Numbers(value, -31, 31, out rule._monthDays) && !rule._monthDays.Contains(0),
                "BYDAY" => rule.ReadDays(value),
                "WKST" => (rule._weekStart = Array.IndexOf(Weekdays, value)) >= 0,
                _ => false,
            };
            if (!isRead)
            {
                why = part.Length > 60 ? part[..60] : part;
                return null;
            }
        }

        if (rule._frequency.Length == 0 || (rule._frequency is "WEEKLY" or "DAILY" && (rule._monthDays.Length > 0 || rule._days.Any(d => d.Ordinal != 0))))
            why = text.Length > 60 ? text[..60] : text;
        return why is null ? rule : null;
    }

    /// <summary>Its days from the first to the last one wanted, the start itself included.</summary>
    public IEnumerable<DateOnly> DaysFrom(DateOnly start, DateOnly first, DateOnly last)
    {
        int given = 0;
        DateOnly end = _until < last ? _until.Value : last;
        int looks = 0;
        foreach (DateOnly day in Candidates(start, first, end))
        {
            if (day > end || ++looks > MaxLooks || given >= (_count ?? int.MaxValue))
                yield break;
            if (day < start)
                continue;
            given++;
            if (day >= first)
                yield return day;
        }
    }

    private IEnumerable<DateOnly> Candidates(DateOnly start, DateOnly first, DateOnly end)
    {
        // What is counted is counted from its beginning; everything else may begin where it is wanted.
        int from = _count is null && first > start ? (int)Math.Max(0, (PeriodsBetween(start, first) / _interval) - 1) : 0;
        long steps = start <= end ? (PeriodsBetween(start, end) / _interval) + 1 : -1;
        for (int step = from; step <= steps; step++)
        {
            IEnumerable<DateOnly> period = _frequency switch
            {
                "YEARLY" => Year(start, step),
                "MONTHLY" => Month(start, step),
                "WEEKLY" => Week(start, step),
                _ => start.DayNumber + ((long)step * _interval) <= DateOnly.MaxValue.DayNumber ? OfMonths([start.AddDays(step * _interval)]) : [DateOnly.MaxValue],
            };
            foreach (DateOnly day in period)
                yield return day;
            if (step - from > MaxLooks)
                yield break;
        }
    }

    private long PeriodsBetween(DateOnly start, DateOnly end) => _frequency switch
    {
        "YEARLY" => end.Year - start.Year,
        "MONTHLY" => ((end.Year - start.Year) * 12L) + end.Month - start.Month,
        "WEEKLY" => (end.DayNumber - start.DayNumber) / 7,
        _ => end.DayNumber - start.DayNumber,
    };

    private IEnumerable<DateOnly> Year(DateOnly start, int step)
    {
        long year = start.Year + ((long)step * _interval);
        if (year > 9999)
            return [DateOnly.MaxValue];
        if (_days.Length > 0 && _months.Length == 0)
            return [.. OnWeekdays(new DateOnly((int)year, 1, 1), new DateOnly((int)year, 12, 31))];
        int[] months = _months.Length > 0 ? [.. _months.Order()] : [start.Month];
        return months.SelectMany(month => InMonth((int)year, month, start.Day));
    }

    private IEnumerable<DateOnly> Month(DateOnly start, int step)
    {
        long month = (start.Year * 12L) + start.Month - 1 + ((long)step * _interval);
        if (month / 12 > 9999)
            return [DateOnly.MaxValue];
        (int year, int of) = ((int)(month / 12), (int)(month % 12) + 1);
        return _months.Length > 0 && !_months.Contains(of) ? [] : InMonth(year, of, start.Day);
    }

    private IEnumerable<DateOnly> Week(DateOnly start, int step)
    {
        // Which weeks are left out between depends on the day on which they begin: Monday unless the rule says otherwise.
        long begins = start.DayNumber - (((int)start.DayOfWeek + 7 - _weekStart) % 7) + (7L * step * _interval);
        if (begins + 6 > DateOnly.MaxValue.DayNumber)
            return [DateOnly.MaxValue];
        DayOfWeek[] days = _days.Length > 0 ? [.. _days.Select(d => d.Day)] : [start.DayOfWeek];
        return OfMonths(Enumerable.Range((int)begins, 7).Select(DateOnly.FromDayNumber).Where(d => days.Contains(d.DayOfWeek)));
    }

    private IEnumerable<DateOnly> InMonth(int year, int month, int startDay)
    {
        DateOnly first = new(year, month, 1);
        DateOnly last = new(year, month, DateTime.DaysInMonth(year, month));
        if (_days.Length > 0)
        {
            IEnumerable<DateOnly> days = OnWeekdays(first, last);
            return _monthDays.Length > 0 ? days.Where(d => _monthDays.Contains(d.Day) || _monthDays.Contains(d.Day - last.Day - 1)) : days;
        }

        return (_monthDays.Length > 0 ? _monthDays.Select(d => d > 0 ? d : last.Day + 1 + d) : [startDay])
            .Where(d => d >= 1 && d <= last.Day).Distinct().Order().Select(d => new DateOnly(year, month, d));
    }

    private IEnumerable<DateOnly> OnWeekdays(DateOnly first, DateOnly last) => _days
        .SelectMany(wanted =>
        {
            DateOnly[] all = [.. Enumerable.Range(first.DayNumber, last.DayNumber - first.DayNumber + 1).Select(DateOnly.FromDayNumber).Where(d => d.DayOfWeek == wanted.Day)];
            return wanted.Ordinal == 0 ? all : wanted.Ordinal > 0 && wanted.Ordinal <= all.Length ? [all[wanted.Ordinal - 1]] : wanted.Ordinal < 0 && -wanted.Ordinal <= all.Length ? [all[^-wanted.Ordinal]] : [];
        })
        .Distinct().Order();

    private IEnumerable<DateOnly> OfMonths(IEnumerable<DateOnly> days) => _months.Length == 0 ? days : days.Where(d => _months.Contains(d.Month));

    private bool ReadDays(string value)
    {
        List<(int Ordinal, DayOfWeek Day)> days = [];
        foreach (string text in value.Split(','))
        {
            int day = text.Length < 2 ? -1 : Array.IndexOf(Weekdays, text[^2..]);
            if (day < 0)
                return false;
            int ordinal = 0;
            if (text.Length > 2 && (!int.TryParse(text[..^2], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out ordinal) || ordinal is 0 or < -53 or > 53))
                return false;
            days.Add((ordinal, (DayOfWeek)day));
        }

        _days = [.. days];
        return days.Count > 0;
    }

    private static bool Number(string value, int least, int most, out int number) =>
        int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number) && number >= least && number <= most;

    private static bool Numbers(string value, int least, int most, out int[] numbers)
    {
        List<int> read = [];
        foreach (string text in value.Split(','))
        {
            if (!Number(text, least, most, out int number))
            {
                numbers = [];
                return false;
            }

            read.Add(number);
        }

        numbers = [.. read];
        return read.Count > 0;
    }

    internal static DateOnly? Day(string value) =>
        value.Length >= 8 && DateOnly.TryParseExact(value[..8], "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly day) ? day : null;
}
