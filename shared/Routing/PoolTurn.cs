using System.Globalization;
using Abm.Configuration;
using Abm.Decisions;
using Abm.People;
using Abm.Plays;

namespace Abm.Routing;

/// <summary>Whose turn it is in a pool.</summary>
/// <param name="Member">Null when nobody is eligible, or the next in line is not.</param>
/// <param name="Before">State as read.</param>
/// <param name="After">State to save; equal to <paramref name="Before"/> in content when nobody was chosen and nothing had to be levelled.</param>
internal sealed record PoolTurn(RepId? Member, PoolState Before, PoolState After, IReadOnlyList<Reason> Reasons)
{
    /// <summary>
    /// Chooses the member with the fewest turns for the weight: least <c>(assigned + adjustment) / weight</c>; ties by the oldest last turn,
    /// then the pool's order, then id. Who is not eligible is skipped without charge.
    /// </summary>
    /// <param name="stored">State of the pool as it is stored; null for a new one.</param>
    /// <param name="excluded">Nobody of these, whoever's turn it is.</param>
    public static PoolTurn Take(
        PoolRules pool,
        PoolState? stored,
        AbmConfig config,
        IReadOnlyDictionary<RepId, Rep> reps,
        IReadOnlyCollection<RepId> excluded,
        DateTimeOffset now)
    {
        PoolClock clock = new(pool, now);
        List<Reason> reasons = [];
        Rep[] members = [.. reps.Values.Where(r => r.Pools.Contains(pool.Name, StringComparer.Ordinal)).OrderBy(r => r.Id)];
        Dictionary<RepId, MemberState> states = PoolLevels.Bring(pool, stored, members, clock.Period, now, reasons);

        List<Rep> eligible = [];
        List<Rep> inLine = [];
        foreach (Rep rep in members)
        {
            (string? absent, string? unavailable) = WhyNot(rep, states[rep.Id], pool, config, clock, excluded, now);
            if (absent is null)
                inLine.Add(rep);
            if (absent is null && unavailable is null)
                eligible.Add(rep);
            else
                reasons.Add(new Reason(RouteReasons.PoolSkipped, $"{rep.Id} is skipped without charge: {absent ?? unavailable}."));
        }

        Rep? winner = Next(pool.Mode == PoolMode.Strict ? inLine : eligible, states, pool);
        if (winner is not null && !eligible.Contains(winner))
        {
            reasons.Add(new Reason(RouteReasons.PoolHeld, $"Pool {pool.Name} is strict: the lead waits for {winner.Id}, who is next in line."));
            winner = null;
        }
        else if (winner is null)
        {
            reasons.Add(new Reason(RouteReasons.PoolNobody, members.Length == 0 ? $"Pool {pool.Name} has no members." : $"Nobody in pool {pool.Name} is eligible now."));
        }

        PoolState before = stored ?? PoolState.Empty(pool.Name, clock.Period);
        if (winner is not null)
        {
            MemberState state = states[winner.Id];
            reasons.Add(new Reason(
                RouteReasons.PoolTurn,
                string.Create(CultureInfo.InvariantCulture, $"It is {winner.Id}'s turn in pool {pool.Name}: {state.Assigned} leads this period, weight {state.Weight:0.##}, level {Level(state):0.##}.")));
            states[winner.Id] = state with { Assigned = state.Assigned + 1, LastAt = now, Capped = clock.Count(state.Capped) };
        }

        return new PoolTurn(winner?.Id, before, new PoolState(pool.Name, clock.Period, [.. states.Values.OrderBy(m => m.Rep)]), reasons);
    }

    /// <summary>Turns for the weight. Rounded, so that 1/3 + 1/3 + 1/3 ties with 1.</summary>
    internal static double Level(MemberState member) => Math.Round((member.Assigned + member.Adjustment) / member.Weight, 9);

    private static Rep? Next(IEnumerable<Rep> candidates, Dictionary<RepId, MemberState> states, PoolRules pool) => candidates
        .OrderBy(r => Level(states[r.Id]))
        .ThenBy(r => states[r.Id].LastAt ?? DateTimeOffset.MinValue)
        .ThenBy(r => Position(pool, r.Id))
        .ThenBy(r => r.Id)
        .FirstOrDefault();

    private static int Position(PoolRules pool, RepId rep)
    {
        for (int i = 0; i < pool.Order.Count; i++)
        {
            if (string.Equals(pool.Order[i], rep.Value, StringComparison.Ordinal))
                return i;
        }

        return int.MaxValue;
    }

    /// <summary>Why a member does not take turns at all now, or only cannot take this one.</summary>
    private static (string? Absent, string? Unavailable) WhyNot(
        Rep rep, MemberState state, PoolRules pool, AbmConfig config, PoolClock clock, IReadOnlyCollection<RepId> excluded, DateTimeOffset now)
    {
        if (!rep.IsActive)
            return ("not active", null);
        if (rep.IsAwayAt(now))
            return ("away", null);
        if (excluded.Contains(rep.Id))
            return ("had this lead before", null);
        if (pool.RespectSchedule && !WorkingTimes.Of(rep, config).IsOpenAt(now))
            return (null, "outside working hours");
        return (null, clock.FullCap(state.Capped) is { } cap ? string.Create(CultureInfo.InvariantCulture, $"has {cap.Max} leads this {cap.Per.ToString().ToLowerInvariant()} already") : null);
    }
}
