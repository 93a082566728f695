using Abm.Clocks;
using Abm.Configuration;
using Abm.Decisions;
using Abm.Journeys;
using Abm.Leads;
using Abm.Matching;
using Abm.People;
using Abm.Plays;
using Abm.Ports;
using Abm.Routing;

namespace Abm.Functions.Routing;

/// <summary>What routing remembers between leads: who had a person or an account, which play follows an account up, what waits and what is offered. Safe to repeat.</summary>
public sealed class RoutingMemory(IRelations relations, IRoutingDesk desk, ILeadFileStore files, PoolAlerts alerts)
{
    /// <summary>The context with what is known of the lead's person and account.</summary>
    /// <param name="first">The decision without it: says which account is the lead's, and whether it matters at all.</param>
    public async Task<JourneyContext> RecallAsync(JourneyDecision first, JourneyContext context, CancellationToken cancellationToken)
    {
        ConflictRules rules = context.Config.Conflicts;
        if (first.Route is RouteDecision.Suppressed || !context.Config.Features.Routing || (rules.StickyFor <= TimeSpan.Zero && rules.WorkedFor <= TimeSpan.Zero && !rules.JoinOpenPlays))
            return context;
        KnownRelations known = await relations.ReadAsync(first.Lead.Submitted.Email, (first.Match as MatchDecision.Matched)?.Account, cancellationToken);
        return context with { Sticky = known.Person, AccountSticky = known.Account, OpenPlay = await OpenAsync(known, first.Lead.Id, context.Config, cancellationToken) };
    }

    /// <summary>Keeps what a stored decision did: the owner, an offer, or that it waits.</summary>
    /// <param name="owner">Who owns the lead now; null: nobody.</param>
    /// <param name="isRepeat">Whether the decision was stored before this call: then what somebody did since is not overwritten.</param>
    public async Task KeepAsync(JourneyDecision decision, RepId? owner, bool isRepeat, CancellationToken cancellationToken)
    {
        switch (decision.Route)
        {
            case RouteDecision.Assigned assigned when assigned.Owner == owner:
                await NoteAsync(decision, assigned, isRepeat, cancellationToken);
                if (assigned is { AcceptBy: { } by, Pool: { } offering } && !decision.Lead.Submitted.IsTest)
                    await desk.PutOfferAsync(new LeadOffer(decision.Lead.Id, decision.DecisionId, offering, assigned.Owner, decision.DecidedAt, by, OfferState.Open, ""), cancellationToken);
                break;
            case RouteDecision.Queued { Pool: { } asked, WaitsUntil: { } until } when owner is null:
                await desk.PutWaitingAsync(
                    new WaitingLead(decision.Lead.Id, asked, decision.DecisionId, decision.Score.FitPoints, decision.Lead.ReceivedAt, decision.DecidedAt, until), cancellationToken);
                break;
            case RouteDecision.Queued { Pool: { } pool } queued when owner is null && !decision.Lead.Submitted.IsTest:
                await alerts.SendAsync(decision, pool, queued.Queue, cancellationToken);
                break;
            default:
                break;
        }
    }

    /// <summary>Keeps that a lead changed hands, and that the new owner must accept it where the pool asks for that.</summary>
    public async Task GivenAsync(LeadFile file, Assignment turn, AbmConfig config, IReadOnlyDictionary<RepId, Rep> reps, CancellationToken cancellationToken)
    {
        await OwnerAsync(file, turn.Owner, turn.At, cancellationToken);
        if (turn.Pool is { } pool && config.Pools.TryGetValue(pool, out PoolRules? rules) && LeadRouter.AcceptBy(rules, reps.GetValueOrDefault(turn.Owner), config, turn.At) is { } by)
            await desk.PutOfferAsync(new LeadOffer(file.Lead.Lead.Id, turn.Id, pool, turn.Owner, turn.At, by, OfferState.Open, ""), cancellationToken);
    }

    /// <summary>Keeps that somebody owns the lead since an instant.</summary>
    public Task OwnerAsync(LeadFile file, RepId owner, DateTimeOffset at, CancellationToken cancellationToken) => IsKept(file)
        ? relations.NoteAsync(file.Lead.Lead.Submitted.Email, file.Lead.AccountId, new RelationNote(file.Lead.Lead.Id, owner, at), cancellationToken)
        : Task.CompletedTask;

    /// <summary>Keeps that somebody got in touch with the lead's person.</summary>
    public Task WorkedAsync(LeadFile file, DateTimeOffset at, CancellationToken cancellationToken) => file.Lead.OwnerId is { } owner && IsKept(file)
        ? relations.NoteAsync(file.Lead.Lead.Submitted.Email, file.Lead.AccountId, new RelationNote(file.Lead.Lead.Id, owner, at, WorkedAt: at), cancellationToken)
        : Task.CompletedTask;

    private static bool IsKept(LeadFile file) => !file.Lead.Lead.Submitted.IsTest;

    private async Task NoteAsync(JourneyDecision decision, RouteDecision.Assigned assigned, bool isRepeat, CancellationToken cancellationToken)
    {
        Lead lead = decision.Lead;
        if (lead.Submitted.IsTest)
            return;
        AccountId? account = (decision.Match as MatchDecision.Matched)?.Account;
        if (isRepeat)
        {
            KnownRelations known = await relations.ReadAsync(lead.Submitted.Email, account, cancellationToken);
            if (known.Person?.LastAt >= decision.DecidedAt || known.Account?.LastAt >= decision.DecidedAt)
                return; // this, or a later lead
        }

        OpenPlay? play = PlayStart.From(decision) is { } start ? new OpenPlay(start.PlayId, start.Play, assigned.Owner) : null;
        await relations.NoteAsync(lead.Submitted.Email, account, new RelationNote(lead.Id, assigned.Owner, decision.DecidedAt, Play: play), cancellationToken);
    }

    /// <summary>The account's play, if it is not over. With one play only, none is of higher priority than it.</summary>
    private async Task<OpenPlay?> OpenAsync(KnownRelations known, LeadId lead, AbmConfig config, CancellationToken cancellationToken)
    {
        if (!config.Conflicts.JoinOpenPlays || config.Plays.Count < 2 || known is not { AccountPlay: { } play, AccountLead: { } other } || other == lead)
            return null;
        return await files.ReadAsync(other, cancellationToken) is { Stop: null } file && file.Plays.Any(p => p.PlayId == play.PlayId && p.Status is PlayStatus.Pending or PlayStatus.Running)
            ? play with { Owner = file.Lead.OwnerId ?? play.Owner }
            : null;
    }
}
