using System.Text.Json;
using Abm.Decisions;
using Abm.Functions.Explain;
using Abm.Functions.Http;
using Abm.Functions.Intake;
using Abm.Functions.Plays;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace Abm.Functions.Routing;

/// <summary>An open lead that is not where today's rules would send it.</summary>
/// <param name="Should">Who should have it.</param>
/// <param name="Changed"><c>manual</c>, <c>handedOver</c>, or null when it is where it was first sent.</param>
public sealed record OrphanResponse(string LeadId, string? OwnerId, OrphanTarget Should, bool CanMove, string? Changed, string Says, IReadOnlyList<string> Why);

/// <summary>One of the three.</summary>
public sealed record OrphanTarget(string? OwnerId, string? Pool, string? Queue);

/// <summary>A lead that somebody confirmed.</summary>
/// <param name="Became"><c>moved</c>, <c>stays</c>, <c>busy</c> or <c>missing</c>.</param>
public sealed record OrphanMoveResponse(string LeadId, string Became, string? FormerOwnerId, string? OwnerId, string? Queue);

/// <summary>A look at open leads, or what became of those that were confirmed.</summary>
/// <param name="Examined">Leads that were looked at.</param>
/// <param name="Next">Give it back as <c>?cursor=</c> to go on; null at the end.</param>
public sealed record OrphansResponse(int Examined, IReadOnlyList<OrphanResponse> Items, IReadOnlyList<OrphanMoveResponse> Moved, string? Next);

/// <summary>Finds leads that a change of owners, territories or rules has left behind, and moves those that a person confirms.</summary>
public sealed class OrphanFunctions(OrphanScan scan, Callers callers, TimeProvider clock)
{
    private const int MaxBodyBytes = 64 * 1024;
    private const int MaxLeads = 100;
    private static readonly TimeSpan Usual = TimeSpan.FromDays(90);

    /// <summary><c>POST /api/routing/orphans?since=&amp;limit=&amp;cursor=</c> looks; with <c>?apply=true</c> and <c>{leads, reason, by?}</c> it moves those.</summary>
    [Function("ScanOrphans")]
    public async Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "routing/orphans")] HttpRequest request, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken)
    {
        Caller caller = callers.Of(request);
        if (caller.Refusal(Caller.Admin, Caller.Ops) is { } forbidden)
            return forbidden;
        List<Problem> problems = [];
        bool applies = ListFilters.OneOf(request, "apply", ["true", "false"], problems) == "true";
        DateTimeOffset now = clock.GetUtcNow();
        DateTimeOffset since = ListFilters.Instant(request, "since", problems) ?? now - Usual;
        PageQuery page = PageQuery.Read(request, problems);
        if (problems.Count > 0)
            return Problems.Invalid(problems);
        return applies ? await ApplyAsync(request, caller, now, client, cancellationToken) : await LookAsync(since, page, cancellationToken);
    }

    private async Task<IActionResult> LookAsync(DateTimeOffset since, PageQuery page, CancellationToken cancellationToken)
    {
        try
        {
            (IReadOnlyList<FoundOrphan> found, int examined, string? next) = await scan.ScanAsync(since, page.Limit, page.After, cancellationToken);
            return new ApiResult(StatusCodes.Status200OK, new OrphansResponse(
                examined,
                [
                    .. found.Select(f => new OrphanResponse(
                        f.Lead.Value, f.Owner?.Value, new OrphanTarget(f.Orphan.Owner?.Value, f.Orphan.Pool, f.Orphan.Queue), f.Orphan.CanMove, f.Changed, f.Orphan.Says, f.Why)),
                ],
                [],
                next is null ? null : Cursor.After(next)));
        }
        catch (FormatException)
        {
            return Problems.Invalid("invalidCursor", "cursor", "This is no cursor that a list gave out as next.");
        }
    }

    private async Task<IActionResult> ApplyAsync(HttpRequest request, Caller caller, DateTimeOffset now, DurableTaskClient client, CancellationToken cancellationToken)
    {
        (IReadOnlyList<LeadId>? leads, string? reason, string? by, ApiResult? refusal) = await ReadAsync(request, caller, cancellationToken);
        if (leads is null)
            return refusal!;
        List<OrphanMoveResponse> moved = [];
        string occasion = now.UtcDateTime.ToString("yyyy-MM-ddTHH:mm", System.Globalization.CultureInfo.InvariantCulture);
        DurablePlayStarter plays = new(client);
        foreach (LeadId lead in leads)
        {
            MovedOrphan result = await scan.MoveAsync(lead, by!, reason!, occasion, plays, cancellationToken);
            moved.Add(new OrphanMoveResponse(lead.Value, result.Became, result.From?.Value, result.To?.Value, result.Queue));
        }

        return new ApiResult(StatusCodes.Status200OK, new OrphansResponse(leads.Count, [], moved, null));
    }

    private static async Task<(IReadOnlyList<LeadId>? Leads, string? Reason, string? By, ApiResult? Refusal)> ReadAsync(HttpRequest request, Caller caller, CancellationToken cancellationToken)
    {
        using JsonBody body = await JsonBody.ReadAsync(request, MaxBodyBytes, cancellationToken);
        if (body.Document is null)
            return (null, null, null, body.Refusal);
        JsonElement root = body.Document.RootElement;
        if (root.ValueKind != JsonValueKind.Object)
            return (null, null, null, Problems.Invalid("wrongType", "", "A JSON object is expected."));
        List<Problem> problems = [];
        List<LeadId> leads = [];
        if (!root.TryGetProperty("leads", out JsonElement list) || list.ValueKind != JsonValueKind.Array || list.GetArrayLength() is 0 or > MaxLeads)
        {
            problems.Add(new Problem("required", "leads", $"Name 1 to {MaxLeads} leads by their ids, as a list."));
        }
        else
        {
            foreach (JsonElement item in list.EnumerateArray())
            {
                string? id = JsonFields.TextOf(item, "leads", problems);
                if (IdText.IsValid(id))
                    leads.Add(LeadId.Parse(id!));
                else if (id is not null)
                    problems.Add(new Problem("invalidId", "leads", "Each must be the id of a lead."));
            }
        }

        string? by = FieldText.CleanId(JsonFields.Text(root, "by", problems), "by", problems);
        string? reason = FieldText.Clean(JsonFields.Text(root, "reason", problems), "reason", 2_000, allowsLines: true, problems);
        if (reason is null && problems.All(p => p.Field != "reason"))
            problems.Add(new Problem("required", "reason", "Say why, for whoever reads the history later."));
        return problems.Count > 0 ? (null, null, null, Problems.Invalid(problems)) : ([.. leads.Distinct()], reason, by ?? caller.Name, null);
    }
}
