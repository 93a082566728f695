using Abm.Clocks;
using Abm.Decisions;
using Abm.Functions.Explain;
using Abm.Functions.Http;
using Abm.Ports;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Abm.Functions.Clocks;

/// <summary>The SLA board.</summary>
public sealed class ListClocks(IClockBoard board, TimeProvider clock)
{
    private static readonly string[] States = ["running", "paused", "met", "breached", "cancelled"];
    private static readonly string[] Scopes = [ClockScopes.Account, ClockScopes.Owner];

    /// <summary>
    /// <c>GET /api/clocks?state=&amp;ownerId=&amp;team=&amp;tier=&amp;policy=&amp;kind=&amp;scope=&amp;leadId=&amp;accountId=&amp;dueFrom=&amp;dueBefore=&amp;overdue=</c>: open clocks by deadline, then closed ones.
    /// </summary>
    [Function(nameof(ListClocks))]
    public async Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "clocks")] HttpRequest request, CancellationToken cancellationToken)
    {
        List<Problem> problems = [];
        PageQuery page = PageQuery.Read(request, problems);
        ClockFilter filter = new(
            ListFilters.OneOf(request, "state", States, problems),
            ListFilters.Id(request, "ownerId", problems) ?? ListFilters.Id(request, "rep", problems),
            ListFilters.Instant(request, "dueBefore", problems))
        {
            DueFrom = ListFilters.Instant(request, "dueFrom", problems),
            Team = ListFilters.Text(request, "team", problems),
            Tier = ListFilters.OneOf(request, "tier", ClockNames.Tiers, problems),
            Policy = ListFilters.Text(request, "policy", problems),
            Kind = ListFilters.OneOf(request, "kind", ClockNames.Kinds, problems),
            Scope = ListFilters.OneOf(request, "scope", Scopes, problems),
            LeadId = ListFilters.Id(request, "leadId", problems),
            AccountId = ListFilters.Id(request, "accountId", problems),
        };
        if (ListFilters.OneOf(request, "overdue", ["true", "false"], problems) == "true")
        {
            DateTimeOffset now = clock.GetUtcNow();
            filter = filter with { IsOpen = true, IsNotPaused = true, DueBefore = filter.DueBefore < now ? filter.DueBefore : now };
        }

        return problems.Count > 0
            ? Problems.Invalid(problems)
            : await ListPages.OfAsync(() => board.ListAsync(filter, page.Limit, page.After, cancellationToken), ClockResponse.From);
    }

    /// <summary><c>GET /api/clock-summary?by=rep|team|tier|policy|kind|scope</c>: how many clocks are open, due soon, paused and overdue.</summary>
    [Function("SummariseClocks")]
    public async Task<IActionResult> SummariseAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "clock-summary")] HttpRequest request, CancellationToken cancellationToken)
    {
        List<Problem> problems = [];
        string by = ListFilters.OneOf(request, "by", ClockSummary.Groups, problems) ?? "rep";
        if (problems.Count > 0)
            return Problems.Invalid(problems);
        ClockSummary summary = await board.SummaryAsync(clock.GetUtcNow(), cancellationToken);
        return new ApiResult(
            StatusCodes.Status200OK,
            new ClockSummaryResponse(by, summary.CountedAt, ClockCountResponse.From(summary.All), [.. summary.By.GetValueOrDefault(by, []).Select(ClockCountResponse.From)]));
    }
}

/// <param name="AsOf">When they were counted, UTC: now, while at most two thousand clocks are open; else up to two minutes ago, as a rule less than one.</param>
/// <param name="Items">By key; the empty key: none.</param>
public sealed record ClockSummaryResponse(string By, DateTimeOffset AsOf, ClockCountResponse All, IReadOnlyList<ClockCountResponse> Items);

/// <param name="Key">A rep's id, a team, a tier, a policy, a kind or a scope.</param>
/// <param name="Running">In time so far.</param>
/// <param name="DueSoon">Of those, due within an hour.</param>
/// <param name="Overdue">Missed and not answered yet.</param>
public sealed record ClockCountResponse(string Key, int Open, int Running, int DueSoon, int Paused, int Overdue, DateTimeOffset? NextDueAt)
{
    internal static ClockCountResponse From(ClockCount count) => new(count.Key, count.Open, count.Running, count.DueSoon, count.Paused, count.Overdue, count.NextDueAt);
}
