using Abm.Configuration;
using Abm.Decisions;
using Abm.Ports;
using Abm.Routing;
using Microsoft.Extensions.Logging;

namespace Abm.Functions.Routing;

/// <summary>Gives turns back that came to nothing, and notes leads that are no longer open. Each is done once, however often it is asked for and by whichever process.</summary>
public sealed class PoolCredits(IPoolStore pools, IPoolLedger ledger, IConfigSource config, TimeProvider clock, ILogger<PoolCredits> logger)
{
    private const int MaxTries = 40;

    /// <summary>Gives the turn of an assignment back.</summary>
    /// <returns>False: there is no such turn, or it was given back before, or its pool is not configured any more.</returns>
    public async Task<bool> RefundAsync(string assignmentId, string why, CancellationToken cancellationToken)
    {
        if (await pools.FindAssignmentAsync(assignmentId, cancellationToken) is not { RefundedAt: null, Assignment: { Pool: not null } turn })
            return false;
        bool isDone = await ChangeAsync(turn, (rules, state, all, now) => PoolCredit.Refund(rules, state, turn, why, all, now), turn.Id, cancellationToken);
        if (isDone)
            logger.TurnRefunded(turn.Pool, turn.Owner.Value, turn.Lead.Value, why);
        return isDone;
    }

    /// <summary>After somebody touched or ended a lead, or it changed hands: gives its owner's turn back when the lead was worthless and that was said soon enough, and ends what is open.</summary>
    /// <param name="disposition">The word that ended it; null: it did not end.</param>
    public async Task SettleAsync(LeadFile file, string? disposition, CancellationToken cancellationToken)
    {
        AbmConfig current = await config.CurrentAsync(cancellationToken);
        bool isWorthless = disposition is not null && PoolCredit.Worthless.Contains(disposition, StringComparer.Ordinal);
        if (!isWorthless && current.Pools.Values.All(p => p.OpenCap is null))
            return;
        IReadOnlyList<Assignment> turns = await ledger.TurnsOfAsync(file.Lead.Lead.Id, cancellationToken);
        Assignment? last = turns.LastOrDefault(t => t.Owner == file.Lead.OwnerId);
        foreach (Assignment turn in turns)
        {
            if (turn.Pool is null || !current.Pools.TryGetValue(turn.Pool, out PoolRules? rules))
                continue;
            if (isWorthless && turn.Id == last?.Id && (file.Disposition?.At ?? clock.GetUtcNow()) - turn.At <= rules.RefundWithin)
                await RefundAsync(turn.Id, $"the lead was {disposition}", cancellationToken);
            else if (rules.OpenCap is not null && (file.Stop is not null || turn.Owner != file.Lead.OwnerId))
                await ReleaseAsync(turn, file.Stop is null ? "the lead changed hands" : "the lead was touched or ended", cancellationToken);
        }
    }

    /// <summary>After a lead was routed anew because rules or people changed: its former owner gets the turn back, if it was taken not long ago, and the lead is not open for them.</summary>
    /// <param name="newAssignment">The turn that gave it to the new owner.</param>
    public async Task MisroutedAsync(LeadFile file, RepId former, string newAssignment, CancellationToken cancellationToken)
    {
        AbmConfig current = await config.CurrentAsync(cancellationToken);
        Assignment? turn = (await ledger.TurnsOfAsync(file.Lead.Lead.Id, cancellationToken)).LastOrDefault(t => t.Owner == former && t.Id != newAssignment);
        if (turn?.Pool is not { } pool || !current.Pools.TryGetValue(pool, out PoolRules? rules))
            return;
        if (clock.GetUtcNow() - turn.At <= rules.RefundWithin)
            await RefundAsync(turn.Id, "the lead was routed anew", cancellationToken);
        else if (rules.OpenCap is not null)
            await ReleaseAsync(turn, "the lead was routed anew", cancellationToken);
    }

    /// <summary>The lead of this turn is not open any more.</summary>
    public Task<bool> ReleaseAsync(Assignment turn, string why, CancellationToken cancellationToken) =>
        ChangeAsync(turn, (_, state, _, now) => PoolCredit.Release(state, turn, why, now), refunds: null, cancellationToken);

    private async Task<bool> ChangeAsync(
        Assignment turn, Func<PoolRules, PoolState, AbmConfig, DateTimeOffset, (PoolState After, LedgerEntry Entry)?> change, string? refunds, CancellationToken cancellationToken)
    {
        AbmConfig current = await config.CurrentAsync(cancellationToken);
        if (turn.Pool is not { } pool || !current.Pools.TryGetValue(pool, out PoolRules? rules))
            return false;
        for (int attempt = 0; attempt < MaxTries; attempt++)
        {
            IReadOnlyDictionary<string, PoolSnapshot> read = attempt == 0 ? await pools.ReadAsync([pool], cancellationToken) : await pools.RefreshAsync([pool], cancellationToken);
            if (!read.TryGetValue(pool, out PoolSnapshot? snapshot) || change(rules, snapshot.State, current, clock.GetUtcNow()) is not { } changed)
                return false;
            switch (await ledger.CreditAsync(changed.After, snapshot.Tag, changed.Entry, refunds, cancellationToken))
            {
                case SaveOutcome.Saved:
                    return true;
                case SaveOutcome.AlreadyHappened:
                    return false;
                default:
                    break;
            }
        }

        throw new Journeys.PoolContentionException($"The pool's state changed {MaxTries} times while a turn was being given back.");
    }
}
