using Abm.Configuration;
using Abm.Decisions;
using Abm.People;

namespace Abm.Routing;

/// <summary>Where a member of a pool stands now.</summary>
/// <param name="Why">Why they cannot take a lead now; null: they can.</param>
/// <param name="FreeAt">When that may be over, as far as it is a matter of time, UTC.</param>
/// <param name="IsNext">Would get a lead now of which nothing is known.</param>
public sealed record PoolSeat(RepId Rep, MemberState State, double Level, string? Why, DateTimeOffset? FreeAt, bool IsNext);

/// <summary>A pool as it stands: whose turn it is and why it is not others'. Changes nothing.</summary>
/// <param name="Period">Name of the current period.</param>
/// <param name="Seats">In the order of turns.</param>
/// <param name="OpensAt">When nobody can take a lead now: when somebody may, UTC.</param>
public sealed record PoolBoard(string Period, IReadOnlyList<PoolSeat> Seats, DateTimeOffset? OpensAt)
{
    /// <param name="pools">The states of all pools.</param>
    public static PoolBoard Of(PoolRules pool, AbmConfig config, IReadOnlyDictionary<RepId, Rep> reps, IReadOnlyDictionary<string, PoolState> pools, DateTimeOffset now)
    {
        PoolTurn turn = PoolTurn.Take(pool, pools.GetValueOrDefault(pool.Name), config, reps, [], now, new PoolAsk { Others = pools });
        return new PoolBoard(turn.After.Period, [.. turn.Standings.Select(s => new PoolSeat(s.Rep, s.State, s.Level, s.Why, s.FreeAt, s.Rep == turn.Member))], turn.OpensAt);
    }
}
