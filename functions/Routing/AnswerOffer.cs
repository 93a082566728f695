using System.Globalization;
using System.Text.Json;
using Abm.Decisions;
using Abm.Functions.Explain;
using Abm.Functions.Http;
using Abm.Functions.Intake;
using Abm.Functions.Plays;
using Abm.Ports;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Abm.Functions.Routing;

/// <summary>The lead after its owner answered.</summary>
/// <param name="Duplicate">The same answer was given before.</param>
/// <param name="OwnerId">After a no: who has it now.</param>
public sealed record AnswerResponse(string LeadId, string Answer, bool Duplicate, string? OwnerId, LeadResponse Lead);

/// <summary>An owner accepts a lead that the pool offered, or declines it with a reason.</summary>
public sealed class AnswerOffer(IRoutingDesk desk, ILeadFileStore files, LeadFileChanges changes, OfferPassing passing, Callers callers, TimeProvider clock)
{
    private const int MaxBodyBytes = 16 * 1024;
    private const string Accepted = "accepted";
    private const string Declined = "declined";

    /// <summary><c>POST /api/leads/{id}/accept</c> with <c>{by, note?}</c>.</summary>
    [Function("AcceptLead")]
    public Task<IActionResult> AcceptAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "leads/{id}/accept")] HttpRequest request, string id, CancellationToken cancellationToken) =>
        AnswerAsync(request, id, OfferState.Accepted, cancellationToken);

    /// <summary><c>POST /api/leads/{id}/reject</c> with <c>{by, reason}</c>: the turn is given back and the lead goes to the next.</summary>
    [Function("RejectLead")]
    public Task<IActionResult> RejectAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "leads/{id}/reject")] HttpRequest request, string id, CancellationToken cancellationToken) =>
        AnswerAsync(request, id, OfferState.Declined, cancellationToken);

    private async Task<IActionResult> AnswerAsync(HttpRequest request, string id, OfferState answer, CancellationToken cancellationToken)
    {
        Caller caller = callers.Of(request);
        if (caller.Refusal(Caller.Admin, Caller.Ops, Caller.Rep) is { } forbidden)
            return forbidden;
        (string? by, string? words, ApiResult? refusal) = await ReadAsync(request, answer, cancellationToken);
        if (by is null)
            return refusal!;
        if (!IdText.IsValid(id) || await files.ReadAsync(LeadId.Parse(id), cancellationToken) is not { } file)
            return Problems.NotFound("There is no lead of this id.");
        LeadId lead = file.Lead.Lead.Id;
        LeadOffer? offer = await desk.FindOfferAsync(lead, cancellationToken);
        if (offer is null || offer.Owner.Value != by || (offer.State == OfferState.Open && offer.Owner != file.Lead.OwnerId))
            return await AnsweredBeforeAsync(file, by, answer, offer, cancellationToken);
        if (offer.State == OfferState.Passed || (offer.State == OfferState.Open && offer.DueAt <= clock.GetUtcNow()))
            return Conflict("too-late", "Its time is over; it goes to the next.");
        if (offer.State != OfferState.Open && offer.State != answer)
            return Conflict("answered", offer.State == OfferState.Accepted ? $"{by} has accepted the lead." : $"{by} has declined the lead; it goes to the next.");
        bool isRepeat = offer.State == answer;
        if (!isRepeat && !await desk.MoveOfferAsync(offer, answer, cancellationToken))
            return Conflict("answered", "Somebody else answered in this moment. Look at the lead again.").WithRetryAfter(TimeSpan.FromSeconds(1));

        string kind = KindOf(answer);
        Dictionary<string, string> details = new(StringComparer.Ordinal) { ["pool"] = offer.Pool, ["ownerId"] = by };
        if (words is not null)
            details["note"] = words;
        (file, _) = await changes.ApplyAsync(
            lead, f => new LeadFileChange(f, new LeadEvent(DerivedId.From("evt", kind, offer.AssignmentId), kind, clock.GetUtcNow(), by, details)), cancellationToken);
        if (answer == OfferState.Declined && await desk.FindOfferAsync(lead, cancellationToken) is { } declined && declined.AssignmentId == offer.AssignmentId)
        {
            await passing.PassAsync(declined, cancellationToken);
            file = await files.ReadAsync(lead, cancellationToken) ?? file;
        }

        return new ApiResult(StatusCodes.Status200OK, new AnswerResponse(lead.Value, kind, isRepeat, file.Lead.OwnerId?.Value, LeadResponse.From(file)));
    }

    /// <summary>The lead is not offered to them any more. Whoever sends the same answer again finds the first; another one comes too late.</summary>
    private async Task<ApiResult> AnsweredBeforeAsync(LeadFile file, string by, OfferState answer, LeadOffer? offer, CancellationToken cancellationToken)
    {
        LeadId lead = file.Lead.Lead.Id;
        IReadOnlyList<LeadEvent> events = await files.EventsAsync(lead, cancellationToken);
        if (events.LastOrDefault(e => e.By == by && (e.Kind is Accepted or Declined)) is { } given)
        {
            if (given.Kind == KindOf(answer))
                return new ApiResult(StatusCodes.Status200OK, new AnswerResponse(lead.Value, given.Kind, Duplicate: true, file.Lead.OwnerId?.Value, LeadResponse.From(file)));
            string why = given.Details.TryGetValue("note", out string? note) ? $": {note}" : ".";
            return Conflict("answered", string.Create(CultureInfo.InvariantCulture, $"{by} has {given.Kind} the lead on {given.At.UtcDateTime:yyyy-MM-dd HH:mm} UTC{why}"));
        }

        if (events.LastOrDefault(e => e.Kind == "reassigned" && e.By is null && e.Details.GetValueOrDefault("formerOwnerId") == by && e.Details.ContainsKey("pool")) is { } passed)
            return Conflict("too-late", string.Create(CultureInfo.InvariantCulture, $"Its time was over; it went to the next on {passed.At.UtcDateTime:yyyy-MM-dd HH:mm} UTC."));
        return offer is null ? Conflict("not-offered", "The lead was not offered to anybody.")
            : offer.Owner.Value == by ? Conflict("not-yours", "The lead has changed hands since it was offered.")
            : Conflict("not-yours", $"The lead is not offered to {by}.");
    }

    private static string KindOf(OfferState answer) => answer == OfferState.Accepted ? Accepted : Declined;

    private static ApiResult Conflict(string type, string says) => Problems.Of(409, type, "The lead cannot be answered for.", says, [new Problem(type, "", says)]);

    private static async Task<(string? By, string? Words, ApiResult? Refusal)> ReadAsync(HttpRequest request, OfferState answer, CancellationToken cancellationToken)
    {
        using JsonBody body = await JsonBody.ReadAsync(request, MaxBodyBytes, cancellationToken);
        if (body.Document is null)
            return (null, null, body.Refusal);
        if (body.Document.RootElement.ValueKind != JsonValueKind.Object)
            return (null, null, Problems.Invalid("wrongType", "", "A JSON object is expected."));
        List<Problem> problems = [];
        string? by = FieldText.CleanId(JsonFields.Text(body.Document.RootElement, "by", problems), "by", problems);
        if (by is null && problems.All(p => p.Field != "by"))
            problems.Add(new Problem("required", "by", "It must be the id of the person to whom it was offered."));
        string field = answer == OfferState.Declined ? "reason" : "note";
        string? words = FieldText.Clean(JsonFields.Text(body.Document.RootElement, field, problems), field, 2_000, allowsLines: true, problems);
        if (answer == OfferState.Declined && words is null && problems.All(p => p.Field != "reason"))
            problems.Add(new Problem("required", "reason", "Say why, for whoever gets it next."));
        return problems.Count > 0 ? (null, null, Problems.Invalid(problems)) : (by, words, null);
    }
}
