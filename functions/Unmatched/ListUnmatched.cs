using Abm.Decisions;
using Abm.Functions.Explain;
using Abm.Functions.Http;
using Abm.Ports;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Abm.Functions.Unmatched;

/// <summary>A lead that waits for a person.</summary>
/// <param name="Why">Code such as <c>ambiguous</c>, <c>noCandidate</c>, <c>lowConfidence</c>, <c>queued:…</c> or <c>handedOver:…</c>.</param>
/// <param name="AgeSeconds">How long it has been here, from its arrival on.</param>
/// <param name="Candidates">Accounts that may be the right one, best first.</param>
public sealed record UnmatchedResponse(
    string LeadId, string Outcome, string Why, string Source, DateTimeOffset ReceivedAt, DateTimeOffset DecidedAt, double AgeSeconds, IReadOnlyList<UnmatchedCandidateResponse> Candidates);

public sealed record UnmatchedCandidateResponse(string AccountId, string Name, double Confidence);

/// <summary>The list of leads that a person must place.</summary>
public sealed class ListUnmatched(IReviewList list, TimeProvider clock)
{
    private static readonly string[] Outcomes = ["review", "unmatched", "matched"];

    /// <summary><c>GET /api/unmatched?outcome=</c>: leads without a sure account, newest first; with <c>outcome=matched</c> those that have one but wait for another reason.</summary>
    [Function(nameof(ListUnmatched))]
    public async Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "unmatched")] HttpRequest request, CancellationToken cancellationToken)
    {
        List<Problem> problems = [];
        PageQuery page = PageQuery.Read(request, problems);
        string? outcome = ListFilters.OneOf(request, "outcome", Outcomes, problems);
        if (problems.Count > 0)
            return Problems.Invalid(problems);
        DateTimeOffset now = clock.GetUtcNow();
        return await ListPages.OfAsync(() => list.ListAsync(outcome, page.Limit, page.After, cancellationToken), item => Write(item, now));
    }

    private static UnmatchedResponse Write(ReviewItem item, DateTimeOffset now) => new(
        item.LeadId.Value,
        item.Outcome,
        item.Why,
        item.Source,
        item.ReceivedAt,
        item.DecidedAt,
        Math.Max(0, (now - item.ReceivedAt).TotalSeconds),
        [.. item.Candidates.Select(c => new UnmatchedCandidateResponse(c.AccountId.Value, c.Name, c.Confidence))]);
}
