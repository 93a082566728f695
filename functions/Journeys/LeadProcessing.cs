using System.Collections.Concurrent;
using Abm.Accounts;
using Abm.Configuration;
using Abm.Decisions;
using Abm.Functions.Events;
using Abm.Functions.Routing;
using Abm.Journeys;
using Abm.Leads;
using Abm.People;
using Abm.Ports;
using Abm.Replays;
using Abm.Routing;
using Microsoft.Extensions.Logging;

namespace Abm.Functions.Journeys;

/// <summary>Carries one lead from received to followed up. Every step is insert-if-absent or written again the same, so a crash after any of them is mended by running it all again.</summary>
public sealed class LeadProcessing(
    ILeadStore leads,
    ILeadFileStore files,
    PoolTurns turns,
    IAccountDirectory accounts,
    IRepDirectory reps,
    IConfigSource config,
    IRepSnapshots snapshots,
    DecisionLists lists,
    ILeadEvents events,
    RoutingMemory memory,
    TimeProvider clock,
    ILogger<LeadProcessing> logger)
{
    /// <summary>Leads of one message that are worked on at the same time: most of their time is waiting for the storage.</summary>
    private const int AtOnce = 4;

    /// <summary>Runs every lead of a message. One that fails does not hold up its siblings.</summary>
    /// <returns>What went wrong; empty when all are done.</returns>
    public async Task<IReadOnlyList<Exception>> RunAllAsync(IReadOnlyList<LeadId> ids, IPlayStarter plays, CancellationToken cancellationToken)
    {
        DecisionFacts facts = await GatherAsync(cancellationToken);
        ConcurrentQueue<Exception> failures = new();
        await Parallel.ForEachAsync(ids, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken }, async (id, cancellation) =>
        {
            try
            {
                await RunAsync(id, facts, plays, cancellation);
            }
            catch (Exception failure) when (!cancellation.IsCancellationRequested)
            {
                logger.LeadFailed(id.Value, failure.GetType().Name);
                failures.Enqueue(failure);
            }
        });
        return [.. failures];
    }

    /// <summary>What decisions need to know, read once for all leads of a message.</summary>
    public async Task<DecisionFacts> GatherAsync(CancellationToken cancellationToken)
    {
        IReadOnlyDictionary<RepId, Rep> people = await reps.CurrentAsync(cancellationToken);
        return new DecisionFacts(await config.CurrentAsync(cancellationToken), await accounts.CurrentAsync(cancellationToken), people)
        {
            RepsVersion = await snapshots.KeepAsync(people, cancellationToken),
        };
    }

    /// <summary>Decides the lead unless that is done, brings the lists up to date, starts its play, and has the decision published.</summary>
    /// <exception cref="LeadMissingException">There is no such lead.</exception>
    public async Task RunAsync(LeadId id, DecisionFacts facts, IPlayStarter plays, CancellationToken cancellationToken)
    {
        LeadFile file = await files.ReadAsync(id, cancellationToken) ?? throw new LeadMissingException(id);
        RepId? ownerNow = null;
        JourneyDecision decision;
        bool isRepeat = true;
        if (file.Lead.DecisionId is { } decisionId)
        {
            decision = await files.FindDecisionAsync(id, decisionId, cancellationToken) ?? throw new LeadMissingException(id);
            ownerNow = file.Lead.OwnerId;
        }
        else
        {
            StoredDecision stands = await DecideAsync(file.Lead, facts, cancellationToken);
            decision = stands.Decision;
            ownerNow = (decision.Route as RouteDecision.Assigned)?.Owner;
            isRepeat = !stands.WasAdded;
            if (stands.WasAdded)
                logger.LeadDecided(id.Value, decision.Outcome, decision.Route.Rule, decision.ConfigVersion, (clock.GetUtcNow() - decision.Lead.ReceivedAt).TotalMilliseconds);
        }

        await lists.PutAsync(decision, ownerNow, cancellationToken);
        await memory.KeepAsync(decision, ownerNow, isRepeat, cancellationToken);
        if (PlayStart.From(decision) is { } start)
            await plays.StartAsync(start, cancellationToken);
        await events.DecidedAsync(decision, cancellationToken);
    }

    private async Task<StoredDecision> DecideAsync(LeadRecord record, DecisionFacts facts, CancellationToken cancellationToken)
    {
        Lead lead = record.Lead;
        // A turn that was given before the process died stands, with the whole decision that gave it.
        string assignmentId = LeadJourney.DecisionId(lead.Id, attempt: 1);
        StoredAssignment? given = await turns.FindAsync(assignmentId, cancellationToken);
        if (given?.Decision is { } earlier)
            return await leads.AddDecisionAsync(earlier, cancellationToken);

        DateTimeOffset now = clock.GetUtcNow();
        JourneyContext context = new(facts.Config, facts.Accounts, facts.Reps, new Dictionary<string, PoolState>(), record.PinnedAccountId) { RepsVersion = facts.RepsVersion, IsIgnored = record.IsIgnored };
        context = await memory.RecallAsync(LeadJourney.Decide(lead, context, now), context, cancellationToken);
        (JourneyDecision decided, StoredAssignment? stands) = await turns.TakeAsync(
            [.. facts.Config.Pools.Keys], states => Turns.Of(RecordedJourney.Decide(lead, context with { Pools = states }, now)), cancellationToken);
        return await leads.AddDecisionAsync(stands?.Decision ?? decided, cancellationToken);
    }
}

/// <summary>What decisions need to know of the world at one instant.</summary>
public sealed record DecisionFacts(AbmConfig Config, IAccountIndex Accounts, IReadOnlyDictionary<RepId, Rep> Reps)
{
    /// <summary>Names the kept state of the people; null: none is kept.</summary>
    public string? RepsVersion { get; init; }
}

/// <summary>A message names a lead that is not in the store.</summary>
public sealed class LeadMissingException(LeadId id) : Exception($"There is no lead {id}.");
