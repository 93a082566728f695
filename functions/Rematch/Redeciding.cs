using Abm.Accounts;
using Abm.Configuration;
using Abm.Decisions;
using Abm.Functions.Delivery;
using Abm.Functions.Events;
using Abm.Functions.Journeys;
using Abm.Functions.Plays;
using Abm.Functions.Routing;
using Abm.Journeys;
using Abm.Leads;
using Abm.Matching;
using Abm.People;
using Abm.Plays;
using Abm.Ports;
using Abm.Replays;
using Abm.Routing;

namespace Abm.Functions.Rematch;

/// <summary>Why a lead is decided anew, and what a person chose.</summary>
/// <param name="Kind">Of the event: <c>rematched</c> or <c>resolved</c>.</param>
/// <param name="Occasion">Tells this time from another: the event's id is derived from it.</param>
/// <param name="Pin">The account that a person chose; null: nobody did.</param>
/// <param name="IsIgnored">A person said that the lead is nobody's.</param>
internal sealed record RedecisionOrder(string Kind, string Occasion, string? By, AccountId? Pin, bool IsIgnored, IReadOnlyDictionary<string, string> Details)
{
    /// <summary>The lead waited for a member of a pool, and is given out now.</summary>
    public bool IsDrain { get; init; }
}

/// <summary>What became of it.</summary>
internal abstract record Redecided
{
    private Redecided()
    {
    }

    /// <param name="IsNew">False: this very occasion was done before.</param>
    internal sealed record Done(LeadFile File, JourneyDecision Decision, bool IsNew) : Redecided;

    /// <summary>The caller's condition does not hold any more.</summary>
    internal sealed record Unwanted(LeadFile File) : Redecided;

    /// <summary>A play is just being started; try again in a moment.</summary>
    internal sealed record Busy(LeadFile File) : Redecided;

    /// <summary>There is no decided lead of this id.</summary>
    internal sealed record Missing : Redecided;
}

/// <summary>
/// Decides a decided lead once more: a new decision with the next attempt number, and what follows from it. Every step is one transaction under the file's tag or written again the same, so that it can be
/// repeated and two processes can try at once: one of them wins, the other finds it done.
/// </summary>
/// <remarks>
/// A play that runs goes on, with the new owner when there is another; one lead never has two. Where none runs the decision's own is started. A turn that was taken and then not used, because somebody changed
/// the lead meanwhile, is given back.
/// </remarks>
public sealed class Redeciding(
    ILeadFileStore files,
    IRedecisions redecisions,
    PoolTurns turns,
    LeadFileChanges changes,
    PlayFacts playFacts,
    PlayNotifications notifications,
    DecisionLists lists,
    ILeadEvents events,
    RoutingMemory memory,
    PoolCredits credits,
    TimeProvider clock)
{
    private const int MaxTries = 8;

    /// <summary>A turn whose decision has not come to be after this time never will: its process died, or somebody else was faster.</summary>
    private static readonly TimeSpan Abandoned = TimeSpan.FromMinutes(10);

    /// <param name="isWanted">Asked of each state of the file that is decided on.</param>
    internal async Task<Redecided> DecideAsync(LeadId lead, DecisionFacts facts, RedecisionOrder order, Func<LeadFile, bool> isWanted, IPlayStarter plays, CancellationToken cancellationToken)
    {
        JourneyDecision? unused = null;
        for (int attempt = 0; attempt < MaxTries; attempt++)
        {
            if (await files.ReadAsync(lead, cancellationToken) is not { Lead: { DecisionId: { } current } record } file)
                return new Redecided.Missing();
            if (!isWanted(file))
            {
                if (unused is { PoolAfter: not null } && unused.DecisionId != current)
                    await credits.RefundAsync(unused.DecisionId, "the lead was changed while the turn was being taken", cancellationToken);
                return new Redecided.Unwanted(file);
            }

            if (file.Plays.Any(p => p.Status == PlayStatus.Pending))
                return new Redecided.Busy(file);

            JourneyDecision decision = await NextAsync(record, current, facts, order, cancellationToken);
            (PlayPlan Former, PlayPlan Next)? handOver = await HandOverAsync(file, decision, facts, cancellationToken);
            LeadFile changed = Changed(file, decision, handOver, order, facts.Reps);
            LeadEvent happened = Happened(file, decision, order, clock.GetUtcNow());
            switch (await redecisions.SaveAsync(changed, decision, happened, cancellationToken))
            {
                case SaveOutcome.Saved:
                    await FinishAsync(changed, decision, handOver?.Next, plays, cancellationToken);
                    return new Redecided.Done(changed, decision, IsNew: true);
                case SaveOutcome.AlreadyHappened when await DoneBeforeAsync(lead, happened, cancellationToken) is { } done:
                    await FinishAsync(done.File, done.Decision, null, plays, cancellationToken);
                    return new Redecided.Done(done.File, done.Decision, IsNew: false);
                default:
                    unused = decision;
                    break;
            }
        }

        throw new InvalidOperationException($"The file of {lead} changed {MaxTries} times while it was decided anew.");
    }

    /// <summary>What follows from a decision that is kept. Safe to repeat.</summary>
    internal async Task FinishAsync(LeadFile file, JourneyDecision decision, PlayPlan? handedOver, IPlayStarter plays, CancellationToken cancellationToken)
    {
        await lists.PutAgainAsync(decision, file.Lead.OwnerId, cancellationToken);
        await memory.KeepAsync(decision, file.Lead.OwnerId, isRepeat: false, cancellationToken);
        if (handedOver is not null)
        {
            await changes.ShowAsync(file, handedOver.Start.PlayId, cancellationToken);
            foreach (PlannedStep step in handedOver.Steps.Where(s => s.Action == PlayAction.Notify && s.DoAt <= handedOver.OwnerClock.StartAt))
                await notifications.SendAsync(handedOver, step, file, cancellationToken);
        }

        if (PlayStart.From(decision) is { } start && file.Plays.Any(p => p.PlayId == start.PlayId && p.Status == PlayStatus.Pending))
            await plays.StartAsync(start, cancellationToken);
        await events.DecidedAsync(decision, cancellationToken);
    }

    /// <summary>The decision under the next free number. A turn that was given under it before, for the same choice, stands with its decision.</summary>
    private async Task<JourneyDecision> NextAsync(LeadRecord record, string current, DecisionFacts facts, RedecisionOrder order, CancellationToken cancellationToken)
    {
        AccountId? pin = order.Pin ?? (order.IsIgnored ? null : record.PinnedAccountId);
        bool isIgnored = order.IsIgnored || (order.Pin is null && record.IsIgnored);
        Lead lead = record.Lead;
        for (int attempt = (LeadJourney.AttemptOf(current) ?? 1) + 1; ; attempt++)
        {
            StoredAssignment? given = await turns.FindAsync(LeadJourney.DecisionId(lead.Id, attempt), cancellationToken);
            if (given is not null)
            {
                if (given is { RefundedAt: null, Decision: { } earlier } && Fits(earlier.Match, pin, isIgnored, facts))
                    return earlier;
                if (given.RefundedAt is null && clock.GetUtcNow() - given.Assignment.At > Abandoned)
                    await credits.RefundAsync(given.Assignment.Id, "the decision that took the turn never came to be", cancellationToken);
                continue; // given for something else
            }

            DateTimeOffset now = clock.GetUtcNow();
            JourneyContext context = new(facts.Config, facts.Accounts, facts.Reps, new Dictionary<string, PoolState>(), pin)
            {
                RepsVersion = facts.RepsVersion, Attempt = attempt, IsIgnored = isIgnored, IsDrain = order.IsDrain,
            };

            // Whom the person had before counts for a lead that nobody has had yet; one that is decided anew would only find its own owner.
            if (order.IsDrain)
                context = await memory.RecallAsync(LeadJourney.Decide(lead, context, now), context, cancellationToken);
            (JourneyDecision decided, StoredAssignment? stands) = await turns.TakeAsync(
                [.. facts.Config.Pools.Keys], states => Turns.Of(RecordedJourney.Decide(lead, context with { Pools = states }, now)), cancellationToken);
            return stands?.Decision ?? decided;
        }
    }

    private static bool Fits(MatchDecision match, AccountId? pin, bool isIgnored, DecisionFacts facts) => match switch
    {
        MatchDecision.Matched matched => !isIgnored && (pin is null || matched.Account == pin) && facts.Accounts.Find(matched.Account) is not null,
        _ => pin is null && !isIgnored,
    };

    /// <summary>The plans of the running play before and after, when its owner changes; null when none runs, or it stays.</summary>
    private async Task<(PlayPlan Former, PlayPlan Next)?> HandOverAsync(LeadFile file, JourneyDecision decision, DecisionFacts facts, CancellationToken cancellationToken)
    {
        if (file.Stop is not null || file.Plays.FirstOrDefault(p => p.Status == PlayStatus.Running) is not { } running
            || decision.Route is not RouteDecision.Assigned assigned || assigned.Owner == file.Lead.OwnerId)
            return null;
        if (await PlayStarts.OfAsync(files, file, running.PlayId, cancellationToken) is not { } start)
            return null;
        AbmConfig config = await playFacts.ConfigAsync(start.ConfigVersion, cancellationToken);
        PlayPlan former = HandOvers.Follow(PlayDecider.Plan(start, config, facts.Reps), file, config, facts.Reps);
        return (former, PlayDecider.Replan(former, assigned.Owner, decision.DecidedAt, config, facts.Reps));
    }

    private static LeadFile Changed(LeadFile file, JourneyDecision decision, (PlayPlan Former, PlayPlan Next)? handOver, RedecisionOrder order, IReadOnlyDictionary<RepId, Rep> reps)
    {
        bool hasPlay = file.Plays.Any(p => p.Status == PlayStatus.Running);
        LeadFile changed = file;
        if (handOver is { } plans && PlayFiles.Reassigned(file, plans.Former, plans.Next, decision.DecidedAt, plans.Next.OwnerId is { } next ? reps.GetValueOrDefault(RepId.Parse(next)) : null) is { } given)
            changed = given.File;
        else if (!hasPlay && file.Stop is null)
            changed = file with { Lead = file.Lead with { OwnerId = (decision.Route as RouteDecision.Assigned)?.Owner } };
        if (!hasPlay && file.Stop is null && PlayStart.From(decision) is { } start && file.Plays.All(p => p.PlayId != start.PlayId))
            changed = changed with { Plays = [.. changed.Plays, new PlayRecord(start.PlayId, start.Play, PlayStatus.Pending)] };
        return changed with
        {
            Lead = changed.Lead with
            {
                DecisionId = decision.DecisionId,
                Outcome = decision.Outcome,
                AccountId = (decision.Match as MatchDecision.Matched)?.Account,
                ConfigVersion = decision.ConfigVersion,
                PinnedAccountId = order.IsIgnored ? null : order.Pin ?? file.Lead.PinnedAccountId,
                IsIgnored = order.IsIgnored || (order.Pin is null && file.Lead.IsIgnored),
            },
        };
    }

    private static LeadEvent Happened(LeadFile file, JourneyDecision decision, RedecisionOrder order, DateTimeOffset now)
    {
        Dictionary<string, string> details = new(order.Details, StringComparer.Ordinal)
        {
            ["decisionId"] = decision.DecisionId,
            ["fromOutcome"] = file.Lead.Outcome ?? "",
            ["from"] = file.Lead.AccountId?.Value ?? "",
            ["toOutcome"] = decision.Outcome,
            ["to"] = (decision.Match as MatchDecision.Matched)?.Account.Value ?? "",
        };
        return new LeadEvent(DerivedId.From("evt", order.Kind, file.Lead.Lead.Id.Value, order.Occasion), order.Kind, now, order.By, details);
    }

    /// <summary>What this very occasion did before; null: the number was taken by something else.</summary>
    private async Task<(LeadFile File, JourneyDecision Decision)?> DoneBeforeAsync(LeadId lead, LeadEvent happened, CancellationToken cancellationToken)
    {
        if (!(await files.EventsAsync(lead, cancellationToken)).Any(e => e.EventId == happened.EventId))
            return null;
        LeadFile file = await files.ReadAsync(lead, cancellationToken) ?? throw new LeadMissingException(lead);
        return await files.FindDecisionAsync(lead, file.Lead.DecisionId!, cancellationToken) is { } decision ? (file, decision) : null;
    }
}
