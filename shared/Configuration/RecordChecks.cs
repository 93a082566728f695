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
        if (rules.Count > 0 && rules[^1] is { When: null, To: RouteTarget.AccountOwner or RouteTarget.OpportunityOwner or RouteTarget.Territory or RouteTarget.Pod })
            scope.Problem(ConfigProblemCodes.NoCatchAll, $"{ConfigPath.At(path, rules.Count - 1)}.to", "The catch-all must be able to take every lead: a pool, a queue or a person, not an owner, territory or pod that not every account has.");
    }
}

/// <summary>Pools in which turns can be taken.</summary>
internal sealed class PoolCheck : ConfigCheckOf<PoolRules>
{
    private protected override void Add(PoolRules pool, string path, CheckScope scope)
    {
        foreach (PoolPreference twice in pool.Preferences.GroupBy(p => p.Member, StringComparer.Ordinal).Where(g => g.Count(p => p.Only) > 1).Select(g => g.Last()))
            scope.Problem(ConfigProblemCodes.Duplicate, $"{path}.preferences", $"{twice.Member} can take only one kind of lead only: make it one condition.");
        if (pool is { CatchUpPerDay: not null, AwayCredit: not AwayCredit.CatchUp })
            scope.Problem(ConfigProblemCodes.BadValues, $"{path}.catchUpPerDay", "It counts only where awayCredit is catchUp.");
    }
}

/// <summary>A rolling cap keeps each instant, so it cannot be any number.</summary>
internal sealed class PoolCapCheck : ConfigCheckOf<PoolCap>
{
    private protected override void Add(PoolCap cap, string path, CheckScope scope)
    {
        if (cap is { Rolling: true, Max: > 500 })
            scope.Problem(ConfigProblemCodes.OutOfRange, $"{path}.max", "A rolling cap is at most 500.");
    }
}

/// <summary>A territory that can be reached, and sends to somebody.</summary>
internal sealed class TerritoryCheck : ConfigCheckOf<TerritoryRules>
{
    private protected override void Add(TerritoryRules territory, string path, CheckScope scope)
    {
        if (territory.To is RouteTarget.Territory)
            scope.Problem(ConfigProblemCodes.Cycle, $"{path}.to", "A territory cannot send to a territory.");
        if (territory is { EmployeesFrom: { } from, EmployeesTo: { } to } && from > to)
            scope.Problem(ConfigProblemCodes.Order, $"{path}.employeesTo", "It must not be less than employeesFrom.");
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
            if (double.IsFinite(step.At) && Math.Round(step.At, 2) != step.At)
                scope.Problem(ConfigProblemCodes.OutOfRange, at, "A hundredth of a percent is the finest share of the budget.");
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
