using System.Globalization;
using Abm.Clocks;
using Abm.Configuration;
using Abm.Decisions;
using Abm.People;

namespace Abm.Routing;

/// <summary>Whose turn it is in a pool.</summary>
/// <param name="Member">Null when nobody is eligible, or the next in line is not.</param>
/// <param name="Before">State as read.</param>
/// <param name="After">State to save; equal to <paramref name="Before"/> in content when nobody was chosen and nothing had to be levelled.</param>
internal sealed record PoolTurn(RepId? Member, PoolState Before, PoolState After, IReadOnlyList<Reason> Reasons)
{
    /// <summary>Every member in the order of turns as it stood before this one, and why who could not take it could not.</summary>
    public required IReadOnlyList<PoolStanding> Standings { get; init; }

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

        List<PoolStanding> standings = new(members.Length);
        foreach (Rep rep in members)
        {
            PoolStanding standing = WhyNot(rep, states[rep.Id], pool, config, clock, excluded, now);
            standings.Add(standing);
            if (!standing.IsEligible)
                reasons.Add(new Reason(RouteReasons.PoolSkipped, $"{rep.Id} is skipped without charge: {standing.Absent ?? standing.Unavailable}."));
        }

        standings = [.. InTurn(standings, pool)];
        PoolStanding? winner = standings.Find(s => pool.Mode == PoolMode.Strict ? s.Absent is null : s.IsEligible);
        if (winner is { IsEligible: false })
        {
            reasons.Add(new Reason(RouteReasons.PoolHeld, $"Pool {pool.Name} is strict: the lead waits for {winner.Rep}, who is next in line."));
            winner = null;
        }
        else if (winner is null)
        {
            reasons.Add(new Reason(RouteReasons.PoolNobody, members.Length == 0 ? $"Pool {pool.Name} has no members." : $"Nobody in pool {pool.Name} is eligible now."));
        }

        PoolState before = stored ?? PoolState.Empty(pool.Name, clock.Period);
        if (winner is not null)
        {
            MemberState state = states[winner.Rep];
            reasons.Add(new Reason(
                RouteReasons.PoolTurn,
                string.Create(CultureInfo.InvariantCulture, $"It is {winner.Rep}'s turn in pool {pool.Name}: {state.Assigned} leads this period, weight {state.Weight:0.##}, level {Level(state):0.##}.")));
            states[winner.Rep] = state with { Assigned = state.Assigned + 1, LastAt = now, Capped = clock.Count(state.Capped) };
        }

        return new PoolTurn(winner?.Rep, before, new PoolState(pool.Name, clock.Period, [.. states.Values.OrderBy(m => m.Rep)]), reasons) { Standings = standings };
    }

    /// <summary>Turns for the weight. Rounded, so that 1/3 + 1/3 + 1/3 ties with 1.</summary>
    internal static double Level(MemberState member) => Math.Round((member.Assigned + member.Adjustment) / member.Weight, 9);

    private static IEnumerable<PoolStanding> InTurn(IEnumerable<PoolStanding> members, PoolRules pool) => members
        .OrderBy(m => m.Level)
        .ThenBy(m => m.State.LastAt ?? DateTimeOffset.MinValue)
        .ThenBy(m => Position(pool, m.Rep))
        .ThenBy(m => m.Rep);

    private static int Position(PoolRules pool, RepId rep)
    {
        for (int i = 0; i < pool.Order.Count; i++)
        {
            if (string.Equals(pool.Order[i], rep.Value, StringComparison.Ordinal))
                return i;
        }

        return int.MaxValue;
    }

    private static PoolStanding WhyNot(
        Rep rep, MemberState state, PoolRules pool, AbmConfig config, PoolClock clock, IReadOnlyCollection<RepId> excluded, DateTimeOffset now)
    {
        PoolStanding standing = new(rep.Id, state, Level(state), null, null);
        if (!rep.IsActive)
            return standing with { Absent = "not active" };
        if (rep.IsAwayAt(now))
            return standing with { Absent = "away" };
        if (excluded.Contains(rep.Id))
            return standing with { Absent = "had this lead before" };
        if (pool.RespectSchedule && !WorkingTimes.Of(rep, config).IsOpenAt(now))
            return standing with { Unavailable = "outside working hours" };
        return clock.FullCap(state.Capped) is { } cap
            ? standing with { Unavailable = string.Create(CultureInfo.InvariantCulture, $"has {cap.Max} leads this {cap.Per.ToString().ToLowerInvariant()} already") }
            : standing;
    }
}

/// <summary>Where a member of a pool stands when a turn is taken.</summary>
/// <param name="State">Before the turn, levelled.</param>
/// <param name="Level">Turns for the weight; the least is next.</param>
/// <param name="Absent">Why the member takes no turns at all now; null: takes them.</param>
/// <param name="Unavailable">Why the member cannot take this one; null: can.</param>
internal sealed record PoolStanding(RepId Rep, MemberState State, double Level, string? Absent, string? Unavailable)
{
    public bool IsEligible => Absent is null && Unavailable is null;
}
