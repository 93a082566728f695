using System.Text.Json;
using Abm.Clocks;
using Abm.Configuration;
using Abm.Decisions;
using Abm.Functions.Explain;
using Abm.Functions.Http;
using Abm.Functions.Intake;
using Abm.Functions.Plays;
using Abm.Ports;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace Abm.Functions.Clocks;

/// <summary>Shows one clock with its whole explanation, and pauses and resumes it.</summary>
public sealed class ClockFunctions(ClockFiles clocks, IConfigSource config, Callers callers, TimeProvider clock)
{
    private const int MaxBodyBytes = 16 * 1024;

    /// <summary><c>GET /api/clocks/{id}</c>: how the deadline came about, in stretches and in sentences.</summary>
    [Function(nameof(GetClock))]
    public async Task<IActionResult> GetClock(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "clocks/{id}")] HttpRequest request, string id, CancellationToken cancellationToken) =>
        await clocks.FindAsync(id, cancellationToken) is { } found
            ? new ApiResult(StatusCodes.Status200OK, ClockDetailResponse.From(found.Clock, await clocks.RulesOfAsync(found.Clock, cancellationToken), clock.GetUtcNow()))
            : NotFound();

    /// <summary><c>POST /api/clocks/{id}/pause</c> with <c>{reason, by?, note?}</c>: one of the reasons that the policy allows.</summary>
    [Function(nameof(PauseClock))]
    public Task<IActionResult> PauseClock(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "clocks/{id}/pause")] HttpRequest request,
        string id,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) => ChangeAsync(request, id, isPause: true, new DurablePlayStarter(client), cancellationToken);

    /// <summary><c>POST /api/clocks/{id}/resume</c> with <c>{reason?, by?, note?}</c>: without a reason every pause ends.</summary>
    [Function(nameof(ResumeClock))]
    public Task<IActionResult> ResumeClock(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "clocks/{id}/resume")] HttpRequest request,
        string id,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) => ChangeAsync(request, id, isPause: false, new DurablePlayStarter(client), cancellationToken);

    internal async Task<IActionResult> ChangeAsync(HttpRequest request, string id, bool isPause, IPlayStarter plays, CancellationToken cancellationToken)
    {
        Caller caller = callers.Of(request);
        if (caller.Refusal(Caller.Admin, Caller.Ops, Caller.Rep) is { } forbidden)
            return forbidden;
        (ClockBody? body, IActionResult? refusal) = await ClockBody.ReadAsync(request, caller, isPause, MaxBodyBytes, cancellationToken);
        if (body is null)
            return refusal!;
        if (await clocks.FindAsync(id, cancellationToken) is not { } found)
            return NotFound();

        AbmConfig rules = await clocks.RulesOfAsync(found.Clock, cancellationToken);
        SlaPolicy? policy = (await config.CurrentAsync(cancellationToken)).SlaPolicies.GetValueOrDefault(found.Clock.Policy) ?? rules.SlaPolicies.GetValueOrDefault(found.Clock.Policy);
        DateTimeOffset now = clock.GetUtcNow();
        ClockAnswer? answer = null;
        (ClockRecord? changed, bool isNew) = await clocks.ChangeAsync(
            found.Place,
            current =>
            {
                answer = isPause
                    ? ClockChanges.Pause(current, policy, body.Reason!, body.By, now)
                    : ClockChanges.Resume(current, body.Reason, body.By, now, ClockChanges.CalendarOf(current, rules));
                return answer is ClockAnswer.Changed(var after)
                    ? (after, isPause
                        ? ClockEvents.Paused(after, body.By, now, body.Note)
                        : ClockEvents.Resumed(after, body.By, now, body.Note, string.Join(", ", current.Pauses.Where(p => p.Until is null && (body.Reason is null || p.Reason == body.Reason)).Select(p => p.Reason))))
                    : null;
            },
            cancellationToken);
        if (answer is ClockAnswer.Refused(var code, var says))
            return code == "unknownReason" ? Problems.Invalid(code, "reason", says) : Problems.Of(409, "clock-" + Kebab(code), "The clock cannot do that now.", says, [new Problem(code, "", says)]);
        if (changed is null)
            return NotFound();
        await clocks.ShowAsync(changed, plays, cancellationToken);
        return new ApiResult(StatusCodes.Status200OK, new ClockChangeResponse(!isNew, ClockDetailResponse.From(changed, rules, now)));
    }

    private static string Kebab(string code) => string.Concat(code.Select(c => char.IsUpper(c) ? "-" + char.ToLowerInvariant(c) : c.ToString()));

    private static ApiResult NotFound() => Problems.NotFound("There is no clock of this id.");
}

/// <param name="Duplicate">It stood so already; nothing was changed.</param>
public sealed record ClockChangeResponse(bool Duplicate, ClockDetailResponse Clock);

/// <summary>What somebody asks of a clock.</summary>
internal sealed record ClockBody(string? Reason, string By, string? Note)
{
    private static readonly string[] Known = ["reason", "by", "note"];

    public static async Task<(ClockBody? Body, IActionResult? Refusal)> ReadAsync(HttpRequest request, Caller caller, bool needsReason, int maxBytes, CancellationToken cancellationToken)
    {
        // To resume needs no body at all.
        if (!needsReason && request.ContentLength is 0 or null && string.IsNullOrEmpty(request.ContentType))
            return (new ClockBody(null, caller.Name, null), null);
        using JsonBody body = await JsonBody.ReadAsync(request, maxBytes, cancellationToken);
        if (body.Document is null)
            return (null, body.Refusal);
        JsonElement root = body.Document.RootElement;
        if (root.ValueKind != JsonValueKind.Object)
            return (null, Problems.Invalid("wrongType", "", "A JSON object is expected."));
        List<Problem> problems = [.. root.EnumerateObject().Where(p => !Known.Contains(p.Name, StringComparer.Ordinal)).Select(_ => new Problem("unknownField", "", $"What is taken is {string.Join(", ", Known)}."))];
        string? reason = Text(root, "reason", 40, false, problems);
        if (reason is null && needsReason && problems.All(p => p.Field != "reason"))
            problems.Add(new Problem("required", "reason", "Say why: one of the reasons that the policy allows."));
        string? by = FieldText.CleanId(Text(root, "by", IdText.MaxLength, false, problems), "by", problems);
        string? note = Text(root, "note", 2_000, true, problems);
        return problems.Count > 0 ? (null, Problems.Invalid(problems)) : (new ClockBody(reason, caller.IsPerson ? caller.Name : by ?? caller.Name, note), null);
    }

    private static string? Text(JsonElement root, string field, int maxLength, bool allowsLines, List<Problem> problems) =>
        FieldText.Clean(JsonFields.Text(root, field, problems), field, maxLength, allowsLines, problems);
}
