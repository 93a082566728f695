using Abm.Decisions;
using Abm.Functions.Explain;
using Abm.Functions.Http;
using Abm.Functions.Plays;
using Abm.Functions.Routing;
using Abm.People;
using Abm.Ports;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace Abm.Functions.Corrections;

/// <summary>The lead after a person gave it to somebody.</summary>
/// <param name="Pool">The pool whose next got it; null when a person was named.</param>
/// <param name="Duplicate">It was that person's already.</param>
/// <param name="IsCaseKept">Whether the correction is kept as a case that drafts are held against.</param>
public sealed record ReassignmentResponse(string LeadId, string? FormerOwnerId, string OwnerId, string? Pool, bool Duplicate, LeadResponse Lead, bool IsCaseKept);

/// <summary>A person gives a lead to somebody else, or to the next of a pool. The former owner's clock stops, the new owner's starts, the account's goes on; the play goes on with the new owner.</summary>
/// <remarks>A named owner is charged no turn: nobody's came. The next of a pool is.</remarks>
public sealed class GiveLead(
    LeadGiving giving, PoolHandOver handOver, RoutingMemory memory, PoolCredits credits, ILeadFileStore files, PlayFacts facts, IConfigSource config, CaseKeeper cases, Callers callers, TimeProvider clock,
    ILogger<GiveLead> logger)
{
    /// <summary><c>POST /api/leads/{id}/reassign</c> with <c>{ownerId | pool, reason, by?, excludeFormer?}</c>.</summary>
    [Function("ReassignLeadByHand")]
    public async Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "leads/{id}/reassign")] HttpRequest request, string id, CancellationToken cancellationToken)
    {
        Caller caller = callers.Of(request);
        if (caller.Refusal(Caller.Admin, Caller.Ops, Caller.Rep) is { } forbidden)
            return forbidden;
        (CorrectionBody? body, ApiResult? refusal) = await CorrectionBody.ReadAsync(request, caller, "ownerId", needsReason: true, cancellationToken, other: "pool", flag: "excludeFormer");
        if (body is null)
            return refusal!;
        return body.IsOther ? await ToPoolAsync(id, body, cancellationToken) : await ToRepAsync(id, body, cancellationToken);
    }

    private async Task<IActionResult> ToRepAsync(string id, CorrectionBody body, CancellationToken cancellationToken)
    {
        IReadOnlyDictionary<RepId, Rep> reps = await facts.RepsAsync(cancellationToken);
        if (!reps.TryGetValue(RepId.Parse(body.Target), out Rep? owner) || !owner.IsActive)
            return Problems.Invalid("unknownValue", "ownerId", "Nobody active of this id can own leads.");
        if (!IdText.IsValid(id))
            return Problems.NotFound("There is no lead of this id.");
        DateTimeOffset now = clock.GetUtcNow();
        LeadGiven given = await giving.GiveAsync(LeadId.Parse(id), new LeadGift(owner.Id, body.By, body.Reason!, body.Occasion(now)), cancellationToken);
        if (given is not LeadGiven.Done done)
            return Refused(given);
        if (done.IsNew)
            await memory.OwnerAsync(done.File, owner.Id, now, cancellationToken);
        await credits.SettleAsync(done.File, disposition: null, cancellationToken);
        return await AnswerAsync(done, pool: null, body, now, cancellationToken);
    }

    private async Task<IActionResult> ToPoolAsync(string id, CorrectionBody body, CancellationToken cancellationToken)
    {
        if (!(await config.CurrentAsync(cancellationToken)).Pools.ContainsKey(body.Target))
            return Problems.Invalid("unknownValue", "pool", "There is no pool of this name.");
        if (!IdText.IsValid(id) || await files.ReadAsync(LeadId.Parse(id), cancellationToken) is not { } file)
            return Problems.NotFound("There is no lead of this id.");
        DateTimeOffset now = clock.GetUtcNow();

        // Whoever has it now is never next; everybody who had it before is not either, unless that is asked for.
        IReadOnlyList<RepId> excluded = body.Flag == false ? [.. new[] { file.Lead.OwnerId }.OfType<RepId>()] : await handOver.OwnersAsync(file, cancellationToken);
        PoolGiven given = await handOver.NextAsync(
            file.Lead.Lead.Id, body.Target, excluded, "reassigned by hand", body.Occasion(now), owner => new LeadGift(owner, body.By, body.Reason!, body.Occasion(now)), cancellationToken);
        return given switch
        {
            PoolGiven.To to => await AnswerAsync(to.Given, body.Target, body, now, cancellationToken),
            PoolGiven.Nobody nobody => Problems.Of(
                409, "nobody-eligible", "Nobody in the pool can take the lead now.", string.Join(" ", nobody.Reasons.Select(r => r.Says)),
                [new Problem("nobodyEligible", "pool", $"Nobody in pool {body.Target} can take it now.")]),
            PoolGiven.Not not => Refused(not.Why),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    private async Task<ApiResult> AnswerAsync(LeadGiven.Done done, string? pool, CorrectionBody body, DateTimeOffset now, CancellationToken cancellationToken)
    {
        LeadId lead = done.File.Lead.Lead.Id;
        string owner = done.File.Lead.OwnerId?.Value ?? "";
        bool isCase = done.IsNew && await cases.KeepAsync(lead, done.Decision.DecisionId, "owner", owner, done.Former?.Value, body.By, now, cancellationToken);
        if (done.IsNew)
            logger.LeadGiven(lead.Value, done.Former?.Value ?? "nobody", owner);
        return new ApiResult(StatusCodes.Status200OK, new ReassignmentResponse(lead.Value, done.Former?.Value, owner, pool, !done.IsNew, LeadResponse.From(done.File), isCase));
    }

    private static ApiResult Refused(LeadGiven given) => given switch
    {
        LeadGiven.NotYet notYet => Problems.Of(409, notYet.Code, "The lead cannot be given away yet.", $"{notYet.Says} Try again in a moment.", []).WithRetryAfter(TimeSpan.FromSeconds(1)),
        LeadGiven.Unwanted => Problems.Of(409, "changed", "The lead changed meanwhile.", "Somebody else worked on it. Look at it again.", []),
        _ => Problems.NotFound("There is no lead of this id."),
    };
}

internal static partial class CorrectionsLog
{
    [LoggerMessage(1850, LogLevel.Information, "Lead {LeadId} was given from {FormerOwnerId} to {OwnerId} by a person")]
    public static partial void LeadGiven(this ILogger logger, string leadId, string formerOwnerId, string ownerId);
}
