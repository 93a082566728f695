using Abm.Clocks;
using NodaTime;

namespace Abm.Configuration;

/// <summary>Deadlines and holidays that can hardly be meant.</summary>
internal static class TimeLint
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Longest = TimeSpan.FromDays(30);

    /// <summary>A calendar that stays closed longer than this is a mistake.</summary>
    private static readonly TimeSpan ClosedAtMost = TimeSpan.FromDays(90);
    private static readonly TimeSpan LongestNight = TimeSpan.FromHours(14);

    public static void Add(AbmConfig config, LintScope scope)
    {
        foreach ((string name, SlaPolicy policy) in config.SlaPolicies)
        {
            if (policy.Budget < Shortest || policy.Budget > Longest)
                scope.Add(LintCodes.OddBudget, $"slaPolicies.{name}.budget", $"'{name}' allows {ConfigWords.Length(policy.Budget)}; {ConfigWords.Length(Shortest)} to {ConfigWords.Length(Longest)} is usual.");
        }

        foreach ((string name, CalendarRules calendar) in config.Calendars)
        {
            DateTimeZone zone = DateTimeZoneProviders.Tzdb[calendar.Zone];
            DateOnly today = Instant.FromDateTimeOffset(scope.Context.Now).InZone(zone).Date.ToDateOnly();
            if (ArePast(calendar.Holidays, today))
                scope.Add(LintCodes.HolidaysPast, $"calendars.{name}.holidays", $"All {calendar.Holidays.Count} holidays of calendar '{name}' are past.");
            if (BusinessCalendar.From(WorkingTimes.RulesOf(calendar, config)).NextOpening(scope.Context.Now, ClosedAtMost.Days) is null)
                scope.Add(ConfigProblemCodes.NeverOpens, $"calendars.{name}.holidays", $"Calendar '{name}' does not open in the next {ClosedAtMost.Days} days: its holidays take all its hours.");
            foreach ((DayOfWeek day, IReadOnlyList<LocalInterval> hours) in calendar.Week.OrderBy(d => d.Key))
            {
                for (int i = 0; i < hours.Count; i++)
                {
                    if (hours[i].Until > TimeSpan.FromDays(1) && hours[i].Until - hours[i].From > LongestNight)
                        scope.Add(LintCodes.OddHours, ConfigPath.At($"calendars.{name}.week.{day.ToString().ToLowerInvariant()}", i), $"A shift of {ConfigWords.Length(hours[i].Until - hours[i].From)} over midnight: beginning and end may stand the wrong way round.");
                }
            }
        }

        DateOnly now = DateOnly.FromDateTime(scope.Context.Now.UtcDateTime);
        foreach ((string name, IReadOnlyList<Holiday> list) in config.Holidays)
        {
            if (ArePast(list, now))
                scope.Add(LintCodes.HolidaysPast, $"holidays.{name}", $"All {list.Count} holidays of list '{name}' are past.");
        }
    }

    private static bool ArePast(IReadOnlyList<Holiday> holidays, DateOnly today) => holidays.Count > 0 && holidays.All(h => !h.EveryYear && h.Date < today);
}

/// <summary>Sections that nobody has read for too long.</summary>
internal static class SectionLint
{
    public static void Add(LintScope scope)
    {
        DateOnly today = DateOnly.FromDateTime(scope.Context.Now.UtcDateTime);
        foreach (ConfigPart part in scope.Parts)
        {
            if (part is { Value: SectionCare { ReviewBy: { } due } care } && due < today)
                scope.Add(LintCodes.Stale, $"{part.Path}.reviewBy", FormattableString.Invariant($"It was to be reviewed by {due:yyyy-MM-dd}{(care.Owner is { } owner ? $", by {owner}" : "")}."));
        }
    }
}

/// <summary>Names in braces that nothing fills in.</summary>
internal static class TemplateLint
{
    public static void Add(LintScope scope)
    {
        foreach (ConfigPart part in scope.Parts.Where(p => p.Property?.Declared<FormatAttribute>() is { Format: TextFormat.Template } && p.Value is string))
        {
            foreach (string name in Names((string)part.Value!).Where(n => !NotificationTemplate.Placeholders.Contains(n, StringComparer.Ordinal) && !FactFields.IsOfPlays(n)).Distinct(StringComparer.Ordinal))
                scope.Add(LintCodes.UnknownPlaceholder, part.Path, $"'{{{name}}}' is filled in by nothing{Nearest.Hint(name, NotificationTemplate.Placeholders)}");
        }
    }

    private static IEnumerable<string> Names(string text)
    {
        for (int open = text.IndexOf('{', StringComparison.Ordinal); open >= 0; open = text.IndexOf('{', open + 1))
        {
            int close = text.IndexOf('}', open);
            if (close < 0)
                yield break;
            yield return ConfigWords.Short(text[(open + 1)..close], 60);
        }
    }
}
