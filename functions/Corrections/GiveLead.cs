using Abm.Configuration;
using Abm.Decisions;
using Abm.Functions.Delivery;
using Abm.Functions.Explain;
using Abm.Functions.Http;
using Abm.Functions.Journeys;
using Abm.Functions.Plays;
using Abm.Journeys;
using Abm.People;
using Abm.Plays;
using Abm.Ports;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace Abm.Functions.Corrections;

/// <summary>The lead after a person gave it to somebody.</summary>
/// <param name="Duplicate">It was that person's already.</param>
/// <param name="IsCaseKept">Whether the correction is kept as a case that drafts are held against.</param>
public sealed record ReassignmentResponse(string LeadId, string? FormerOwnerId, string OwnerId, bool Duplicate, LeadResponse Lead, bool IsCaseKept);

/// <summary>A person gives a lead to somebody else. The former owner's clock stops, the new owner's starts, the account's goes on; the play goes on with the new owner.</summary>
/// <remarks>No pool is charged: nobody's turn came.</remarks>
public sealed class GiveLead(
    LeadFileChanges changes,
    ILeadFileStore files,
    DecisionLists lists,
    PlayFacts facts,
    PlayNotifications notifications,
    CaseKeeper cases,
    IPlayStarter plays,
    Callers callers,
    TimeProvider clock,
    ILogger<GiveLead> logger)
{
    /// <summary><c>POST /api/leads/{id}/reassign</c> with <c>{ownerId, reason, by?}</c>.</summary>
    [Function("ReassignLeadByHand")]
    public async Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "leads/{id}/reassign")] HttpRequest request, string id, CancellationToken cancellationToken)
    {
        Caller caller = callers.Of(request);
        if (caller.Refusal(Caller.Admin, Caller.Ops, Caller.Rep) is { } forbidden)
            return forbidden;
        (CorrectionBody? body, ApiResult? refusal) = await CorrectionBody.ReadAsync(request, caller, "ownerId", needsReason: true, cancellationToken);
        if (body is null)
            return refusal!;
        IReadOnlyDictionary<RepId, Rep> reps = await facts.RepsAsync(cancellationToken);
        if (!reps.TryGetValue(RepId.Parse(body.Target), out Rep? owner) || !owner.IsActive)
            return Problems.Invalid("unknownValue", "ownerId", "Nobody active of this id can own leads.");
        if (!IdText.IsValid(id) || await files.ReadAsync(LeadId.Parse(id), cancellationToken) is not { } before)
            return Problems.NotFound("There is no lead of this id.");
        if (before.Lead.DecisionId is null || await files.FindDecisionAsync(before.Lead.Lead.Id, before.Lead.DecisionId, cancellationToken) is not { } decision)
            return NotYet("not-decided", "The lead is not decided yet.");
        if (before.Plays.Any(p => p.Status == PlayStatus.Pending))
            return NotYet("play-starting", "Its play is just being started.");

        DateTimeOffset now = clock.GetUtcNow();
        PlayStartInput? start = before.Plays.FirstOrDefault(p => p.Status == PlayStatus.Running) is { } running ? await PlayStarts.OfAsync(files, before, running.PlayId, cancellationToken) : null;
        AbmConfig config = await facts.ConfigAsync(start?.ConfigVersion ?? decision.ConfigVersion, cancellationToken);
        PlayPlan? begun = start is null ? null : PlayDecider.Plan(start, config, reps);
        PlayPlan? next = null;
        (LeadFile file, bool isNew) = await changes.ApplyAsync(
            before.Lead.Lead.Id,
            f =>
            {
                // Each try lays the plan anew: the play itself may have changed hands meanwhile.
                PlayPlan? now1 = begun is null || f.Stop is not null ? null : HandOvers.Follow(begun, f, config, reps);
                next = null;
                if (f.Lead.OwnerId == owner.Id)
                {
                    next = now1;
                    return null;
                }

                next = now1 is null ? null : PlayDecider.Replan(now1, owner.Id, now, config, reps);
                return Given(f, owner.Id, now1, next, body, now);
            },
            cancellationToken);

        // Also for a repeat: the first attempt may have died between keeping and telling.
        await lists.PutPlacedAsync(decision, file.Lead.AccountId, owner.Id, cancellationToken);
        if (next is not null)
        {
            await changes.ShowAsync(file, next.Start.PlayId, cancellationToken);
            foreach (PlannedStep step in next.Steps.Where(s => s.Action == PlayAction.Notify && s.DoAt <= next.OwnerClock.StartAt))
                await notifications.SendAsync(next, step, file, cancellationToken);
        }

        foreach (PlayRecord told in file.Plays.Where(p => p.Status == PlayStatus.Running))
            await plays.SignalAsync(told.PlayId, cancellationToken);
        bool isCase = isNew && await cases.KeepAsync(
            file.Lead.Lead.Id, decision.DecisionId, "owner", owner.Id.Value, before.Lead.OwnerId?.Value, body.By, now, cancellationToken);
        if (isNew)
            logger.LeadGiven(file.Lead.Lead.Id.Value, before.Lead.OwnerId?.Value ?? "nobody", owner.Id.Value);
        return new ApiResult(
            StatusCodes.Status200OK, new ReassignmentResponse(file.Lead.Lead.Id.Value, before.Lead.OwnerId?.Value, owner.Id.Value, !isNew, LeadResponse.From(file), isCase));
    }

    private static LeadFileChange Given(LeadFile file, RepId owner, PlayPlan? former, PlayPlan? next, CorrectionBody body, DateTimeOffset now)
    {
        LeadFile changed = former is not null && next is not null && PlayFiles.Reassigned(file, former, next, now) is { } play
            ? play.File
            : file with { Lead = file.Lead with { OwnerId = owner } };
        string formerOwner = file.Lead.OwnerId?.Value ?? "";
        Dictionary<string, string> details = new(StringComparer.Ordinal) { ["ownerId"] = owner.Value, ["formerOwnerId"] = formerOwner, ["note"] = body.Reason! };
        if (next is not null)
            details["playId"] = next.Start.PlayId;
        return new LeadFileChange(
            changed,
            new LeadEvent(DerivedId.From("evt", "given", file.Lead.Lead.Id.Value, formerOwner, owner.Value, body.Occasion(now)), "reassigned", now, body.By, details));
    }

    private static ApiResult NotYet(string type, string detail) =>
        Problems.Of(409, type, "The lead cannot be given away yet.", $"{detail} Try again in a moment.", []).WithRetryAfter(TimeSpan.FromSeconds(1));
}

internal static partial class CorrectionsLog
{
    [LoggerMessage(1850, LogLevel.Information, "Lead {LeadId} was given from {FormerOwnerId} to {OwnerId} by a person")]
    public static partial void LeadGiven(this ILogger logger, string leadId, string formerOwnerId, string ownerId);
}
