using System.Globalization;
using Abm.Configuration;
using Abm.Decisions;
using Abm.Functions.Http;
using Abm.Functions.Intake;
using Abm.Plays;
using Abm.Ports;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace Abm.Functions.Plays;

/// <summary>The play after it was told something.</summary>
/// <param name="EventId">Of what was kept; null: nothing but the play's own state changed.</param>
/// <param name="Duplicate">Whether this very thing was kept before.</param>
public sealed record PlayToldResponse(string PlayId, string? EventId, bool Duplicate, PlayResponse Play);

/// <summary>Tells a play that something happened, and ends one: kept first, told to the instance second.</summary>
public sealed class TellPlay(IPlayFiles plays, PlayAnswers show, PlayFacts facts, Callers callers, TimeProvider clock, ILogger<TellPlay> logger)
{
    private static readonly TimeSpan MaxAhead = TimeSpan.FromMinutes(5);

    /// <summary><c>POST /api/plays/{id}/events/{name}</c> with <c>{by?, reason?, at?}</c>. The same event again, by its Idempotency-Key or its words within a minute, changes nothing.</summary>
    [Function(nameof(TellPlay))]
    public async Task<IActionResult> TellAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "plays/{id}/events/{name}")] HttpRequest request,
        string id,
        string name,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) => await TellAsync(request, id, name, new DurablePlayStarter(client), cancellationToken);

    /// <summary><c>POST /api/plays/{id}/cancel</c> with <c>{reason, by?}</c>.</summary>
    [Function("CancelPlay")]
    public async Task<IActionResult> CancelAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "plays/{id}/cancel")] HttpRequest request, string id, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken) =>
        await CancelAsync(request, id, new DurablePlayStarter(client), cancellationToken);

    internal async Task<IActionResult> TellAsync(HttpRequest request, string id, string name, IPlayStarter starter, CancellationToken cancellationToken)
    {
        Caller caller = callers.Of(request);
        if (caller.Refusal(Caller.Admin, Caller.Ops, Caller.Rep) is { } forbidden)
            return forbidden;
        (PlayBody? body, ApiResult? refusal) = await PlayBody.ReadAsync(request, isOptional: true, cancellationToken);
        if (body is null)
            return refusal!;
        using (body)
        {
            string? named = body.Id("by");
            string by = named ?? caller.Name;
            string? reason = body.Text("reason", 2_000, allowsLines: true);
            DateTimeOffset? at = body.Instant("at");
            DateTimeOffset now = clock.GetUtcNow();
            string? key = FieldText.Clean(request.Headers["Idempotency-Key"], "Idempotency-Key", 255, allowsLines: false, body.Problems);
            if (at > now + MaxAhead)
                body.Problems.Add(new Problem("outOfRange", "at", "It must not be in the future."));
            if (!IdText.IsValid(id) || await plays.FindAsync(id, cancellationToken) is not { } file)
                return NoPlay();
            if (at < file.Start.ReceivedAt)
                body.Problems.Add(new Problem("outOfRange", "at", "It must not be before what started the play."));
            PlayRules? play = (await facts.ConfigAsync(file.ConfigVersion, cancellationToken)).Plays.FirstOrDefault(p => p.Name == file.Start.Play);
            IReadOnlyList<string> hears = play is null ? [] : PlayDecider.Hears(play);
            bool isHeard = hears.Contains(name, StringComparer.Ordinal);
            if (file.IsOver && (!isHeard || (reason is null && PlayDecider.NeedsReason(play!, name))))
                return Over(file);
            if (!isHeard)
                return Problems.Of(404, "unknown-event", "The play does not know that event.", $"It hears {string.Join(", ", hears)}.", [new Problem("unknownValue", "name", $"It must be one of {string.Join(", ", hears)}.")]);
            if (reason is null && PlayDecider.NeedsReason(play!, name) && body.Problems.All(p => p.Field != "reason"))
                body.Problems.Add(new Problem("required", "reason", $"'{name}' needs a reason."));
            if (body.Problems.Count > 0)
                return Problems.Invalid(body.Problems);

            // A person's answer is one, whatever key it comes with. Systems may tell the same again and mean it.
            bool isPerson = caller.IsPerson || (named is not null && (await facts.RepsAsync(cancellationToken)).ContainsKey(RepId.Parse(named)));
            if (isPerson && PlayDecider.AnswerOf(play!, file.Progress, name, by) is { } given)
                return await AnsweredAsync(file, given, name, starter, cancellationToken);
            string occasion = key ?? (at is { } instant ? instant.UtcDateTime.ToString("O", CultureInfo.InvariantCulture)
                : isPerson && PlayDecider.WaitsFor(play!, file.Progress, name) ? PlayDecider.StageOf(file.Progress)
                : now.UtcDateTime.ToString("yyyy-MM-ddTHH:mm", CultureInfo.InvariantCulture));
            PlayEvent told = new(DerivedId.From("evt", id, name, key is null ? by : "", key is null ? reason ?? "" : "", occasion), name, at < now ? at.Value : now, by, reason);
            if (file.IsOver && file.Progress.Events.All(e => e.Id != told.Id))
                return Over(file);
            if (!file.IsOver && file.Progress.Events.Count >= PlayDecider.MostEvents)
                return Problems.Of(409, "too-many-events", "The play has heard too much.", $"It keeps {PlayDecider.MostEvents} events. Cancel it, and start another one.", []);

            PlayChanged changed = await PlayTelling.KeepAsync(plays, id, told, cancellationToken);
            if (changed.File is not { } stands)
                return NoPlay();
            if (stands.Progress.Events.All(e => e.Id != told.Id))
                return Over(stands); // it ended in this very moment

            // Also for a repeat: the first attempt may have died between keeping and telling.
            if (!stands.IsOver)
                await starter.SignalAsync(id, cancellationToken);
            logger.PlayHeard(id, name, told.Id, !changed.IsChanged);
            return new ApiResult(StatusCodes.Status200OK, new PlayToldResponse(id, told.Id, !changed.IsChanged, await show.ShowAsync(stands, cancellationToken)));
        }
    }

    internal async Task<IActionResult> CancelAsync(HttpRequest request, string id, IPlayStarter starter, CancellationToken cancellationToken)
    {
        Caller caller = callers.Of(request);
        if (caller.Refusal(Caller.Admin, Caller.Ops, Caller.Rep) is { } forbidden)
            return forbidden;
        (PlayBody? body, ApiResult? refusal) = await PlayBody.ReadAsync(request, isOptional: false, cancellationToken);
        if (body is null)
            return refusal!;
        using (body)
        {
            string reason = body.Required("reason", body.Text("reason", 500), "Say why, for whoever reads the history later.");
            string by = body.Id("by") ?? caller.Name;
            if (body.Problems.Count > 0)
                return Problems.Invalid(body.Problems);
            if (!IdText.IsValid(id))
                return NoPlay();
            PlayChanged changed = await PlayTelling.ChangeAsync(
                plays,
                id,
                file => file.Progress.Stop is not null ? null : file with { Progress = file.Progress with { Stop = new PlayStop(PlayStopKind.Cancelled, clock.GetUtcNow(), $"{by}: {reason}") } },
                cancellationToken);
            if (changed.File is not { } stands)
                return NoPlay();
            if (stands.IsOver && stands.Progress.Outcome != PlayOutcome.Cancelled)
                return Over(stands);
            if (!stands.IsOver)
                await starter.SignalAsync(id, cancellationToken);
            return new ApiResult(StatusCodes.Status200OK, new PlayToldResponse(id, null, !changed.IsChanged, await show.ShowAsync(stands, cancellationToken)));
        }
    }

    private async Task<ApiResult> AnsweredAsync(PlayFile file, PlayEvent given, string name, IPlayStarter starter, CancellationToken cancellationToken)
    {
        string id = file.Start.PlayId;
        if (given.Name != name)
        {
            string says = FormattableString.Invariant($"{given.By} has answered '{given.Name}' on {given.At.UtcDateTime:yyyy-MM-dd HH:mm} UTC{(given.Reason is null ? "" : $": {given.Reason}")}.");
            return Problems.Of(409, "answered", "The play was answered before.", says, [new Problem("answered", "name", says)]);
        }

        // The first attempt may have died between keeping and telling.
        if (!file.IsOver)
            await starter.SignalAsync(id, cancellationToken);
        logger.PlayHeard(id, name, given.Id, true);
        return new ApiResult(StatusCodes.Status200OK, new PlayToldResponse(id, given.Id, Duplicate: true, await show.ShowAsync(file, cancellationToken)));
    }

    private static ApiResult NoPlay() => Problems.NotFound("There is no play of this id.");

    private static ApiResult Over(PlayFile file)
    {
        string says = FormattableString.Invariant($"It ended on {file.Progress.EndedAt?.UtcDateTime:yyyy-MM-dd HH:mm} UTC: {file.Progress.Outcome}{(file.Progress.Result is null ? "" : $", {file.Progress.Result}")}.");
        return Problems.Of(409, "play-over", "The play is over.", says, [new Problem("over", "", says)]);
    }
}
