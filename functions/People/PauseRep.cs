using System.Text.Json;
using Abm.Decisions;
using Abm.Functions.Explain;
using Abm.Functions.Http;
using Abm.Functions.Routing;
using Abm.Functions.Storage.Reps;
using Abm.People;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Abm.Functions.People;

/// <summary>Somebody takes no turns in pools for a while, and comes back. Leads that are theirs by name reach them all the same.</summary>
public sealed class PauseRep(IRepCatalogue catalogue, Callers callers, TimeProvider clock)
{
    private const int MaxBodyBytes = 4 * 1024;
    private static readonly int[] Minutes = [30, 60, 90];
    private static readonly TimeSpan Longest = TimeSpan.FromDays(7);

    /// <summary><c>POST /api/reps/{id}/pause</c> with <c>{minutes: 30 | 60 | 90}</c> or <c>{until}</c>, up to seven days ahead; what is longer is an absence.</summary>
    [Function(nameof(PauseRep))]
    public async Task<IActionResult> PauseAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "reps/{id}/pause")] HttpRequest request, string id, CancellationToken cancellationToken)
    {
        if (await RefusalAsync(callers.Of(request), id, cancellationToken) is { } forbidden)
            return forbidden;
        DateTimeOffset now = clock.GetUtcNow();
        (DateTimeOffset? until, ApiResult? refusal) = await ReadAsync(request, now, cancellationToken);
        return until is null ? refusal! : await SetAsync(id, until, cancellationToken);
    }

    /// <summary><c>POST /api/reps/{id}/resume</c>.</summary>
    [Function("ResumeRep")]
    public async Task<IActionResult> ResumeAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "reps/{id}/resume")] HttpRequest request, string id, CancellationToken cancellationToken) =>
        await RefusalAsync(callers.Of(request), id, cancellationToken) is { } forbidden ? forbidden : await SetAsync(id, null, cancellationToken);

    /// <summary>Operations may pause anybody; a rep pauses themselves and those whom they manage. Who signed in is known by the address, or the id, that the list of reps has.</summary>
    private async Task<ApiResult?> RefusalAsync(Caller caller, string id, CancellationToken cancellationToken)
    {
        if (caller.Refusal(Caller.Admin, Caller.Ops, Caller.Rep) is { } forbidden)
            return forbidden;
        if (caller.May(Caller.Admin, Caller.Ops))
            return null;
        RepsState state = await catalogue.CurrentAsync(cancellationToken);
        if (!IdText.IsValid(id) || !state.Reps.ContainsKey(RepId.Parse(id)))
            return Problems.NotFound("There is nobody of this id.");
        return Teams.Of(caller.Name, state.Reps) is { } who && Teams.IsInCharge(who, RepId.Parse(id), state.Reps)
            ? null
            : Problems.Of(StatusCodes.Status403Forbidden, "forbidden", "You may not do this.", "Reps pause themselves and those whom they manage; it takes the role ops or admin to pause others.", []);
    }

    private async Task<IActionResult> SetAsync(string id, DateTimeOffset? until, CancellationToken cancellationToken)
    {
        if (!IdText.IsValid(id) || !(await catalogue.CurrentAsync(cancellationToken)).Reps.ContainsKey(RepId.Parse(id)))
            return Problems.NotFound("There is nobody of this id.");
        RepId rep = RepId.Parse(id);
        RepsState saved = await catalogue.SaveAsync(
            state => state.Reps.TryGetValue(rep, out Rep? known) && known.PausedUntil != until ? [known with { PausedUntil = until }] : [], cancellationToken);
        return new ApiResult(StatusCodes.Status200OK, RepResponse.From(saved.Reps[rep]));
    }

    private static async Task<(DateTimeOffset? Until, ApiResult? Refusal)> ReadAsync(HttpRequest request, DateTimeOffset now, CancellationToken cancellationToken)
    {
        using JsonBody body = await JsonBody.ReadAsync(request, MaxBodyBytes, cancellationToken);
        if (body.Document is null)
            return (null, body.Refusal);
        JsonElement root = body.Document.RootElement;
        if (root.ValueKind != JsonValueKind.Object)
            return (null, Problems.Invalid("wrongType", "", "A JSON object is expected."));
        List<Problem> problems = [];
        bool hasMinutes = root.TryGetProperty("minutes", out JsonElement minutes) && minutes.ValueKind != JsonValueKind.Null;
        string? text = JsonFields.Text(root, "until", problems);
        if (problems.Count > 0)
            return (null, Problems.Invalid(problems));
        if (hasMinutes == text is not null)
            return (null, Problems.Invalid("required", "minutes", "Say either minutes, 30, 60 or 90, or until when."));
        if (hasMinutes)
        {
            return minutes.ValueKind == JsonValueKind.Number && minutes.TryGetInt32(out int count) && Minutes.Contains(count)
                ? (now + TimeSpan.FromMinutes(count), null)
                : (null, Problems.Invalid("unknownValue", "minutes", "It must be 30, 60 or 90."));
        }

        if (!Instants.TryRead(text!, out DateTimeOffset until))
            return (null, Problems.Invalid("wrongType", "until", "It must be an instant such as 2026-11-21T09:00:00Z."));
        return until > now && until <= now + Longest
            ? (until, null)
            : (null, Problems.Invalid("outOfRange", "until", "It must be in the future, at most seven days ahead; what is longer is an absence."));
    }
}
