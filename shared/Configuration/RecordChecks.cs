using Abm.Clocks;
using Abm.Matching;

namespace Abm.Configuration;

/// <summary>Bands of matching.</summary>
internal sealed class MatchModelCheck : ConfigCheckOf<MatchModel>
{
    private protected override void Add(MatchModel model, string path, CheckScope scope)
    {
        if (model.ReviewFrom > model.AutomaticFrom)
            scope.Problem(ConfigProblemCodes.Order, $"{path}.reviewFrom", "It must not be more than automaticFrom.");
        if (model.MaxCandidates is < 1 or > 50)
            scope.Problem(ConfigProblemCodes.OutOfRange, $"{path}.maxCandidates", "It must be 1 to 50.");
    }
}

/// <summary>The catch-all of routing takes every lead.</summary>
internal sealed class RoutingListCheck : ConfigCheckOf<IReadOnlyList<RoutingRule>>
{
    private protected override void Add(IReadOnlyList<RoutingRule> rules, string path, CheckScope scope)
    {
        if (rules.Count > 0 && rules[^1] is { When: null, To: RouteTarget.AccountOwner or RouteTarget.OpportunityOwner })
            scope.Problem(ConfigProblemCodes.NoCatchAll, $"{ConfigPath.At(path, rules.Count - 1)}.to", "The catch-all must be able to take every lead: a pool, a queue or a person, not an owner whom not every account has.");
    }
}

/// <summary>Every score has a level.</summary>
internal sealed class LevelsCheck : ConfigCheckOf<IReadOnlyList<ScoreLevel>>
{
    private protected override void Add(IReadOnlyList<ScoreLevel> levels, string path, CheckScope scope)
    {
        if (!levels.Any(l => l.From == 0))
            scope.Problem(ConfigProblemCodes.LevelGap, path, "One level must begin at 0, so that every score has a level.");
    }
}

/// <summary>Words that can stand in a title.</summary>
internal sealed class PersonaCheck : ConfigCheckOf<PersonaRule>
{
    private protected override void Add(PersonaRule rule, string path, CheckScope scope)
    {
        if (!rule.TitleHas.Any(t => t.Any(char.IsLetterOrDigit)))
            scope.Problem(ConfigProblemCodes.Empty, $"{path}.titleHas", "At least one word is needed.");
    }
}

/// <summary>Hours in order, and time enough for the deadlines that are counted in them.</summary>
internal sealed class CalendarCheck : ConfigCheckOf<CalendarRules>
{
    private protected override void Add(CalendarRules calendar, string path, CheckScope scope)
    {
        int before = scope.Problems.Count;
        if (!calendar.Week.Values.Any(d => d.Count > 0))
            scope.Problem(ConfigProblemCodes.NeverOpens, $"{path}.week", "It never opens: at least one day needs hours.");
        foreach ((DayOfWeek day, IReadOnlyList<LocalInterval> hours) in calendar.Week.OrderBy(d => d.Key))
            Hours(hours, $"{path}.week.{day.ToString().ToLowerInvariant()}", scope);
        for (int i = 0; i < calendar.Holidays.Count; i++)
        {
            if (calendar.Holidays[i].Closed is { } part && part.Until <= part.From)
                scope.Problem(ConfigProblemCodes.Order, $"{path}.holidays[{i}].closed", "The end must be after the beginning.");
        }

        bool hasZone = NodaTime.DateTimeZoneProviders.Tzdb.GetZoneOrNull(calendar.Zone) is not null;
        if (hasZone && scope.Problems.Count == before && scope.Config is { } config)
            Budgets(calendar, config, path, scope);
    }

    private static void Hours(IReadOnlyList<LocalInterval> hours, string path, CheckScope scope)
    {
        for (int i = 0; i < hours.Count; i++)
        {
            if (hours[i].From < TimeSpan.Zero || hours[i].Until > TimeSpan.FromDays(1) || hours[i].Until <= hours[i].From)
                scope.Problem(ConfigProblemCodes.Order, $"{path}[{i}]", "The end must be after the beginning, up to 24:00; a night shift is two intervals on two days.");
            if (i > 0 && hours[i].From < hours[i - 1].Until)
                scope.Problem(ConfigProblemCodes.Order, $"{path}[{i}]", "It begins before the one before it has ended.");
        }
    }

    /// <summary>Every business deadline must be reachable in every calendar that it may be counted in.</summary>
    private static void Budgets(CalendarRules calendar, AbmConfig config, string path, CheckScope scope)
    {
        BusinessCalendar hours = BusinessCalendar.From(calendar);
        DateTimeOffset start = new(2024, 1, 1, 0, 0, 0, TimeSpan.Zero);
        if (hours.Elapsed(start, start.AddYears(4)) <= TimeSpan.Zero)
        {
            scope.Problem(ConfigProblemCodes.NeverOpens, path, "It never opens: its holidays take all its hours.");
            return;
        }

        double worked = hours.Elapsed(start, start.AddYears(4)) / (start.AddYears(4) - start);
        foreach (SlaPolicy policy in config.SlaPolicies.Values.Where(p => p.Hours == SlaHours.Business && (p.Calendar is null || p.Calendar == calendar.Name)))
        {
            double share = policy.Ladder.Select(l => l.At).Where(double.IsFinite).Append(100).Max() / 100;
            if (policy.Budget * Math.Min(share, 10) / worked > TimeSpan.FromDays(366 * 20))
                scope.Problem(ConfigProblemCodes.OutOfRange, $"slaPolicies.{policy.Name}.budget", $"In calendar '{calendar.Name}' it would take more than 20 years.");
        }
    }
}

/// <summary>The steps of a ladder stand where they make sense.</summary>
internal sealed class LadderCheck : ConfigCheckOf<IReadOnlyList<LadderStep>>
{
    private protected override void Add(IReadOnlyList<LadderStep> ladder, string path, CheckScope scope)
    {
        for (int i = 0; i < ladder.Count; i++)
        {
            LadderStep step = ladder[i];
            string at = $"{ConfigPath.At(path, i)}.at";
            if (i > 0 && step.At <= ladder[i - 1].At)
                scope.Problem(ConfigProblemCodes.Order, at, "The steps must rise.");
            if (step.Do == LadderAction.Breach && step.At != 100)
                scope.Problem(ConfigProblemCodes.OutOfRange, at, "The breach stands at 100: it is the deadline itself.");
            if (step.Do is LadderAction.Reassign or LadderAction.RevOps && step.At <= 100)
                scope.Problem(ConfigProblemCodes.OutOfRange, at, "A lead changes hands after the deadline, above 100.");
            if (step.Do is LadderAction.Remind or LadderAction.RemindBackup && step.At >= 100)
                scope.Problem(ConfigProblemCodes.OutOfRange, at, "A reminder comes before the deadline, below 100.");
        }

        foreach (var again in ladder.Select((step, i) => (step, i)).Where(s => s.step.Do is LadderAction.Breach or LadderAction.Reassign or LadderAction.RevOps).GroupBy(s => s.step.Do).SelectMany(g => g.Skip(1)))
            scope.Problem(ConfigProblemCodes.Duplicate, ConfigPath.At(path, again.i), $"There is another step that does {again.step.Do}.");
    }
}
