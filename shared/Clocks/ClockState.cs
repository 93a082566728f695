namespace Abm.Clocks;

/// <summary>Where a clock stands.</summary>
public enum ClockState
{
    Running = 0,
    Paused = 1,

    /// <summary>Stopped in time.</summary>
    Met = 2,

    /// <summary>Missed, and still measured.</summary>
    BreachedOpen = 3,

    /// <summary>Missed, and stopped later.</summary>
    BreachedClosed = 4,

    /// <summary>Stopped without an answer to its question: merged, disqualified, cancelled, reassigned in time.</summary>
    Cancelled = 5,
}

/// <summary>The names of states on the outside.</summary>
public static class ClockStateText
{
    /// <summary><c>running, paused, met, breached</c> or <c>cancelled</c>; both kinds of breach read the same.</summary>
    public static string Text(this ClockState state) => state switch
    {
        ClockState.Running => "running",
        ClockState.Paused => "paused",
        ClockState.Met => "met",
        ClockState.BreachedOpen or ClockState.BreachedClosed => "breached",
        ClockState.Cancelled => "cancelled",
        _ => throw new ArgumentOutOfRangeException(nameof(state)),
    };
}
