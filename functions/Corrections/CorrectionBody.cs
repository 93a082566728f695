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
    /// <summary>Whether the target was named by the other field.</summary>
    public bool IsOther { get; init; }

    /// <summary>Yes or no, as it was said; null: nothing was said.</summary>
    public bool? Flag { get; init; }

    private const int MaxBodyBytes = 16 * 1024;
    private const int MaxReasonLength = 2_000;
    private const int MaxNameLength = 100;

    /// <param name="field">Where the target stands, such as <c>accountId</c>.</param>
    /// <param name="needsReason">Whether it must be said why.</param>
    /// <param name="other">Another field that may hold the target instead, by name and not by id; null: none may.</param>
    /// <param name="flag">A field that is true or false; null: none is.</param>
    public static async Task<(CorrectionBody? Body, ApiResult? Refusal)> ReadAsync(HttpRequest request, Caller caller, string field, bool needsReason, CancellationToken cancellationToken, string? other = null, string? flag = null)
    {
        using JsonBody body = await JsonBody.ReadAsync(request, MaxBodyBytes, cancellationToken);
        if (body.Document is null)
            return (null, body.Refusal);
        JsonElement root = body.Document.RootElement;
        if (root.ValueKind != JsonValueKind.Object)
            return (null, Problems.Invalid("wrongType", "", "A JSON object is expected."));
        List<Problem> problems = [];
        string? target = FieldText.CleanId(JsonFields.Text(root, field, problems), field, problems);
        string? otherTarget = other is null ? null : FieldText.Clean(JsonFields.Text(root, other, problems), other, MaxNameLength, allowsLines: false, problems);
        if (target is not null && otherTarget is not null)
            problems.Add(new Problem("notBoth", other!, $"Name either {field} or {other}."));
        if (target is null && otherTarget is null && problems.All(p => p.Field != field && p.Field != other))
            problems.Add(new Problem("required", field, other is null ? "Name it by its id." : $"Name {field} or {other}."));
        bool? said = flag is null ? null : Flagged(root, flag, problems);
        string? by = FieldText.CleanId(JsonFields.Text(root, "by", problems), "by", problems);
        string? reason = FieldText.Clean(JsonFields.Text(root, "reason", problems), "reason", MaxReasonLength, allowsLines: true, problems);
        if (needsReason && reason is null && problems.All(p => p.Field != "reason"))
            problems.Add(new Problem("required", "reason", "Say why, for whoever reads the history later."));
        string? key = FieldText.Clean(request.Headers["Idempotency-Key"], "Idempotency-Key", 255, allowsLines: false, problems);
        return problems.Count > 0 ? (null, Problems.Invalid(problems)) : (new CorrectionBody(target ?? otherTarget!, by ?? caller.Name, reason, key) { IsOther = target is null, Flag = said }, null);
    }

    /// <summary>Tells this act from another one of the same kind: by its key, or else by the minute, so that a client that asks again after a timeout finds the first.</summary>
    public string Occasion(DateTimeOffset now) => Key ?? now.UtcDateTime.ToString("yyyy-MM-ddTHH:mm", CultureInfo.InvariantCulture);

    private static bool? Flagged(JsonElement root, string field, List<Problem> problems)
    {
        if (!root.TryGetProperty(field, out JsonElement value) || value.ValueKind == JsonValueKind.Null)
            return null;
        if (value.ValueKind is JsonValueKind.True or JsonValueKind.False)
            return value.GetBoolean();
        problems.Add(new Problem("wrongType", field, "It must be true or false."));
        return null;
    }
}
