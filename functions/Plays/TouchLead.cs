using System.Globalization;
using System.Text.Json;
using Abm.Decisions;
using Abm.Functions.Explain;
using Abm.Functions.Http;
using Abm.Functions.Intake;
using Abm.Functions.Journeys;
using Abm.Functions.Routing;
using Abm.Plays;
using Abm.Ports;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace Abm.Functions.Plays;

/// <summary>The lead after a person did something about it.</summary>
/// <param name="EventId">Of what was kept.</param>
/// <param name="Duplicate">Whether this very touch was kept before.</param>
public sealed record TouchResponse(string LeadId, string EventId, bool Duplicate, LeadResponse Lead);

/// <summary>A person got in touch with the lead, or ended it: kept first, told to the play second.</summary>
public sealed class TouchLead(LeadFileChanges changes, RoutingMemory memory, PoolCredits credits, TimeProvider clock, ILogger<TouchLead> logger)
{
    private const int MaxBodyBytes = 16 * 1024;
    private static readonly string[] Dispositions = ["disqualified", "merged", "cancelled", "junk", "duplicate", "test", "noShow"];
    private static readonly string[] Kinds = ["call", "email", "meeting", "linkedin", "status"];

    /// <summary><c>POST /api/leads/{id}/touch</c> with <c>{kind, by, at?, note?}</c>. The same touch again changes nothing.</summary>
    [Function(nameof(TouchLead))]
    public async Task<IActionResult> TouchAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "leads/{id}/touch")] HttpRequest request,
        string id,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
    {
        (ActionRead? read, IActionResult? refusal) = await ReadAsync(request, "kind", Kinds, cancellationToken);
        if (read is null)
            return refusal!;
        return await ApplyAsync(id, read, "touch", PlayStopKind.Touched, new DurablePlayStarter(client), cancellationToken);
    }

    /// <summary><c>POST /api/leads/{id}/disposition</c> with <c>{disposition, by, at?, note?}</c>: ends the lead's plays.</summary>
    [Function("DisposeLead")]
    public async Task<IActionResult> EndAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "leads/{id}/disposition")] HttpRequest request,
        string id,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
    {
        (ActionRead? read, IActionResult? refusal) = await ReadAsync(request, "disposition", Dispositions, cancellationToken);
        if (read is null)
            return refusal!;
        PlayStopKind kind = read.Kind switch
        {
            "disqualified" or "junk" or "noShow" => PlayStopKind.Disqualified,
            "merged" or "duplicate" => PlayStopKind.Merged,
            _ => PlayStopKind.Cancelled,
        };
        return await ApplyAsync(id, read, "disposition", kind, new DurablePlayStarter(client), cancellationToken);
    }

    internal async Task<IActionResult> ApplyAsync(string id, ActionRead read, string what, PlayStopKind kind, IPlayStarter plays, CancellationToken cancellationToken)
    {
        if (!IdText.IsValid(id))
            return Problems.NotFound("There is no lead of this id.");
        LeadId lead = LeadId.Parse(id);
        DateTimeOffset now = clock.GetUtcNow();
        // A sender's clock that is ahead makes nobody late: what was told has happened by now.
        PlayStop stop = new(kind, read.At < now ? read.At.Value : now);
        LeadEvent happened = EventOf(lead, read, what, stop.At, now);
        IActionResult? refusal = null;
        LeadFile file;
        bool isNew;
        try
        {
            (file, isNew) = await changes.ApplyAsync(
                lead,
                f => (refusal = Refusal(f, read.At, now)) is null ? new LeadFileChange(Apply(f, stop, now), happened) : null,
                cancellationToken);
        }
        catch (LeadMissingException)
        {
            return Problems.NotFound("There is no lead of this id.");
        }

        if (refusal is not null)
            return refusal;

        // Also for a repeat: the first attempt may have died between keeping and telling.
        foreach (PlayRecord play in file.Plays)
        {
            await changes.ShowAsync(file, play.PlayId, cancellationToken);
            if (play.Status is PlayStatus.Pending or PlayStatus.Running)
                await plays.StopAsync(play.PlayId, file.Stop ?? stop, cancellationToken);
        }

        if (kind == PlayStopKind.Touched)
            await memory.WorkedAsync(file, stop.At, cancellationToken);
        await credits.SettleAsync(file, kind == PlayStopKind.Touched ? null : read.Kind, cancellationToken);
        logger.LeadTouched(lead.Value, what, happened.EventId, !isNew);
        return new ApiResult(StatusCodes.Status200OK, new TouchResponse(lead.Value, happened.EventId, !isNew, LeadResponse.From(file)));
    }

    /// <summary>Stops what still runs. The earliest touch counts, in whatever order they are told.</summary>
    private static LeadFile Apply(LeadFile file, PlayStop stop, DateTimeOffset now)
    {
        LeadFile changed = stop.Kind == PlayStopKind.Touched
            ? file with { FirstTouchAt = file.FirstTouchAt < stop.At ? file.FirstTouchAt : stop.At }
            : file with { Disposition = file.Disposition ?? new LeadDisposition(stop.Kind, stop.At) };
        return PlayFiles.ClocksStopped(changed, stop, now);
    }

    private static ApiResult? Refusal(LeadFile file, DateTimeOffset? at, DateTimeOffset now)
    {
        if (file.Lead.State != LeadState.Decided)
        {
            string code = file.Lead.State == LeadState.Quarantined ? "quarantined" : "notDecided";
            return Problems.Of(409, "not-decided", "The lead is not decided yet.", "Nobody owns it and no clock runs. Try again when it is decided.", [new Problem(code, "", "The lead is not decided yet.")]);
        }

        if (at < file.Lead.Lead.ReceivedAt)
            return Problems.Invalid("outOfRange", "at", "It must not be before the lead was received.");
        return at > now + TimeSpan.FromMinutes(5) ? Problems.Invalid("outOfRange", "at", "It must not be in the future.") : null;
    }

    private static LeadEvent EventOf(LeadId lead, ActionRead read, string what, DateTimeOffset at, DateTimeOffset now)
    {
        // Without an instant of its own, the same words within the same minute are the same touch: a client that asks again after a timeout.
        string when = read.Key ?? (read.At ?? now).UtcDateTime.ToString(read.At is null ? "yyyy-MM-ddTHH:mm" : "O", CultureInfo.InvariantCulture);
        Dictionary<string, string> details = new(StringComparer.Ordinal) { [what] = read.Kind };
        if (read.Note is not null)
            details["note"] = read.Note;
        return new LeadEvent(DerivedId.From("evt", what, lead.Value, read.Kind, read.By, read.Note ?? "", when), what, at, read.By, details);
    }

    private static async Task<(ActionRead? Read, IActionResult? Refusal)> ReadAsync(
        HttpRequest request, string kindField, string[] kinds, CancellationToken cancellationToken)
    {
        using JsonBody body = await JsonBody.ReadAsync(request, MaxBodyBytes, cancellationToken);
        if (body.Document is null)
            return (null, body.Refusal);
        JsonElement root = body.Document.RootElement;
        if (root.ValueKind != JsonValueKind.Object)
            return (null, Problems.Invalid("wrongType", "", "A JSON object is expected."));

        List<Problem> problems = [];
        string? kind = Text(root, kindField, 40, problems);
        if (kind is null && problems.All(p => p.Field != kindField))
            problems.Add(new Problem("required", kindField, $"It must be one of {string.Join(", ", kinds)}."));
        else if (kind is not null && !kinds.Contains(kind, StringComparer.Ordinal))
            problems.Add(new Problem("unknownValue", kindField, $"It must be one of {string.Join(", ", kinds)}."));
        string? by = FieldText.CleanId(Text(root, "by", IdText.MaxLength, problems), "by", problems);
        if (by is null && problems.All(p => p.Field != "by"))
            problems.Add(new Problem("required", "by", "It must be the id of the person who did it; automated steps do not count."));
        string? note = Text(root, "note", 2_000, problems);
        if (note is null && kind == "status" && problems.All(p => p.Field != "note"))
            problems.Add(new Problem("required", "note", "A change of status counts as a touch only with a note that says what was done."));
        DateTimeOffset? at = null;
        if (Text(root, "at", 40, problems) is { } atText)
        {
            if (Instants.TryRead(atText, out DateTimeOffset instant))
                at = instant;
            else
                problems.Add(new Problem("wrongType", "at", "It must be an instant such as 2026-11-21T09:00:00Z."));
        }

        string? key = FieldText.Clean(request.Headers["Idempotency-Key"], "Idempotency-Key", 255, allowsLines: false, problems);
        return problems.Count > 0 ? (null, Problems.Invalid(problems)) : (new ActionRead(kind!, by!, at, note, key), null);
    }

    private static string? Text(JsonElement root, string field, int maxLength, List<Problem> problems) =>
        FieldText.Clean(JsonFields.Text(root, field, problems), field, maxLength, allowsLines: field == "note", problems);
}

/// <summary>What a person did, as it was read.</summary>
/// <param name="Key">The sender's own key of it; null: it is told by its content.</param>
internal sealed record ActionRead(string Kind, string By, DateTimeOffset? At, string? Note, string? Key);
