using Abm.Accounts;
using Abm.Configuration;
using Abm.Decisions;
using Abm.Leads;
using Abm.Matching;
using Abm.People;
using Abm.Scoring;

namespace Abm.Routing;

/// <summary>Who takes it? Conflict checks first, then the decision list; its last rule always decides.</summary>
public static class LeadRouter
{
    /// <summary>Decides who takes a lead. A repeat of a decision that was assigned before returns that assignment and charges nobody.</summary>
    public static RouteOutcome Route(RouteQuestion question) =>
        new(new RouteDecision.Queued("unassigned", "none", []), null, null);

    /// <summary>The next in turn of a pool for a lead that its owner did not touch in time.</summary>
    /// <param name="assignmentId">Derived from the play and the hop; when <paramref name="prior"/> has it, that assignment is returned and nobody is charged.</param>
    /// <param name="formerOwners">Everyone who had the lead; never chosen.</param>
    /// <param name="prior">Assignments of this lead that are stored already.</param>
    public static RouteOutcome Reassign(
        string pool,
        string assignmentId,
        IReadOnlyList<RepId> formerOwners,
        IReadOnlyList<Assignment> prior,
        AbmConfig config,
        IReadOnlyDictionary<RepId, Rep> reps,
        IReadOnlyDictionary<string, PoolState> pools,
        DateTimeOffset now) => new(new RouteDecision.Queued("unassigned", "none", []), null, null);
}

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
}

/// <summary>The decision and what it did to the pool.</summary>
/// <param name="PoolBefore">State read; null when no pool was asked.</param>
/// <param name="PoolAfter">State to save under the ETag of the one read; null when no pool was asked or nothing changed (a repeat, a test lead).</param>
public sealed record RouteOutcome(RouteDecision Decision, PoolState? PoolBefore, PoolState? PoolAfter);

/// <summary>A stored assignment: the mark that a turn was charged. Kept under its id before or together with the pool's state.</summary>
/// <param name="Id">The decision's id, or one derived from play and hop.</param>
public sealed record Assignment(string Id, LeadId Lead, RepId Owner, string? Pool, string Rule, DateTimeOffset At);

/// <summary>Who had the same person before.</summary>
public sealed record StickyOwner(RepId Owner, DateTimeOffset LastAt);
