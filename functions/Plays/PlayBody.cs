using System.Text.Json;
using Abm.Decisions;
using Abm.Functions.Explain;
using Abm.Functions.Http;
using Abm.Functions.Intake;
using Microsoft.AspNetCore.Http;

namespace Abm.Functions.Plays;

/// <summary>Reads the JSON bodies of calls about plays; collects everything that is wrong with them.</summary>
internal sealed class PlayBody : IDisposable
{
    /// <summary>The largest body that is taken, in bytes.</summary>
    public const int MaxBytes = 256 * 1024;

    private readonly JsonBody _body;

    private PlayBody(JsonBody body, JsonElement root) => (_body, Root) = (body, root);

    public JsonElement Root { get; }
    public List<Problem> Problems { get; } = [];

    /// <param name="isOptional">Without any body it reads as an empty object.</param>
    public static async Task<(PlayBody? Body, ApiResult? Refusal)> ReadAsync(HttpRequest request, bool isOptional, CancellationToken cancellationToken)
    {
        if (isOptional && request.ContentLength is 0 or null && string.IsNullOrEmpty(request.ContentType))
        {
            JsonBody empty = JsonBody.Parse("{}"u8.ToArray(), null);
            return (new PlayBody(empty, empty.Document!.RootElement), null);
        }

        JsonBody body = await JsonBody.ReadAsync(request, MaxBytes, cancellationToken);
        if (body.Document is not { RootElement.ValueKind: JsonValueKind.Object } document)
        {
            ApiResult refusal = body.Refusal ?? Http.Problems.Invalid("wrongType", "", "A JSON object is expected.");
            body.Dispose();
            return (null, refusal);
        }

        return (new PlayBody(body, document.RootElement), null);
    }

    public string? Text(string field, int maxLength = 200, bool allowsLines = false) => FieldText.Clean(Raw(Root, field, field), field, maxLength, allowsLines, Problems);

    public string? Id(string field) => FieldText.CleanId(Raw(Root, field, field), field, Problems);

    /// <summary>The value, or a problem when there is none.</summary>
    public string Required(string field, string? value, string says)
    {
        if (value is null && Problems.All(p => p.Field != field))
            Problems.Add(new Problem("required", field, says));
        return value ?? "";
    }

    public DateTimeOffset? Instant(string field)
    {
        if (Text(field, 40) is not { } text)
            return null;
        if (Instants.TryRead(text, out DateTimeOffset at))
            return at;
        Problems.Add(new Problem("wrongType", field, "It must be an instant such as 2026-11-21T09:00:00Z."));
        return null;
    }

    /// <summary>Texts, numbers and truths by name.</summary>
    /// <param name="most">Entries that are taken.</param>
    public Dictionary<string, string> Values(JsonElement parent, string field, string path, int most = 100)
    {
        Dictionary<string, string> values = new(StringComparer.Ordinal);
        if (!parent.TryGetProperty(field, out JsonElement given) || given.ValueKind == JsonValueKind.Null)
            return values;
        if (given.ValueKind != JsonValueKind.Object)
        {
            Problems.Add(new Problem("wrongType", path, "It must be an object of texts, numbers or truths by name."));
            return values;
        }

        foreach (JsonProperty property in given.EnumerateObject())
        {
            string? text = property.Value.ValueKind switch
            {
                JsonValueKind.String => Raw(given, property.Name, $"{path}.{property.Name}"),
                JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => property.Value.GetRawText(),
                _ => null,
            };
            if (text is null || text.Length > 500 || property.Name.Length > 100 || values.Count >= most)
                Problems.Add(new Problem("invalidValue", $"{path}.{(property.Name.Length > 100 ? property.Name[..100] : property.Name)}", $"At most {most} texts of up to 500 characters, numbers or truths."));
            else
                values[property.Name] = text;
            if (Problems.Count > 50)
                break;
        }

        return values;
    }

    public string? Raw(JsonElement parent, string field, string path) =>
        parent.TryGetProperty(field, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? JsonFields.TextOf(value, path, Problems) : null;

    public void Dispose() => _body.Dispose();
}
