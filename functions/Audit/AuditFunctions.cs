using System.Text.Json;
using Abm.Decisions;
using Abm.Functions.Explain;
using Abm.Functions.Http;
using Abm.Functions.Intake;
using Abm.Ports;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Abm.Functions.Audit;

/// <summary>An entry of the audit.</summary>
public sealed record AuditResponse(
    string Id, DateTimeOffset At, string By, string Kind, string Subject, string? Why, string? ConfigVersion, string? RequestId, IReadOnlyDictionary<string, string> Details)
{
    public static AuditResponse From(AuditEntry entry) =>
        new(entry.Id, entry.At, entry.By, entry.Kind, entry.Subject, entry.Why, entry.ConfigVersion, entry.RequestId, entry.Details);
}

/// <summary>Shows who did and saw what.</summary>
public sealed class AuditFunctions(IAuditLog log, Callers callers)
{
    private const int MaxTextLength = 200;

    /// <summary><c>GET /api/audit?from=&amp;to=&amp;by=&amp;kind=&amp;subject=</c>: newest first. A page may be short and still have a next one.</summary>
    [Function(nameof(ListAudit))]
    public async Task<IActionResult> ListAudit(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "audit")] HttpRequest request, CancellationToken cancellationToken)
    {
        if (callers.Of(request).Refusal(Caller.Admin, Caller.Ops) is { } refusal)
            return refusal;
        List<Problem> problems = [];
        PageQuery page = PageQuery.Read(request, problems);
        AuditFilter filter = ReadFilter(request, problems);
        return problems.Count > 0
            ? Problems.Invalid(problems)
            : await ListPages.OfAsync(() => log.ListAsync(filter, page.Limit, page.After, cancellationToken), AuditResponse.From);
    }

    /// <summary><c>GET /api/audit/export?…</c>: the same as NDJSON, all of it, one entry a line.</summary>
    [Function(nameof(ExportAudit))]
    public async Task<IActionResult> ExportAudit(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "audit/export")] HttpRequest request, CancellationToken cancellationToken)
    {
        if (callers.Of(request).Refusal(Caller.Admin, Caller.Ops) is { } refusal)
            return refusal;
        List<Problem> problems = [];
        AuditFilter filter = ReadFilter(request, problems);
        if (problems.Count > 0)
            return Problems.Invalid(problems);

        // The first page is read before anything is sent: a storage that is away is a 503 and no half of a file.
        return new AuditExport(log, filter, await log.ListAsync(filter, PageQuery.MaxLimit, null, cancellationToken));
    }

    private static AuditFilter ReadFilter(HttpRequest request, List<Problem> problems)
    {
        AuditFilter filter = new(
            ListFilters.Instant(request, "from", problems),
            ListFilters.Instant(request, "to", problems),
            FieldText.Clean(request.Query["by"], "by", MaxTextLength, allowsLines: false, problems),
            FieldText.Clean(request.Query["kind"], "kind", MaxTextLength, allowsLines: false, problems),
            FieldText.Clean(request.Query["subject"], "subject", MaxTextLength, allowsLines: false, problems));
        if (filter.From >= filter.To)
            problems.Add(new Problem("outOfRange", "to", "It must be after from."));
        return filter;
    }
}

/// <summary>The audit as a stream of lines: bounded in memory, however long it is.</summary>
internal sealed class AuditExport(IAuditLog log, AuditFilter filter, ListPage<AuditEntry> first) : IActionResult
{
    private static readonly byte[] LineEnd = "\n"u8.ToArray();

    /// <inheritdoc/>
    public async Task ExecuteResultAsync(ActionContext context)
    {
        CancellationToken gone = context.HttpContext.RequestAborted;
        HttpResponse response = context.HttpContext.Response;
        ListPage<AuditEntry> page = first;
        response.StatusCode = StatusCodes.Status200OK;
        response.ContentType = "application/x-ndjson; charset=utf-8";
        response.Headers.ContentDisposition = "attachment; filename=\"audit.ndjson\"";
        context.HttpContext.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        while (true)
        {
            foreach (AuditEntry entry in page.Items)
            {
                await JsonSerializer.SerializeAsync(response.Body, AuditResponse.From(entry), ApiJson.Options, gone);
                await response.Body.WriteAsync(LineEnd, gone);
            }

            if (page.Next is null)
                return;
            page = await log.ListAsync(filter, PageQuery.MaxLimit, page.Next, gone);
        }
    }
}
