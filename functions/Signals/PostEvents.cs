using System.Globalization;
using System.Text;
using System.Text.Json;
using Abm.Configuration;
using Abm.Decisions;
using Abm.Functions.Http;
using Abm.Ports;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace Abm.Functions.Signals;

/// <summary>What became of the events of one call.</summary>
/// <param name="Accepted">Kept, waiting or counted.</param>
public sealed record EventsResponse(int Accepted, int Duplicates, int Rejected, IReadOnlyList<EventResult> Items);

/// <summary>Takes in what accounts do: one event, an array of them, or a line for each.</summary>
public sealed class PostEvents(EventIntake intake, EventSignatures signatures, IConfigSource config, TimeProvider clock, ILogger<PostEvents> logger)
{
    /// <summary>Largest body, in bytes.</summary>
    public const int MaxBodyBytes = 1024 * 1024;

    /// <summary>Most events in one call.</summary>
    public const int MaxEvents = 1_000;

    /// <summary><c>POST /api/events</c></summary>
    [Function(nameof(PostEvents))]
    public async Task<IActionResult> RunAsync([HttpTrigger(AuthorizationLevel.Function, "post", Route = "events")] HttpRequest request, CancellationToken cancellationToken)
    {
        if (JsonBody.RefusedKind(request, IsTaken, "application/json or application/x-ndjson", out Encoding? stated) is { } kind)
            return kind;
        if (request.ContentLength > MaxBodyBytes)
            return Problems.TooLarge(MaxBodyBytes);
        byte[]? bytes;
        try
        {
            bytes = await JsonBody.ReadBoundedAsync(request.Body, MaxBodyBytes, cancellationToken);
        }
        catch (BadHttpRequestException e)
        {
            return JsonBody.RefusedBy(e, MaxBodyBytes);
        }

        if (bytes is null)
            return Problems.TooLarge(MaxBodyBytes);
        AbmConfig current = await config.CurrentAsync(cancellationToken);
        DateTimeOffset now = clock.GetUtcNow();
        DateTimeOffset oldest = now - current.Signals.EventsFor;
        List<(SentEvent?, IReadOnlyList<Problem>)> events = [];
        if (IsLines(request.ContentType))
        {
            foreach (ReadOnlyMemory<byte> line in Lines(bytes))
            {
                using JsonBody body = JsonBody.Parse(line, stated);
                events.Add(body.Document is null ? (null, ((ProblemResponse)body.Refusal!.Body!).Problems) : new EventReader(now).Read(body.Document.RootElement, oldest));
            }

            if (events.Count == 0)
                return Problems.Invalid("empty", "", "The body is empty; a line for each event is expected.");
        }
        else
        {
            using JsonBody body = JsonBody.Parse(bytes, stated);
            if (body.Document is null)
                return body.Refusal!;
            JsonElement root = body.Document.RootElement;
            if (root.ValueKind == JsonValueKind.Array && root.GetArrayLength() == 0)
                return Problems.Invalid("empty", "", "There is no event in the list.");
            if (root.ValueKind == JsonValueKind.Array && root.GetArrayLength() > MaxEvents)
                return TooMany();
            foreach (JsonElement item in root.ValueKind == JsonValueKind.Array ? [.. root.EnumerateArray()] : new[] { root })
                events.Add(new EventReader(now).Read(item, oldest));
        }

        if (events.Count > MaxEvents)
            return TooMany();
        if (signatures.Refusal(request, bytes, events.Select(e => e.Item1?.Source).OfType<string>()) is { } unsigned)
            return unsigned;
        IReadOnlyList<EventResult> results = await intake.TakeAsync(events, cancellationToken);
        int rejected = results.Count(r => r.Result == "rejected");
        int duplicates = results.Count(r => r.Result == "duplicate");
        logger.EventsTaken(results.Count - rejected - duplicates, duplicates, rejected);
        if (rejected == results.Count)
            return Problems.Invalid([.. results.SelectMany(r => r.Problems.Select(p => results.Count == 1 ? p : p with { Field = string.Create(CultureInfo.InvariantCulture, $"[{r.Index}].{p.Field}") })).Take(500)]);
        return new ApiResult(duplicates == results.Count ? StatusCodes.Status200OK : StatusCodes.Status202Accepted, new EventsResponse(results.Count - rejected - duplicates, duplicates, rejected, results));
    }

    private static ApiResult TooMany() => Problems.Invalid("tooMany", "", $"At most {MaxEvents} events are taken in one call.");

    private static bool IsTaken(string mediaType) => mediaType is "application/json" or "text/json" or "application/x-ndjson" or "application/ndjson" or "application/jsonl" or "application/x-jsonlines"
        || (mediaType.StartsWith("application/", StringComparison.Ordinal) && mediaType.EndsWith("+json", StringComparison.Ordinal));

    private static bool IsLines(string? contentType) =>
        contentType is not null && (contentType.Contains("ndjson", StringComparison.OrdinalIgnoreCase) || contentType.Contains("jsonl", StringComparison.OrdinalIgnoreCase));

    private static IEnumerable<ReadOnlyMemory<byte>> Lines(byte[] bytes)
    {
        for (int at = 0; at < bytes.Length;)
        {
            int end = Array.IndexOf(bytes, (byte)'\n', at);
            if (end < 0)
                end = bytes.Length;
            ReadOnlyMemory<byte> line = bytes.AsMemory(at, end - at);
            at = end + 1;
            if (!line.Span.Trim(" \t\r"u8).IsEmpty)
                yield return line;
        }
    }
}
