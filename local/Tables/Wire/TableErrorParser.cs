using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Azure.Core;

namespace Azure.Data.Tables.Wire;

/// <summary>Reads code and message out of the service's <c>odata.error</c> body; the header <c>x-ms-error-code</c> stands in when there is no body.</summary>
internal sealed class TableErrorParser : RequestFailedDetailsParser
{
    /// <summary>The only instance that is needed.</summary>
    public static readonly TableErrorParser Instance = new();

    /// <inheritdoc/>
    public override bool TryParse(Response response, [NotNullWhen(true)] out ResponseError? error, out IDictionary<string, string>? data)
    {
        data = null;
        (string? code, string? message) = Read(response);
        error = code is null && message is null ? null : new ResponseError(code, message);
        return error is not null;
    }

    /// <summary>The error code of a failed answer, or null when it has none.</summary>
    public static string? Code(Response response) => Read(response).Code;

    private static (string? Code, string? Message) Read(Response response)
    {
        response.Headers.TryGetValue("x-ms-error-code", out string? headerCode);
        if (response.ContentStream is not MemoryStream { Length: > 0 })
            return (headerCode, null);
        try
        {
            using JsonDocument body = JsonDocument.Parse(response.Content.ToMemory());
            if (body.RootElement.ValueKind != JsonValueKind.Object || !body.RootElement.TryGetProperty("odata.error", out JsonElement error))
                return (headerCode, null);
            string? code = error.TryGetProperty("code", out JsonElement codeElement) ? codeElement.GetString() : null;
            string? message = error.TryGetProperty("message", out JsonElement messageElement) && messageElement.TryGetProperty("value", out JsonElement value)
                ? value.GetString()
                : null;
            return (code ?? headerCode, message);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Gateways answer in HTML; the status and the header are all there is then.
            return (headerCode, null);
        }
    }
}
