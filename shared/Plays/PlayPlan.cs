using Abm.Clocks;
using Abm.Configuration;

namespace Abm.Plays;

/// <summary>The steps for the current owner while one thing is waited for, with their instants: what is said at the start, and the ladder of the deadline.</summary>
/// <param name="Version">Of the shape; 1.</param>
/// <param name="OwnerId">Null: nobody works it.</param>
/// <param name="Hop">0 for the first owner, 1 after the first reassignment, and so on.</param>
/// <param name="FormerOwnerIds">Everyone who had it before the current owner, in order.</param>
/// <param name="ReassignPool">Where the next owner comes from; null = no (more) reassignment.</param>
/// <param name="OwnerClock">Runs for the current owner; a new one after each reassignment.</param>
/// <param name="AccountClock">Runs from the start to the answer, whoever owns it.</param>
/// <param name="Steps">In the order in which they are done.</param>
/// <param name="GiveUpAt">When nobody waits for an answer any more.</param>
public sealed record PlayPlan(
    int Version,
    PlayStartInput Start,
    string? OwnerId,
    int Hop,
    IReadOnlyList<string> FormerOwnerIds,
    string? ReassignPool,
    PlannedClock OwnerClock,
    PlannedClock AccountClock,
    IReadOnlyList<PlannedStep> Steps,
    DateTimeOffset GiveUpAt)
{
    /// <summary>How often a missed deadline gave it away. Steps and people may give it away as often as they like.</summary>
    public int Reassigned { get; init; }

    /// <summary>Which wait it belongs to: empty for a lead's first touch, else the step and the visit of it.</summary>
    public string Stage { get; init; } = "";

    /// <summary>Whether a clock of it stands still: no step of the ladder is done until it goes on.</summary>
    public bool IsPaused => OwnerClock.Pauses.Any(p => p.Until is null);
}

/// <summary>A clock of a play.</summary>
/// <param name="ClockId">Unique in the system.</param>
/// <param name="Scope"><c>owner</c> or <c>account</c>.</param>
/// <param name="Calendar">Name of the calendar counted; <c>always</c> = the wall clock.</param>
public sealed record PlannedClock(string ClockId, string Scope, string Policy, string Calendar, TimeSpan Budget, DateTimeOffset StartAt, DateTimeOffset DueAt)
{
    /// <summary>When it did not count.</summary>
    public IReadOnlyList<ClockPause> Pauses { get; init; } = [];

    /// <summary>Version of the rules that it is counted by; null: that of the play.</summary>
    public string? ConfigVersion { get; init; }

    /// <summary>IANA zone of the person where it replaces the calendar's own.</summary>
    public string? Zone { get; init; }

    /// <summary>How the calendar was come by.</summary>
    public CalendarChoice CountedBy { get; init; }

    /// <summary>Whether its owner got it because the former one missed the deadline.</summary>
    public bool IsAfterBreach { get; init; }

    /// <summary>What is waited for.</summary>
    public ClockKind Kind { get; init; }

    /// <summary>What a touch comes to that is told late.</summary>
    public LateReports LateReports { get; init; }
}

/// <summary>Something to do at an instant.</summary>
/// <param name="Id">Unique in the play; delivery ids are derived from it.</param>
/// <param name="To">The rep who is told, or the name of what the action is about: a queue, a sequence, a provider, a webhook, a play; null when there is none.</param>
/// <param name="Template">Which text; null when nobody is told.</param>
/// <param name="DueAt">The instant that the ladder or the step names.</param>
/// <param name="DoAt">When it is done: the same, or the next opening when that falls into closed hours and it is not urgent.</param>
public sealed record PlannedStep(string Id, PlayAction Action, string? To, string? Template, DateTimeOffset DueAt, DateTimeOffset DoAt)
{
    /// <summary>The wait whose ladder it belongs to; null: a step of the play's own course.</summary>
    public string? Stage { get; init; }

    /// <summary>It says nothing once a later step is due as well: reminders of what is missed by then.</summary>
    public bool IsReminder { get; init; }
}

/// <summary>What a step does.</summary>
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

    /// <summary>Put it into the queue <c>To</c>, and tell it with <c>Template</c>.</summary>
    HandToRevOps = 4,

    /// <summary>Give <c>To</c> a task, described by <c>Template</c>.</summary>
    Task = 5,

    /// <summary>Ask the sequencer to enrol in the sequence <c>To</c>.</summary>
    Enrol = 6,

    /// <summary>Ask the provider <c>To</c> to enrich.</summary>
    Enrich = 7,

    /// <summary>Give it to whom the step names.</summary>
    Assign = 8,

    /// <summary>Start the clocks of a wait.</summary>
    StartClocks = 9,

    /// <summary>Send the facts to the webhook <c>To</c>.</summary>
    CallWebhook = 10,

    /// <summary>Start the play <c>To</c>.</summary>
    StartPlay = 11,

    /// <summary>A lead has another owner, <c>To</c>: bring every list up to date.</summary>
    NoteOwner = 12,
}

/// <summary>An event that ends a play.</summary>
/// <param name="Result">For <see cref="PlayStopKind.Rule"/>: the outcome that the play names; for a cancellation: the reason. Else null.</param>
public sealed record PlayStop(PlayStopKind Kind, DateTimeOffset At, string? Result = null);

public enum PlayStopKind
{
    /// <summary>A person touched the lead: the clock is met.</summary>
    Touched = 0,
    Disqualified = 1,
    Merged = 2,
    Cancelled = 3,

    /// <summary>The lead's person was erased.</summary>
    Erased = 4,

    /// <summary>One of the play's own stop conditions.</summary>
    Rule = 5,
}

/// <summary>What is next.</summary>
public abstract record PlayStep
{
    private PlayStep()
    {
    }

    /// <summary>Do this now, then say so with <see cref="PlayDecider.Done(PlayProgress, PlannedStep)"/> or <see cref="PlayDecider.After"/>, and ask again.</summary>
    public sealed record Do(PlannedStep Step) : PlayStep;

    /// <summary>This is not done any more: it would say what a later step that is due as well says better. Note it as done, and ask again.</summary>
    public sealed record Skip(PlannedStep Step, string Says) : PlayStep;

    /// <summary>Nothing to do in the world, but the play goes on elsewhere: note it with <see cref="PlayDecider.Moved"/>, and ask again.</summary>
    public sealed record Move(PlayMove To) : PlayStep;

    /// <summary>Wait for an event, but not beyond this instant, then ask again.</summary>
    public sealed record Wait(DateTimeOffset Until) : PlayStep
    {
        /// <summary>What is waited for; null: only for the next step of the ladder.</summary>
        public PlayWaiting? For { get; init; }
    }

    /// <summary>It is over; the clocks stop so.</summary>
    public sealed record End(PlayOutcome Outcome, DateTimeOffset At, ClockState OwnerClock, ClockState AccountClock) : PlayStep
    {
        /// <summary>The outcome that the play itself names; null: none.</summary>
        public string? Result { get; init; }
    }
}

/// <summary>The play goes from one step to another.</summary>
/// <param name="From">Null: it begins.</param>
/// <param name="To">Null: it has no more steps.</param>
/// <param name="Code">Such as <c>begun, answered, timeUp, branched, leftOut, waited</c>.</param>
/// <param name="Says">Why, in a sentence without personal data.</param>
/// <param name="EventId">The event that it answers to; null: none.</param>
public sealed record PlayMove(string? From, string? To, DateTimeOffset At, string Code, string Says, string? EventId = null);

/// <summary>What a play waits for.</summary>
/// <param name="Step">Name of the step; null: a lead's first touch.</param>
/// <param name="Events">Any of these goes on with it; empty: only time does.</param>
/// <param name="Until">When it goes on in any case, UTC.</param>
/// <param name="Says">Why, in a sentence.</param>
public sealed record PlayWaiting(string? Step, IReadOnlyList<string> Events, DateTimeOffset Until, string Says);

/// <summary>How a play ended.</summary>
public enum PlayOutcome
{
    Touched = 0,
    Disqualified = 1,
    Merged = 2,
    Cancelled = 3,

    /// <summary>Nobody touched it until the measuring ended.</summary>
    Unanswered = 4,

    /// <summary>It went through all its steps.</summary>
    Completed = 5,

    /// <summary>One of its stop conditions ended it.</summary>
    Stopped = 6,

    /// <summary>The lead's person was erased.</summary>
    Erased = 7,

    /// <summary>It went round in circles for too long.</summary>
    Exhausted = 8,
}
