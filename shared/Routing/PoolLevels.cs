using System.Globalization;
using Abm.Configuration;
using Abm.Decisions;
using Abm.People;

namespace Abm.Routing;

/// <summary>Keeps the members of a pool comparable: new periods begin at nothing, and whoever joins, returns or changes weight in the middle begins at everyone's level.</summary>
/// <remarks>Otherwise the newcomer, with the fewest turns, would get every lead until he has caught up.</remarks>
internal static class PoolLevels
{
    /// <summary>The state of every member at this instant, levelled; former members are kept as away, so that they are levelled should they return.</summary>
    public static Dictionary<RepId, MemberState> Bring(
        PoolRules pool, PoolState? stored, IReadOnlyList<Rep> members, string period, DateTimeOffset now, List<Reason> reasons)
    {
        bool isNewPeriod = stored is null || !string.Equals(stored.Period, period, StringComparison.Ordinal);
        Dictionary<RepId, MemberState> known = (stored?.Members ?? []).ToDictionary(m => m.Rep);
        Dictionary<RepId, MemberState> states = [];
        List<RepId> toLevel = [];
        foreach (Rep rep in members)
        {
            double weight = pool.Weights.TryGetValue(rep.Id.Value, out double configured) ? configured : 1;
            bool isAway = !rep.IsActive || rep.IsAwayAt(now);
            bool wasKnown = known.TryGetValue(rep.Id, out MemberState? state);
            state ??= new MemberState(rep.Id, 0, 0, null);
            if (isNewPeriod)
                state = state with { Assigned = 0, Adjustment = 0 };
            else if (!wasKnown || (state.Weight > 0 && !state.Weight.Equals(weight)) || (state.WasAway && !isAway && pool.AwayCredit == AwayCredit.Normalise))
                toLevel.Add(rep.Id);
            states[rep.Id] = state with { Weight = weight, WasAway = isAway };
        }

        if (!isNewPeriod && toLevel.Count > 0)
            LevelOut(states, members, toLevel, reasons);
        foreach (MemberState former in known.Values.Where(m => !states.ContainsKey(m.Rep)))
            states[former.Rep] = (isNewPeriod ? former with { Assigned = 0, Adjustment = 0 } : former) with { WasAway = true };
        return states;
    }

    private static void LevelOut(Dictionary<RepId, MemberState> states, IReadOnlyList<Rep> members, List<RepId> toLevel, List<Reason> reasons)
    {
        double[] others = [.. members.Where(r => r.IsActive && !states[r.Id].WasAway && !toLevel.Contains(r.Id)).Select(r => PoolTurn.Level(states[r.Id])).Order()];
        if (others.Length == 0)
            return;
        double median = others.Length % 2 == 1 ? others[others.Length / 2] : (others[(others.Length / 2) - 1] + others[others.Length / 2]) / 2;
        foreach (RepId rep in toLevel)
        {
            MemberState state = states[rep];
            double adjustment = (median * state.Weight) - state.Assigned;
            if (Math.Abs(adjustment - state.Adjustment) < 1e-9)
                continue;
            states[rep] = state with { Adjustment = adjustment };
            reasons.Add(new Reason(RouteReasons.PoolLevelled, string.Create(CultureInfo.InvariantCulture, $"{rep} joined, returned or changed weight in the middle of the period and is brought to the others' level, {median:0.##}.")));
        }
    }
}
