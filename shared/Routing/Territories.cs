using System.Globalization;
using Abm.Configuration;
using Abm.Decisions;

namespace Abm.Routing;

/// <summary>Whose territory is it? Of those that fit the one that restricts the most, then the higher priority, then the first by id.</summary>
public static class Territories
{
    /// <summary>The territory of a lead; null when none takes it. Says which others fitted and why they lost, and which lacked a fact.</summary>
    public static TerritoryRules? Find(AbmConfig config, Facts facts, List<Reason> reasons)
    {
        List<(TerritoryRules Territory, string Because)> fitting = [];
        foreach (TerritoryRules territory in config.Territories.Values)
        {
            PredicateVerdict verdict = PredicateEvaluator.Evaluate(territory.Condition, facts);
            if (verdict.IsTrue)
                fitting.Add((territory, verdict.Because));
        }

        if (fitting.Count == 0)
        {
            reasons.Add(new Reason(RouteReasons.TerritoryNone, string.Create(CultureInfo.InvariantCulture, $"None of {config.Territories.Count} territories takes it.")));
            return null;
        }

        (TerritoryRules Territory, string Because)[] inOrder = [.. fitting.OrderBy(f => f.Territory, Comparer<TerritoryRules>.Create(Compare))];
        (TerritoryRules winner, string because) = inOrder[0];
        reasons.Add(new Reason(RouteReasons.Territory, because.Length == 0 ? $"Territory {winner.Name}: it takes everything." : $"Territory {winner.Name}: {because}.")
        {
            Rule = new RuleTrial(RuleKinds.Territories, winner.Name, true),
        });
        foreach ((TerritoryRules other, _) in inOrder.Skip(1))
            reasons.Add(new Reason(RouteReasons.TerritoryLost, $"Territory {other.Name} fits as well, but {WhyLost(winner, other)}."));
        return winner;
    }

    /// <summary>The winner first.</summary>
    public static int Compare(TerritoryRules? a, TerritoryRules? b)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        int specific = b.Specificity.CompareTo(a.Specificity);
        if (specific != 0)
            return specific;
        int priority = b.Priority.CompareTo(a.Priority);
        return priority != 0 ? priority : string.CompareOrdinal(a.Name, b.Name);
    }

    private static string WhyLost(TerritoryRules winner, TerritoryRules other) =>
        winner.Specificity != other.Specificity ? string.Create(CultureInfo.InvariantCulture, $"restricts less ({other.Specificity} against {winner.Specificity})")
        : winner.Priority != other.Priority ? string.Create(CultureInfo.InvariantCulture, $"has a lower priority ({other.Priority} against {winner.Priority})")
        : "comes later by its id";
}
