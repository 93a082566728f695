using Abm.Accounts;
using Abm.Configuration;
using Abm.Decisions;

namespace Abm.Clocks;

/// <summary>One deadline of a record, from its start to what became of it. Times are UTC. What it counts by stands on it, so that it can be explained and counted anew.</summary>
public sealed record ClockRecord
{
    public required string ClockId { get; init; }

    /// <summary>The lead it is about; null: about an account or an opportunity.</summary>
    public LeadId? LeadId { get; init; }

    /// <summary>The account it is about, or that its lead belongs to; null: none or unknown.</summary>
    public AccountId? AccountId { get; init; }

    /// <summary>The opportunity it is about; null: none.</summary>
    public string? OpportunityId { get; init; }
    public required string PlayId { get; init; }

    /// <summary>Name of the SLA policy that gave the budget.</summary>
    public required string Policy { get; init; }

    /// <summary>What is waited for.</summary>
    public ClockKind Kind { get; init; } = ClockKind.FirstTouch;

    /// <summary><c>account</c>: the customer's view, whoever owns the lead; <c>owner</c>: one owner's view.</summary>
    public required string Scope { get; init; }
    public required ClockState State { get; init; }

    /// <summary>When it began to count: when the lead was routed, an owner got it, a step began.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When the lead was received; first touches are measured from there too. Null: not a lead's, or the same instant.</summary>
    public DateTimeOffset? ReceivedAt { get; init; }
    public required DateTimeOffset DueAt { get; init; }

    /// <summary>Time allowed.</summary>
    public required TimeSpan Budget { get; init; }

    /// <summary>Name of the calendar that is counted; <see cref="BusinessCalendar.AlwaysName"/> = the wall clock.</summary>
    public required string Calendar { get; init; }

    /// <summary>How the calendar was come by.</summary>
    public CalendarChoice CountedBy { get; init; }

    /// <summary>IANA zone of the person, where it replaces the calendar's own; null: the calendar's own.</summary>
    public string? Zone { get; init; }

    /// <summary>Version of the configuration that the deadline was last counted by; null: unknown.</summary>
    public string? ConfigVersion { get; init; }

    /// <summary>Every pause, in the order they began.</summary>
    public IReadOnlyList<ClockPause> Pauses { get; init; } = [];

    /// <summary>Every deadline it had before, oldest first.</summary>
    public IReadOnlyList<DeadlineChange> History { get; init; } = [];

    /// <summary>When it was met, cancelled, or, being late, at last stopped; null while it is measured.</summary>
    public DateTimeOffset? StoppedAt { get; init; }

    /// <summary>When we were told of what stopped it, where that was later; null: at once.</summary>
    public DateTimeOffset? ReportedAt { get; init; }

    /// <summary>What a touch comes to that is told after the deadline and dated before it.</summary>
    public LateReports LateReports { get; init; }

    /// <summary>When the one breach of it was noted; null: never.</summary>
    public DateTimeOffset? BreachedAt { get; init; }
    public RepId? OwnerId { get; init; }

    /// <summary>Whether its owner got it because the former one missed the deadline.</summary>
    public bool IsAfterBreach { get; init; }

    /// <summary>The owner's team when the clock started; null: none.</summary>
    public string? Team { get; init; }

    /// <summary>The account's tier when the clock started.</summary>
    public AccountTier Tier { get; init; }

    /// <summary>Whether time is still measured: running, paused, or breached and not yet touched.</summary>
    public bool IsOpen => StoppedAt is null;

    /// <summary>The deadline that it began with.</summary>
    public DateTimeOffset FirstDueAt => History.Count == 0 ? DueAt : History[0].DueAt;

    /// <summary>Whether it was stopped in time, but we were told of it after the deadline: a miss that somebody may have dated back.</summary>
    public bool IsReportedLate => StoppedAt < DueAt && ReportedAt >= DueAt;

    /// <summary>What is counted of it.</summary>
    public SlaClock Counted => new()
    {
        Policy = Policy,
        Budget = Budget,
        StartAt = StartedAt,
        DueAt = DueAt,
        Pauses = Pauses,
        StoppedAt = StoppedAt,
        IsCancelled = State == ClockState.Cancelled,
    };

    /// <summary>Where it stands at an instant, whether or not its breach is noted yet.</summary>
    public ClockState StateAt(DateTimeOffset now) => IsOpen && State != ClockState.BreachedOpen ? Counted.StateAt(now) : State;
}

/// <summary>What a clock waits for.</summary>
public enum ClockKind
{
    /// <summary>A person gets in touch with the lead for the first time.</summary>
    FirstTouch = 0,

    /// <summary>A person answers what the lead or account did last.</summary>
    NextResponse = 1,

    /// <summary>Whom it was handed to takes it or sends it back.</summary>
    HandOff = 2,

    /// <summary>A meeting is booked.</summary>
    Meeting = 3,

    /// <summary>It is decided whether there is an opportunity.</summary>
    Opportunity = 4,

    /// <summary>Anything else that a play waits for.</summary>
    Step = 5,
}

/// <summary>A deadline that a clock had, and what replaced it.</summary>
/// <param name="DueAt">The deadline until then.</param>
/// <param name="Budget">The time allowed until then.</param>
/// <param name="ChangedAt">When it was replaced, UTC.</param>
/// <param name="Code"><c>resumed</c>, <c>calendar</c> or <c>policy</c>: what changed it.</param>
/// <param name="ConfigVersion">What it was counted by until then; null: unknown.</param>
public sealed record DeadlineChange(DateTimeOffset DueAt, TimeSpan Budget, DateTimeOffset ChangedAt, string Code, string? ConfigVersion);
