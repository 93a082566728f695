using Abm.Decisions;

namespace Abm.Routing;

/// <summary>What happened to a member when a pool was asked, in the ledger.</summary>
public enum LedgerKind
{
    /// <summary>Got the lead, and was charged a turn.</summary>
    Credit = 0,

    /// <summary>Did not get it and was charged nothing; the line says why.</summary>
    Skip = 1,

    /// <summary>Got a turn back.</summary>
    Refund = 2,

    /// <summary>A lead of theirs is no longer open.</summary>
    Release = 3,

    /// <summary>Got the lead because they know its person or account, and was charged nothing.</summary>
    Known = 4,
}

/// <summary>One member's line: what happened, why, and where they stood before and after it.</summary>
/// <param name="Why">A sentence for the member who asks.</param>
public sealed record LedgerLine(LedgerKind Kind, RepId Rep, string Why, MemberStanding Before, MemberStanding After);

/// <summary>Where a member stands.</summary>
/// <param name="Level">Turns for the weight: the least is next.</param>
public sealed record MemberStanding(int Assigned, double Adjustment, double Weight, double Level)
{
    internal static MemberStanding Of(MemberState state) => new(state.Assigned, state.Adjustment, state.Weight, state.Weight > 0 ? PoolTurn.Level(state) : 0);
}

/// <summary>Everything that one turn, or one credit, did to the members of a pool.</summary>
/// <param name="Id">Of the assignment, or derived from it.</param>
/// <param name="Cause">The rule that asked the pool, or why a turn was given back.</param>
public sealed record LedgerEntry(string Id, string Pool, LeadId? Lead, DateTimeOffset At, string Cause, IReadOnlyList<LedgerLine> Lines);
