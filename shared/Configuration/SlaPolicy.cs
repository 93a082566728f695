using Abm.Clocks;

namespace Abm.Configuration;

/// <summary>How long something may take and what happens on the way there and after.</summary>
[Says("deadline"), CheckedBy(typeof(SlaPolicyCheck))]
public sealed record SlaPolicy
{
    private static readonly TimeSpan NominalDay = TimeSpan.FromHours(8);
    private readonly TimeSpan? _budget;

    /// <summary>The key it stands under.</summary>
    [NotWritten]
    public string Name { get; init; } = "";

    /// <summary>What is waited for.</summary>
    [Says("waits for")]
    public ClockKind Kind { get; init; } = ClockKind.FirstTouch;

    /// <summary>Time allowed: working time or wall-clock time, see <see cref="Hours"/>. From one second to 366 days. Where <see cref="WorkingDays"/> is set that counts, and this is about as long.</summary>
    [Says("time allowed"), Between("1s", "366d")]
    public TimeSpan Budget { get => _budget ?? NominalDay * (WorkingDays ?? 0); init => _budget = value; }

    /// <summary>Working days allowed, instead of <see cref="Budget"/>: until the same time of day so many days with work later, whatever their hours. 1 to 250; null: the time allowed counts.</summary>
    [Says("working days allowed"), Between(1, 250)]
    public int? WorkingDays { get; init; }
    [Says("which time counts")]
    public SlaHours Hours { get; init; } = SlaHours.Member;

    /// <summary>Name of the calendar that is counted, whoever it is about; null = as <see cref="Hours"/> says.</summary>
    [Says("calendar"), RefersTo("calendars", "calendar")]
    public string? Calendar { get; init; }

    /// <summary>Why a clock may be paused. Any other reason is refused.</summary>
    [Says("may be paused for"), UniqueBy(null, "reason"), Pattern("[A-Za-z][A-Za-z0-9]{0,39}", "A reason is one word of up to 40 letters and digits, such as waitingForCustomer.")]
    public IReadOnlyList<string> PauseReasons { get; init; } = DefaultPauseReasons;

    /// <summary>What a touch comes to that is told after the deadline and dated before it.</summary>
    [Says("a touch told after the deadline and dated before it")]
    public LateReports LateReports { get; init; } = LateReports.Met;

    /// <summary>Steps at shares of the budget, rising.</summary>
    [Says("steps"), CheckedBy(typeof(LadderCheck))]
    public IReadOnlyList<LadderStep> Ladder { get; init; } = DefaultLadder;

    /// <summary>Steps that fall into closed hours happen at once instead of waiting for the opening.</summary>
    [Says("steps do not wait for the opening")]
    public bool Urgent { get; init; }

    /// <summary>Waiting for the customer, for a partner, or for the lawyers.</summary>
    public static IReadOnlyList<string> DefaultPauseReasons { get; } = ["waitingForCustomer", "waitingForPartner", "legalReview"];

    /// <summary>The working time that it allows a clock which starts then: <see cref="Budget"/>, or the working time of its <see cref="WorkingDays"/>.</summary>
    public TimeSpan BudgetFrom(DateTimeOffset start, BusinessCalendar calendar) => WorkingDays is { } days ? calendar.Days(start, days) : Budget;

    /// <summary>50 % reminder, 80 % reminder with backup, 100 % breach, 125 % reassignment, 200 % to RevOps.</summary>
    public static IReadOnlyList<LadderStep> DefaultLadder { get; } =
    [
        new() { At = 50, Do = LadderAction.Remind },
        new() { At = 80, Do = LadderAction.RemindBackup },
        new() { At = 100, Do = LadderAction.Breach },
        new() { At = 125, Do = LadderAction.Reassign },
        new() { At = 200, Do = LadderAction.RevOps },
    ];

    /// <summary>
    /// First touch: 1:1 one business hour, 1:few four, everybody else 24 hours on the wall clock. An answer or a hand-off: four business hours. A meeting: five working days.
    /// Whether there is an opportunity: fifteen.
    /// </summary>
    public static IReadOnlyDictionary<string, SlaPolicy> Defaults { get; } = new Dictionary<string, SlaPolicy>
    {
        ["first-touch-1to1"] = new() { Name = "first-touch-1to1", Budget = TimeSpan.FromHours(1) },
        ["first-touch-1tofew"] = new() { Name = "first-touch-1tofew", Budget = TimeSpan.FromHours(4) },
        ["first-touch"] = new() { Name = "first-touch", Budget = TimeSpan.FromHours(24), Hours = SlaHours.Always },
        ["next-response"] = new() { Name = "next-response", Kind = ClockKind.NextResponse, Budget = TimeSpan.FromHours(4) },
        ["hand-off"] = new() { Name = "hand-off", Kind = ClockKind.HandOff, Budget = TimeSpan.FromHours(4) },
        ["meeting-booked"] = new() { Name = "meeting-booked", Kind = ClockKind.Meeting, WorkingDays = 5 },
        ["opportunity-decision"] = new() { Name = "opportunity-decision", Kind = ClockKind.Opportunity, WorkingDays = 15 },
    };
}

/// <summary>Whose hours count.</summary>
public enum SlaHours
{
    /// <summary>The owner's working time; for the customer's clock that of the default calendar.</summary>
    [Says("working time of the owner")]
    Member,

    /// <summary>Working time by the calendar of the pool, or of the owner's team.</summary>
    [Says("working time of the team")]
    Team,

    /// <summary>Working time by the calendar of the account's country, in the account's zone where it has one.</summary>
    [Says("working time where the account is")]
    Account,

    /// <summary>The wall clock counts.</summary>
    [Says("the wall clock")]
    Always,
}

/// <summary>What counts when something is told late.</summary>
public enum LateReports
{
    /// <summary>When it happened: the deadline is met, and the clock says that it was told late.</summary>
    [Says("meets it, and is marked")]
    Met,

    /// <summary>When it was told: the deadline stays missed.</summary>
    [Says("leaves it missed")]
    Breached,
}

/// <summary>One step of a ladder.</summary>
[Says("step")]
public sealed record LadderStep
{
    /// <summary>Share of the budget in percent: 100 = the deadline, 125 = a quarter of the budget after it. 0.01 to 1000, in hundredths at the finest.</summary>
    [Says("at", Unit = "%"), Between(0.01, 1000)]
    public required double At { get; init; }
    [Says("do")]
    public required LadderAction Do { get; init; }
}

public enum LadderAction
{
    /// <summary>Remind the owner.</summary>
    [Says("remind the owner")]
    Remind,

    /// <summary>Remind the owner and tell the backup.</summary>
    [Says("remind the owner and tell the backup")]
    RemindBackup,

    /// <summary>The deadline is missed: recorded once, and the manager is told. Stands at 100.</summary>
    [Says("the deadline is missed: tell the manager")]
    Breach,

    /// <summary>To the next in the pool, nobody who had it before.</summary>
    [Says("give it to the next in the pool")]
    Reassign,

    /// <summary>To the queue of revenue operations.</summary>
    [Says("give it to revenue operations")]
    RevOps,
}
