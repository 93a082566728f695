using System.Text.Json;
using Abm.Functions.Accounts;
using Abm.Functions.Explain;
using Abm.Functions.Http;
using Abm.Ports;
using Abm.Replays;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Abm.Functions.Corrections;

/// <summary>One correction that a person made.</summary>
/// <param name="Facet">What was corrected: <c>account</c>, <c>outcome</c> or <c>owner</c>.</param>
/// <param name="Expected">What the person said.</param>
/// <param name="Lead">As it was sent.</param>
/// <param name="Accounts">Those that the decision looked at, as they were.</param>
public sealed record ExportedCase(
    string CaseId, string LeadId, string Facet, string Expected, string? Was, DateTimeOffset At, string By, SubmittedResponse Lead, IReadOnlyList<AccountResponse> Accounts);

/// <summary>Gives the labelled cases away, for evaluating a matcher outside: <c>tests/Abm.Evaluation --cases</c> reads them.</summary>
public sealed class ExportCases(ICaseStore cases, Callers callers)
{
    /// <summary><c>GET /api/cases/export</c>: one case a line, in no particular order.</summary>
    [Function(nameof(ExportCases))]
    public IActionResult Run([HttpTrigger(AuthorizationLevel.Function, "get", Route = "cases/export")] HttpRequest request) =>
        callers.Of(request).Refusal(Caller.Admin, Caller.Ops) is { } forbidden ? forbidden : new CaseExport(cases);
}

/// <summary>Cases as a stream of lines; one is held at a time.</summary>
internal sealed class CaseExport(ICaseStore cases) : IActionResult
{
    private static readonly byte[] LineEnd = "\n"u8.ToArray();

    /// <inheritdoc/>
    public async Task ExecuteResultAsync(ActionContext context)
    {
        HttpResponse response = context.HttpContext.Response;
        response.StatusCode = StatusCodes.Status200OK;
        response.ContentType = "application/x-ndjson; charset=utf-8";
        response.Headers.ContentDisposition = "attachment; filename=\"cases.ndjson\"";
        context.HttpContext.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        CancellationToken gone = context.HttpContext.RequestAborted;
        await foreach (LabelledCase labelled in cases.ReadAsync(gone))
        {
            await JsonSerializer.SerializeAsync(response.Body, Of(labelled), ApiJson.Options, gone);
            await response.Body.WriteAsync(LineEnd, gone);
        }
    }

    private static ExportedCase Of(LabelledCase c) => new(
        c.CaseId, c.Lead.Value, c.Facet, c.Expected, c.Was, c.At, c.By, SubmittedResponse.From(c.Inputs.Lead.Submitted), [.. c.Inputs.Accounts.Accounts.Select(AccountResponse.From)]);
}
