using Abm.Configuration;

namespace Abm.Clocks;

/// <summary>What becomes of a clock's record: paused, resumed, stopped, missed, counted anew. Pure: a record in, a record out.</summary>
public static class ClockChanges
{
    /// <summary>The calendar that a clock is counted by.</summary>
    /// <param name="config">Of the version that the clock was last counted by (<see cref="ClockRecord.ConfigVersion"/>).</param>
    public static BusinessCalendar CalendarOf(ClockRecord clock, AbmConfig config) =>
        clock.CountedBy == CalendarChoice.Always || clock.Calendar == BusinessCalendar.AlwaysName ? BusinessCalendar.Always : WorkingTimes.Named(clock.Calendar, clock.Zone, config);

    /// <summary>Stops counting for a reason that the policy allows.</summary>
    /// <param name="policy">Null: the configuration does not have it any more, and no reason is allowed.</param>
    /// <param name="by">Who asks for it.</param>
    public static ClockAnswer Pause(ClockRecord clock, SlaPolicy? policy, string reason, string by, DateTimeOffset at)
    {
        if (Closed(clock, at) is { } closed)
            return closed;
        if (clock.StateAt(at) == ClockState.BreachedOpen)
            return new ClockAnswer.Refused("breached", "The deadline is missed: a missed clock is measured until it is stopped, and cannot be paused.");
        IReadOnlyList<string> reasons = policy?.PauseReasons ?? [];
        if (!reasons.Contains(reason, StringComparer.Ordinal))
        {
            string allowed = reasons.Count == 0 ? "It cannot be paused." : $"It may be paused for {string.Join(", ", reasons)}.";
            return new ClockAnswer.Refused("unknownReason", $"'{reason}' is no reason to pause a clock of policy '{clock.Policy}'. {allowed}");
        }

        SlaClock paused = clock.Counted.Pause(reason, at);
        return paused.Pauses.Count == clock.Pauses.Count
            ? new ClockAnswer.Unchanged(clock)
            : new ClockAnswer.Changed(clock with { State = ClockState.Paused, Pauses = [.. clock.Pauses, new ClockPause(reason, at, null) { By = by }] });
    }

    /// <summary>Goes on counting: the deadline is where what remained is used up. Of several pauses the last one that ends counts.</summary>
    /// <param name="reason">Which pause ends; null: all of them.</param>
    public static ClockAnswer Resume(ClockRecord clock, string? reason, string by, DateTimeOffset at, BusinessCalendar calendar)
    {
        if (Closed(clock, at) is { } closed)
            return closed;
        ClockPause[] ending = [.. clock.Pauses.Where(p => p.Until is null && (reason is null || p.Reason == reason))];
        if (ending.Length == 0)
        {
            return clock.Pauses.Any(p => reason is null || p.Reason == reason)
                ? new ClockAnswer.Unchanged(clock)
                : new ClockAnswer.Refused("notPaused", reason is null ? "It is not paused." : $"It is not paused for '{reason}'.");
        }

        SlaClock resumed = ending.Aggregate(clock.Counted, (c, pause) => c.Resume(pause.Reason, at, calendar));
        ClockPause[] pauses = [.. clock.Pauses.Select(p => ending.Contains(p) ? p with { Until = at, ResumedBy = by } : p)];
        ClockState state = resumed.StateAt(at);
        return new ClockAnswer.Changed(clock with
        {
            Pauses = pauses,
            State = state == ClockState.Paused ? ClockState.Paused : ClockState.Running,
            DueAt = resumed.DueAt,
            History = resumed.DueAt == clock.DueAt ? clock.History : [.. clock.History, new DeadlineChange(clock.DueAt, clock.Budget, at, "resumed", clock.ConfigVersion)],
        });
    }

    /// <summary>A person did what was waited for. What counts is when it happened; when that is told after the deadline, the record says so, or the policy lets it count as missed.</summary>
    /// <remarks>The earliest that is told counts, in whatever order it is told: an earlier one corrects a later one. Something that happened before the clock began leaves it without a question.</remarks>
    /// <param name="reportedAt">When we were told.</param>
    public static ClockRecord Touched(ClockRecord clock, DateTimeOffset at, DateTimeOffset reportedAt)
    {
        if (clock.StoppedAt <= at)
            return clock;
        if (at < clock.StartedAt && !(clock.ReceivedAt <= at))
            return clock.IsOpen ? Cancelled(clock, clock.StartedAt) : clock;
        bool isPausedThen = clock.Pauses.Any(p => p.From <= at && (p.Until is null || at < p.Until));
        bool isInTime = isPausedThen || at < clock.DueAt;
        bool isToldLate = isInTime && !isPausedThen && reportedAt >= clock.DueAt;
        return Ended(clock, at) with
        {
            State = isInTime && !(isToldLate && clock.LateReports == LateReports.Breached) ? ClockState.Met : ClockState.BreachedClosed,
            ReportedAt = reportedAt > at ? reportedAt : null,
        };
    }

    /// <summary>Nobody waits for it any more. What was missed by then stays missed; a stopped clock stays as it is.</summary>
    public static ClockRecord Cancelled(ClockRecord clock, DateTimeOffset at) => !clock.IsOpen
        ? clock
        : Ended(clock, at < clock.StartedAt ? clock.StartedAt : at) with
        {
            State = clock.State == ClockState.BreachedOpen || clock.BreachedAt is not null || clock.Counted.StateAt(at) == ClockState.BreachedOpen ? ClockState.BreachedClosed : ClockState.Cancelled,
        };

    /// <summary>Its deadline has passed: noted once. Null when there is nothing to note: it is stopped, paused, noted already, or not due by then, because its deadline was moved.</summary>
    public static ClockRecord? Breached(ClockRecord clock, DateTimeOffset now) =>
        clock.IsOpen && clock.BreachedAt is null && clock.StateAt(now) == ClockState.BreachedOpen
            ? clock with { State = ClockState.BreachedOpen, BreachedAt = clock.DueAt }
            : null;

    private static ClockRecord Ended(ClockRecord clock, DateTimeOffset at) => clock with { StoppedAt = at };

    private static ClockAnswer.Refused? Closed(ClockRecord clock, DateTimeOffset at) =>
        !clock.IsOpen ? new ClockAnswer.Refused("stopped", $"The clock is stopped: {clock.State.Text()}.")
        : at < clock.Counted.LastChangeAt ? new ClockAnswer.Refused("outOfOrder", "That lies before the clock began, or before its last pause began or ended.")
        : null;
}

/// <summary>What came of asking a clock to change.</summary>
public abstract record ClockAnswer
{
    private ClockAnswer()
    {
    }

    public sealed record Changed(ClockRecord Clock) : ClockAnswer;

    /// <summary>It stands so already.</summary>
    public sealed record Unchanged(ClockRecord Clock) : ClockAnswer;

    /// <param name="Code"><c>stopped</c>, <c>breached</c>, <c>unknownReason</c>, <c>notPaused</c> or <c>outOfOrder</c>.</param>
    public sealed record Refused(string Code, string Says) : ClockAnswer;
}
