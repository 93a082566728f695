using Abm.Configuration;
using Abm.Decisions;
using Abm.People;
using Abm.Plays;
using Abm.Ports;

namespace Abm.Functions.Plays;

/// <summary>A person gave the lead to somebody else while its play was running: the file knows, the play does not yet.</summary>
/// <remarks>The play is not told by an event: whatever it does next, it reads the file, finds another owner's clock there, and goes on with that owner's plan.</remarks>
public sealed class HandOvers(PlayFacts facts)
{
    /// <summary>The plan of the owner that the file names; null when it is the one that the play goes by.</summary>
    public async Task<PlayPlan?> NewPlanAsync(PlayPlan plan, LeadFile file, CancellationToken cancellationToken) => NextOwner(plan, file) is null
        ? null
        : Follow(plan, file, await facts.ConfigAsync(plan.Start.ConfigVersion, cancellationToken), await facts.RepsAsync(cancellationToken));

    /// <summary>The plan after every change of hands that the file knows. Pure.</summary>
    public static PlayPlan Follow(PlayPlan plan, LeadFile file, AbmConfig config, IReadOnlyDictionary<RepId, Rep> reps)
    {
        while (NextOwner(plan, file) is { } next)
            plan = PlayDecider.Replan(plan, next.Owner, next.At, config, reps);
        return plan;
    }

    private static (RepId Owner, DateTimeOffset At)? NextOwner(PlayPlan plan, LeadFile file)
    {
        string clockId = PlayDecider.OwnerClockId(plan.Start.PlayId, plan.Hop + 1);
        return file.Clocks.FirstOrDefault(c => c.ClockId == clockId) is { OwnerId: { } owner } clock ? (owner, clock.StartedAt) : null;
    }
}
