using Abm.Clocks;

namespace Abm.Plays;

/// <summary>What a play starts from. Travels into durable history: ids and instants only.</summary>
/// <param name="PlayId">The instance: <c>play-{leadId}-{play}</c>, see <see cref="IdFor"/>.</param>
/// <param name="Play">Name of the play in the configuration.</param>
/// <param name="ConfigVersion">The play stays on it to its end.</param>
/// <param name="Pool">The pool that the lead came from; null when it went to a named owner.</param>
/// <param name="Policy">The first-touch policy that the decision chose.</param>
/// <param name="RoutedAt">When the decision was made; the clocks start here.</param>
public sealed record PlayStartInput(
    int Version,
    string PlayId,
    string Play,
    string LeadId,
    string? AccountId,
    string DecisionId,
    string ConfigVersion,
    string OwnerId,
    string? Pool,
    string Policy,
    DateTimeOffset RoutedAt,
    DateTimeOffset ReceivedAt)
{
    /// <summary>The id under which the play of that name runs for a lead: once.</summary>
    public static string IdFor(string leadId, string play) => $"play-{leadId}-{play}";
}

/// <summary>The steps for the current owner with their instants. Travels through durable history: ids and instants only.</summary>
/// <param name="Version">Of the shape; 1.</param>
/// <param name="Hop">0 for the first owner, 1 after the first reassignment, and so on.</param>
/// <param name="FormerOwnerIds">Everyone who had it before the current owner, in order.</param>
/// <param name="ReassignPool">Where the next owner comes from; null = no (more) reassignment.</param>
/// <param name="OwnerClock">Runs for the current owner; a new one after each reassignment.</param>
/// <param name="AccountClock">Runs from the first routing to the touch, whoever owns it.</param>
/// <param name="Steps">In the order in which they are done.</param>
/// <param name="GiveUpAt">When nobody waits for a touch any more.</param>
public sealed record PlayPlan(
    int Version,
    PlayStartInput Start,
    string OwnerId,
    int Hop,
    IReadOnlyList<string> FormerOwnerIds,
    string? ReassignPool,
    PlannedClock OwnerClock,
    PlannedClock AccountClock,
    IReadOnlyList<PlannedStep> Steps,
    DateTimeOffset GiveUpAt);

/// <summary>A clock of a play.</summary>
/// <param name="ClockId">Unique in the system.</param>
/// <param name="Scope"><c>owner</c> or <c>account</c>.</param>
/// <param name="Calendar">Name of the calendar counted; <c>always</c> = the wall clock.</param>
public sealed record PlannedClock(string ClockId, string Scope, string Policy, string Calendar, TimeSpan Budget, DateTimeOffset StartAt, DateTimeOffset DueAt);

/// <summary>Something to do at an instant.</summary>
/// <param name="Id">Unique in the play; delivery ids are derived from it.</param>
/// <param name="To">The rep who is told, or the name of a queue for <see cref="PlayAction.HandToRevOps"/>; null when nobody is.</param>
/// <param name="Template">Which text; null when nobody is told.</param>
/// <param name="DueAt">The instant the ladder names.</param>
/// <param name="DoAt">When it is done: the same, or the next opening when that falls into closed hours and the policy is not urgent.</param>
public sealed record PlannedStep(string Id, PlayAction Action, string? To, string? Template, DateTimeOffset DueAt, DateTimeOffset DoAt);

/// <summary>What a step does. A new kind is added at the end: the numbers lie in durable histories.</summary>
public enum PlayAction
{
    /// <summary>Tell <c>To</c> with <c>Template</c>.</summary>
    Notify = 0,

    /// <summary>Mark the owner's clock as breached.</summary>
    RecordOwnerBreach = 1,

    /// <summary>Mark the account's clock as breached.</summary>
    RecordAccountBreach = 2,

    /// <summary>Find a new owner in the plan's <c>ReassignPool</c> and store the assignment.</summary>
    Reassign = 3,

    /// <summary>Put the lead into the queue <c>To</c>, and tell it with <c>Template</c>.</summary>
    HandToRevOps = 4,
}

/// <summary>How far a play has come. Travels through durable history.</summary>
/// <param name="DoneSteps">Ids of steps done.</param>
/// <param name="Stop">What stopped it; null while nothing did.</param>
/// <param name="OwnerBreachedAt">When the current owner's clock was breached; null when it was not.</param>
public sealed record PlayProgress(IReadOnlyList<string> DoneSteps, PlayStop? Stop, DateTimeOffset? OwnerBreachedAt, DateTimeOffset? AccountBreachedAt)
{
    public static PlayProgress Start { get; } = new([], null, null, null);
}

/// <summary>An event that ends a play.</summary>
public sealed record PlayStop(PlayStopKind Kind, DateTimeOffset At);

public enum PlayStopKind
{
    /// <summary>A person touched the lead: the clock is met.</summary>
    Touched = 0,
    Disqualified = 1,
    Merged = 2,
    Cancelled = 3,
}

/// <summary>What the orchestrator does next.</summary>
public abstract record PlayStep
{
    private PlayStep()
    {
    }

    /// <summary>Do this now, then say so with <see cref="PlayDecider.Done"/> (or <see cref="PlayDecider.Reassigned"/>) and ask again.</summary>
    public sealed record Do(PlannedStep Step) : PlayStep;

    /// <summary>Wait for a stopping event, but not beyond this instant, then ask again.</summary>
    public sealed record Wait(DateTimeOffset Until) : PlayStep;

    /// <summary>It is over; the clocks stop so.</summary>
    public sealed record End(PlayOutcome Outcome, DateTimeOffset At, ClockState OwnerClock, ClockState AccountClock) : PlayStep;
}

/// <summary>How a play ended.</summary>
public enum PlayOutcome
{
    Touched = 0,
    Disqualified = 1,
    Merged = 2,
    Cancelled = 3,

    /// <summary>Nobody touched it until the measuring ended.</summary>
    Unanswered = 4,
}
