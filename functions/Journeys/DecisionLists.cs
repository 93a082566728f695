using System.Text.Json;
using Abm.Decisions;
using Abm.Journeys;
using Abm.Matching;
using Abm.Ports;
using Abm.Routing;
using Abm.Plays;

namespace Abm.Functions.Journeys;

/// <summary>Keeps the lists in step with decisions: all leads, and those that wait for a person.</summary>
public sealed class DecisionLists(ILeadList list, IReviewList waiting)
{
    /// <param name="owner">Who owns the lead now.</param>
    public async Task PutAsync(JourneyDecision decision, RepId? owner, CancellationToken cancellationToken)
    {
        await list.PutAsync(ItemOf(decision, owner), cancellationToken);
        if (WhyWaiting(decision) is { } why)
            await waiting.PutAsync(WaitingOf(decision, why), cancellationToken);
    }

    /// <summary>The lead was decided anew: it waits for a person now, or does so no more.</summary>
    public async Task PutAgainAsync(JourneyDecision decision, RepId? owner, CancellationToken cancellationToken)
    {
        await PutAsync(decision, owner, cancellationToken);
        if (WhyWaiting(decision) is null)
            await waiting.RemoveAsync(decision.Lead.Id, decision.Lead.ReceivedAt, cancellationToken);
    }

    /// <summary>The lead has another owner now.</summary>
    public Task PutOwnerAsync(JourneyDecision decision, RepId owner, CancellationToken cancellationToken) =>
        list.PutAsync(ItemOf(decision, owner), cancellationToken);

    /// <summary>A person placed the lead: it has this account and owner now, and waits for nobody to place it.</summary>
    public async Task PutPlacedAsync(JourneyDecision decision, AccountId? account, RepId? owner, CancellationToken cancellationToken)
    {
        LeadListItem item = ItemOf(decision, owner);
        await list.PutAsync(account is null ? item : item with { AccountId = account, Outcome = "matched" }, cancellationToken);
        if (WhyWaiting(decision) is not null && (account is not null || owner is not null))
            await waiting.RemoveAsync(decision.Lead.Id, decision.Lead.ReceivedAt, cancellationToken);
    }

    /// <summary>The lead waits for a person now.</summary>
    /// <param name="why">Code, such as <c>handedOver:revops</c>.</param>
    public Task PutWaitingAsync(JourneyDecision decision, string why, CancellationToken cancellationToken) =>
        waiting.PutAsync(WaitingOf(decision, why), cancellationToken);

    /// <summary>Candidates whose evidence is kept with the line.</summary>
    private const int MostWithEvidence = 3;

    /// <summary>The lead in the list of all leads.</summary>
    public static LeadListItem ItemOf(JourneyDecision decision, RepId? owner) => new(
        decision.Lead.Id,
        decision.Lead.ReceivedAt,
        decision.DecidedAt,
        decision.Outcome,
        decision.Lead.Submitted.Source,
        (decision.Play as PlayDecision.Start)?.Play,
        (decision.Match as MatchDecision.Matched)?.Account,
        owner,
        decision.DecisionId,
        decision.ConfigVersion);

    /// <summary>The lead in the list of those that wait for a person.</summary>
    public static ReviewItem WaitingOf(JourneyDecision decision, string why) => new(
        decision.Lead.Id,
        decision.Lead.ReceivedAt,
        decision.DecidedAt,
        decision.Outcome,
        why,
        decision.Lead.Submitted.Source,
        [
            .. decision.Match.Candidates.Select((c, i) => new ReviewCandidate(c.Account, c.Name, c.Confidence)
            {
                Points = c.Points,
                Evidence = i < MostWithEvidence && c.Evidence.Any(e => e.Points != 0) ? [.. c.Evidence.Where(e => e.Points != 0).Select(e => new EvidencePoints(e.Code, e.Points))] : [],
            }),
        ]);

    /// <summary>Why a person must look at it; null when nobody must.</summary>
    private static string? WhyWaiting(JourneyDecision decision) => (decision.Match, decision.Route) switch
    {
        (MatchDecision.Review review, _) => Word(review.Why),
        (MatchDecision.Unmatched { Why: UnmatchedReason.Ignored }, _) => null,
        (MatchDecision.Unmatched unmatched, _) => Word(unmatched.Why),
        (_, RouteDecision.Queued queued) => $"queued:{queued.Queue}",
        (MatchDecision.Matched { IsLowConfidence: true }, _) => "lowConfidence",
        _ => null,
    };

    private static string Word(UnmatchedReason why) => JsonNamingPolicy.CamelCase.ConvertName(why.ToString());
}
