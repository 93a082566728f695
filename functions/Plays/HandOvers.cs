using Abm.Configuration;
using Abm.Decisions;
using Abm.People;
using Abm.Plays;
using Abm.Ports;

namespace Abm.Functions.Plays;

/// <summary>The ladder of the owner that a lead's file names, after every change of hands. Pure.</summary>
public static class HandOvers
{
    /// <summary>The plan after every change of hands that the file knows.</summary>
    public static PlayPlan Follow(PlayPlan plan, LeadFile file, AbmConfig config, IReadOnlyDictionary<RepId, Rep> reps)
    {
        while (NextOwner(plan, file) is { } next)
            plan = PlayDecider.Replan(plan, next.Owner, next.At, config, reps, isAfterBreach: next.IsAfterBreach);
        return plan;
    }

    private static (RepId Owner, DateTimeOffset At, bool IsAfterBreach)? NextOwner(PlayPlan plan, LeadFile file)
    {
        string clockId = PlayDecider.OwnerClockId(plan.Start.PlayId, plan.Hop + 1);
        return file.Clocks.FirstOrDefault(c => c.ClockId == clockId) is { OwnerId: { } owner } clock ? (owner, clock.StartedAt, clock.IsAfterBreach) : null;
    }
}
