namespace Abm.Configuration;

/// <summary>How long something may take and what happens on the way there and after.</summary>
[Says("deadline")]
public sealed record SlaPolicy
{
    /// <summary>The key it stands under.</summary>
    [NotWritten]
    public string Name { get; init; } = "";

    /// <summary>Time allowed: working time or wall-clock time, see <see cref="Hours"/>. From one second to 366 days.</summary>
    [Says("time allowed"), Between("1s", "366d")]
    public required TimeSpan Budget { get; init; }
    [Says("which time counts")]
    public SlaHours Hours { get; init; } = SlaHours.Business;

    /// <summary>Name of the calendar for <see cref="SlaHours.Business"/>; null = the owner's.</summary>
    [Says("calendar"), RefersTo("calendars", "calendar")]
    public string? Calendar { get; init; }

    /// <summary>Steps at shares of the budget, rising.</summary>
    [Says("steps"), CheckedBy(typeof(LadderCheck))]
    public IReadOnlyList<LadderStep> Ladder { get; init; } = DefaultLadder;

    /// <summary>Steps that fall into closed hours happen at once instead of waiting for the opening.</summary>
    [Says("steps do not wait for the opening")]
    public bool Urgent { get; init; }

    /// <summary>50 % reminder, 80 % reminder with backup, 100 % breach, 125 % reassignment, 200 % to RevOps.</summary>
    public static IReadOnlyList<LadderStep> DefaultLadder { get; } =
    [
        new() { At = 50, Do = LadderAction.Remind },
        new() { At = 80, Do = LadderAction.RemindBackup },
        new() { At = 100, Do = LadderAction.Breach },
        new() { At = 125, Do = LadderAction.Reassign },
        new() { At = 200, Do = LadderAction.RevOps },
    ];

    /// <summary>1:1 one business hour, 1:few four, everybody else 24 hours on the wall clock.</summary>
    public static IReadOnlyDictionary<string, SlaPolicy> Defaults { get; } = new Dictionary<string, SlaPolicy>
    {
        ["first-touch-1to1"] = new() { Name = "first-touch-1to1", Budget = TimeSpan.FromHours(1) },
        ["first-touch-1tofew"] = new() { Name = "first-touch-1tofew", Budget = TimeSpan.FromHours(4) },
        ["first-touch"] = new() { Name = "first-touch", Budget = TimeSpan.FromHours(24), Hours = SlaHours.Always },
    };
}

public enum SlaHours
{
    /// <summary>Only working time counts.</summary>
    [Says("working time")]
    Business,

    /// <summary>The wall clock counts.</summary>
    [Says("the wall clock")]
    Always,
}

/// <summary>One step of a ladder.</summary>
[Says("step")]
public sealed record LadderStep
{
    /// <summary>Share of the budget in percent: 100 = the deadline, 125 = a quarter of the budget after it. More than 0, at most 1000.</summary>
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
