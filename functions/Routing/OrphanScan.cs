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

/// <summary>An open lead that is not where today's rules would send it.</summary>
/// <param name="Changed"><c>manual</c>: a person gave it to its owner; <c>handedOver</c>: it changed hands after a breach or a no; null: it is where it was first sent.</param>
/// <param name="Why">The rules and checks that would decide today.</param>
internal sealed record FoundOrphan(LeadId Lead, RepId? Owner, Orphan Orphan, string? Changed, IReadOnlyList<string> Why);

/// <summary>What became of a lead that somebody confirmed.</summary>
/// <param name="Became"><c>moved</c>, <c>stays</c> (it is no orphan any more, or nobody can take it), <c>busy</c> or <c>missing</c>.</param>
internal sealed record MovedOrphan(LeadId Lead, string Became, RepId? From, RepId? To, string? Queue);

/// <summary>Looks for open leads that are not where today's rules, people and accounts would send them, after a change of owners or territories; and moves those that somebody confirmed.</summary>
public sealed class OrphanScan(
    ILeadList list, ILeadFileStore files, IDecisionLog log, IPoolStore pools, LeadProcessing processing, Redeciding redeciding, PoolCredits credits, TimeProvider clock, ILogger<OrphanScan> logger)
{
    /// <summary>Leads that are looked at for one answer.</summary>
    public const int MaxExamined = 500;

    /// <param name="since">Only leads received since then.</param>
    /// <param name="after">Where the last answer ended; null: from the newest.</param>
    internal async Task<(IReadOnlyList<FoundOrphan> Found, int Examined, string? Next)> ScanAsync(DateTimeOffset since, int limit, string? after, CancellationToken cancellationToken)
    {
        DecisionFacts facts = await processing.GatherAsync(cancellationToken);
        IReadOnlyDictionary<string, PoolState> states = await StatesAsync(facts, cancellationToken);
        ListPage<LeadListItem> page = await list.ListAsync(new LeadListFilter(), limit, after, cancellationToken);
        List<FoundOrphan> found = [];
        int examined = 0;
        foreach (LeadListItem item in page.Items)
        {
            if (item.ReceivedAt < since)
                return (found, examined, null);
            examined++;
            if (await files.ReadAsync(item.LeadId, cancellationToken) is { } file && await LookAsync(file, facts, states, cancellationToken) is { } orphan)
                found.Add(orphan);
        }

        return (found, examined, page.Next);
    }

    /// <summary>Decides a lead anew, if it is still an orphan that somebody can take.</summary>
    internal async Task<MovedOrphan> MoveAsync(LeadId lead, string by, string reason, string occasion, IPlayStarter plays, CancellationToken cancellationToken)
    {
        DecisionFacts facts = await processing.GatherAsync(cancellationToken);
        if (await files.ReadAsync(lead, cancellationToken) is not { } file)
            return new MovedOrphan(lead, "missing", null, null, null);
        RepId? former = file.Lead.OwnerId;
        if (await LookAsync(file, facts, await StatesAsync(facts, cancellationToken), cancellationToken) is not { Orphan.CanMove: true })
            return new MovedOrphan(lead, "stays", former, former, null);
        RedecisionOrder order = new("rerouted", $"{file.Lead.DecisionId}|{occasion}", by, Pin: null, IsIgnored: false, new Dictionary<string, string>(StringComparer.Ordinal) { ["note"] = reason, ["formerOwnerId"] = former?.Value ?? "" });
        Redecided result = await redeciding.DecideAsync(lead, facts, order, f => f.Stop is null && f.Lead.OwnerId == former, plays, cancellationToken);
        switch (result)
        {
            case Redecided.Done done:
                if (former is not null && done.File.Lead.OwnerId != former)
                    await credits.MisroutedAsync(done.File, former, done.Decision.DecisionId, cancellationToken);
                logger.LeadRerouted(lead.Value, former?.Value ?? "nobody", done.File.Lead.OwnerId?.Value ?? "nobody");
                return new MovedOrphan(lead, done.File.Lead.OwnerId == former ? "stays" : "moved", former, done.File.Lead.OwnerId, (done.Decision.Route as RouteDecision.Queued)?.Queue);
            case Redecided.Busy:
                return new MovedOrphan(lead, "busy", former, former, null);
            case Redecided.Missing:
                return new MovedOrphan(lead, "missing", null, null, null);
            default:
                return new MovedOrphan(lead, "stays", former, former, null);
        }
    }

    private async Task<FoundOrphan?> LookAsync(LeadFile file, DecisionFacts facts, IReadOnlyDictionary<string, PoolState> states, CancellationToken cancellationToken)
    {
        if (file is not { Stop: null, Lead: { DecisionId: { } decisionId, IsIgnored: false } record } || record.Lead.Submitted.IsTest)
            return null;
        DateTimeOffset now = clock.GetUtcNow();
        JourneyContext context = new(facts.Config, facts.Accounts, facts.Reps, states, record.PinnedAccountId);
        RouteDecision today = LeadJourney.Decide(record.Lead, context, now).Route;
        if (Orphans.Find(record.OwnerId, today, facts.Reps) is null)
            return null;

        // Who had the person or the account before it counts today as it did then.
        if ((await log.FindAsync(record.Lead.Id, decisionId, cancellationToken))?.Inputs is { } inputs && (inputs.Sticky is not null || inputs.AccountSticky is not null || inputs.OpenPlay is not null))
            today = LeadJourney.Decide(record.Lead, context with { Sticky = inputs.Sticky, AccountSticky = inputs.AccountSticky, OpenPlay = inputs.OpenPlay }, now).Route;
        if (Orphans.Find(record.OwnerId, today, facts.Reps) is not { } orphan)
            return null;
        IReadOnlyList<LeadEvent> events = await files.EventsAsync(record.Lead.Id, cancellationToken);
        string? changed = events.LastOrDefault(e => e.Kind is "reassigned" or "rerouted") is { } last ? last.By is null ? "handedOver" : "manual" : null;
        return new FoundOrphan(record.Lead.Id, record.OwnerId, orphan, changed, [.. today.Reasons.Where(r => r.Rule?.Holds == true || r.Points != 0).Select(r => r.Says)]);
    }

    private async Task<IReadOnlyDictionary<string, PoolState>> StatesAsync(DecisionFacts facts, CancellationToken cancellationToken) =>
        (await pools.ReadAsync([.. facts.Config.Pools.Keys], cancellationToken)).ToDictionary(p => p.Key, p => p.Value.State, StringComparer.Ordinal);
}
