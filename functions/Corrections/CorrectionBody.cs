using System.Globalization;
using System.Text.Json;
using Abm.Decisions;
using Abm.Functions.Http;
using Abm.Functions.Intake;
using Microsoft.AspNetCore.Http;

namespace Abm.Functions.Corrections;

/// <summary>What a person says that a lead should be, as it was read.</summary>
/// <param name="Target">The account or the rep.</param>
/// <param name="By">Who says so.</param>
/// <param name="Key">The sender's own key of it; null: it is told by its content and the minute.</param>
internal sealed record CorrectionBody(string Target, string By, string? Reason, string? Key)
{
    private const int MaxBodyBytes = 16 * 1024;
    private const int MaxReasonLength = 2_000;

    /// <param name="field">Where the target stands, such as <c>accountId</c>.</param>
    /// <param name="needsReason">Whether it must be said why.</param>
    public static async Task<(CorrectionBody? Body, ApiResult? Refusal)> ReadAsync(HttpRequest request, Caller caller, string field, bool needsReason, CancellationToken cancellationToken)
    {
        using JsonBody body = await JsonBody.ReadAsync(request, MaxBodyBytes, cancellationToken);
        if (body.Document is null)
            return (null, body.Refusal);
        JsonElement root = body.Document.RootElement;
        if (root.ValueKind != JsonValueKind.Object)
            return (null, Problems.Invalid("wrongType", "", "A JSON object is expected."));
        List<Problem> problems = [];
        string? target = FieldText.CleanId(Text(root, field, problems), field, problems);
        if (target is null && problems.All(p => p.Field != field))
            problems.Add(new Problem("required", field, "Name it by its id."));
        string? by = FieldText.CleanId(Text(root, "by", problems), "by", problems);
        string? reason = FieldText.Clean(Text(root, "reason", problems), "reason", MaxReasonLength, allowsLines: true, problems);
        if (needsReason && reason is null && problems.All(p => p.Field != "reason"))
            problems.Add(new Problem("required", "reason", "Say why, for whoever reads the history later."));
        string? key = FieldText.Clean(request.Headers["Idempotency-Key"], "Idempotency-Key", 255, allowsLines: false, problems);
        return problems.Count > 0 ? (null, Problems.Invalid(problems)) : (new CorrectionBody(target!, by ?? caller.Name, reason, key), null);
    }

    /// <summary>Tells this act from another one of the same kind: by its key, or else by the minute, so that a client that asks again after a timeout finds the first.</summary>
    public string Occasion(DateTimeOffset now) => Key ?? now.UtcDateTime.ToString("yyyy-MM-ddTHH:mm", CultureInfo.InvariantCulture);

    private static string? Text(JsonElement root, string field, List<Problem> problems)
    {
        if (!root.TryGetProperty(field, out JsonElement value) || value.ValueKind == JsonValueKind.Null)
            return null;
        try
        {
            if (value.ValueKind == JsonValueKind.String)
                return value.GetString();
            problems.Add(new Problem("wrongType", field, "It must be a text."));
        }
        catch (InvalidOperationException)
        {
            problems.Add(new Problem("invalidText", field, "It has half of a character (a lone surrogate)."));
        }

        return null;
    }
}
