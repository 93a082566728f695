using Abm.Decisions;
using Abm.People;

namespace Abm.Routing;

/// <summary>An open lead that today's rules would not leave where it is.</summary>
/// <param name="Owner">Who should have it; null: a pool or queue.</param>
/// <param name="Pool">The pool that should have it; null: somebody by name, or a queue.</param>
/// <param name="CanMove">Whether somebody can take it now.</param>
public sealed record Orphan(RepId? Owner, string? Pool, string? Queue, bool CanMove, string Says);

/// <summary>Compares who has a lead with who would get it by today's rules, people and accounts.</summary>
public static class Orphans
{
    /// <summary>Why the lead is not where it belongs; null: it is. Of a pool every active member is right: whose turn it is, is not the rules' doing.</summary>
    /// <param name="owner">Who has it; null: nobody.</param>
    /// <param name="today">What would be decided now.</param>
    public static Orphan? Find(RepId? owner, RouteDecision today, IReadOnlyDictionary<RepId, Rep> reps)
    {
        Rep? rep = owner is null ? null : reps.GetValueOrDefault(owner);
        string whoHasIt = owner is null ? "nobody has it" : rep is null ? $"{owner}, who has it, is not known any more" : rep.IsActive ? $"{owner} has it" : $"{owner}, who has it, is not active any more";
        switch (today)
        {
            case RouteDecision.Assigned { Pool: { } pool } assigned:
                return rep is { IsActive: true } && rep.Pools.Contains(pool, StringComparer.Ordinal)
                    ? null
                    : new Orphan(null, pool, null, CanMove: true, $"It belongs to pool {pool} by rule '{assigned.Rule}', and {whoHasIt}.");
            case RouteDecision.Assigned assigned:
                return assigned.Owner == owner ? null : new Orphan(assigned.Owner, null, null, CanMove: true, $"It belongs to {assigned.Owner} by rule '{assigned.Rule}', and {whoHasIt}.");
            case RouteDecision.Queued { Pool: { } pool } queued:
                return rep is { IsActive: true } && rep.Pools.Contains(pool, StringComparer.Ordinal)
                    ? null
                    : new Orphan(null, pool, queued.Queue, CanMove: false, $"It belongs to pool {pool} by rule '{queued.Rule}', where nobody can take it now, and {whoHasIt}.");
            case RouteDecision.Queued queued:
                return owner is null || rep is { IsActive: true } ? null : new Orphan(null, null, queued.Queue, CanMove: false, $"It belongs to queue {queued.Queue} by rule '{queued.Rule}', and {whoHasIt}.");
            default:
                return null; // nobody gets it on purpose: whoever has it may end it
        }
    }
}
