namespace Abm.Configuration;

/// <summary>How long something may take and what happens on the way there and after.</summary>
public sealed record SlaPolicy
{
    /// <summary>The key it stands under.</summary>
    public string Name { get; init; } = "";

    /// <summary>Time allowed: working time or wall-clock time, see <see cref="Hours"/>. From one second to 366 days.</summary>
    public required TimeSpan Budget { get; init; }
    public SlaHours Hours { get; init; } = SlaHours.Business;

    /// <summary>Name of the calendar for <see cref="SlaHours.Business"/>; null = the owner's.</summary>
    public string? Calendar { get; init; }

    /// <summary>Steps at shares of the budget, rising.</summary>
    public IReadOnlyList<LadderStep> Ladder { get; init; } = DefaultLadder;

    /// <summary>Steps that fall into closed hours happen at once instead of waiting for the opening.</summary>
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
    Business,

    /// <summary>The wall clock counts.</summary>
    Always,
}

/// <summary>One step of a ladder.</summary>
public sealed record LadderStep
{
    /// <summary>Share of the budget in percent: 100 = the deadline, 125 = a quarter of the budget after it. More than 0, at most 1000.</summary>
    public required double At { get; init; }
    public required LadderAction Do { get; init; }
}

public enum LadderAction
{
    /// <summary>Remind the owner.</summary>
    Remind,

    /// <summary>Remind the owner and tell the backup.</summary>
    RemindBackup,

    /// <summary>The deadline is missed: recorded once, and the manager is told. Stands at 100.</summary>
    Breach,

    /// <summary>To the next in the pool, nobody who had it before.</summary>
    Reassign,

    /// <summary>To the queue of revenue operations.</summary>
    RevOps,
}
