using Abm.Configuration;
using Abm.Decisions;
using Abm.Functions.Journeys;
using Abm.Functions.Plays;
using Abm.Functions.Rematch;
using Abm.Journeys;
using Abm.Ports;
using Abm.Replays;
using Abm.Routing;
using Microsoft.Extensions.Logging;

namespace Abm.Functions.Routing;

/// <summary>
/// Gives waiting leads out as soon as somebody of their pool can take them: the hottest first, then the oldest, no more to one member in an hour than the pool says. Who waited too long goes to the fallback queue.
/// </summary>
/// <remarks>A lead is decided anew for that, so that everything follows as it does for any lead. Two processes can do it at once: the lead's file says who was first.</remarks>
public sealed class PoolDrain(
    IRoutingDesk desk, IPoolStore pools, IPoolLedger ledger, ILeadFileStore files, LeadProcessing processing, Redeciding redeciding, LeadFileChanges changes, DecisionLists lists, PoolAlerts alerts, PoolCredits credits,
    TimeProvider clock, ILogger<PoolDrain> logger)
{
    /// <summary>Leads of one pool that are looked at in one run.</summary>
    public const int MaxAtOnce = 500;

    /// <summary>Looks through every pool for which leads wait.</summary>
    public async Task RunAsync(IPlayStarter plays, CancellationToken cancellationToken)
    {
        IReadOnlyList<string> waiting = await desk.PoolsWithWaitingAsync(cancellationToken);
        if (waiting.Count == 0)
            return;
        DecisionFacts facts = await processing.GatherAsync(cancellationToken);
        if (facts.Config.Features is not { Abm: true, Routing: true })
            return; // they wait until it is switched on again
        foreach (string pool in waiting)
            await DrainAsync(pool, facts, plays, cancellationToken);
    }

    private async Task DrainAsync(string pool, DecisionFacts facts, IPlayStarter plays, CancellationToken cancellationToken)
    {
        IReadOnlyDictionary<string, PoolSnapshot> states = await pools.RefreshAsync([.. facts.Config.Pools.Keys], cancellationToken);
        await MendAsync(pool, facts, states, cancellationToken);
        int given = 0, left = 0, givenUp = 0;
        foreach (WaitingLead lead in await desk.WaitingAsync(pool, MaxAtOnce, cancellationToken))
        {
            try
            {
                switch (await TryAsync(lead, facts, plays, cancellationToken))
                {
                    case Tried.Given:
                        given++;
                        break;
                    case Tried.GivenUp:
                        givenUp++;
                        break;
                    default:
                        left++;
                        break;
                }
            }
            catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
            {
                logger.WorkFailed(lead.Lead.Value, nameof(PoolDrain), failure.GetType().Name);
                left++;
            }
        }

        if (given + givenUp > 0)
            logger.PoolDrained(pool, given, left, givenUp);
    }

    private async Task<Tried> TryAsync(WaitingLead waiting, DecisionFacts facts, IPlayStarter plays, CancellationToken cancellationToken)
    {
        LeadFile? file = await files.ReadAsync(waiting.Lead, cancellationToken);
        if (file is null || !IsWaiting(file, waiting))
        {
            // Decided anew, given away or ended meanwhile.
            await desk.RemoveWaitingAsync(waiting, cancellationToken);
            return Tried.Given;
        }

        // First on paper: as long as nobody can take it, no decision is kept.
        DateTimeOffset now = clock.GetUtcNow();
        IReadOnlyDictionary<string, PoolSnapshot> states = await pools.ReadAsync([.. facts.Config.Pools.Keys], cancellationToken);
        JourneyContext context = new(facts.Config, facts.Accounts, facts.Reps, states.ToDictionary(p => p.Key, p => p.Value.State, StringComparer.Ordinal), file.Lead.PinnedAccountId)
        {
            IsIgnored = file.Lead.IsIgnored, IsDrain = true, Attempt = (LeadJourney.AttemptOf(waiting.DecisionId) ?? 1) + 1,
        };
        if (LeadJourney.Decide(file.Lead.Lead, context, now).Route is RouteDecision.Queued { Pool: { } still } && still == waiting.Pool)
            return now < waiting.Until ? Tried.StillWaiting : await GiveUpAsync(waiting, file, facts.Config, now, cancellationToken);

        RedecisionOrder order = new(
            "drained", waiting.DecisionId, By: null, Pin: null, IsIgnored: false,
            new Dictionary<string, string>(StringComparer.Ordinal) { ["pool"] = waiting.Pool, ["since"] = waiting.Since.ToString("O", System.Globalization.CultureInfo.InvariantCulture) })
        {
            IsDrain = true,
        };
        Redecided result = await redeciding.DecideAsync(waiting.Lead, facts, order, f => IsWaiting(f, waiting), plays, cancellationToken);
        if (result is Redecided.Busy || (result is Redecided.Done { Decision.Route: RouteDecision.Queued { Pool: { } again } } && again == waiting.Pool))
            return Tried.StillWaiting; // somebody took the turn first
        await desk.RemoveWaitingAsync(waiting, cancellationToken);
        return Tried.Given;
    }

    private static bool IsWaiting(LeadFile file, WaitingLead waiting) => file.Lead.DecisionId == waiting.DecisionId && file.Lead.OwnerId is null && file.Stop is null;

    /// <summary>It waited too long: people look at it.</summary>
    private async Task<Tried> GiveUpAsync(WaitingLead waiting, LeadFile file, AbmConfig config, DateTimeOffset now, CancellationToken cancellationToken)
    {
        string queue = config.Pools.GetValueOrDefault(waiting.Pool)?.FallbackQueue ?? LeadRouter.UnassignedQueue;
        Dictionary<string, string> details = new(StringComparer.Ordinal) { ["pool"] = waiting.Pool, ["queue"] = queue };
        await changes.ApplyAsync(
            waiting.Lead, f => IsWaiting(f, waiting) ? new LeadFileChange(f, new LeadEvent(DerivedId.From("evt", "unrouted", waiting.DecisionId), "unrouted", now, By: null, details)) : null, cancellationToken);
        if (await files.FindDecisionAsync(waiting.Lead, waiting.DecisionId, cancellationToken) is { } decision)
        {
            await lists.PutWaitingAsync(decision, $"queued:{queue}", cancellationToken);
            if (!file.Lead.Lead.Submitted.IsTest)
                await alerts.SendAsync(decision, waiting.Pool, queue, cancellationToken);
        }

        await desk.RemoveWaitingAsync(waiting, cancellationToken);
        return Tried.GivenUp;
    }

    /// <summary>Open leads of members who have as many as they may: those that are over after all are taken off, in case whoever ended them died before it could.</summary>
    private async Task MendAsync(string pool, DecisionFacts facts, IReadOnlyDictionary<string, PoolSnapshot> states, CancellationToken cancellationToken)
    {
        if (facts.Config.Pools.GetValueOrDefault(pool) is not { OpenCap: { } cap } || !states.TryGetValue(pool, out PoolSnapshot? snapshot))
            return;
        foreach (MemberState member in snapshot.State.Members.Where(m => m.Open.Count >= cap))
        {
            foreach (LeadId lead in member.Open)
            {
                LeadFile? file = await files.ReadAsync(lead, cancellationToken);
                if (file is { Stop: null } && file.Lead.OwnerId == member.Rep)
                    continue;
                Assignment turn = (await ledger.TurnsOfAsync(lead, cancellationToken)).LastOrDefault(t => t.Owner == member.Rep && t.Pool == pool)
                    ?? new Assignment($"gone-{lead}", lead, member.Rep, pool, "", clock.GetUtcNow());
                await credits.ReleaseAsync(turn, "the lead is not open any more", cancellationToken);
            }
        }
    }

    private enum Tried
    {
        StillWaiting,
        Given,
        GivenUp,
    }
}
