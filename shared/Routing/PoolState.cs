using Abm.Decisions;

namespace Abm.Routing;

/// <summary>How many turns each member of a pool has had in the current period. Changed only by the router; saved whole, under an ETag.</summary>
/// <param name="Period">Start of the period in the pool's zone, such as 2026-11.</param>
public sealed record PoolState(string Pool, string Period, IReadOnlyList<MemberState> Members)
{
    public static PoolState Empty(string pool, string period) => new(pool, period, []);
}

/// <summary>One member's turns.</summary>
/// <param name="Assigned">Leads given this period.</param>
/// <param name="Adjustment">Turns credited or charged apart from assignments; may be negative.</param>
/// <param name="LastAt">When the last one was given, UTC; null when none yet.</param>
public sealed record MemberState(RepId Rep, int Assigned, double Adjustment, DateTimeOffset? LastAt)
{
    /// <summary>Weight that the counts were made under; 0 = not yet noted. Another one in the configuration brings the member to everyone's level.</summary>
    public double Weight { get; init; }

    /// <summary>Was away when the pool was last asked; on return the member is brought to everyone's level.</summary>
    public bool WasAway { get; init; }

    /// <summary>Leads given in the current hour, day, week and month of the caps, by period such as <c>day:2026-11-21</c>.</summary>
    public IReadOnlyDictionary<string, int> Capped { get; init; } = new Dictionary<string, int>();
}
