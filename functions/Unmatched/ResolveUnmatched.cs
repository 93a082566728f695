using System.Text.Json;
using Abm.Accounts;
using Abm.Decisions;
using Abm.Functions.Accounts;
using Abm.Functions.Configuration.Versions;
using Abm.Functions.Corrections;
using Abm.Functions.Explain;
using Abm.Functions.Http;
using Abm.Functions.Journeys;
using Abm.Functions.Messages;
using Abm.Functions.Plays;
using Abm.Functions.Rematch;
using Abm.Functions.Storage.Accounts;
using Abm.Journeys;
using Abm.Ports;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace Abm.Functions.Unmatched;

/// <summary>What became of a resolution.</summary>
/// <param name="Duplicate">The same person or another had said the same before; nothing was changed.</param>
/// <param name="State"><c>resolved</c> or <c>snoozed</c>.</param>
/// <param name="DecisionId">The decision in force: a new one, unless somebody works on the lead already.</param>
/// <param name="IsCaseKept">Whether it is kept as a case that drafts are held against.</param>
/// <param name="ExceptionDraft">The draft that holds the exception; null: none was asked for.</param>
public sealed record ResolutionResponse(
    string LeadId, string Action, bool Duplicate, ReviewState State, string? AccountId, DateTimeOffset? Until, string? DecisionId, LeadResponse Lead, bool IsCaseKept, DraftResponse? ExceptionDraft);

/// <summary>A person places a lead that the matcher left to people, says that it is nobody's, or puts it off.</summary>
public sealed class ResolveUnmatched(
    Redeciding redeciding,
    LeadProcessing processing,
    LeadFileChanges changes,
    ILeadFileStore files,
    IReviewList waiting,
    DecisionLists lists,
    IAccountCatalogue accounts,
    CaseKeeper cases,
    ExceptionDrafts drafts,
    IMessageSender queues,
    Callers callers,
    TimeProvider clock)
{
    /// <summary>A message that brings to its end what a crash may leave undone; it finds everything done when there was none.</summary>
    private static readonly TimeSpan SafetyNet = TimeSpan.FromMinutes(1);

    /// <summary><c>POST /api/unmatched/{leadId}/resolve</c> with <c>{action, accountId?, account?, until?, reason, by?, exceptionRule?}</c>. If-Match overrules what others said meanwhile.</summary>
    [Function(nameof(ResolveUnmatched))]
    public Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "unmatched/{leadId}/resolve")] HttpRequest request,
        string leadId,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) => RunAsync(request, leadId, new DurablePlayStarter(client), cancellationToken);

    internal async Task<IActionResult> RunAsync(HttpRequest request, string leadId, IPlayStarter plays, CancellationToken cancellationToken)
    {
        Caller caller = callers.Of(request);
        if (caller.Refusal(Caller.Admin, Caller.Ops, Caller.Rep) is { } forbidden)
            return forbidden;
        DateTimeOffset now = clock.GetUtcNow();
        (ResolutionBody? body, ApiResult? refusal) = await ResolutionBody.ReadAsync(request, caller, leadId, now, cancellationToken);
        if (body is null)
            return refusal!;
        EditCondition condition = EntityTags.Condition(request);
        if (condition is EditCondition.Unreadable or EditCondition.MustBeNew)
            return Problems.Invalid("invalidTag", "If-Match", "The ETag of GET /api/unmatched/{leadId} is expected.");
        if (!IdText.IsValid(leadId) || await files.ReadAsync(LeadId.Parse(leadId), cancellationToken) is not { } file)
            return Problems.NotFound("There is no lead of this id.");
        if (file.Lead.DecisionId is null)
            return Conflict("not-decided", "The lead is not decided yet.").WithRetryAfter(TimeSpan.FromSeconds(1));
        if (condition is EditCondition.MustBeOneOf tags && !tags.Allows(ListUnmatched.TagOf(file)))
            return Problems.PreconditionFailed("The lead is not as If-Match names it. Look at it again.");

        ReviewItem? item = await waiting.FindAsync(file.Lead.Lead.Id, file.Lead.Lead.ReceivedAt, cancellationToken);
        if (body.Action == ResolutionBody.Snooze)
            return await SnoozeAsync(file, body, item, cancellationToken);
        bool isSame = IsSame(file, body);
        if (!isSame && condition is EditCondition.Unstated && WhyNotOpen(file, item) is { } otherwise)
            return Conflict("resolved-otherwise", otherwise);

        if (!isSame && body.Action == ResolutionBody.Ignore && file is { Stop: not null, Lead.PinnedAccountId: { } worked })
            return Conflict("resolved-otherwise", $"Somebody works on the lead at {worked}.");

        (ConfigDraft? draft, refusal) = body.Rule is null ? (null, null) : await drafts.ReadAsync(body.Rule, cancellationToken);
        if (refusal is not null)
            return refusal;
        if (await AccountAsync(body, cancellationToken) is { } unusable)
            return unusable;
        return await ResolveAsync(file, body, item, isSame, draft, new Actor(caller.Name, RequestId.Of(request)), now, plays, cancellationToken);
    }

    private async Task<IActionResult> ResolveAsync(
        LeadFile file, ResolutionBody body, ReviewItem? item, bool isSame, ConfigDraft? draft, Actor who, DateTimeOffset now, IPlayStarter plays, CancellationToken cancellationToken)
    {
        LeadId lead = file.Lead.Lead.Id;
        string before = file.Lead.DecisionId!;
        if (!isSame && file.Stop is null)
        {
            await queues.SendAsync(LeadsReceivedMessage.Queue, JsonSerializer.Serialize(new LeadsReceivedMessage(1, [lead.Value])), SafetyNet, cancellationToken);
            RedecisionOrder order = new(
                "resolved", $"{body.Action}|{body.AccountId?.Value}|{before}", body.By, body.AccountId, body.Action == ResolutionBody.Ignore, Details(body));
            DecisionFacts facts = await processing.GatherAsync(cancellationToken);
            switch (await redeciding.DecideAsync(lead, facts, order, f => f.Lead.DecisionId == before && f.Lead.PinnedAccountId == file.Lead.PinnedAccountId && f.Lead.IsIgnored == file.Lead.IsIgnored, plays, cancellationToken))
            {
                case Redecided.Done done:
                    file = done.File;
                    isSame = !done.IsNew;
                    break;
                case Redecided.Unwanted changed when IsSame(changed.File, body):
                    (file, isSame) = (changed.File, true); // the same call came twice at once
                    break;
                case Redecided.Unwanted:
                    return Conflict("resolved-otherwise", "Somebody else changed the lead in this very moment. Look at it again.");
                default:
                    return Conflict("play-starting", "Its play is just being started. Try again in a moment.").WithRetryAfter(TimeSpan.FromSeconds(1));
            }
        }
        else if (!isSame)
        {
            // Somebody touched it or ended it: it is placed, and stays with whoever works on it.
            (file, bool isNew) = await changes.ApplyAsync(lead, f => IsSame(f, body) ? null : Placed(f, body, before, now), cancellationToken);
            isSame = !isNew;
        }

        // Also for a repeat: the first attempt may have died on the way.
        if (await files.FindDecisionAsync(lead, file.Lead.DecisionId!, cancellationToken) is { } inForce)
        {
            if (isSame && file.Stop is null)
                await redeciding.FinishAsync(file, inForce, null, plays, cancellationToken);
            await lists.PutPlacedAsync(inForce, file.Lead.AccountId, file.Lead.OwnerId, cancellationToken);
        }

        if (item is not null)
            await waiting.ResolveAsync(item, new ReviewResolution(body.Action, body.AccountId, body.By, now), cancellationToken);
        bool isCase = body.Action == ResolutionBody.Ignore
            ? await cases.KeepAsync(lead, before, "outcome", "unmatched", item?.Outcome ?? "unmatched", body.By, now, cancellationToken)
            : await cases.KeepAsync(lead, before, "account", body.AccountId!.Value, null, body.By, now, cancellationToken);
        DraftResponse? kept = draft is null ? null : await drafts.KeepAsync(draft, body.By, body.Reason, who, cancellationToken);
        return new ApiResult(
            StatusCodes.Status200OK,
            new ResolutionResponse(lead.Value, body.Action, isSame, ReviewState.Resolved, body.AccountId?.Value, null, file.Lead.DecisionId, LeadResponse.From(file), isCase, kept));
    }

    private async Task<IActionResult> SnoozeAsync(LeadFile file, ResolutionBody body, ReviewItem? item, CancellationToken cancellationToken)
    {
        ReviewSnooze snooze = new(body.Until!.Value, body.By);
        if (item is null || !await waiting.SnoozeAsync(file.Lead.Lead.Id, file.Lead.Lead.ReceivedAt, snooze, cancellationToken))
            return Conflict("resolved-otherwise", "The lead does not wait for anybody any more.");
        return new ApiResult(
            StatusCodes.Status200OK,
            new ResolutionResponse(
                file.Lead.Lead.Id.Value, body.Action, item.Snooze?.Until == body.Until, ReviewState.Snoozed, null, body.Until, file.Lead.DecisionId, LeadResponse.From(file), IsCaseKept: false, ExceptionDraft: null));
    }

    /// <summary>Null when the account is there now; it was created if that was asked.</summary>
    private async Task<ApiResult?> AccountAsync(ResolutionBody body, CancellationToken cancellationToken)
    {
        if (body.Account is not { } wanted)
        {
            return body.AccountId is { } id && (await accounts.CurrentAsync(cancellationToken)).Index.Find(id) is null
                ? Problems.Invalid("unknownValue", "accountId", "There is no account of this id.")
                : null;
        }

        ApiResult? refusal = null;
        await accounts.SaveAsync(
            state =>
            {
                refusal = null;
                if (!state.Accounts.TryGetValue(wanted.Id.Value, out Account? known))
                {
                    if (state.Merges.GetValueOrDefault(wanted.Id.Value) is not { } merge)
                        return [new AccountChange.Saved(wanted)];
                    refusal = Conflict("account-exists", $"The account {wanted.Id} was merged into {merge.Into}. Pin the lead to that one, or choose another id.");
                    return [];
                }

                if (AccountResponse.TagOf(known) != AccountResponse.TagOf(wanted))
                    refusal = Conflict("account-exists", $"There is another account {wanted.Id}. Pin the lead to it, or choose another id.");
                return [];
            },
            cancellationToken);
        return refusal;
    }

    private static bool IsSame(LeadFile file, ResolutionBody body) => body.Action == ResolutionBody.Ignore
        ? file.Lead is { IsIgnored: true, PinnedAccountId: null }
        : file.Lead.PinnedAccountId is { } pinned && pinned == body.AccountId;

    /// <summary>Why the lead is nothing that waits; null when it is.</summary>
    private static string? WhyNotOpen(LeadFile file, ReviewItem? item) => file.Lead switch
    {
        { PinnedAccountId: { } pinned } => $"A person placed the lead at {pinned} already. Look at it, and send its ETag in If-Match to overrule that.",
        { IsIgnored: true } => "A person said that the lead is nobody's. Look at it, and send its ETag in If-Match to overrule that.",
        { Outcome: "matched" } when item is null => $"The lead is matched to {file.Lead.AccountId} now. Look at it, and send its ETag in If-Match to overrule that.",
        _ => null,
    };

    private static LeadFileChange Placed(LeadFile file, ResolutionBody body, string before, DateTimeOffset now) => new(
        file with
        {
            Lead = body.Action == ResolutionBody.Ignore
                ? file.Lead with { IsIgnored = true }
                : file.Lead with { AccountId = body.AccountId, PinnedAccountId = body.AccountId, Outcome = "matched" },
        },
        new LeadEvent(DerivedId.From("evt", "resolved", file.Lead.Lead.Id.Value, $"{body.Action}|{body.AccountId?.Value}|{before}|{file.Lead.PinnedAccountId?.Value}"), "resolved", now, body.By, Details(body)));

    private static Dictionary<string, string> Details(ResolutionBody body) => new(StringComparer.Ordinal)
    {
        ["action"] = body.Action,
        ["accountId"] = body.AccountId?.Value ?? "",
        ["note"] = body.Reason,
    };

    private static ApiResult Conflict(string type, string detail) => Problems.Of(409, type, "The lead cannot be resolved like this.", detail, []);
}
