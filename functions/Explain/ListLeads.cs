using System.Globalization;
using Abm.Decisions;
using Abm.Functions.Http;
using Abm.Ports;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Abm.Functions.Explain;

/// <summary>Leads, page by page.</summary>
public sealed class ListLeads(ILeadList list, ILeadFileStore files)
{
    private static readonly string[] States = ["decided", "received", "quarantined"];
    private static readonly string[] Outcomes = ["matched", "review", "unmatched"];

    /// <summary><c>GET /api/leads?state=&amp;outcome=&amp;ownerId=&amp;accountId=&amp;source=</c>: decided leads, newest first; with <c>state=received</c> or <c>quarantined</c> those without a decision, oldest first.</summary>
    [Function(nameof(ListLeads))]
    public async Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "leads")] HttpRequest request, CancellationToken cancellationToken)
    {
        List<Problem> problems = [];
        PageQuery page = PageQuery.Read(request, problems);
        string state = ListFilters.OneOf(request, "state", States, problems) ?? "decided";
        LeadListFilter filter = new(
            ListFilters.OneOf(request, "outcome", Outcomes, problems),
            ListFilters.Id(request, "ownerId", problems),
            ListFilters.Id(request, "accountId", problems),
            ListFilters.Text(request, "source", problems)?.ToLowerInvariant());
        if (state != "decided" && (filter.Outcome ?? filter.OwnerId ?? filter.AccountId) is not null)
            problems.Add(new Problem("notApplicable", "state", "A lead without a decision has no outcome, owner or account to filter by."));
        if (problems.Count > 0)
            return Problems.Invalid(problems);
        return state == "decided"
            ? await ListPages.OfAsync(() => list.ListAsync(filter, page.Limit, page.After, cancellationToken), LeadLineResponse.From)
            : await UndecidedAsync(state == "received" ? LeadState.Received : LeadState.Quarantined, filter.Source, page, cancellationToken);
    }

    private async Task<IActionResult> UndecidedAsync(LeadState state, string? source, PageQuery page, CancellationToken cancellationToken) => await ListPages.OfAsync(
        async () =>
        {
            IReadOnlyList<UndecidedLead> leads = await files.UndecidedAsync(state, DateTimeOffset.MaxValue, page.Limit, ReadKey(page.After), cancellationToken);
            string? next = leads.Count < page.Limit ? null : string.Create(CultureInfo.InvariantCulture, $"{leads[^1].ReceivedAt.UtcTicks}|{leads[^1].Id}");
            return new ListPage<UndecidedLead>([.. leads.Where(l => source is null || l.Source == source)], next);
        },
        lead => LeadLineResponse.From(lead, state));

    private static UndecidedKey? ReadKey(string? after)
    {
        if (after is null)
            return null;
        string[] parts = after.Split('|', 2);
        return parts.Length == 2
            && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out long ticks)
            && ticks <= DateTimeOffset.MaxValue.UtcTicks
            && IdText.IsValid(parts[1])
            ? new UndecidedKey(new DateTimeOffset(ticks, TimeSpan.Zero), LeadId.Parse(parts[1]))
            : throw new FormatException("The cursor is none of this list.");
    }
}
