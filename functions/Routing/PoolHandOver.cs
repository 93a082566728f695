using System.Globalization;
using Abm.Accounts;
using Abm.Configuration;
using Abm.Decisions;
using Abm.Functions.Corrections;
using Abm.Functions.Journeys;
using Abm.People;
using Abm.Ports;
using Abm.Routing;

namespace Abm.Functions.Routing;

/// <summary>What giving a lead to the next of a pool came to.</summary>
internal abstract record PoolGiven
{
    private PoolGiven()
    {
    }

    internal sealed record To(LeadGiven.Done Given, Assignment Turn) : PoolGiven;

    /// <summary>Nobody of the pool can take it.</summary>
    internal sealed record Nobody(IReadOnlyList<Reason> Reasons) : PoolGiven;

    /// <summary>It could not be given; a turn that was taken for it is given back.</summary>
    internal sealed record Not(LeadGiven Why) : PoolGiven;
}

/// <summary>Gives a lead to the next in turn of a pool: the turn first, under an id derived from the occasion, then the lead. Safe to repeat.</summary>
public sealed class PoolHandOver(PoolTurns turns, IPoolLedger ledger, PoolCredits credits, LeadGiving giving, RoutingMemory memory, ILeadFileStore files, IAccountDirectory accounts, IConfigSource config, IRepDirectory people, TimeProvider clock)
{
    /// <param name="excluded">Never chosen.</param>
    /// <param name="occasion">The same at every try.</param>
    /// <param name="gift">Everything but the owner.</param>
    internal async Task<PoolGiven> NextAsync(
        LeadId lead, string pool, IReadOnlyList<RepId> excluded, string rule, string occasion, Func<RepId, LeadGift> gift, CancellationToken cancellationToken)
    {
        if (await giving.RefusalAsync(lead, cancellationToken) is { } refusal)
            return new PoolGiven.Not(refusal);
        AbmConfig current = await config.CurrentAsync(cancellationToken);
        IReadOnlyDictionary<RepId, Rep> reps = await people.CurrentAsync(cancellationToken);
        string assignmentId;
        StoredAssignment? stands;
        int again = 0;
        do
        {
            // One that was given back is not taken up again.
            assignmentId = DerivedId.From("asg", "given", lead.Value, pool, occasion, again++.ToString(CultureInfo.InvariantCulture));
            stands = await turns.FindAsync(assignmentId, cancellationToken);
        }
        while (stands?.RefundedAt is not null);
        RouteDecision? route = null;
        if (stands is null)
        {
            (Facts? facts, string? tag) = await KnownAsync(lead, current.Pools.GetValueOrDefault(pool), cancellationToken);
            DateTimeOffset now = clock.GetUtcNow();
            (RouteOutcome outcome, stands) = await turns.TakeAsync(
                [.. current.Pools.Keys],
                states => Turns.Of(LeadRouter.Reassign(pool, assignmentId, excluded, [], current, reps, states, now, lead, rule, facts, tag), assignmentId, lead, now),
                cancellationToken);
            route = outcome.Decision;
        }

        if (stands is null)
            return new PoolGiven.Nobody(route?.Reasons ?? []);
        LeadGiven given = await giving.GiveAsync(lead, gift(stands.Assignment.Owner), cancellationToken);
        if (given is not LeadGiven.Done done)
        {
            await credits.RefundAsync(assignmentId, "the lead was not given after all", cancellationToken);
            return new PoolGiven.Not(given);
        }

        await memory.GivenAsync(done.File, stands.Assignment, current, reps, cancellationToken);
        await credits.SettleAsync(done.File, disposition: null, cancellationToken);
        return new PoolGiven.To(done, stands.Assignment);
    }

    /// <summary>What preferences and caps of the pool ask about, and the tag of the rule that sent the lead; looked up only where the pool looks at it.</summary>
    private async Task<(Facts? Facts, string? Tag)> KnownAsync(LeadId lead, PoolRules? pool, CancellationToken cancellationToken)
    {
        if (pool is null || !LeadRouter.LooksAtLead(pool) || await files.ReadAsync(lead, cancellationToken) is not { Lead: { DecisionId: { } decisionId } record }
            || await files.FindDecisionAsync(lead, decisionId, cancellationToken) is not { } decision)
            return (null, null);
        Account? account = record.AccountId is { } id ? (await accounts.CurrentAsync(cancellationToken)).Find(id) : null;
        return (new Facts(decision.Lead, decision.Match, account, decision.Score), (decision.Route as RouteDecision.Assigned)?.Tag);
    }

    /// <summary>Everybody who has had the lead: by its clocks, by the turns that were given for it, and its owner.</summary>
    internal async Task<IReadOnlyList<RepId>> OwnersAsync(LeadFile file, CancellationToken cancellationToken) =>
    [
        .. file.Clocks.Where(c => c.Scope == "owner").Select(c => c.OwnerId).Append(file.Lead.OwnerId).OfType<RepId>()
            .Concat((await ledger.TurnsOfAsync(file.Lead.Lead.Id, cancellationToken)).Select(t => t.Owner))
            .Distinct(),
    ];
}
