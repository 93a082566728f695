using Abm.Decisions;

namespace Abm.Routing;

/// <summary>How many turns each member of a pool has had in the current period. Changed only by the router; saved under an ETag.</summary>
/// <param name="Period">Start of the period in the pool's zone, such as 2026-11.</param>
public sealed record PoolState(string Pool, string Period, IReadOnlyList<MemberState> Members)
{
    public static PoolState Empty(string pool, string period) => new(pool, period, []);
}

/// <summary>One member's turns.</summary>
/// <param name="Assigned">Leads given this period.</param>
/// <param name="Adjustment">Turns credited or charged apart from assignments; may be negative.</param>
/// <param name="LastAt">When the last one was given, UTC; null when none yet.</param>
public sealed record MemberState(RepId Rep, int Assigned, double Adjustment, DateTimeOffset? LastAt);
