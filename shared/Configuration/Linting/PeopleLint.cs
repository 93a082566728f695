using Abm.Accounts;
using Abm.Clocks;
using Abm.Decisions;
using Abm.People;

namespace Abm.Configuration;

/// <summary>Pools against the people who are in them, tiers against the accounts that are in them.</summary>
internal static class PeopleLint
{
    private static readonly TimeSpan Week = TimeSpan.FromDays(7);

    public static void Add(AbmConfig config, LintScope scope)
    {
        if (scope.Context.Reps is { } reps)
        {
            foreach ((string name, PoolRules pool) in config.Pools)
                Pool(pool, $"pools.{name}", config, [.. reps.Where(r => r.Pools.Contains(name, StringComparer.Ordinal))], scope);
            foreach (ConfigPart part in scope.Parts)
            {
                if (part.Value is RouteTarget.NamedRep named && !reps.Any(r => r.Id == named.Rep && r.IsActive))
                    scope.Add(LintCodes.UnknownRep, part.Path, $"{named.Rep} is not among the people, or not active.");
            }
        }

        if (scope.Context.AccountsPerTier is { } tiers)
        {
            Tier("1:1", AccountTier.OneToOne, config.Tiers.MostOneToOne, "tiers.mostOneToOne", tiers, scope);
            Tier("1:few", AccountTier.OneToFew, config.Tiers.MostOneToFew, "tiers.mostOneToFew", tiers, scope);
            Tier("1:many", AccountTier.OneToMany, config.Tiers.MostOneToMany, "tiers.mostOneToMany", tiers, scope);
        }
    }

    private static void Pool(PoolRules pool, string path, AbmConfig config, Rep[] members, LintScope scope)
    {
        if (!members.Any(m => CanTake(m, pool, config, scope.Context.Now)))
            scope.Add(LintCodes.PoolEmpty, path, members.Length == 0 ? $"Nobody is in pool '{pool.Name}'." : $"Nobody in pool '{pool.Name}' can take a lead in the next seven days: all are away, not active, or closed.");
        foreach (string rep in pool.Weights.Keys.Where(r => !IsIn(r, members)))
            scope.Add(LintCodes.NotInPool, $"{path}.weights.{rep}", $"{rep} has a weight in pool '{pool.Name}' but is not in it.");
        for (int i = 0; i < pool.Order.Count; i++)
        {
            if (!IsIn(pool.Order[i], members))
                scope.Add(LintCodes.NotInPool, ConfigPath.At($"{path}.order", i), $"{pool.Order[i]} stands in the order of pool '{pool.Name}' but is not in it.");
        }

        for (int i = 0; i < pool.Preferences.Count; i++)
        {
            if (!IsIn(pool.Preferences[i].Member, members))
                scope.Add(LintCodes.NotInPool, ConfigPath.At($"{path}.preferences", i), $"{pool.Preferences[i].Member} has a preference in pool '{pool.Name}' but is not in it.");
        }
    }

    private static bool IsIn(string rep, Rep[] members) => members.Any(m => string.Equals(m.Id.Value, rep, StringComparison.Ordinal));

    private static bool CanTake(Rep rep, PoolRules pool, AbmConfig config, DateTimeOffset now)
    {
        if (!rep.IsActive)
            return false;
        BusinessCalendar hours = pool.RespectSchedule ? WorkingTimes.Of(rep, config) : BusinessCalendar.Always;
        DateTimeOffset free = now;
        foreach (Absence absence in rep.Absences.Where(a => a.Until > now && a.From < now + Week).OrderBy(a => a.From))
        {
            if (absence.From > free && hours.Elapsed(free, absence.From) > TimeSpan.Zero)
                return true;
            free = absence.Until > free ? absence.Until : free;
        }

        return free < now + Week && hours.Elapsed(free, now + Week) > TimeSpan.Zero;
    }

    private static void Tier(string words, AccountTier tier, int? most, string path, IReadOnlyDictionary<AccountTier, int> counts, LintScope scope)
    {
        if (most is { } limit && counts.GetValueOrDefault(tier) > limit)
            scope.Add(LintCodes.TierSize, path, FormattableString.Invariant($"The {words} list has {counts[tier]} accounts; at most {limit} can be worked."));
    }
}
