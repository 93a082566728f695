using Abm.Accounts;
using Abm.Clocks;
using Abm.Configuration;
using Abm.Decisions;
using Abm.Functions.Delivery;
using Abm.Functions.Journeys;
using Abm.Functions.Routing;
using Abm.Plays;
using Abm.Ports;
using Abm.Routing;
using Microsoft.Extensions.Logging;

namespace Abm.Functions.Plays;

/// <summary>Gives what a play is about to somebody: after a missed deadline, by a step, or to the queue where nobody's leads end. The assignment has a derived id, so that a repeat finds the same person and charges nobody twice.</summary>
public sealed class PlayGiving(
    LeadFileChanges changes, ILeadFileStore leads, PoolTurns turns, DecisionLists lists, IClockBoard board, IAccountDirectory accounts, PlayNotifications notifications,
    RoutingMemory memory, PoolCredits credits, IPlayFactSource factSource, TimeProvider clock, ILogger<PlayGiving> logger)
{
    /// <summary>The next of the pool, after a missed deadline.</summary>
    public async Task<PlayEffect> ReassignAsync(PlaySituation situation, PlannedStep step, PlayFile file, LeadFile? lead, CancellationToken cancellationToken)
    {
        if (PlayDecider.LadderOf(situation, step.Stage!) is not { ReassignPool: { } pool } plan)
            return PlayEffect.Done(new PlayStepResult("nobody", "There is no pool to take it from."));
        string assignmentId = PlayDecider.AssignmentId(plan);
        PlayOwnerChoice choice = await ChooseAsync([new RouteTarget.Pool(pool)], assignmentId, PlayDecider.ExcludedOwners(plan), situation, file, cancellationToken);
        if (choice.Owner is not { } owner)
        {
            logger.NobodyToReassignTo(situation.Start.Subject.ToString(), pool);
            return PlayEffect.Done(new PlayStepResult("nobody", $"Nobody of pool {pool} is there to take it."));
        }

        return lead is not null
            ? await GiveLeadAsync(situation, plan, owner, lead, isAfterBreach: true, cancellationToken)
            : await GivePlayAsync(situation, plan, owner, file, cancellationToken);
    }

    /// <summary>To whom the step names.</summary>
    public async Task<PlayEffect> AssignAsync(PlaySituation situation, PlannedStep step, PlayFile file, LeadFile? lead, CancellationToken cancellationToken)
    {
        (IReadOnlyList<RouteTarget> targets, string? person) = PlayDecider.ReceiversOf(situation, step);
        RepId? owner = person is not null ? RepId.Parse(person) : null;
        if (owner is null && targets.Count > 0)
        {
            RepId[] excluded = step.Id == PlayDecider.FirstOwner || situation.OwnerId is null ? [] : [RepId.Parse(situation.OwnerId)];
            owner = (await ChooseAsync(targets, DerivedId.From("asg", situation.Start.PlayId, step.Id), excluded, situation, file, cancellationToken)).Owner;
        }

        if (owner is null)
        {
            logger.NobodyTakesPlay(situation.Start.Subject.ToString(), situation.Start.PlayId);
            return PlayEffect.Done(new PlayStepResult("nobody", "Nobody is there to take it."));
        }

        if (string.Equals(owner.Value, situation.OwnerId, StringComparison.Ordinal))
            return PlayEffect.Done(new PlayStepResult("same", $"{owner} has it already."));
        if (lead is not null)
        {
            return PlayDecider.LadderOf(situation, "") is { } plan
                ? await GiveLeadAsync(situation, plan, owner, lead, isAfterBreach: false, cancellationToken)
                : PlayEffect.Again;
        }

        logger.PlayGiven(situation.Start.Subject.ToString(), situation.Start.PlayId, situation.OwnerId, owner.Value);
        return PlayEffect.Done(new PlayStepResult("given", $"It went to {owner}.", owner.Value));
    }

    /// <summary>The lead has another owner: the board of clocks and the list of leads say so too.</summary>
    public async Task<PlayEffect> NoteOwnerAsync(PlaySituation situation, LeadFile lead, CancellationToken cancellationToken)
    {
        await changes.ShowAsync(lead, situation.Start.PlayId, cancellationToken);
        if (lead.Lead.OwnerId is { } owner && (lead.Lead.DecisionId ?? situation.Start.DecisionId) is { } decisionId
            && await leads.FindDecisionAsync(lead.Lead.Lead.Id, decisionId, cancellationToken) is { } decision)
            await lists.PutOwnerAsync(decision, owner, cancellationToken);
        return PlayEffect.Done(new PlayStepResult("given", $"It went to {situation.OwnerId}."));
    }

    /// <summary>Into the queue where nobody's leads end, and tells it.</summary>
    public async Task<PlayEffect> HandToRevOpsAsync(PlaySituation situation, PlannedStep step, PlayFile file, LeadFile? lead, CancellationToken cancellationToken)
    {
        if (lead is not null)
        {
            LeadId id = lead.Lead.Lead.Id;
            (LeadFile changed, _) = await changes.ApplyAsync(id, f => f.Stop is null ? PlayFiles.HandedOver(f, situation.Start.PlayId, step) : null, cancellationToken);
            if (changed.Stop is not null)
                return PlayEffect.Again;
            if ((changed.Lead.DecisionId ?? situation.Start.DecisionId) is { } decisionId && await leads.FindDecisionAsync(id, decisionId, cancellationToken) is { } decision)
                await lists.PutWaitingAsync(decision, $"handedOver:{step.To}", cancellationToken);
        }

        await notifications.SendAsync(situation, step, file, lead, cancellationToken);
        return PlayEffect.Done();
    }

    private async Task<PlayEffect> GiveLeadAsync(PlaySituation situation, PlayPlan plan, RepId owner, LeadFile lead, bool isAfterBreach, CancellationToken cancellationToken)
    {
        LeadId id = lead.Lead.Lead.Id;
        StoredAssignment? stands = await turns.FindAsync(PlayDecider.AssignmentId(plan), cancellationToken);
        PlayPlan next = PlayDecider.Replan(plan, owner, stands?.Assignment.At ?? clock.GetUtcNow(), situation.Config, situation.Reps, await PlaceAsync(situation, cancellationToken), isAfterBreach);
        (LeadFile changed, bool isNew) = await changes.ApplyAsync(id, f => PlayFiles.Reassigned(f, plan, next, next.OwnerClock.StartAt, situation.Reps.GetValueOrDefault(owner)), cancellationToken);
        if (changed.Clocks.FirstOrDefault(c => c.ClockId == next.OwnerClock.ClockId) is not { } given || given.OwnerId != owner)
        {
            // Touched while the turn was being taken, or a person was faster: nobody has had it for that turn.
            if (stands is not null)
                await credits.RefundAsync(stands.Assignment.Id, "the lead was touched or given away while the turn was being taken", cancellationToken);
            return PlayEffect.Again;
        }

        if (stands is not null)
            await memory.GivenAsync(changed, stands.Assignment, situation.Config, situation.Reps, cancellationToken);
        else
            await memory.OwnerAsync(changed, owner, next.OwnerClock.StartAt, cancellationToken);
        await credits.SettleAsync(changed, disposition: null, cancellationToken);
        if (isNew)
            logger.LeadReassigned(id.Value, plan.OwnerId ?? "nobody", owner.Value, next.Hop);
        return PlayEffect.Done(new PlayStepResult("given", $"It went to {owner}.", owner.Value));
    }

    private async Task<PlayEffect> GivePlayAsync(PlaySituation situation, PlayPlan plan, RepId owner, PlayFile file, CancellationToken cancellationToken)
    {
        DateTimeOffset now = clock.GetUtcNow();
        PlayPlan next = PlayDecider.Replan(plan, owner, now, situation.Config, situation.Reps, await PlaceAsync(situation, cancellationToken), isAfterBreach: true);
        ClockRecord started = PlayClocks.Record(next.OwnerClock, next, situation.Reps.GetValueOrDefault(owner), file.Clocks is [{ Tier: var tier }, ..] ? tier : AccountTier.None);
        await board.PutAsync([.. PlayClocks.Given(file.Clocks, plan, started).Where(c => !file.Clocks.Contains(c))], cancellationToken);
        logger.PlayGiven(situation.Start.Subject.ToString(), situation.Start.PlayId, plan.OwnerId, owner.Value);
        return PlayEffect.Done(
            new PlayStepResult("given", $"It went to {owner}.", owner.Value),
            f => f with { Clocks = PlayClocks.Given(f.Clocks, plan, started) });
    }

    private async Task<PlayOwnerChoice> ChooseAsync(IReadOnlyList<RouteTarget> targets, string assignmentId, IReadOnlyList<RepId> excluded, PlaySituation situation, PlayFile file, CancellationToken cancellationToken)
    {
        if (await turns.FindAsync(assignmentId, cancellationToken) is { } stands)
            return new PlayOwnerChoice(stands.Assignment.Owner, stands.Assignment.Pool, "It was given before.", null);
        PlayStartInput start = situation.Start;
        Account? account = start.AccountId is { } id ? (await accounts.CurrentAsync(cancellationToken)).Find(AccountId.Parse(id)) : null;
        (Facts? facts, string? tag) = await KnownAsync(targets, situation, file, cancellationToken);
        DateTimeOffset now = clock.GetUtcNow();

        // Turns are kept by what they were given for: of a play that is about no lead, that is the play.
        LeadId about = LeadId.Parse(start.LeadId ?? start.PlayId);
        (PlayOwnerChoice choice, StoredAssignment? kept) = await turns.TakeAsync(
            PlayOwners.Pools(targets).Count == 0 ? [] : [.. situation.Config.Pools.Keys],
            states =>
            {
                PlayOwnerChoice chosen = PlayOwners.Choose(targets, account, assignmentId, excluded, situation.Config, situation.Reps, states, now, about, facts, tag);
                return new Turn<PlayOwnerChoice>(chosen, chosen.PoolAfter, chosen is { Owner: { } owner, Pool: { } pool }
                    ? new StoredAssignment(new Assignment(assignmentId, about, owner, pool, "given by a play", now) { Tag = tag }, Decision: null)
                    : null)
                {
                    Ledger = chosen.Ledger, Watches = chosen.Watches,
                };
            },
            cancellationToken);
        return kept is null ? choice : choice with { Owner = kept.Assignment.Owner, Pool = kept.Assignment.Pool };
    }

    /// <summary>What preferences and caps of these pools ask about; looked up only where one does.</summary>
    private async Task<(Facts? Facts, string? Tag)> KnownAsync(IReadOnlyList<RouteTarget> targets, PlaySituation situation, PlayFile file, CancellationToken cancellationToken)
    {
        PoolRules[] pools = [.. PlayOwners.Pools(targets).Select(situation.Config.Pools.GetValueOrDefault).OfType<PoolRules>()];
        if (!pools.Any(LeadRouter.LooksAtLead))
            return (null, null);
        Facts facts = situation.Facts ?? await factSource.OfAsync(situation.Start, file.Occasion, situation.Config, cancellationToken);
        string? tag = situation.Start.DecisionId is { } first && pools.Any(p => p.Caps.Any(c => c.Tag is not null)) ? (await turns.FindAsync(first, cancellationToken))?.Assignment.Tag : null;
        return (facts, tag);
    }

    private async Task<AccountPlace?> PlaceAsync(PlaySituation situation, CancellationToken cancellationToken) =>
        situation.Start.AccountId is { } id && (await accounts.CurrentAsync(cancellationToken)).Find(AccountId.Parse(id)) is { } account ? AccountPlace.Of(account) : null;
}
