using Abm.Clocks;
using NodaTime;

namespace Abm.Configuration;

/// <summary>Hours in order, and time enough for the deadlines that are counted in them.</summary>
internal sealed class CalendarCheck : ConfigCheckOf<CalendarRules>
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    private protected override void Add(CalendarRules calendar, string path, CheckScope scope)
    {
        int before = scope.Problems.Count;
        if (!calendar.Week.Values.Any(d => d.Count > 0))
            scope.Problem(ConfigProblemCodes.NeverOpens, $"{path}.week", "It never opens: at least one day needs hours.");
        foreach ((DayOfWeek day, IReadOnlyList<LocalInterval> hours) in calendar.Week.OrderBy(d => d.Key))
        {
            string at = $"{path}.week.{day.ToString().ToLowerInvariant()}";
            Hours(hours, at, scope);
            if (calendar.Week.TryGetValue((DayOfWeek)(((int)day + 1) % 7), out IReadOnlyList<LocalInterval>? next) && hours.Any(h => next.Any(n => h.Until - Day > n.From)))
                scope.Problem(ConfigProblemCodes.Order, at, $"A shift over midnight has not ended when the hours of {(DayOfWeek)(((int)day + 1) % 7)} begin.");
        }

        Holidays(calendar.Holidays, $"{path}.holidays", scope);
        bool hasZone = DateTimeZoneProviders.Tzdb.GetZoneOrNull(calendar.Zone) is not null;
        if (hasZone && scope.Problems.Count == before && scope.Config is { } config)
            Budgets(WorkingTimes.RulesOf(calendar, config), config, path, scope);
    }

    internal static void Holidays(IReadOnlyList<Holiday> holidays, string path, CheckScope scope)
    {
        for (int i = 0; i < holidays.Count; i++)
        {
            if (holidays[i].Closed is { } part && IsDisorderly(part))
                scope.Problem(ConfigProblemCodes.Order, $"{ConfigPath.At(path, i)}.closed", "The end must be after the beginning.");
        }
    }

    private static void Hours(IReadOnlyList<LocalInterval> hours, string path, CheckScope scope)
    {
        for (int i = 0; i < hours.Count; i++)
        {
            if (IsDisorderly(hours[i]))
                scope.Problem(ConfigProblemCodes.Order, ConfigPath.At(path, i), "The end must be after the beginning; one that is earlier in the day lies in the next day, as in 22:00-06:00.");
            if (i > 0 && hours[i].From < hours[i - 1].Until)
                scope.Problem(ConfigProblemCodes.Order, ConfigPath.At(path, i), "It begins before the one before it has ended.");
        }
    }

    private static bool IsDisorderly(LocalInterval hours) => hours.From < TimeSpan.Zero || hours.From >= Day || hours.Until <= hours.From || hours.Until > hours.From + Day;

    /// <summary>Every business deadline must be reachable in every calendar that it may be counted in.</summary>
    private static void Budgets(CalendarRules calendar, AbmConfig config, string path, CheckScope scope)
    {
        BusinessCalendar hours = BusinessCalendar.From(calendar);
        DateTimeOffset start = new(2024, 1, 1, 0, 0, 0, TimeSpan.Zero);
        TimeSpan open = hours.Elapsed(start, start.AddYears(4));
        if (open <= TimeSpan.Zero)
        {
            scope.Problem(ConfigProblemCodes.NeverOpens, path, "It never opens: its holidays take all its hours.");
            return;
        }

        double worked = open / (start.AddYears(4) - start);
        foreach (SlaPolicy policy in config.SlaPolicies.Values.Where(p => p.Hours != SlaHours.Always && (p.Calendar is null || p.Calendar == calendar.Name)))
        {
            double share = policy.Ladder.Select(l => l.At).Where(double.IsFinite).Append(100).Max() / 100;
            double most = Math.Min(share, 10);
            bool isTooLong = policy.WorkingDays is { } days
                ? days * most / calendar.Week.Values.Count(d => d.Count > 0) > 52 * 20
                : policy.Budget * most / worked > TimeSpan.FromDays(366 * 20);
            if (isTooLong)
                scope.Problem(ConfigProblemCodes.OutOfRange, $"slaPolicies.{policy.Name}.budget", $"In calendar '{calendar.Name}' it would take more than 20 years.");
        }
    }
}

/// <summary>No two calendars are for the same pool, team or country.</summary>
internal sealed class CalendarsCheck : ConfigCheckOf<IReadOnlyDictionary<string, CalendarRules>>
{
    private protected override void Add(IReadOnlyDictionary<string, CalendarRules> calendars, string path, CheckScope scope)
    {
        if (calendars.ContainsKey(BusinessCalendar.AlwaysName))
            scope.Problem(ConfigProblemCodes.Duplicate, ConfigPath.Join(path, BusinessCalendar.AlwaysName), "'always' is the wall clock; give the calendar another name.");
        Once(calendars, path, "pool", "pools", c => c.Pools, scope);
        Once(calendars, path, "team", "teams", c => c.Teams, scope);
        Once(calendars, path, "country", "countries", c => c.Countries, scope);
    }

    private static void Once(IReadOnlyDictionary<string, CalendarRules> calendars, string path, string what, string property, Func<CalendarRules, IReadOnlyList<string>> of, CheckScope scope)
    {
        Dictionary<string, string> taken = new(StringComparer.OrdinalIgnoreCase);
        foreach ((string name, CalendarRules calendar) in calendars.OrderBy(c => c.Key, StringComparer.Ordinal))
        {
            IReadOnlyList<string> own = of(calendar);
            for (int i = 0; i < own.Count; i++)
            {
                if (!taken.TryAdd(own[i], name) && taken[own[i]] != name)
                    scope.Problem(ConfigProblemCodes.Duplicate, ConfigPath.At($"{ConfigPath.Join(path, name)}.{property}", i), $"Calendar '{taken[own[i]]}' is for {what} '{own[i]}' already.");
            }
        }
    }
}

/// <summary>Parts of days in order.</summary>
internal sealed class HolidayListsCheck : ConfigCheckOf<IReadOnlyDictionary<string, IReadOnlyList<Holiday>>>
{
    private protected override void Add(IReadOnlyDictionary<string, IReadOnlyList<Holiday>> lists, string path, CheckScope scope)
    {
        foreach ((string name, IReadOnlyList<Holiday> holidays) in lists.OrderBy(l => l.Key, StringComparer.Ordinal))
            CalendarCheck.Holidays(holidays, ConfigPath.Join(path, name), scope);
    }
}

/// <summary>Working days are counted in working time.</summary>
internal sealed class SlaPolicyCheck : ConfigCheckOf<SlaPolicy>
{
    private protected override void Add(SlaPolicy policy, string path, CheckScope scope)
    {
        if (policy is { WorkingDays: not null, Hours: SlaHours.Always })
            scope.Problem(ConfigProblemCodes.BadValues, $"{path}.workingDays", "The wall clock knows no working days: write budget, or other hours.");
    }
}
