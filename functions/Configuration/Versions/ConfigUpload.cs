using System.Globalization;
using System.Text;
using System.Text.Json;
using Abm.Decisions;
using Abm.Functions.Explain;
using Abm.Functions.Http;
using Abm.Functions.Intake;
using Abm.Ports;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace Abm.Functions.Configuration.Versions;

/// <summary>What came with a call about configurations: files, or fields, or both.</summary>
/// <param name="Files">Null: none were sent.</param>
internal sealed record ConfigUpload(IReadOnlyList<ConfigSourceFile>? Files, IReadOnlyDictionary<string, string> Fields)
{
    /// <summary>Largest body, in bytes. Larger than the files may be: JSON writes some characters as six.</summary>
    public const int MaxBodyBytes = 4 * 1024 * 1024;

    private const int MaxFieldLength = 1_000;
    private static readonly string[] FieldNames = ["version", "to", "reason", "approver", "author", "activateAt", "accept", "pending", "from", "limit"];

    /// <summary>Reads JSON with <c>files: [{name, text | base64}]</c>, a form with files, or a ZIP; the fields stand in the JSON, in the form, or beside a ZIP in the query.</summary>
    public static async Task<(ConfigUpload? Upload, ApiResult? Refusal)> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = MaxBodyBytes + 1;
        if (request.ContentLength > MaxBodyBytes)
            return (null, Problems.TooLarge(MaxBodyBytes));
        string type = MediaTypeHeaderValue.TryParse(request.ContentType, out MediaTypeHeaderValue? parsed) ? parsed.MediaType.Value!.ToLowerInvariant() : "";
        try
        {
            return type switch
            {
                "multipart/form-data" => await FormAsync(request, cancellationToken),
                "application/zip" or "application/x-zip-compressed" => await ZipAsync(request, cancellationToken),
                _ => await JsonAsync(request, cancellationToken),
            };
        }
        catch (BadHttpRequestException e)
        {
            return (null, JsonBody.RefusedBy(e, MaxBodyBytes));
        }
    }

    /// <summary>Reads what goes with a publication. What is wrong is added to the problems.</summary>
    public PublishOrder Order(Caller caller, string requestId, ICollection<Problem> problems)
    {
        string? reason = FieldText.Clean(Fields.GetValueOrDefault("reason"), "reason", 500, allowsLines: true, problems);
        if (reason is null && problems.All(p => p.Field != "reason"))
            problems.Add(new Problem("required", "reason", "Say why, for whoever reads the log later."));
        string? author = FieldText.Clean(Fields.GetValueOrDefault("author"), "author", 200, allowsLines: false, problems);
        if (author is not null && caller.IsPerson)
            problems.Add(new Problem("notApplicable", "author", "The author is whoever is signed in."));
        DateTimeOffset? activateAt = null;
        if (Fields.GetValueOrDefault("activateAt") is { Length: > 0 } at)
        {
            if (Instants.TryRead(at, out DateTimeOffset instant))
                activateAt = instant;
            else
                problems.Add(new Problem("wrongType", "activateAt", "It must be an instant such as 2026-11-21T09:00:00Z."));
        }

        bool accept = false;
        if (Fields.GetValueOrDefault("accept") is { Length: > 0 } accepted && !bool.TryParse(accepted, out accept))
            problems.Add(new Problem("wrongType", "accept", "true or false is expected."));
        PendingChoice? pending = Fields.GetValueOrDefault("pending") switch
        {
            null or "" => null,
            "keep" => PendingChoice.Keep,
            "cancel" => PendingChoice.Cancel,
            _ => Unknown(),
        };
        return new PublishOrder(
            new Actor(caller.Name, requestId),
            author ?? caller.Name,
            reason ?? "",
            FieldText.Clean(Fields.GetValueOrDefault("approver"), "approver", 200, allowsLines: false, problems),
            activateAt,
            accept,
            pending);

        PendingChoice? Unknown()
        {
            problems.Add(new Problem("unknownValue", "pending", "It must be one of keep, cancel."));
            return null;
        }
    }

    private static async Task<(ConfigUpload?, ApiResult?)> JsonAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        using JsonBody body = await JsonBody.ReadAsync(request, MaxBodyBytes, cancellationToken);
        if (body.Document is null)
            return (null, body.Refusal);
        JsonElement root = body.Document.RootElement;
        if (root.ValueKind != JsonValueKind.Object)
            return (null, Problems.Invalid("wrongType", "", "A JSON object is expected."));
        List<Problem> problems = [];
        Dictionary<string, string> fields = new(StringComparer.Ordinal);
        List<ConfigSourceFile>? files = null;
        HashSet<string> seen = new(StringComparer.Ordinal);
        foreach (JsonProperty property in root.EnumerateObject())
        {
            if (!seen.Add(property.Name))
                problems.Add(new Problem("duplicateProperty", "", "A property stands here twice."));
            else if (property.Name == "files")
                files = ReadFiles(property.Value, problems);
            else if (!FieldNames.Contains(property.Name, StringComparer.Ordinal))
                problems.Add(new Problem("unknownField", "", $"Not a field of this: what is taken is files, {string.Join(", ", FieldNames)}."));
            else if (property.Value.ValueKind is JsonValueKind.True or JsonValueKind.False)
                fields[property.Name] = property.Value.GetBoolean() ? "true" : "false";
            else if (property.Value.ValueKind == JsonValueKind.Number && property.Name == "limit")
                fields[property.Name] = property.Value.GetRawText();
            else if (property.Value.ValueKind != JsonValueKind.Null && Text(property.Value, property.Name, MaxFieldLength, problems) is { } text)
                fields[property.Name] = text;
        }

        return problems.Count > 0 ? (null, Problems.Invalid(problems)) : (new ConfigUpload(files, fields), null);
    }

    private static List<ConfigSourceFile> ReadFiles(JsonElement list, List<Problem> problems)
    {
        List<ConfigSourceFile> files = [];
        if (list.ValueKind != JsonValueKind.Array)
        {
            problems.Add(new Problem("wrongType", "files", "A list of {name, text} or {name, base64} is expected."));
            return files;
        }

        int index = 0;
        foreach (JsonElement item in list.EnumerateArray())
        {
            string at = string.Create(CultureInfo.InvariantCulture, $"files[{index++}]");
            if (item.ValueKind != JsonValueKind.Object || !item.TryGetProperty("name", out JsonElement name) || item.TryGetProperty("text", out JsonElement text) == item.TryGetProperty("base64", out JsonElement base64))
            {
                problems.Add(new Problem("wrongType", at, "A file is {name, text} or {name, base64}."));
                continue;
            }

            string? fileName = Text(name, $"{at}.name", MaxFieldLength, problems);
            byte[]? bytes = null;
            if (text.ValueKind != JsonValueKind.Undefined)
                bytes = Text(text, $"{at}.text", MaxBodyBytes, problems) is { } content ? Encoding.UTF8.GetBytes(content) : null;
            else if (base64.ValueKind != JsonValueKind.String || !base64.TryGetBytesFromBase64(out bytes))
                problems.Add(new Problem("wrongType", $"{at}.base64", "It must be base64."));
            if (fileName is not null && bytes is not null)
                files.Add(new ConfigSourceFile(fileName, bytes));
        }

        return files;
    }

    /// <summary>The text exactly as it came.</summary>
    private static string? Text(JsonElement value, string field, int maxLength, List<Problem> problems)
    {
        string? text = JsonFields.TextOf(value, field, problems);
        if (text is null || text.Length <= maxLength)
            return text;
        problems.Add(new Problem("tooLong", field, string.Create(CultureInfo.InvariantCulture, $"At most {maxLength} characters are taken.")));
        return null;
    }

    private static async Task<(ConfigUpload?, ApiResult?)> ZipAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        byte[]? bytes = await JsonBody.ReadBoundedAsync(request.Body, MaxBodyBytes, cancellationToken);
        if (bytes is null)
            return (null, Problems.TooLarge(MaxBodyBytes));
        try
        {
            Dictionary<string, string> fields = new(StringComparer.Ordinal);
            foreach (string name in FieldNames)
            {
                if (request.Query[name].ToString() is { Length: > 0 } value)
                    fields[name] = value;
            }

            return (new ConfigUpload(ConfigArchive.Unpack(bytes), fields), null);
        }
        catch (InvalidDataException broken)
        {
            return (null, Problems.Invalid("notZip", "", broken.Message));
        }
    }

    private static async Task<(ConfigUpload?, ApiResult?)> FormAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        FormOptions limits = new()
        {
            MultipartBodyLengthLimit = MaxBodyBytes,
            BufferBodyLengthLimit = MaxBodyBytes,
            MemoryBufferThreshold = MaxBodyBytes,
            ValueCountLimit = ConfigDraft.MaxFiles + FieldNames.Length,
            ValueLengthLimit = ConfigDraft.MaxBytes,
            KeyLengthLimit = MaxFieldLength,
            MultipartHeadersCountLimit = 8,
            MultipartHeadersLengthLimit = 4 * 1024,
        };
        IFormCollection form;
        try
        {
            form = await new FormFeature(request, limits).ReadFormAsync(cancellationToken);
        }
        catch (Exception broken) when (broken is InvalidDataException or IOException)
        {
            return (null, Problems.Invalid("notForm", "", "The form is broken, or holds more than is taken."));
        }

        List<ConfigSourceFile> files = [];
        foreach (IFormFile file in form.Files)
        {
            using MemoryStream content = new();
            await file.CopyToAsync(content, cancellationToken);
            files.Add(new ConfigSourceFile(file.FileName, content.ToArray()));
        }

        Dictionary<string, string> fields = new(StringComparer.Ordinal);
        foreach (string name in FieldNames)
        {
            if (form[name].ToString() is { Length: > 0 } value)
                fields[name] = value;
        }

        return (new ConfigUpload(files.Count == 0 ? null : files, fields), null);
    }
}
