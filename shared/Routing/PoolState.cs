using Abm.Decisions;

namespace Abm.Routing;

/// <summary>How many turns each member of a pool has had in the current period. Changed only by the router and by credits; saved whole, under an ETag.</summary>
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

    /// <summary>Leads given in the current periods of the caps, by period such as <c>day:2026-11-21</c>.</summary>
    public IReadOnlyDictionary<string, int> Capped { get; init; } = new Dictionary<string, int>();

    /// <summary>The latest leads given, oldest first, as far back as rolling caps look.</summary>
    public IReadOnlyList<TakenLead> Recent { get; init; } = [];

    /// <summary>Leads given and neither touched nor ended nor given away; kept only where the pool caps them.</summary>
    public IReadOnlyList<LeadId> Open { get; init; } = [];

    /// <summary>Share of turns open, in turns, where the pool shares each turn by weight among those who can take it: what they come to, less the turns taken.</summary>
    public double Share { get; init; }

    /// <summary>Turns missed while away that are still to be made up for.</summary>
    public int Missed { get; init; }

    /// <summary>Whether the member has had a turn of their own since the last extra one, and so may take another.</summary>
    public bool MayMakeUp { get; init; }
}

/// <summary>A lead that a member was given.</summary>
/// <param name="Tag">Of the rule that sent it; null when it has none.</param>
public sealed record TakenLead(DateTimeOffset At, string? Tag = null);
