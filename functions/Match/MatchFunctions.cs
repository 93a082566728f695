using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using Abm.Accounts;
using Abm.Configuration;
using Abm.Decisions;
using Abm.Functions.Http;
using Abm.Functions.Intake;
using Abm.Leads;
using Abm.Matching;
using Abm.Ports;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Abm.Functions.Match;

/// <summary>Asks the matcher without any effect: one lead with everything, or a stream of leads in short.</summary>
public sealed class MatchFunctions(IAccountDirectory accounts, IConfigSource configuration, TimeProvider clock)
{
    /// <summary>Largest stream of leads, in bytes, unpacked. A hosting plan may allow less.</summary>
    public const long MaxBatchBytes = 512L * 1024 * 1024;

    private const int UnpackedAtOnce = 32 * 1024;

    internal const string LeadIdProperty = "leadId";

    /// <summary><c>POST /api/match</c></summary>
    [Function(nameof(MatchLead))]
    public async Task<IActionResult> MatchLead(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "match")] HttpRequest request, CancellationToken cancellationToken)
    {
        using JsonBody body = await JsonBody.ReadAsync(request, SubmitLead.MaxBodyBytes, cancellationToken);
        if (body.Document is null)
            return body.Refusal!;
        MatchLine line = MatchLine.Read(body.Document.RootElement);
        if (line.Problems.Count > 0)
            return Problems.Invalid(line.Problems);

        AbmConfig config = await configuration.CurrentAsync(cancellationToken);
        IAccountIndex index = await accounts.CurrentAsync(cancellationToken);
        Lead lead = MatchAnswer.Hypothetical(line.Submission!);
        MatchDecision decision = LeadMatcher.Match(lead, index, config, clock.GetUtcNow());
        return new ApiResult(StatusCodes.Status200OK, MatchAnswer.Full(line.LeadId, lead, decision, index, config.Version));
    }

    /// <summary><c>POST /api/match/batch</c>: one lead JSON a line in, one answer a line out, in order, while lines still come in.</summary>
    [Function(nameof(MatchBatch))]
    public async Task<IActionResult> MatchBatch(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "match/batch")] HttpRequest request, CancellationToken cancellationToken)
    {
        if (JsonBody.RefusedKind(request, IsNdjson, "Content-Type: application/x-ndjson", out Encoding? stated, takesGzip: true) is { } refusal)
            return refusal;
        if (stated is not null && stated != TextEncodings.StrictUtf8)
            return Problems.UnsupportedMediaType("Send UTF-8.");
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = MaxBatchBytes;

        // One version for the whole stream: equal lines get equal answers.
        AbmConfig config = await configuration.CurrentAsync(cancellationToken);
        IAccountIndex index = await accounts.CurrentAsync(cancellationToken);
        PipeReader input = Gzip.IsSent(request) ? PipeReader.Create(Gzip.Unpack(request.Body, MaxBatchBytes), new StreamPipeReaderOptions(bufferSize: UnpackedAtOnce)) : request.BodyReader;
        return new MatchStream(input, index, config, clock.GetUtcNow());
    }

    private static bool IsNdjson(string mediaType) =>
        mediaType is "application/x-ndjson" or "application/ndjson" or "application/jsonl" or "application/x-jsonlines" or "application/json" or "text/plain" or "application/octet-stream";
}

/// <summary>A lead to be matched, with the id that its sender knows it by.</summary>
/// <param name="Submission">Null when there are problems.</param>
internal sealed record MatchLine(string? LeadId, Submission? Submission, IReadOnlyList<Problem> Problems)
{
    private const int MaxLeadIdLength = 300;

    public static MatchLine Read(JsonElement root)
    {
        var problems = new List<Problem>();
        string? id = null;
        if (root.ValueKind == JsonValueKind.Object && root.TryGetProperty(MatchFunctions.LeadIdProperty, out JsonElement value) && value.ValueKind != JsonValueKind.Null)
        {
            id = value.ValueKind == JsonValueKind.Number ? value.GetRawText() : JsonFields.TextOf(value, MatchFunctions.LeadIdProperty, problems);
            id = FieldText.Clean(id, MatchFunctions.LeadIdProperty, MaxLeadIdLength, allowsLines: false, problems);
        }

        switch (SubmissionReader.Read(root, MatchFunctions.LeadIdProperty))
        {
            case SubmissionReading.Accepted(var submission):
                return new MatchLine(id, problems.Count == 0 ? submission : null, problems);
            case SubmissionReading.Rejected(var found):
                return new MatchLine(id, null, [.. problems, .. found]);
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }
}
