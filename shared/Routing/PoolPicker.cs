using Abm.Configuration;
using Abm.Decisions;

namespace Abm.Routing;

/// <summary>Who is next among those who take turns, and what the turn does to them.</summary>
internal sealed class PoolPicker(PoolRules pool, PoolCaps caps)
{
    /// <summary>The one who is next; null among nobody.</summary>
    public PoolStanding? Next(IReadOnlyList<PoolStanding> among)
    {
        if (among.Count == 0)
            return null;
        if (Order(among.Where(IsExtra)).FirstOrDefault() is { } extra)
            return extra;
        if (pool.Pick == PoolPick.Smooth)
            return Order(among).First();

        // Up to their share of all turns with this one. Somebody always is, but for what arithmetic loses.
        double turns = among.Sum(m => m.Turns) + 1, weight = among.Sum(m => m.State.Weight);
        PoolStanding[] within = [.. among.Where(m => (m.Turns * weight) < (turns * m.State.Weight) - 1e-7)];
        return Order(within.Length > 0 ? within : among).First();
    }

    /// <summary>In the order in which they are due.</summary>
    public IEnumerable<PoolStanding> InTurn(IEnumerable<PoolStanding> members) => Order(members);

    /// <summary>Whether a turn of this member now would make up for a missed one.</summary>
    public bool IsExtra(PoolStanding member) =>
        pool.AwayCredit == AwayCredit.CatchUp && member is { IsEligible: true, State: { Missed: > 0, MayMakeUp: true } } && caps.MayMakeUp(member.State);

    /// <summary>Charges the winner. An extra turn counts as a lead, but not against the share.</summary>
    public void Charge(PoolStanding winner, IReadOnlyList<PoolStanding> taking, Dictionary<RepId, MemberState> states, DateTimeOffset now)
    {
        bool isExtra = IsExtra(winner);
        if (pool.Pick == PoolPick.Smooth && !isExtra)
        {
            double weight = taking.Sum(m => m.State.Weight);
            foreach (PoolStanding member in taking)
                states[member.Rep] = states[member.Rep] with { Share = Math.Round(states[member.Rep].Share + (member.State.Weight / weight) - (member.Rep == winner.Rep ? 1 : 0), 9) };
        }

        MemberState state = caps.Counting(states[winner.Rep], isExtra);
        states[winner.Rep] = state with
        {
            Assigned = state.Assigned + 1,
            Adjustment = isExtra ? state.Adjustment - 1 : state.Adjustment,
            Missed = isExtra ? state.Missed - 1 : state.Missed,
            MayMakeUp = !isExtra && state.Missed > 0,
            LastAt = now,
        };
    }

    private IEnumerable<PoolStanding> Order(IEnumerable<PoolStanding> members)
    {
        PoolStanding[] all = [.. members];
        double weight = all.Sum(m => m.State.Weight);
        return all
            .OrderBy(m => pool.Pick == PoolPick.Smooth ? -Math.Round(m.State.Share + (m.State.Weight / weight), 9) : Math.Round((m.Turns + 1) / m.State.Weight, 9))
            .ThenBy(m => m.State.LastAt ?? DateTimeOffset.MinValue)
            .ThenBy(m => Position(m.Rep))
            .ThenBy(m => m.Rep);
    }

    private int Position(RepId rep)
    {
        for (int i = 0; i < pool.Order.Count; i++)
        {
            if (string.Equals(pool.Order[i], rep.Value, StringComparison.Ordinal))
                return i;
        }

        return int.MaxValue;
    }
}
