namespace Abm.Clocks;

/// <summary>A clock of an SLA: started, paused and resumed, met or missed. Immutable; every change is a new value.</summary>
/// <remarks>Working time while paused does not count, and nested pauses count once. A missed clock cannot be paused and is measured until it is stopped.</remarks>
public sealed record SlaClock
{
    public required string Policy { get; init; }
    public required TimeSpan Budget { get; init; }
    public required DateTimeOffset StartAt { get; init; }

    /// <summary>When it is missed if nothing stops it. While paused: as it was before the pause.</summary>
    public required DateTimeOffset DueAt { get; init; }

    /// <summary>Every pause, in the order they began; the end is null while it lasts.</summary>
    public IReadOnlyList<ClockPause> Pauses { get; init; } = [];
    public DateTimeOffset? StoppedAt { get; init; }

    /// <summary>Whether it was stopped without an answer to its question.</summary>
    public bool IsCancelled { get; init; }

    private bool IsPaused => Pauses.Any(p => p.Until is null);

    /// <summary>A clock that starts now.</summary>
    public static SlaClock Start(string policy, TimeSpan budget, BusinessCalendar calendar, DateTimeOffset at) =>
        new() { Policy = policy, Budget = budget, StartAt = at, DueAt = calendar.DueAt(at, budget) };

    /// <summary>Where it stands. It is missed at its deadline, not after it.</summary>
    public ClockState StateAt(DateTimeOffset now)
    {
        if (StoppedAt is { } stopped)
            return !IsPaused && stopped >= DueAt ? ClockState.BreachedClosed : IsCancelled ? ClockState.Cancelled : ClockState.Met;
        return IsPaused ? ClockState.Paused : now >= DueAt ? ClockState.BreachedOpen : ClockState.Running;
    }

    /// <summary>Stops counting for a reason. Without effect when it is stopped, missed, paused for the same reason already, or that instant lies before what it has behind it.</summary>
    public SlaClock Pause(string reason, DateTimeOffset at) =>
        StateAt(at) is ClockState.Running or ClockState.Paused && at >= LastChangeAt && !Pauses.Any(p => p.Until is null && p.Reason == reason)
            ? this with { Pauses = [.. Pauses, new ClockPause(reason, at, null)] }
            : this;

    /// <summary>Ends the pause for that reason; the last one that ends gives the deadline for what remained. Without effect when there is no such pause, or that instant lies before what it has behind it.</summary>
    public SlaClock Resume(string reason, DateTimeOffset at, BusinessCalendar calendar)
    {
        if (StoppedAt is not null || at < LastChangeAt || !Pauses.Any(p => p.Until is null && p.Reason == reason))
            return this;
        SlaClock resumed = this with { Pauses = [.. Pauses.Select(p => p.Until is null && p.Reason == reason ? p with { Until = at } : p)] };
        return resumed.IsPaused ? resumed : resumed with { DueAt = resumed.InstantOf(Budget, calendar) };
    }

    /// <summary>The awaited thing happened. Without effect on a stopped clock.</summary>
    public SlaClock Meet(DateTimeOffset at) => StoppedAt is null ? this with { StoppedAt = at } : this;

    /// <summary>Nobody waits for it any more. A missed clock stays missed.</summary>
    public SlaClock Cancel(DateTimeOffset at) => StoppedAt is null ? this with { StoppedAt = at, IsCancelled = true } : this;

    /// <summary>The same clock by other rules: the deadline as if it had been counted so from the start.</summary>
    public SlaClock Recount(TimeSpan budget, BusinessCalendar calendar)
    {
        SlaClock other = this with { Budget = budget };
        return other with { DueAt = other.InstantOf(budget, calendar) };
    }

    /// <summary>The last instant at which it started, or a pause began or ended.</summary>
    public DateTimeOffset LastChangeAt => Pauses.Aggregate(StartAt, (last, p) => p.Until is { } until && until > last ? until : p.From > last ? p.From : last);

    /// <summary>Working time from the start until now (or until it was stopped), less working time in pauses. Goes on after a breach.</summary>
    public TimeSpan WorkedAt(DateTimeOffset now, BusinessCalendar calendar)
    {
        DateTimeOffset end = StoppedAt is { } stopped && stopped < now ? stopped : now;
        TimeSpan worked = TimeSpan.Zero;
        DateTimeOffset cursor = StartAt;
        foreach ((DateTimeOffset from, DateTimeOffset until) in PausedStretches(end))
        {
            worked += calendar.Elapsed(cursor, from);
            cursor = until;
        }

        return worked + calendar.Elapsed(cursor, end);
    }

    /// <summary>When so much working time is used up, pauses left out. While paused: as if the pause ended where it began.</summary>
    public DateTimeOffset InstantOf(TimeSpan worked, BusinessCalendar calendar)
    {
        DateTimeOffset cursor = StartAt;
        TimeSpan remaining = worked;
        foreach ((DateTimeOffset from, DateTimeOffset until) in PausedStretches(DateTimeOffset.MaxValue))
        {
            TimeSpan counted = calendar.Elapsed(cursor, from);
            if (counted >= remaining)
                break;
            remaining -= counted;
            cursor = until == DateTimeOffset.MaxValue ? from : until;
        }

        return calendar.DueAt(cursor, remaining);
    }

    /// <summary>The deadline with everything that was counted and skipped, pauses by their reasons. While paused the last stretch has no end.</summary>
    public SlaDeadline Explain(BusinessCalendar calendar)
    {
        List<DeadlineInterval> intervals = [];
        DateTimeOffset cursor = StartAt;
        TimeSpan remaining = Budget;
        bool isReached = false;
        foreach ((DateTimeOffset from, DateTimeOffset until) in PausedStretches(DateTimeOffset.MaxValue))
        {
            TimeSpan counted = calendar.Elapsed(cursor, from);
            if (counted >= remaining)
                break;
            intervals.AddRange(calendar.Between(cursor, from));
            remaining -= counted;
            intervals.Add(new DeadlineInterval(from, until, IsCounted: false, "paused: " + string.Join(", ", Pauses.Where(p => p.From < until && from < (p.Until ?? DateTimeOffset.MaxValue)).Select(p => p.Reason).Distinct())));
            cursor = until;
            isReached = until == DateTimeOffset.MaxValue;
        }

        if (!isReached)
            intervals.AddRange(calendar.Deadline(cursor, remaining).Intervals);
        return new SlaDeadline(Policy, StartAt, DueAt, Budget, calendar.Name, intervals) { Zone = calendar.Zone };
    }

    /// <summary>The pauses as stretches that do not overlap, up to an instant.</summary>
    private IEnumerable<(DateTimeOffset From, DateTimeOffset Until)> PausedStretches(DateTimeOffset end)
    {
        (DateTimeOffset From, DateTimeOffset Until)? current = null;
        foreach (ClockPause pause in Pauses.OrderBy(p => p.From))
        {
            DateTimeOffset until = pause.Until is { } ended && ended < end ? ended : end;
            if (until <= pause.From)
                continue;
            if (current is { } open && pause.From <= open.Until)
            {
                current = (open.From, until > open.Until ? until : open.Until);
                continue;
            }

            if (current is { } done)
                yield return done;
            current = (pause.From, until);
        }

        if (current is { } last)
            yield return last;
    }
}

/// <summary>A time in which a clock did not count.</summary>
/// <param name="Reason">One of the policy's <see cref="Configuration.SlaPolicy.PauseReasons"/>.</param>
/// <param name="Until">Null while it lasts.</param>
public sealed record ClockPause(string Reason, DateTimeOffset From, DateTimeOffset? Until)
{
    /// <summary>Who paused it; null: not noted.</summary>
    public string? By { get; init; }

    /// <summary>Who ended it; null: it lasts, or not noted.</summary>
    public string? ResumedBy { get; init; }
}
