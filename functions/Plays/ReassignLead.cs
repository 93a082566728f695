using Abm.Configuration;
using Abm.Decisions;
using Abm.Functions.Journeys;
using Abm.Journeys;
using Abm.People;
using Abm.Plays;
using Abm.Ports;
using Abm.Routing;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace Abm.Functions.Plays;

/// <summary>Finds a new owner in the play's pool, nobody who had the lead before, and starts that owner's clock.</summary>
public sealed class ReassignLead(
    LeadFileChanges changes, PlayFacts facts, PoolTurns turns, ILeadFileStore files, DecisionLists lists, HandOvers handOvers, TimeProvider clock, ILogger<ReassignLead> logger)
{
    [Function(nameof(ReassignLead))]
    public async Task<PlayStepOutput> RunAsync([ActivityTrigger] PlayStepInput input, CancellationToken cancellationToken)
    {
        PlayPlan plan = input.Plan;
        LeadId lead = LeadId.Parse(plan.Start.LeadId!);
        LeadFile file = await files.ReadAsync(lead, cancellationToken) ?? throw new LeadMissingException(lead);
        if (file.Stop is not null || plan.ReassignPool is null)
            return new PlayStepOutput(null, file.Stop);

        AbmConfig config = await facts.ConfigAsync(plan.Start.ConfigVersion, cancellationToken);
        IReadOnlyDictionary<RepId, Rep> reps = await facts.RepsAsync(cancellationToken);
        string assignmentId = PlayDecider.AssignmentId(plan);
        StoredAssignment? stands = await turns.FindAsync(assignmentId, cancellationToken);
        string nextClock = PlayDecider.OwnerClockId(plan.Start.PlayId, plan.Hop + 1);
        if (file.Clocks.FirstOrDefault(c => c.ClockId == nextClock) is { } given && given.OwnerId != stands?.Assignment.Owner)
            return new PlayStepOutput(await handOvers.NewPlanAsync(plan, file, cancellationToken), null); // a person gave it away already
        if (stands is null)
        {
            DateTimeOffset now = clock.GetUtcNow();
            IReadOnlyList<RepId> former = PlayDecider.ExcludedOwners(plan);
            (_, stands) = await turns.TakeAsync(
                [plan.ReassignPool],
                states =>
                {
                    RouteOutcome outcome = LeadRouter.Reassign(plan.ReassignPool, assignmentId, former, [], config, reps, states, now);
                    return new Turn<RouteOutcome>(outcome, outcome.PoolAfter, outcome.Decision is RouteDecision.Assigned assigned
                        ? new StoredAssignment(new Assignment(assignmentId, lead, assigned.Owner, assigned.Pool, assigned.Rule, now), Decision: null)
                        : null);
                },
                cancellationToken);
        }

        if (stands is null)
        {
            logger.NobodyToReassignTo(lead.Value, plan.ReassignPool);
            return new PlayStepOutput(null, file.Stop);
        }

        PlayPlan next = PlayDecider.Replan(plan, stands.Assignment.Owner, stands.Assignment.At, config, reps);
        (file, _) = await changes.ApplyAsync(lead, f => PlayFiles.Reassigned(f, plan, next, stands.Assignment.At), cancellationToken);
        if (file.Clocks.FirstOrDefault(c => c.ClockId == nextClock) is { } stood && stood.OwnerId != stands.Assignment.Owner)
            return new PlayStepOutput(await handOvers.NewPlanAsync(plan, file, cancellationToken), file.Stop); // a person was faster
        if (file.Clocks.All(c => c.ClockId != nextClock))
            return new PlayStepOutput(null, file.Stop); // touched while the turn was being taken: it stays where it is

        await changes.ShowAsync(file, plan.Start.PlayId, cancellationToken);
        if (await files.FindDecisionAsync(lead, file.Lead.DecisionId ?? plan.Start.DecisionId!, cancellationToken) is { } decision)
            await lists.PutOwnerAsync(decision, stands.Assignment.Owner, cancellationToken);
        logger.LeadReassigned(lead.Value, plan.OwnerId!, next.OwnerId!, next.Hop);
        return new PlayStepOutput(next, file.Stop);
    }
}
