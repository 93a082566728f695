using Abm.Decisions;
using Abm.Functions.Explain;
using Abm.Functions.Http;
using Abm.Ports;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Abm.Functions.Plays;

/// <summary>The SLA board.</summary>
public sealed class ListClocks(IClockBoard board)
{
    private static readonly string[] States = ["running", "paused", "met", "breached", "cancelled"];

    /// <summary><c>GET /api/clocks?state=&amp;ownerId=&amp;dueBefore=</c>: open clocks by deadline, then closed ones.</summary>
    [Function(nameof(ListClocks))]
    public async Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "clocks")] HttpRequest request, CancellationToken cancellationToken)
    {
        List<Problem> problems = [];
        PageQuery page = PageQuery.Read(request, problems);
        ClockFilter filter = new(
            ListFilters.OneOf(request, "state", States, problems),
            ListFilters.Id(request, "ownerId", problems),
            ListFilters.Instant(request, "dueBefore", problems));
        return problems.Count > 0
            ? Problems.Invalid(problems)
            : await ListPages.OfAsync(() => board.ListAsync(filter, page.Limit, page.After, cancellationToken), ClockResponse.From);
    }
}
