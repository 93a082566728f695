using System.Text.Json;
using Abm.Decisions;
using Abm.Functions.Explain;
using Abm.Functions.Http;
using Abm.Journeys;
using Abm.Ports;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Abm.Functions.Retention;

/// <summary>One line of an export.</summary>
public sealed record ExportedDecision(string LeadId, DecisionResponse Decision);

/// <summary>Gives decisions away, whole, and counts of those that are no longer kept.</summary>
public sealed class ExportDecisions(IDecisionLog log, ILeadFileStore files, IDecisionRetention retention, Callers callers, TimeProvider clock)
{
    /// <summary><c>GET /api/decisions/export?from=&amp;to=</c>: one decision a line, oldest first, however many.</summary>
    [Function(nameof(ExportDecisions))]
    public IActionResult Run([HttpTrigger(AuthorizationLevel.Function, "get", Route = "decisions/export")] HttpRequest request)
    {
        if (callers.Of(request).Refusal(Caller.Admin, Caller.Ops) is { } forbidden)
            return forbidden;
        List<Problem> problems = [];
        DateTimeOffset from = ListFilters.Instant(request, "from", problems) ?? DateTimeOffset.UnixEpoch;
        DateTimeOffset to = ListFilters.Instant(request, "to", problems) ?? clock.GetUtcNow();
        if (problems.Count == 0 && from >= to)
            problems.Add(new Problem("outOfRange", "to", "It must be after from."));
        return problems.Count > 0 ? Problems.Invalid(problems) : new DecisionExport(log, files, from, to);
    }

    /// <summary><c>GET /api/decisions/counts</c>: by month and kind, of decisions that are no longer kept.</summary>
    [Function(nameof(CountDecisions))]
    public async Task<IActionResult> CountDecisions(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "decisions/counts")] HttpRequest request, CancellationToken cancellationToken) =>
        callers.Of(request).Refusal(Caller.Admin, Caller.Ops, Caller.Viewer)
        ?? new ApiResult(StatusCodes.Status200OK, new PageResponse<DecisionCount>(await retention.CountsAsync(cancellationToken), null));
}

/// <summary>Decisions as a stream of lines: a few are read ahead, none is held.</summary>
internal sealed class DecisionExport(IDecisionLog log, ILeadFileStore files, DateTimeOffset from, DateTimeOffset to) : IActionResult
{
    private const int Ahead = 16;
    private static readonly byte[] LineEnd = "\n"u8.ToArray();

    /// <inheritdoc/>
    public async Task ExecuteResultAsync(ActionContext context)
    {
        HttpResponse response = context.HttpContext.Response;
        response.StatusCode = StatusCodes.Status200OK;
        response.ContentType = "application/x-ndjson; charset=utf-8";
        response.Headers.ContentDisposition = "attachment; filename=\"decisions.ndjson\"";
        context.HttpContext.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        await RunAsync(response.Body, context.HttpContext.RequestAborted);
    }

    internal async Task RunAsync(Stream output, CancellationToken cancellationToken)
    {
        Queue<Task<JourneyDecision?>> ahead = new(Ahead);
        await foreach (DecisionEntry entry in log.ReadAsync(from, to, cancellationToken))
        {
            if (ahead.Count == Ahead)
                await WriteAsync(output, await ahead.Dequeue(), cancellationToken);
            ahead.Enqueue(files.FindDecisionAsync(entry.Lead, entry.DecisionId, cancellationToken));
        }

        while (ahead.TryDequeue(out Task<JourneyDecision?>? next))
            await WriteAsync(output, await next, cancellationToken);
    }

    private static async Task WriteAsync(Stream output, JourneyDecision? decision, CancellationToken cancellationToken)
    {
        if (decision is null)
            return; // removed meanwhile
        await JsonSerializer.SerializeAsync(output, new ExportedDecision(decision.Lead.Id.Value, DecisionResponse.From(decision)), ApiJson.Options, cancellationToken);
        await output.WriteAsync(LineEnd, cancellationToken);
    }
}
