using Abm.Decisions;
using Abm.Functions.Http;
using Abm.Leads;
using Abm.Ports;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace Abm.Functions.Intake;

/// <summary>What a sender gets for a lead.</summary>
/// <param name="LeadId">Derived from what was sent; the same for every repeat.</param>
/// <param name="Duplicate">Whether it was taken before.</param>
/// <param name="StatusUrl">Where its state can be read.</param>
public sealed record SubmitLeadResponse(string LeadId, bool Duplicate, string StatusUrl);

/// <summary>Takes one lead in: kept first, queued second, answered third.</summary>
public sealed class SubmitLead(LeadAdmitter admitter, ILeadQueue queue, DecisionWait wait, ILeadAnswer answer, ILogger<SubmitLead> logger)
{
    /// <summary>Largest body, in bytes.</summary>
    public const int MaxBodyBytes = 64 * 1024;

    /// <summary>Longest idempotency key, in characters.</summary>
    public const int MaxKeyLength = 255;

    /// <summary><c>POST /api/leads</c></summary>
    [Function(nameof(SubmitLead))]
    public async Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "leads")] HttpRequest request, CancellationToken cancellationToken)
    {
        using JsonBody body = await JsonBody.ReadAsync(request, MaxBodyBytes, cancellationToken);
        if (body.Document is null)
            return body.Refusal!;

        var problems = new List<Problem>();
        TimeSpan patience = DecisionWait.Read(request, problems);
        string? key = ReadKey(request, problems);
        SubmissionReading reading = SubmissionReader.Read(body.Document.RootElement);
        if (reading is SubmissionReading.Rejected rejected)
            problems.AddRange(rejected.Problems);
        if (problems.Count > 0 || reading is not SubmissionReading.Accepted(Submission submission))
            return Problems.Invalid(problems);

        AdmittedLead lead = await admitter.AdmitAsync(submission, key, cancellationToken);
        if (lead.Admission == LeadAdmission.DifferentBody)
        {
            return Problems.KeyReused(
                "A lead with this Idempotency-Key, or this source and externalId, was taken with another body. Send a new key, or edit the lead.",
                new Problem("keyReused", key is null ? "externalId" : "Idempotency-Key", "It was used with another body."));
        }

        if (lead.NeedsQueue)
            await queue.EnqueueAsync([lead.Id], cancellationToken);
        logger.LeadTaken(lead.Id, lead.Admission);

        string statusUrl = $"{request.PathBase}{request.Path.Value?.TrimEnd('/')}/{lead.Id}";
        if (await wait.UntilDecidedAsync(lead.Id, patience, cancellationToken) is { } decided)
            return await answer.ForAsync(decided, cancellationToken);
        return new ApiResult(lead.IsDuplicate ? StatusCodes.Status200OK : StatusCodes.Status202Accepted, new SubmitLeadResponse(lead.Id.Value, lead.IsDuplicate, statusUrl))
            .WithHeader("Location", statusUrl);
    }

    private static string? ReadKey(HttpRequest request, List<Problem> problems)
    {
        if (request.Headers["Idempotency-Key"].Count > 1)
            problems.Add(new Problem("duplicateProperty", "Idempotency-Key", "It is given more than once."));
        return FieldText.Clean(request.Headers["Idempotency-Key"], "Idempotency-Key", MaxKeyLength, allowsLines: false, problems);
    }
}
