using Abm.Accounts;
using Abm.Configuration;
using Abm.Decisions;
using Abm.Functions.Explain;
using Abm.Functions.Http;
using Abm.Functions.Journeys;
using Abm.Functions.Plays;
using Abm.Journeys;
using Abm.Matching;
using Abm.Ports;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Abm.Functions.Corrections;

/// <summary>The lead after a person placed it.</summary>
/// <param name="Duplicate">It was placed there before.</param>
/// <param name="WouldHaveBeen">What the matcher says today.</param>
/// <param name="IsCaseKept">Whether the correction is kept as a case that drafts are held against.</param>
public sealed record AssociationResponse(string LeadId, bool Duplicate, LeadResponse Lead, WouldHaveBeenResponse WouldHaveBeen, bool IsCaseKept);

/// <summary>What the matcher would say without the person's choice.</summary>
public sealed record WouldHaveBeenResponse(string Outcome, string? AccountId, double? Confidence, IReadOnlyList<ReasonResponse> Reasons)
{
    public static WouldHaveBeenResponse From(MatchDecision match) => new(
        match switch
        {
            MatchDecision.Matched => "matched",
            MatchDecision.Review => "review",
            _ => "unmatched",
        },
        (match as MatchDecision.Matched)?.Account.Value,
        (match as MatchDecision.Matched)?.Confidence,
        ReasonResponse.From(match.Reasons));
}

/// <summary>A person says which account a lead belongs to. No decision overwrites that.</summary>
public sealed class AssociateLead(
    LeadFileChanges changes, ILeadFileStore files, DecisionLists lists, CaseKeeper cases, IAccountDirectory accounts, IConfigSource config, Callers callers, TimeProvider clock)
{
    /// <summary><c>PUT /api/leads/{id}</c> with <c>{accountId, by?, reason?}</c>. Owner and plays stay; a lead that is not decided yet is decided with it.</summary>
    [Function(nameof(AssociateLead))]
    public async Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "put", Route = "leads/{id}")] HttpRequest request, string id, CancellationToken cancellationToken)
    {
        Caller caller = callers.Of(request);
        if (caller.Refusal(Caller.Admin, Caller.Ops, Caller.Rep) is { } forbidden)
            return forbidden;
        (CorrectionBody? body, ApiResult? refusal) = await CorrectionBody.ReadAsync(request, caller, "accountId", needsReason: false, cancellationToken);
        if (body is null)
            return refusal!;
        if (!IdText.IsValid(id) || await files.ReadAsync(LeadId.Parse(id), cancellationToken) is not { } before)
            return Problems.NotFound("There is no lead of this id.");
        IAccountIndex index = await accounts.CurrentAsync(cancellationToken);
        if (index.Find(AccountId.Parse(body.Target)) is not { } account)
            return Problems.Invalid("unknownValue", "accountId", "There is no account of this id.");

        DateTimeOffset now = clock.GetUtcNow();
        (LeadFile file, bool isNew) = await changes.ApplyAsync(before.Lead.Lead.Id, f => Pinned(f, account.Id, body, now), cancellationToken);

        // Also for a repeat: the first attempt may have died between keeping and telling.
        bool isCase = await cases.KeepAsync(file.Lead.Lead.Id, file.Lead.DecisionId, "account", account.Id.Value, before.Lead.AccountId?.Value, body.By, now, cancellationToken);
        if (file.Lead.DecisionId is { } decisionId && await files.FindDecisionAsync(file.Lead.Lead.Id, decisionId, cancellationToken) is { } decision)
            await lists.PutPlacedAsync(decision, account.Id, file.Lead.OwnerId, cancellationToken);
        AbmConfig inForce = await config.CurrentAsync(cancellationToken);
        MatchDecision said = LeadMatcher.Match(file.Lead.Lead, index, inForce, now);
        return new ApiResult(
            StatusCodes.Status200OK, new AssociationResponse(file.Lead.Lead.Id.Value, !isNew, LeadResponse.From(file), WouldHaveBeenResponse.From(said), isCase));
    }

    private static LeadFileChange? Pinned(LeadFile file, AccountId account, CorrectionBody body, DateTimeOffset now)
    {
        if (file.Lead.PinnedAccountId == account)
            return null;
        Dictionary<string, string> details = new(StringComparer.Ordinal) { ["accountId"] = account.Value, ["formerAccountId"] = file.Lead.AccountId?.Value ?? "" };
        if (body.Reason is not null)
            details["note"] = body.Reason;
        LeadId lead = file.Lead.Lead.Id;
        return new LeadFileChange(
            file with { Lead = file.Lead with { AccountId = account, PinnedAccountId = account, Outcome = file.Lead.Outcome is null ? null : "matched" } },
            new LeadEvent(DerivedId.From("evt", "associated", lead.Value, file.Lead.AccountId?.Value ?? "", account.Value, body.Occasion(now)), "associated", now, body.By, details));
    }
}
