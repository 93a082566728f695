using System.Diagnostics;
using Abm.Configuration;
using Abm.Decisions;
using Abm.Functions.Http;
using Abm.Ports;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Abm.Functions.Configuration.Versions;

/// <summary>Checks, keeps and publishes configurations, and goes back to earlier ones.</summary>
public sealed class PublishFunctions(IConfigVersions versions, ConfigPublisher publisher, DraftCheck check, IConfigSource source, Callers callers, TimeProvider clock)
{
    /// <summary>How far ahead something can be scheduled.</summary>
    public static readonly TimeSpan MaxAhead = TimeSpan.FromDays(366);

    /// <summary><c>POST /api/config/validate</c> with files: what is wrong or odd, and what would change. Nothing is kept.</summary>
    [Function(nameof(ValidateConfig))]
    public async Task<IActionResult> ValidateConfig(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "config/validate")] HttpRequest request, CancellationToken cancellationToken)
    {
        if (callers.Of(request).Refusal(Caller.Admin, Caller.Ops, Caller.Rep, Caller.Viewer) is { } refusal)
            return refusal;
        (ConfigUpload? upload, ApiResult? unread) = await ConfigUpload.ReadAsync(request, cancellationToken);
        if (upload is null)
            return unread!;
        if (upload.Files is not { Count: > 0 } files)
            return Problems.Invalid("required", "files", "Send the files to check.");
        if (ConfigDraft.Read(files) is not ConfigDraftReading.Accepted(var draft))
            return new ApiResult(StatusCodes.Status200OK, new ValidateResponse(IsValid: false, null, DraftCheck.Errors(((ConfigDraftReading.Refused)ConfigDraft.Read(files)).Problems), null));
        IReadOnlyList<Finding> findings = await check.FindingsAsync(draft, cancellationToken);
        return new ApiResult(
            StatusCodes.Status200OK,
            new ValidateResponse(
                findings.All(f => f.Severity != LintSeverity.Error),
                draft.Version,
                findings,
                ConfigDiff.Between(await source.CurrentAsync(cancellationToken), draft.Config)));
    }

    /// <summary><c>POST /api/config/drafts</c> with files and <c>reason</c>: keeps a version that is not in force, to be tried and published by its id.</summary>
    [Function(nameof(KeepDraft))]
    public async Task<IActionResult> KeepDraft(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "config/drafts")] HttpRequest request, CancellationToken cancellationToken)
    {
        (Asked? asked, IActionResult? refusal) = await ReadAsync(request, cancellationToken);
        if (asked is null)
            return refusal!;
        if (asked.Upload.Files is not { Count: > 0 } files)
            return Problems.Invalid("required", "files", "Send the files of the draft.");
        switch (ConfigDraft.Read(files))
        {
            case ConfigDraftReading.Refused(var problems):
                return ChosenDraft.Refused(DraftCheck.Errors(problems));
            case ConfigDraftReading.Accepted(var draft):
                KeptDraft kept = await publisher.KeepAsync(draft, asked.Order, cancellationToken);
                return new ApiResult(
                    kept.IsNew ? StatusCodes.Status201Created : StatusCodes.Status200OK,
                    new DraftResponse(kept.Version.Version, kept.Version.BaseVersion, !kept.IsNew, kept.Findings));
            default:
                throw new UnreachableException();
        }
    }

    /// <summary><c>POST /api/config/publish</c> with files or <c>version</c>, <c>reason</c>, <c>approver?</c>, <c>activateAt?</c>, <c>accept?</c>, <c>pending?</c>; If-Match names what is in force.</summary>
    [Function(nameof(PublishConfig))]
    public async Task<IActionResult> PublishConfig(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "config/publish")] HttpRequest request, CancellationToken cancellationToken)
    {
        (Asked? asked, IActionResult? refusal) = await ReadAsync(request, cancellationToken);
        if (asked is null)
            return refusal!;
        if (ConditionRefusal(request, isRequired: true, out EditCondition condition) is { } unconditional)
            return unconditional;
        (ConfigDraft? draft, ApiResult? unread) = await ChosenDraft.OfAsync(asked.Upload, versions, cancellationToken);
        if (draft is null)
            return unread!;
        return await AnswerAsync(await publisher.PublishAsync(draft, asked.Order, now => Allows(condition, now), cancellationToken), condition, cancellationToken);
    }

    /// <summary><c>POST /api/config/rollback</c> with <c>to</c>, <c>reason</c>, <c>pending?</c>: a version that was in force before. If-Match is heeded, not demanded.</summary>
    [Function(nameof(RollbackConfig))]
    public async Task<IActionResult> RollbackConfig(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "config/rollback")] HttpRequest request, CancellationToken cancellationToken)
    {
        (Asked? asked, IActionResult? refusal) = await ReadAsync(request, cancellationToken);
        if (asked is null)
            return refusal!;
        if (ConditionRefusal(request, isRequired: false, out EditCondition condition) is { } unreadable)
            return unreadable;
        if (asked.Order.ActivateAt is not null)
            return Problems.Invalid("notApplicable", "activateAt", "Going back is at once; to schedule an earlier version, publish it.");
        if (asked.Upload.Fields.GetValueOrDefault("to") is not { Length: > 0 } to || !IdText.IsValid(to))
            return Problems.Invalid("required", "to", "Name the version to go back to.");
        return await AnswerAsync(await publisher.RollbackAsync(to, asked.Order, now => Allows(condition, now), cancellationToken), condition, cancellationToken);
    }

    /// <summary><c>POST /api/config/activations/{sequence}/cancel</c> with <c>reason</c>: takes back what is scheduled.</summary>
    [Function(nameof(CancelActivation))]
    public async Task<IActionResult> CancelActivation(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "config/activations/{sequence}/cancel")] HttpRequest request,
        string sequence,
        CancellationToken cancellationToken)
    {
        (Asked? asked, IActionResult? refusal) = await ReadAsync(request, cancellationToken);
        if (asked is null)
            return refusal!;
        if (!long.TryParse(sequence, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out long number))
            return Problems.NotFound("There is no such activation.");
        return await AnswerAsync(await publisher.CancelAsync(number, asked.Order, cancellationToken), new EditCondition.Unstated(), cancellationToken);
    }

    private async Task<(Asked? Asked, IActionResult? Refusal)> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        Caller caller = callers.Of(request);
        if (caller.Refusal(Caller.Admin, Caller.Ops) is { } forbidden)
            return (null, forbidden);
        (ConfigUpload? upload, ApiResult? unread) = await ConfigUpload.ReadAsync(request, cancellationToken);
        if (upload is null)
            return (null, unread);
        List<Problem> problems = [];
        PublishOrder order = upload.Order(caller, RequestId.Of(request), problems);
        DateTimeOffset now = clock.GetUtcNow();
        if (order.ActivateAt <= now || order.ActivateAt > now + MaxAhead)
            problems.Add(new Problem("outOfRange", "activateAt", "It must be in the future, and within a year. Leave it out to publish at once."));
        return problems.Count > 0 ? (null, Problems.Invalid(problems)) : (new Asked(upload, order), null);
    }

    private static ApiResult? ConditionRefusal(HttpRequest request, bool isRequired, out EditCondition condition)
    {
        condition = EntityTags.Condition(request);
        return condition switch
        {
            EditCondition.Unreadable => Problems.Invalid("invalidTag", "If-Match", "A list of ETags is expected."),
            EditCondition.MustBeNew => Problems.Invalid("notApplicable", "If-None-Match", "Name what is in force in If-Match."),
            EditCondition.Unstated when isRequired => Problems.PreconditionRequired("Send the ETag of GET /api/config in If-Match, so that nobody else's publication is undone."),
            _ => null,
        };
    }

    private static bool Allows(EditCondition condition, InForce now) => condition is not EditCondition.MustBeOneOf tags || tags.Allows(now.ETag);

    private async Task<IActionResult> AnswerAsync(PublishOutcome outcome, EditCondition condition, CancellationToken cancellationToken) => outcome switch
    {
        PublishOutcome.Done done => new ApiResult(
            StatusCodes.Status200OK,
            new PublishResponse(ActivationResponse.From(done.Entry), !done.IsNew, done.Now.Activation!.Version, done.Now.ETag, [.. done.Now.Pending.Select(ActivationResponse.From)]))
            .WithHeader("ETag", done.Now.ETag),
        PublishOutcome.ChangedMeanwhile changed => await ChangedAsync(changed.Now, condition, cancellationToken),
        PublishOutcome.Refused refused => ChosenDraft.Refused(refused.Findings),
        PublishOutcome.NeedsApproval => Problems.Of(
            422, "approval-required", "A second person must approve.", "The rules in force ask for an approver other than the author.",
            [new Problem("required", "approver", "Name who approved; it must not be the author.")]),
        PublishOutcome.Blocked blocked => Blocked(blocked),
        PublishOutcome.PendingUndecided pending => new ApiResult(409, new PendingResponse(
            "urn:abm:problem:activation-pending", "Something is scheduled.", 409,
            "Say what is to become of it: pending = keep or cancel. At most 20 may be scheduled.", [.. pending.Pending.Select(ActivationResponse.From)])),
        PublishOutcome.Unknown => Problems.NotFound("No such version was in force before."),
        PublishOutcome.NotPending => Problems.Of(409, "not-pending", "Nothing to take back.", "No activation of this number waits for its instant.", []),
        PublishOutcome.TooBusy => Problems.Unavailable("Others publish all the time. Look what is in force and try again.", TimeSpan.FromSeconds(1)),
        _ => throw new UnreachableException(),
    };

    private async Task<ApiResult> ChangedAsync(InForce now, EditCondition condition, CancellationToken cancellationToken)
    {
        string? yours = (condition as EditCondition.MustBeOneOf)?.Tags.Select(InForce.VersionIn).FirstOrDefault(v => v is not null && IdText.IsValid(v));
        AbmConfig? before = yours is null ? null : await source.FindAsync(yours, cancellationToken);
        AbmConfig? after = now.Activation is { } active ? await source.FindAsync(active.Version, cancellationToken) : null;
        return new ApiResult(412, new ChangedMeanwhileResponse(
            "urn:abm:problem:changed-meanwhile",
            "It was changed meanwhile.",
            412,
            "Something else is in force than If-Match names. Look at the changes, put yours on top of them, and publish again.",
            before?.Version,
            now.Activation?.Version,
            now.ETag,
            now.Activation is { } entry ? ActivationResponse.From(entry) : null,
            before is null || after is null ? null : ConfigDiff.Between(before, after))).WithHeader("ETag", now.ETag);
    }

    private static ApiResult Blocked(PublishOutcome.Blocked gate) => new(409, new GateResponse(
        "urn:abm:problem:publish-gate",
        "The publish gate is shut.",
        409,
        gate.Run is null
            ? "How many leads would go another way is not known. Run POST /api/config/dry-run for this draft first, or send accept = true."
            : FormattableString.Invariant($"{gate.Run.Flips} of {gate.Run.Decisions} leads would go another way; {gate.MaxFlipsPercent} % may. Send accept = true when that is wanted."),
        gate.Draft,
        gate.Base,
        gate.Run?.Decisions,
        gate.Run?.Flips,
        gate.Run?.FlipPercent,
        gate.MaxFlipsPercent,
        gate.Run?.RanAt));

    private sealed record Asked(ConfigUpload Upload, PublishOrder Order);
}
