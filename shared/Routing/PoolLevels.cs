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
        List<RepId> joined = [], returned = [];
        foreach (Rep rep in members)
        {
            double weight = WeightOf(pool, rep.Id);
            bool isAway = IsAway(rep, now);
            bool wasKnown = known.TryGetValue(rep.Id, out MemberState? state);
            state ??= new MemberState(rep.Id, 0, 0, null);
            if (isNewPeriod)
                state = NewPeriod(state);
            else if (!wasKnown || (state.Weight > 0 && !state.Weight.Equals(weight)))
                joined.Add(rep.Id);
            else if (state.WasAway && !isAway)
                returned.Add(rep.Id);
            states[rep.Id] = state with { Weight = weight, WasAway = isAway };
        }

        if (joined.Count + returned.Count > 0)
            LevelOut(pool, states, members, joined, returned, reasons);
        foreach (MemberState former in known.Values.Where(m => !states.ContainsKey(m.Rep)))
            states[former.Rep] = (isNewPeriod ? NewPeriod(former) : former) with { WasAway = true };
        return states;
    }

    /// <summary>Takes no turns at all for now, and is levelled on return.</summary>
    public static bool IsAway(Rep rep, DateTimeOffset now) => !rep.IsActive || rep.IsAwayAt(now) || rep.IsPausedAt(now);

    public static double WeightOf(PoolRules pool, RepId rep) => pool.Weights.TryGetValue(rep.Value, out double configured) ? configured : 1;

    /// <summary>Nobody is owed anything from the period before, but for what is still open, shared or capped.</summary>
    private static MemberState NewPeriod(MemberState state) => state with { Assigned = 0, Adjustment = 0, Missed = 0, MayMakeUp = false };

    private static void LevelOut(
        PoolRules pool, Dictionary<RepId, MemberState> states, IReadOnlyList<Rep> members, List<RepId> joined, List<RepId> returned, List<Reason> reasons)
    {
        double[] others = [.. members.Where(r => !states[r.Id].WasAway && !joined.Contains(r.Id) && !returned.Contains(r.Id)).Select(r => PoolTurn.Level(states[r.Id])).Order()];
        if (others.Length == 0)
            return;
        double median = others.Length % 2 == 1 ? others[others.Length / 2] : (others[(others.Length / 2) - 1] + others[others.Length / 2]) / 2;
        foreach (RepId rep in joined)
            Bring(rep, median, "joined or changed weight in the middle of the period and is brought to the others' level");
        foreach (RepId rep in returned)
        {
            if (pool.AwayCredit == AwayCredit.None)
            {
                Bring(rep, Math.Max(others[^1], PoolTurn.Level(states[rep])), "returned; what was missed is lost: the level is that of whoever has the most");
                continue;
            }

            MemberState state = states[rep];
            int missed = pool.AwayCredit == AwayCredit.CatchUp ? (int)Math.Floor((median * state.Weight) - state.Assigned - state.Adjustment + 1e-9) : 0;
            Bring(rep, median, "returned and is brought to the others' level");
            if (missed <= 0)
                continue;
            states[rep] = states[rep] with { Missed = states[rep].Missed + missed };
            reasons.Add(new Reason(RouteReasons.PoolLevelled, string.Create(CultureInfo.InvariantCulture, $"{rep} missed {missed} turns, to be made up for.")));
        }

        void Bring(RepId rep, double level, string why)
        {
            MemberState state = states[rep];
            double adjustment = (level * state.Weight) - state.Assigned;
            if (Math.Abs(adjustment - state.Adjustment) < 1e-9)
                return;
            states[rep] = state with { Adjustment = adjustment };
            reasons.Add(new Reason(RouteReasons.PoolLevelled, string.Create(CultureInfo.InvariantCulture, $"{rep} {why}, {level:0.##}.")));
        }
    }
}
