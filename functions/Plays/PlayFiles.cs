using Abm.Clocks;
using Abm.Decisions;
using Abm.Plays;
using Abm.Ports;

namespace Abm.Functions.Plays;

/// <summary>What the steps of a play do to a lead's file. Pure: values in, values out.</summary>
public static class PlayFiles
{
    /// <summary>The play runs now, with its first two clocks. Null when it does already.</summary>
    public static LeadFileChange? Started(LeadFile file, PlayPlan plan, DateTimeOffset now)
    {
        if (file.Clocks.Any(c => c.ClockId == plan.AccountClock.ClockId))
            return null;
        RepId owner = RepId.Parse(plan.OwnerId!);
        LeadFile running = file with
        {
            Plays = [.. file.Plays.Where(p => p.PlayId != plan.Start.PlayId), new PlayRecord(plan.Start.PlayId, plan.Start.Play, PlayStatus.Running)],
            Clocks = [.. file.Clocks, Clock(plan.AccountClock, plan, owner), Clock(plan.OwnerClock, plan, owner)],
        };
        if (file.Stop is { } stop)
            running = ClocksStopped(running, stop); // it was touched before the play began
        return new LeadFileChange(running, Event("playStarted", plan.Start.PlayId, now, ("playId", plan.Start.PlayId), ("ownerId", plan.OwnerId!)));
    }

    /// <summary>The deadline of this clock has passed. Null when the clock is stopped or its breach is noted: it is noted once.</summary>
    public static LeadFileChange? Breached(LeadFile file, string clockId)
    {
        if (file.Stop is not null || file.Clocks.FirstOrDefault(c => c.ClockId == clockId) is not { IsOpen: true, BreachedAt: null } clock)
            return null;
        ClockRecord breached = clock with { State = ClockState.BreachedOpen, BreachedAt = clock.DueAt };
        return new LeadFileChange(
            WithClock(file, breached),
            Event("breach", clockId, clock.DueAt, ("clockId", clockId), ("policy", clock.Policy), ("scope", clock.Scope), ("ownerId", clock.OwnerId?.Value ?? "")));
    }

    /// <summary>The lead has a new owner with a clock of their own; the former owner's clock stops, the account's goes on. Null when that is done, or the lead was touched meanwhile and stays.</summary>
    public static LeadFileChange? Reassigned(LeadFile file, PlayPlan former, PlayPlan next, DateTimeOffset at)
    {
        if (file.Stop is not null || file.Clocks.Any(c => c.ClockId == next.OwnerClock.ClockId))
            return null;
        RepId owner = RepId.Parse(next.OwnerId!);
        ClockRecord[] clocks =
        [
            .. file.Clocks.Select(c => c.ClockId == former.OwnerClock.ClockId && c.IsOpen
                ? c with { StoppedAt = at, State = c.BreachedAt is null ? ClockState.Cancelled : ClockState.BreachedClosed }
                : c.ClockId == next.AccountClock.ClockId ? c with { OwnerId = owner } : c),
            Clock(next.OwnerClock, next, owner),
        ];
        return new LeadFileChange(
            file with { Lead = file.Lead with { OwnerId = owner }, Clocks = clocks },
            Event("reassigned", next.OwnerClock.ClockId, at, ("playId", next.Start.PlayId), ("ownerId", next.OwnerId!), ("formerOwnerId", former.OwnerId!)));
    }

    /// <summary>Nobody took it up: it is in the queue of revenue operations. The clocks go on.</summary>
    public static LeadFileChange HandedOver(LeadFile file, PlayPlan plan, PlannedStep step) => new(
        file, Event("handedOver", $"{plan.Start.PlayId}|{step.Id}", step.DoAt, ("playId", plan.Start.PlayId), ("queue", step.To ?? "")));

    /// <summary>The play is over; clocks that still ran stop as the play says.</summary>
    public static LeadFileChange Finished(LeadFile file, PlayEndInput end)
    {
        PlayPlan plan = end.Plan;
        PlayStatus status = end.Outcome == PlayOutcome.Unanswered ? PlayStatus.Completed : PlayStatus.Stopped;
        ClockRecord[] clocks =
        [
            .. file.Clocks.Select(c => !c.IsOpen || c.PlayId != plan.Start.PlayId
                ? c
                : c with { StoppedAt = end.At, State = Closed(c.Scope == plan.AccountClock.Scope ? end.AccountClock : end.OwnerClock, c) }),
        ];
        return new LeadFileChange(
            file with { Plays = [.. file.Plays.Select(p => p.PlayId == plan.Start.PlayId ? p with { Status = status } : p)], Clocks = clocks },
            Event("playEnded", plan.Start.PlayId, end.At, ("playId", plan.Start.PlayId), ("outcome", end.Outcome.ToString())));
    }

    /// <summary>Stops every clock that still runs: a touch before the deadline meets it, anything else before it cancels it; after it, it stays missed.</summary>
    public static LeadFile ClocksStopped(LeadFile file, PlayStop stop) => file with
    {
        Clocks = [.. file.Clocks.Select(c => c.IsOpen ? c with { StoppedAt = stop.At, State = StateAt(c, stop) } : c)],
    };

    /// <summary>What counts is when it happened, not when we heard of it.</summary>
    private static ClockState StateAt(ClockRecord clock, PlayStop stop) =>
        stop.At >= clock.DueAt ? ClockState.BreachedClosed
        : stop.Kind == PlayStopKind.Touched ? ClockState.Met
        : ClockState.Cancelled;

    private static ClockState Closed(ClockState told, ClockRecord clock) => told switch
    {
        ClockState.Running or ClockState.Paused => ClockState.Cancelled,
        ClockState.BreachedOpen => ClockState.BreachedClosed,
        _ when clock.BreachedAt is not null && told == ClockState.Cancelled => ClockState.BreachedClosed,
        _ => told,
    };

    private static ClockRecord Clock(PlannedClock planned, PlayPlan plan, RepId owner) => new()
    {
        ClockId = planned.ClockId,
        LeadId = LeadId.Parse(plan.Start.LeadId!),
        AccountId = plan.Start.AccountId is null ? null : AccountId.Parse(plan.Start.AccountId),
        PlayId = plan.Start.PlayId,
        Policy = planned.Policy,
        Scope = planned.Scope,
        State = ClockState.Running,
        StartedAt = planned.StartAt,
        ReceivedAt = plan.Start.ReceivedAt,
        DueAt = planned.DueAt,
        Budget = planned.Budget,
        Calendar = planned.Calendar,
        ConfigVersion = plan.Start.ConfigVersion,
        OwnerId = owner,
    };

    private static LeadFile WithClock(LeadFile file, ClockRecord clock) =>
        file with { Clocks = [.. file.Clocks.Select(c => c.ClockId == clock.ClockId ? clock : c)] };

    private static LeadEvent Event(string kind, string of, DateTimeOffset at, params ReadOnlySpan<(string Name, string Value)> details)
    {
        Dictionary<string, string> named = new(StringComparer.Ordinal);
        foreach ((string name, string value) in details)
            named[name] = value;
        return new LeadEvent(DerivedId.From("evt", kind, of), kind, at, By: null, named);
    }
}
