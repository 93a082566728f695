using System.Text;
using System.Text.Json;
using Abm.Configuration;
using Abm.Decisions;
using Abm.Functions.Explain;
using Abm.Functions.Http;
using Abm.Journeys;
using Abm.Ports;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Abm.Functions.Unmatched;

/// <summary>A lead that waits for a person, or did.</summary>
/// <param name="Why">Code such as <c>ambiguous</c>, <c>noCandidate</c>, <c>lowConfidence</c>, <c>queued:…</c> or <c>handedOver:…</c>.</param>
/// <param name="AgeSeconds">How long it has been here, from its arrival on; of a resolved one until it was resolved.</param>
/// <param name="Candidates">Accounts that may be the right one, best first.</param>
/// <param name="State"><c>open</c>, <c>snoozed</c> or <c>resolved</c>.</param>
/// <param name="DueAt">By when it should be placed.</param>
/// <param name="SnoozedUntil">Null: nobody put it off.</param>
/// <param name="Resolution">Null: it is not resolved.</param>
public sealed record UnmatchedResponse(
    string LeadId, string Outcome, string Why, string Source, DateTimeOffset ReceivedAt, DateTimeOffset DecidedAt, double AgeSeconds, IReadOnlyList<UnmatchedCandidateResponse> Candidates,
    ReviewState State, DateTimeOffset DueAt, bool IsOverdue, DateTimeOffset? SnoozedUntil, ResolvedResponse? Resolution)
{
    public static UnmatchedResponse From(ReviewItem item, TimeSpan within, DateTimeOffset now)
    {
        DateTimeOffset until = item.Resolution?.At ?? now;
        return new UnmatchedResponse(
            item.LeadId.Value,
            item.Outcome,
            item.Why,
            item.Source,
            item.ReceivedAt,
            item.DecidedAt,
            Math.Max(0, (until - item.ReceivedAt).TotalSeconds),
            [.. item.Candidates.Select(UnmatchedCandidateResponse.From)],
            item.StateAt(now),
            item.ReceivedAt + within,
            until > item.ReceivedAt + within,
            item.Snooze?.Until,
            item.Resolution is { } r ? new ResolvedResponse(r.Action, r.AccountId?.Value, r.By, r.At) : null);
    }
}

/// <summary>What became of it.</summary>
public sealed record ResolvedResponse(string Action, string? AccountId, string By, DateTimeOffset At);

/// <param name="Evidence">What speaks for and against it; of the first three.</param>
public sealed record UnmatchedCandidateResponse(string AccountId, string Name, double Confidence, double Points, IReadOnlyList<EvidencePoints> Evidence)
{
    public static UnmatchedCandidateResponse From(ReviewCandidate c) => new(c.AccountId.Value, c.Name, c.Confidence, c.Points, c.Evidence);
}

/// <summary>One lead that waits for a person, with everything that a person decides by.</summary>
/// <param name="Item">Null: it does not wait any more.</param>
/// <param name="Candidates">Of the decision in force, with the sentences of their evidence.</param>
/// <param name="Etag">To be sent back with the resolution.</param>
public sealed record UnmatchedLeadResponse(UnmatchedResponse? Item, LeadResponse Lead, IReadOnlyList<ReasonResponse> Reasons, IReadOnlyList<ReviewedCandidateResponse> Candidates, string Etag);

/// <param name="Evidence">Why: with words and points.</param>
public sealed record ReviewedCandidateResponse(string AccountId, string Name, double Confidence, double Points, IReadOnlyList<ReasonResponse> Evidence);

/// <summary>The leads that a person must place.</summary>
public sealed class ListUnmatched(IReviewList list, ILeadFileStore files, IConfigSource config, TimeProvider clock)
{
    private static readonly string[] Outcomes = ["review", "unmatched", "matched"];
    private static readonly string[] States = [.. Enum.GetNames<ReviewState>().Select(JsonNamingPolicy.CamelCase.ConvertName)];

    /// <summary><c>GET /api/unmatched?state=&amp;outcome=</c>: leads without a sure account, newest first; with <c>outcome=matched</c> those that have one but wait for another reason.</summary>
    [Function(nameof(ListUnmatched))]
    public async Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "unmatched")] HttpRequest request, CancellationToken cancellationToken)
    {
        List<Problem> problems = [];
        PageQuery page = PageQuery.Read(request, problems);
        string? outcome = ListFilters.OneOf(request, "outcome", Outcomes, problems);
        string? state = ListFilters.OneOf(request, "state", States, problems);
        if (problems.Count > 0)
            return Problems.Invalid(problems);
        DateTimeOffset now = clock.GetUtcNow();
        TimeSpan within = (await config.CurrentAsync(cancellationToken)).Review.Within;
        ReviewFilter filter = new(now, outcome, state is null ? ReviewState.Open : Enum.Parse<ReviewState>(state, ignoreCase: true));
        return await ListPages.OfAsync(() => list.ListAsync(filter, page.Limit, page.After, cancellationToken), item => UnmatchedResponse.From(item, within, now));
    }

    /// <summary><c>GET /api/unmatched/{leadId}</c></summary>
    [Function("GetUnmatched")]
    public async Task<IActionResult> GetAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "unmatched/{leadId}")] HttpRequest request, string leadId, CancellationToken cancellationToken)
    {
        if (!IdText.IsValid(leadId) || await files.ReadAsync(LeadId.Parse(leadId), cancellationToken) is not { Lead.DecisionId: { } decisionId } file)
            return Problems.NotFound("There is no decided lead of this id.");
        JourneyDecision? decision = await files.FindDecisionAsync(file.Lead.Lead.Id, decisionId, cancellationToken);
        ReviewItem? item = await list.FindAsync(file.Lead.Lead.Id, file.Lead.Lead.ReceivedAt, cancellationToken);
        AbmConfig rules = await config.CurrentAsync(cancellationToken);
        string tag = TagOf(file);
        return new ApiResult(
            StatusCodes.Status200OK,
            new UnmatchedLeadResponse(
                item is null ? null : UnmatchedResponse.From(item, rules.Review.Within, clock.GetUtcNow()),
                LeadResponse.From(file),
                ReasonResponse.From(decision?.Match.Reasons ?? []),
                [.. (decision?.Match.Candidates ?? []).Select(c => new ReviewedCandidateResponse(c.Account.Value, c.Name, c.Confidence, c.Points, ReasonResponse.From(c.Evidence)))],
                tag)).WithHeader("ETag", tag);
    }

    /// <summary>Names the state of the lead that a person looked at.</summary>
    internal static string TagOf(LeadFile file) => EntityTags.Of(Encoding.UTF8.GetBytes(file.Tag));
}
