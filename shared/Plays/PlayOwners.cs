using Abm.Accounts;
using Abm.Configuration;
using Abm.Decisions;
using Abm.People;
using Abm.Routing;

namespace Abm.Plays;

/// <summary>Who works a play about an account or opportunity. Pure.</summary>
public static class PlayOwners
{
    /// <summary>The first of these that there is: somebody by name who is there (or their delegate), or the next of a pool.</summary>
    /// <param name="assignmentId">Derived from the play and the step.</param>
    /// <param name="excluded">Never chosen from a pool.</param>
    /// <param name="about">What the turn is for, in the pool's ledger.</param>
    /// <param name="facts">What preferences and spared caps of pools may ask about; null: they hold for nothing.</param>
    /// <param name="tag">Of the rule that first sent the lead; null: none.</param>
    public static PlayOwnerChoice Choose(
        IReadOnlyList<RouteTarget> targets,
        Account? account,
        string assignmentId,
        IReadOnlyList<RepId> excluded,
        AbmConfig config,
        IReadOnlyDictionary<RepId, Rep> reps,
        IReadOnlyDictionary<string, PoolState> pools,
        DateTimeOffset now,
        LeadId? about = null,
        Facts? facts = null,
        string? tag = null)
    {
        foreach (RouteTarget target in targets)
        {
            if (target is RouteTarget.Pool pool)
            {
                RouteOutcome outcome = LeadRouter.Reassign(pool.Name, assignmentId, excluded, [], config, reps, pools, now, about, "given by a play", facts, tag);
                if (outcome.Decision is RouteDecision.Assigned assigned)
                    return new PlayOwnerChoice(assigned.Owner, assigned.Pool, $"{assigned.Owner} is next in pool {pool.Name}.", outcome.PoolAfter) { Ledger = outcome.Ledger, Watches = outcome.Watches };
                continue;
            }

            RepId? named = target switch
            {
                RouteTarget.AccountOwner => account?.OwnerId,
                RouteTarget.OpportunityOwner => account?.OpportunityOwnerId ?? account?.OwnerId,
                RouteTarget.NamedRep rep => rep.Rep,
                _ => null,
            };
            if (named is not null && Present(named, reps, now) is { } there)
                return new PlayOwnerChoice(there, null, there == named ? $"{there} is the one." : $"{there} stands in for {named}.", null);
        }

        return new PlayOwnerChoice(null, null, "Nobody is there to take it.", null);
    }

    /// <summary>The pools that may have to be asked.</summary>
    public static IReadOnlyList<string> Pools(IReadOnlyList<RouteTarget> targets) => [.. targets.OfType<RouteTarget.Pool>().Select(p => p.Name).Distinct(StringComparer.Ordinal)];

    private static RepId? Present(RepId id, IReadOnlyDictionary<RepId, Rep> reps, DateTimeOffset now)
    {
        Rep? rep = reps.GetValueOrDefault(id);
        if (rep is { IsActive: true } && !rep.IsAwayAt(now))
            return id;
        RepId? other = rep?.DelegateId ?? rep?.ManagerId;
        return other is not null && reps.GetValueOrDefault(other) is { IsActive: true } standIn && !standIn.IsAwayAt(now) ? other : null;
    }
}

/// <summary>Who takes it.</summary>
/// <param name="Owner">Null: nobody is there.</param>
/// <param name="PoolAfter">State of the pool to save; null: no pool was asked.</param>
public sealed record PlayOwnerChoice(RepId? Owner, string? Pool, string Says, PoolState? PoolAfter)
{
    /// <summary>What is written to the pool's ledger with it; null: no pool was asked.</summary>
    public LedgerEntry? Ledger { get; init; }

    /// <summary>Other pools that must still be as they were read.</summary>
    public IReadOnlyList<string> Watches { get; init; } = [];
}
