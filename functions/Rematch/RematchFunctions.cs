using System.Globalization;
using System.Text.Json;
using Abm.Decisions;
using Abm.Functions.Explain;
using Abm.Functions.Http;
using Abm.Functions.Messages;
using Abm.Functions.Plays;
using Abm.Functions.Quarantine;
using Abm.Functions.Storage;
using Abm.Ports;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace Abm.Functions.Rematch;

/// <summary>Takes from the queue what is to be matched anew.</summary>
public sealed class RematchLeads(RematchRun run, SetAside setAside)
{
    [Function(nameof(RematchLeads))]
    public async Task RunAsync([QueueTrigger(RematchMessage.Queue)] string body, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken)
    {
        if (Read(body) is not { } message)
        {
            await setAside.AddAsync(RematchMessage.Queue, body, cancellationToken);
            return;
        }

        await run.RunAsync(message, new DurablePlayStarter(client), cancellationToken);
    }

    /// <summary>What failed several times waits for a person.</summary>
    [Function("QuarantineRematch")]
    public Task PoisonedAsync([QueueTrigger(RematchMessage.Queue + "-poison")] string body, CancellationToken cancellationToken) => setAside.AddAsync(RematchMessage.Queue, body, cancellationToken);

    /// <returns>Null: nobody can work with it.</returns>
    internal static RematchMessage? Read(string body)
    {
        try
        {
            return JsonSerializer.Deserialize<RematchMessage>(body, StoredJson.Options) is { Version: 1 } message && IdText.IsValid(message.ReportId)
                && (message.Keys is not null || message.Since is not null || message.Leads is not null) ? message : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>A look at leads that was asked for.</summary>
public sealed record RematchResponse(string ReportId, bool DryRun, string StatusUrl);

/// <summary>What a look at leads came to.</summary>
/// <param name="Cause"><c>accounts</c>: accounts changed; <c>asked</c>: a person asked.</param>
/// <param name="Examined">Leads that were looked at.</param>
/// <param name="Counts">Items by what became of them; complete once it is finished.</param>
/// <param name="FinishedAt">Null: it goes on.</param>
public sealed record RematchReportResponse(
    string ReportId, string Cause, string? By, bool DryRun, DateTimeOffset StartedAt, int Examined, IReadOnlyDictionary<string, int> Counts, DateTimeOffset? FinishedAt)
{
    public static RematchReportResponse From(RematchReport r) => new(r.ReportId, r.Cause, r.By, r.IsDryRun, r.StartedAt, r.Examined, r.Counts, r.FinishedAt);
}

/// <summary>A report with a page of its items.</summary>
public sealed record RematchDetailResponse(RematchReportResponse Report, IReadOnlyList<RematchItemResponse> Items, string? Next);

/// <summary>A lead of which the match changed, or would have.</summary>
/// <param name="Became"><c>moved</c>, <c>wouldMove</c>, <c>manual</c>, <c>worked</c> or <c>busy</c>.</param>
/// <param name="Why">Code of the reason that decided.</param>
public sealed record RematchItemResponse(string LeadId, string Became, string FromOutcome, string? FromAccountId, string ToOutcome, string? ToAccountId, string Why, string Says, DateTimeOffset At)
{
    public static RematchItemResponse From(RematchItem i) => new(i.Lead.Value, i.Became, i.FromOutcome, i.From?.Value, i.ToOutcome, i.To?.Value, i.Why, i.Says, i.At);
}

/// <summary>Asks for leads to be matched anew, and shows what that moved.</summary>
public sealed class RematchFunctions(RematchNotices notices, IRematchReports reports, Callers callers, TimeProvider clock)
{
    private const int MaxBodyBytes = 4 * 1024;
    private static readonly TimeSpan FurthestBack = TimeSpan.FromDays(400);

    /// <summary><c>POST /api/rematch</c> with <c>{since, dryRun?}</c>: leads received since then, by the rules and accounts of now. A change of rules matches nothing anew by itself.</summary>
    [Function("AskRematch")]
    public async Task<IActionResult> AskAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "rematch")] HttpRequest request, CancellationToken cancellationToken)
    {
        Caller caller = callers.Of(request);
        if (caller.Refusal(Caller.Admin, Caller.Ops) is { } forbidden)
            return forbidden;
        using JsonBody body = await JsonBody.ReadAsync(request, MaxBodyBytes, cancellationToken);
        if (body.Document is null)
            return body.Refusal!;
        DateTimeOffset now = clock.GetUtcNow();
        List<Problem> problems = [];
        (DateTimeOffset since, bool dryRun) = Read(body.Document.RootElement, now, problems);
        if (problems.Count > 0)
            return Problems.Invalid(problems);

        // Asked twice within a minute it is one look.
        string occasion = request.Headers["Idempotency-Key"].ToString() is { Length: > 0 and <= 255 } key ? key : now.UtcDateTime.ToString("yyyy-MM-ddTHH:mm", CultureInfo.InvariantCulture);
        string reportId = DerivedId.From("rem", "asked", caller.Name, occasion, since.UtcTicks.ToString(CultureInfo.InvariantCulture), dryRun ? "dry" : "real");
        if (await reports.FindAsync(reportId, cancellationToken) is null)
        {
            await notices.SendAsync(new RematchMessage(1, reportId, RematchMessage.OfPerson, caller.Name, dryRun, now, Keys: null, AccountsBefore: 0, since), TimeSpan.Zero, cancellationToken);
            await reports.PutAsync(new RematchReport(reportId, RematchMessage.OfPerson, caller.Name, dryRun, now, 0, new Dictionary<string, int>(), null), cancellationToken);
        }

        return new ApiResult(StatusCodes.Status202Accepted, new RematchResponse(reportId, dryRun, $"/api/rematch/reports/{reportId}"));
    }

    /// <summary><c>GET /api/rematch/reports</c>: newest first.</summary>
    [Function("ListRematchReports")]
    public async Task<IActionResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "rematch/reports")] HttpRequest request, CancellationToken cancellationToken)
    {
        List<Problem> problems = [];
        PageQuery page = PageQuery.Read(request, problems);
        return problems.Count > 0
            ? Problems.Invalid(problems)
            : await ListPages.OfAsync(() => reports.ListAsync(page.Limit, page.After, cancellationToken), RematchReportResponse.From);
    }

    /// <summary><c>GET /api/rematch/reports/{id}</c>: with its items, page by page.</summary>
    [Function("GetRematchReport")]
    public async Task<IActionResult> GetAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "rematch/reports/{id}")] HttpRequest request, string id, CancellationToken cancellationToken)
    {
        List<Problem> problems = [];
        PageQuery page = PageQuery.Read(request, problems);
        if (problems.Count > 0)
            return Problems.Invalid(problems);
        if (!IdText.IsValid(id) || await reports.FindAsync(id, cancellationToken) is not { } report)
            return Problems.NotFound("There is no report of this id.");
        try
        {
            ListPage<RematchItem> items = await reports.ItemsAsync(id, page.Limit, page.After, cancellationToken);
            return new ApiResult(
                StatusCodes.Status200OK,
                new RematchDetailResponse(RematchReportResponse.From(report), [.. items.Items.Select(RematchItemResponse.From)], items.Next is null ? null : Cursor.After(items.Next)));
        }
        catch (FormatException)
        {
            return Problems.Invalid("invalidCursor", "cursor", "This is no cursor that a list gave out as next.");
        }
    }

    private static (DateTimeOffset Since, bool DryRun) Read(JsonElement root, DateTimeOffset now, List<Problem> problems)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            problems.Add(new Problem("wrongType", "", "A JSON object is expected."));
            return default;
        }

        bool dryRun = false;
        if (root.TryGetProperty("dryRun", out JsonElement dry) && dry.ValueKind != JsonValueKind.Null)
        {
            if (dry.ValueKind is JsonValueKind.True or JsonValueKind.False)
                dryRun = dry.GetBoolean();
            else
                problems.Add(new Problem("wrongType", "dryRun", "true or false is expected."));
        }

        DateTimeOffset since = default;
        if (!root.TryGetProperty("since", out JsonElement from) || from.ValueKind == JsonValueKind.Null)
            problems.Add(new Problem("required", "since", "Say from when on leads are looked at, such as 2026-11-01T00:00:00Z."));
        else if (JsonFields.TextOf(from, "since", []) is not { } text || !Instants.TryRead(text, out since))
            problems.Add(new Problem("wrongType", "since", "It must be an instant such as 2026-11-01T00:00:00Z."));
        else if (since > now || since < now - FurthestBack)
            problems.Add(new Problem("outOfRange", "since", "It must be in the past, and within 400 days."));
        return (since, dryRun);
    }
}
