using Abm.Matching;
using Abm.Plays;
using NodaTime;

namespace Abm.Configuration;

/// <summary>What is wrong with a configuration.</summary>
/// <param name="Code">Stable code, see <see cref="ConfigProblemCodes"/>.</param>
/// <param name="Path">Where it stands, such as <c>pools.inbound.weights.R001</c> or <c>routing[2].to</c>.</param>
/// <param name="Message">What is wrong and what would be right.</param>
public sealed record ConfigProblem(string Code, string Path, string Message);

/// <summary>Codes of configuration problems.</summary>
public static class ConfigProblemCodes
{
    public const string Empty = "empty";
    public const string OutOfRange = "outOfRange";
    public const string Duplicate = "duplicate";
    public const string UnknownReference = "unknownReference";
    public const string UnknownField = "unknownField";
    public const string UnknownZone = "unknownZone";
    public const string BadPattern = "badPattern";
    public const string BadValues = "badValues";
    public const string NoCatchAll = "noCatchAll";
    public const string Unreachable = "unreachable";
    public const string Order = "order";
    public const string NeverOpens = "neverOpens";
}

/// <summary>Checks what a configuration means, after its form was read. Finds every problem, not only the first.</summary>
public static class ConfigCheck
{
    /// <summary>Every problem, in the order of the document's sections; empty when the configuration can be used.</summary>
    public static IReadOnlyList<ConfigProblem> Problems(AbmConfig config)
    {
        List<ConfigProblem> problems = [];
        Matching(config.Matching, problems);
        ScoringCheck.Add(config, problems);
        RoutingCheck.Add(config, problems);
        CalendarCheck.Add(config, problems);
        PlayCheck.Add(config, problems);
        return problems;
    }

    private static void Matching(MatchModel model, List<ConfigProblem> problems)
    {
        if (model.ReviewFrom > model.AutomaticFrom)
            problems.Add(new ConfigProblem(ConfigProblemCodes.Order, "matching.reviewFrom", "It must not be more than automaticFrom."));
        if (model.MaxCandidates is < 1 or > 50)
            problems.Add(new ConfigProblem(ConfigProblemCodes.OutOfRange, "matching.maxCandidates", "It must be 1 to 50."));
    }

    /// <summary>Says which of the things that must be unique are not.</summary>
    internal static void Unique(IEnumerable<string> names, string path, string what, List<ConfigProblem> problems)
    {
        foreach ((string name, int index) in names.Select((n, i) => (n, i)).GroupBy(p => p.n, StringComparer.OrdinalIgnoreCase).SelectMany(g => g.Skip(1)))
            problems.Add(new ConfigProblem(ConfigProblemCodes.Duplicate, $"{path}[{index}]", $"There is another {what} '{name}'."));
    }

    internal static void Range(double value, double least, double most, string path, List<ConfigProblem> problems)
    {
        if (!(value >= least && value <= most))
            problems.Add(new ConfigProblem(ConfigProblemCodes.OutOfRange, path, FormattableString.Invariant($"{value} is outside {least} to {most}.")));
    }

    internal static void Range(TimeSpan value, TimeSpan least, TimeSpan most, string path, List<ConfigProblem> problems)
    {
        if (value < least || value > most)
            problems.Add(new ConfigProblem(ConfigProblemCodes.OutOfRange, path, FormattableString.Invariant($"{value:g} is outside {least:g} to {most:g}.")));
    }

    internal static void Reference(string? name, IEnumerable<string> known, string what, string path, List<ConfigProblem> problems)
    {
        string[] names = [.. known];
        if (name is not null && !names.Contains(name, StringComparer.Ordinal))
            problems.Add(new ConfigProblem(ConfigProblemCodes.UnknownReference, path, $"There is no {what} '{name}'{Nearest.Hint(name, names)}"));
    }

    internal static void Zone(string zone, string path, List<ConfigProblem> problems)
    {
        if (DateTimeZoneProviders.Tzdb.GetZoneOrNull(zone) is null || zone.StartsWith("UTC+", StringComparison.Ordinal) || zone.StartsWith("UTC-", StringComparison.Ordinal))
            problems.Add(new ConfigProblem(ConfigProblemCodes.UnknownZone, path, $"'{zone}' is no IANA time zone such as Europe/Berlin{Nearest.Hint(zone, DateTimeZoneProviders.Tzdb.Ids)}"));
    }
}

/// <summary>Routing, pools and the conditions of routing rules.</summary>
internal static class RoutingCheck
{
    public static void Add(AbmConfig config, List<ConfigProblem> problems)
    {
        Rules(config, problems);
        foreach ((string name, PoolRules pool) in config.Pools)
        {
            string path = $"pools.{name}";
            ConfigCheck.Zone(pool.Zone, $"{path}.zone", problems);
            foreach ((string rep, double weight) in pool.Weights)
            {
                if (!(weight > 0 && weight <= 100))
                    problems.Add(new ConfigProblem(ConfigProblemCodes.OutOfRange, $"{path}.weights.{rep}", "A weight is more than 0 and at most 100."));
            }

            ConfigCheck.Unique(pool.Order, $"{path}.order", "member", problems);
            for (int i = 0; i < pool.Caps.Count; i++)
                ConfigCheck.Range(pool.Caps[i].Max, 1, 100_000, $"{path}.caps[{i}].max", problems);
        }

        ConfigCheck.Range(config.Conflicts.StickyFor, TimeSpan.Zero, TimeSpan.FromDays(3660), "conflicts.stickyFor", problems);
    }

    private static void Rules(AbmConfig config, List<ConfigProblem> problems)
    {
        IReadOnlyList<RoutingRule> rules = config.Routing;
        ConfigCheck.Unique(rules.Select(r => r.Name), "routing", "routing rule", problems);
        for (int i = 0; i < rules.Count; i++)
        {
            string path = $"routing[{i}]";
            if (rules[i].When is { } when)
                PredicateCheck.Add(when, $"{path}.when", afterScoring: true, problems);
            else if (i < rules.Count - 1)
                problems.Add(new ConfigProblem(ConfigProblemCodes.Unreachable, path, $"'{rules[i].Name}' has no condition, so the rules after it are never reached: only the last rule is without one."));
            if (rules[i].To is RouteTarget.Pool pool)
                ConfigCheck.Reference(pool.Name, config.Pools.Keys, "pool", $"{path}.to", problems);
        }

        if (rules.Count == 0 || rules[^1].When is not null)
            problems.Add(new ConfigProblem(ConfigProblemCodes.NoCatchAll, "routing", "The last rule must be a catch-all: without a condition, so that every lead goes somewhere."));
        else if (rules[^1].To is RouteTarget.AccountOwner or RouteTarget.OpportunityOwner)
            problems.Add(new ConfigProblem(ConfigProblemCodes.NoCatchAll, $"routing[{rules.Count - 1}].to", "The catch-all must be able to take every lead: a pool, a queue or a person, not an owner whom not every account has."));
    }
}

/// <summary>Scoring rules, levels and personas.</summary>
internal static class ScoringCheck
{
    public static void Add(AbmConfig config, List<ConfigProblem> problems)
    {
        IReadOnlyList<ScoringRule> rules = config.Scoring.Rules;
        ConfigCheck.Unique(rules.Select(r => r.Name), "scoring.rules", "scoring rule", problems);
        for (int i = 0; i < rules.Count; i++)
        {
            ConfigCheck.Range(rules[i].Points, -100, 100, $"scoring.rules[{i}].points", problems);
            PredicateCheck.Add(rules[i].When, $"scoring.rules[{i}].when", afterScoring: false, problems);
        }

        IReadOnlyList<ScoreLevel> levels = config.Scoring.Levels;
        ConfigCheck.Unique(levels.Select(l => l.Name), "scoring.levels", "level", problems);
        ConfigCheck.Unique(levels.Select(l => FormattableString.Invariant($"from {l.From}")), "scoring.levels", "level", problems);
        for (int i = 0; i < levels.Count; i++)
            ConfigCheck.Range(levels[i].From, 0, 100, $"scoring.levels[{i}].from", problems);
        if (!levels.Any(l => l.From == 0))
            problems.Add(new ConfigProblem(ConfigProblemCodes.Empty, "scoring.levels", "One level must begin at 0, so that every score has a level."));

        for (int i = 0; i < config.Personas.Count; i++)
        {
            if (!config.Personas[i].TitleHas.Any(t => t.Any(char.IsLetterOrDigit)))
                problems.Add(new ConfigProblem(ConfigProblemCodes.Empty, $"personas[{i}].titleHas", "At least one word is needed."));
        }
    }
}

/// <summary>Calendars.</summary>
internal static class CalendarCheck
{
    public static void Add(AbmConfig config, List<ConfigProblem> problems)
    {
        ConfigCheck.Reference(config.DefaultCalendar, config.Calendars.Keys, "calendar", "defaultCalendar", problems);
        foreach ((string name, CalendarRules calendar) in config.Calendars)
        {
            string path = $"calendars.{name}";
            int before = problems.Count;
            ConfigCheck.Zone(calendar.Zone, $"{path}.zone", problems);
            if (!calendar.Week.Values.Any(d => d.Count > 0))
                problems.Add(new ConfigProblem(ConfigProblemCodes.NeverOpens, $"{path}.week", "It never opens: at least one day needs hours."));
            foreach ((DayOfWeek day, IReadOnlyList<LocalInterval> hours) in calendar.Week)
                Hours(hours, $"{path}.week.{day.ToString().ToLowerInvariant()}", problems);
            for (int i = 0; i < calendar.Holidays.Count; i++)
            {
                if (calendar.Holidays[i].Closed is { } part && part.Until <= part.From)
                    problems.Add(new ConfigProblem(ConfigProblemCodes.Order, $"{path}.holidays[{i}].closed", "The end must be after the beginning."));
            }

            if (problems.Count == before)
                Budgets(calendar, config, path, problems);
        }
    }

    private static void Hours(IReadOnlyList<LocalInterval> hours, string path, List<ConfigProblem> problems)
    {
        for (int i = 0; i < hours.Count; i++)
        {
            if (hours[i].From < TimeSpan.Zero || hours[i].Until > TimeSpan.FromDays(1) || hours[i].Until <= hours[i].From)
                problems.Add(new ConfigProblem(ConfigProblemCodes.Order, $"{path}[{i}]", "The end must be after the beginning, up to 24:00; a night shift is two intervals on two days."));
            if (i > 0 && hours[i].From < hours[i - 1].Until)
                problems.Add(new ConfigProblem(ConfigProblemCodes.Order, $"{path}[{i}]", "It begins before the one before it has ended."));
        }
    }

    /// <summary>Every business deadline must be reachable in every calendar that it may be counted in.</summary>
    private static void Budgets(CalendarRules calendar, AbmConfig config, string path, List<ConfigProblem> problems)
    {
        BusinessCalendar hours = BusinessCalendar.From(calendar);
        DateTimeOffset start = new(2024, 1, 1, 0, 0, 0, TimeSpan.Zero);
        if (hours.Elapsed(start, start.AddYears(4)) <= TimeSpan.Zero)
        {
            problems.Add(new ConfigProblem(ConfigProblemCodes.NeverOpens, path, "It never opens: its holidays take all its hours."));
            return;
        }

        double worked = hours.Elapsed(start, start.AddYears(4)) / (start.AddYears(4) - start);
        foreach (SlaPolicy policy in config.SlaPolicies.Values.Where(p => p.Hours == SlaHours.Business && (p.Calendar is null || p.Calendar == calendar.Name)))
        {
            double share = policy.Ladder.Select(l => l.At).Append(100).Max() / 100;
            if (policy.Budget * share / worked > TimeSpan.FromDays(366 * 20))
                problems.Add(new ConfigProblem(ConfigProblemCodes.OutOfRange, $"slaPolicies.{policy.Name}.budget", $"In calendar '{calendar.Name}' it would take more than 20 years."));
        }
    }
}

/// <summary>SLA policies, plays and templates.</summary>
internal static class PlayCheck
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(366);

    public static void Add(AbmConfig config, List<ConfigProblem> problems)
    {
        foreach ((string name, SlaPolicy policy) in config.SlaPolicies)
            Policy(policy, $"slaPolicies.{name}", config, problems);
        ConfigCheck.Unique(config.Plays.Select(p => p.Name), "plays", "play", problems);
        for (int i = 0; i < config.Plays.Count; i++)
            Play(config.Plays[i], $"plays[{i}]", config, problems);
    }

    private static void Policy(SlaPolicy policy, string path, AbmConfig config, List<ConfigProblem> problems)
    {
        ConfigCheck.Range(policy.Budget, TimeSpan.FromSeconds(1), Longest, $"{path}.budget", problems);
        ConfigCheck.Reference(policy.Calendar, config.Calendars.Keys, "calendar", $"{path}.calendar", problems);
        for (int i = 0; i < policy.Ladder.Count; i++)
        {
            LadderStep step = policy.Ladder[i];
            ConfigCheck.Range(step.At, 0.01, 1000, $"{path}.ladder[{i}].at", problems);
            if (i > 0 && step.At <= policy.Ladder[i - 1].At)
                problems.Add(new ConfigProblem(ConfigProblemCodes.Order, $"{path}.ladder[{i}].at", "The steps must rise."));
            if (step.Do == LadderAction.Breach && step.At != 100)
                problems.Add(new ConfigProblem(ConfigProblemCodes.OutOfRange, $"{path}.ladder[{i}].at", "The breach stands at 100: it is the deadline itself."));
            if (step.Do is LadderAction.Reassign or LadderAction.RevOps && step.At <= 100)
                problems.Add(new ConfigProblem(ConfigProblemCodes.OutOfRange, $"{path}.ladder[{i}].at", "A lead changes hands after the deadline, above 100."));
            if (step.Do is LadderAction.Remind or LadderAction.RemindBackup && step.At >= 100)
                problems.Add(new ConfigProblem(ConfigProblemCodes.OutOfRange, $"{path}.ladder[{i}].at", "A reminder comes before the deadline, below 100."));
        }

        ConfigCheck.Unique(policy.Ladder.Where(s => s.Do is LadderAction.Breach or LadderAction.Reassign or LadderAction.RevOps).Select(s => s.Do.ToString()), $"{path}.ladder", "step", problems);
    }

    private static void Play(PlayRules play, string path, AbmConfig config, List<ConfigProblem> problems)
    {
        if (play.Name.Length is 0 or > 40 || !play.Name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-'))
            problems.Add(new ConfigProblem(ConfigProblemCodes.BadValues, $"{path}.name", "A play's name has 1 to 40 lower-case letters, digits and hyphens: it is part of ids."));
        if (play.When is { } when)
            PredicateCheck.Add(when, $"{path}.when", afterScoring: true, problems);
        for (int i = 0; i < play.FirstTouch.Count; i++)
        {
            SlaChoice choice = play.FirstTouch[i];
            ConfigCheck.Reference(choice.Policy, config.SlaPolicies.Keys, "SLA policy", $"{path}.firstTouch[{i}].policy", problems);
            if (choice.When is { } condition)
                PredicateCheck.Add(condition, $"{path}.firstTouch[{i}].when", afterScoring: true, problems);
            else if (i < play.FirstTouch.Count - 1)
                problems.Add(new ConfigProblem(ConfigProblemCodes.Unreachable, $"{path}.firstTouch[{i}]", "It has no condition, so the choices after it are never reached."));
        }

        if (play.FirstTouch.Count == 0 || play.FirstTouch[^1].When is not null)
            problems.Add(new ConfigProblem(ConfigProblemCodes.NoCatchAll, $"{path}.firstTouch", "The last choice must be without a condition, so that every lead has a deadline."));
        for (int i = 0; i < play.Steps.Count; i++)
            ConfigCheck.Reference(play.Steps[i].Template, config.Templates.Keys, "template", $"{path}.steps[{i}].template", problems);
        (string Key, string Name)[] templates =
        [
            ("reminderTemplate", play.ReminderTemplate), ("backupTemplate", play.BackupTemplate), ("breachTemplate", play.BreachTemplate),
            ("reassignedTemplate", play.ReassignedTemplate), ("revOpsTemplate", play.RevOpsTemplate),
        ];
        foreach ((string key, string name) in templates)
            ConfigCheck.Reference(name, config.Templates.Keys, "template", $"{path}.{key}", problems);
        ConfigCheck.Reference(play.ReassignPool, config.Pools.Keys, "pool", $"{path}.reassignPool", problems);
        ConfigCheck.Reference(play.FallbackPool, config.Pools.Keys, "pool", $"{path}.fallbackPool", problems);
        ConfigCheck.Range(play.MaxReassignments, 0, 5, $"{path}.maxReassignments", problems);
        ConfigCheck.Range(play.KeepMeasuringFor, TimeSpan.FromSeconds(1), Longest, $"{path}.keepMeasuringFor", problems);
    }
}
