using Abm.Accounts;
using Abm.Configuration;
using Abm.Decisions;
using Abm.Leads;
using Abm.Matching;
using Abm.People;
using Abm.Scoring;

namespace Abm.Routing;

/// <summary>Everything that routing looks at.</summary>
/// <param name="AssignmentId">Id of the assignment to make: the decision's id. When <see cref="Prior"/> has it, that assignment stands.</param>
public sealed record RouteQuestion(
    string AssignmentId,
    Lead Lead,
    MatchDecision Match,
    Account? Account,
    ScoreDecision Score,
    AbmConfig Config,
    IReadOnlyDictionary<RepId, Rep> Reps,
    IReadOnlyDictionary<string, PoolState> Pools,
    DateTimeOffset Now)
{
    /// <summary>Assignments of this lead that are stored already.</summary>
    public IReadOnlyList<Assignment> Prior { get; init; } = [];

    /// <summary>Nobody of these may get it.</summary>
    public IReadOnlyList<RepId> FormerOwners { get; init; } = [];

    /// <summary>Who had the same person before, and when last; null when unknown.</summary>
    public StickyOwner? Sticky { get; init; }

    /// <summary>Who had the account's last lead; null when unknown.</summary>
    public StickyOwner? AccountSticky { get; init; }

    /// <summary>The play that follows the account up; null when none is open.</summary>
    public OpenPlay? OpenPlay { get; init; }

    /// <summary>It waited for a member of a pool, and is given out now.</summary>
    public bool IsDrain { get; init; }

    internal Facts Facts => new(Lead, Match, Account, Score);
}

/// <summary>The decision and what it did to the pool.</summary>
/// <param name="PoolBefore">State read; null when no pool was asked.</param>
/// <param name="PoolAfter">State to save under the ETag of the one read; null when no pool was asked or nothing changed (a repeat, a test lead).</param>
public sealed record RouteOutcome(RouteDecision Decision, PoolState? PoolBefore, PoolState? PoolAfter)
{
    /// <summary>What is written to the pool's ledger with it; null when no pool was asked.</summary>
    public LedgerEntry? Ledger { get; init; }

    /// <summary>Other pools whose state decided as well: they must still be as they were read when this is saved.</summary>
    public IReadOnlyList<string> Watches { get; init; } = [];
}

/// <summary>A stored assignment: the mark that a turn was charged. Kept under its id before or together with the pool's state.</summary>
/// <param name="Id">The decision's id, or one derived from play and hop.</param>
public sealed record Assignment(string Id, LeadId Lead, RepId Owner, string? Pool, string Rule, DateTimeOffset At)
{
    /// <summary>Of the rule that sent the lead; null when it has none.</summary>
    public string? Tag { get; init; }
}

/// <summary>Who had the same person, or the same account, before.</summary>
public sealed record StickyOwner(RepId Owner, DateTimeOffset LastAt)
{
    /// <summary>When a rep last got in touch, UTC; null: nobody did.</summary>
    public DateTimeOffset? WorkedAt { get; init; }
}

/// <summary>A play that follows an account up and is not over.</summary>
/// <param name="PlayId">The instance.</param>
/// <param name="Play">Name of the play.</param>
/// <param name="Owner">Who works it.</param>
public sealed record OpenPlay(string PlayId, string Play, RepId Owner);
