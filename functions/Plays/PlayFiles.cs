using Abm.Accounts;
using Abm.Clocks;
using Abm.Decisions;
using Abm.People;
using Abm.Plays;
using Abm.Ports;

namespace Abm.Functions.Plays;

/// <summary>What the steps of a play do to a lead's file. Pure: values in, values out.</summary>
public static class PlayFiles
{
    /// <summary>The play runs now, with its first two clocks. Null when it does already.</summary>
    public static LeadFileChange? Started(LeadFile file, PlayPlan plan, DateTimeOffset now, Rep? owner = null, AccountTier tier = AccountTier.None)
    {
        if (file.Clocks.Any(c => c.ClockId == plan.AccountClock.ClockId))
            return null;
        LeadFile running = file with
        {
            Plays = [.. file.Plays.Where(p => p.PlayId != plan.Start.PlayId), new PlayRecord(plan.Start.PlayId, plan.Start.Play, PlayStatus.Running)],
            Clocks = [.. file.Clocks, .. PlayClocks.Of(plan, owner, tier)],
        };
        if (file.Stop is { } stop)
            running = ClocksStopped(running, stop, now); // it was touched before the play began
        return new LeadFileChange(running, Event("playStarted", plan.Start.PlayId, now, ("playId", plan.Start.PlayId), ("ownerId", plan.OwnerId ?? "")));
    }

    /// <summary>The deadline of this clock has passed. Null when the clock is stopped or its breach is noted: it is noted once.</summary>
    public static LeadFileChange? Breached(LeadFile file, string clockId, DateTimeOffset now)
    {
        if (file.Stop is not null || file.Clocks.FirstOrDefault(c => c.ClockId == clockId) is not { } clock || ClockChanges.Breached(clock, now) is not { } breached)
            return null;
        return new LeadFileChange(
            WithClock(file, breached),
            Event("breach", clockId, clock.DueAt, ("clockId", clockId), ("policy", clock.Policy), ("scope", clock.Scope), ("ownerId", clock.OwnerId?.Value ?? "")));
    }

    /// <summary>The lead has a new owner with a clock of their own; the former owner's clock stops, the account's goes on. Null when that is done, or the lead was touched meanwhile and stays.</summary>
    public static LeadFileChange? Reassigned(LeadFile file, PlayPlan former, PlayPlan next, DateTimeOffset at, Rep? newOwner = null)
    {
        if (file.Stop is not null || file.Clocks.Any(c => c.ClockId == next.OwnerClock.ClockId))
            return null;
        RepId owner = RepId.Parse(next.OwnerId!);
        ClockRecord[] clocks =
        [
            .. file.Clocks.Select(c => c.ClockId == former.OwnerClock.ClockId && c.IsOpen
                ? c with { StoppedAt = at, State = c.BreachedAt is null ? ClockState.Cancelled : ClockState.BreachedClosed }
                : c.ClockId == next.AccountClock.ClockId ? c with { OwnerId = owner } : c),
            PlayClocks.Record(next.OwnerClock, next, newOwner, file.Clocks.FirstOrDefault(c => c.ClockId == next.AccountClock.ClockId)?.Tier ?? AccountTier.None),
        ];
        return new LeadFileChange(
            file with { Lead = file.Lead with { OwnerId = owner }, Clocks = clocks },
            Event("reassigned", next.OwnerClock.ClockId, at, ("playId", next.Start.PlayId), ("ownerId", next.OwnerId!), ("formerOwnerId", former.OwnerId!)));
    }

    /// <summary>Nobody took it up: it is in the queue of revenue operations. The clocks go on.</summary>
    public static LeadFileChange HandedOver(LeadFile file, string playId, PlannedStep step) => new(
        file, Event("handedOver", $"{playId}|{step.Id}", step.DoAt, ("playId", playId), ("queue", step.To ?? "")));

    /// <summary>A step of the play waits with a clock of its own. Null when it runs already, or the lead was touched.</summary>
    public static LeadFileChange? ClocksStarted(LeadFile file, PlayPlan plan) => file.Stop is not null || file.Clocks.Any(c => c.ClockId == plan.AccountClock.ClockId)
        ? null
        : new LeadFileChange(
            file with { Clocks = [.. file.Clocks, .. PlayClocks.Of(plan)] },
            Event("waiting", plan.AccountClock.ClockId, plan.OwnerClock.StartAt, ("playId", plan.Start.PlayId), ("policy", plan.OwnerClock.Policy)));

    /// <summary>A step's wait is over. Null when its clocks are stopped already.</summary>
    public static LeadFileChange? ClocksEnded(LeadFile file, string playId, IReadOnlySet<string> ids, PlayMove move, DateTimeOffset now) => !file.Clocks.Any(c => c.IsOpen && ids.Contains(c.ClockId))
        ? null
        : new LeadFileChange(
            file with { Clocks = PlayClocks.Ended(file.Clocks, c => ids.Contains(c.ClockId), move.EventId is not null, move.At, now) },
            Event("waited", $"{playId}|{string.Join('|', ids.Order(StringComparer.Ordinal))}", move.At, ("playId", playId), ("code", move.Code)));

    /// <summary>The play is over; clocks of it that still run stop. Null when that is done.</summary>
    public static LeadFileChange? Finished(LeadFile file, string playId, PlayOutcome outcome, DateTimeOffset at)
    {
        PlayStatus status = outcome is PlayOutcome.Unanswered or PlayOutcome.Completed ? PlayStatus.Completed : PlayStatus.Stopped;
        if (file.Plays.Any(p => p.PlayId == playId && p.Status == status) && !file.Clocks.Any(c => c.PlayId == playId && c.IsOpen))
            return null;
        return new LeadFileChange(
            file with
            {
                Plays = [.. file.Plays.Select(p => p.PlayId == playId ? p with { Status = status } : p)],
                Clocks = PlayClocks.Ended(file.Clocks, c => c.PlayId == playId, outcome == PlayOutcome.Touched, at, at),
            },
            Event("playEnded", playId, at, ("playId", playId), ("outcome", outcome.ToString())));
    }

    /// <summary>Stops every clock that still runs: a touch before the deadline meets it, anything else before it cancels it; after it, it stays missed.</summary>
    /// <remarks>What counts is when it happened. A touch that is told after the deadline and dated before it is marked so; one that is told after a later one corrects it.</remarks>
    /// <param name="reportedAt">When we heard of it.</param>
    public static LeadFile ClocksStopped(LeadFile file, PlayStop stop, DateTimeOffset reportedAt) => file with
    {
        Clocks =
        [
            .. file.Clocks.Select(c =>
                stop.Kind != PlayStopKind.Touched ? ClockChanges.Cancelled(c, stop.At)
                : c.IsOpen || c.Kind == ClockKind.FirstTouch ? ClockChanges.Touched(c, stop.At, reportedAt)
                : c),
        ],
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
