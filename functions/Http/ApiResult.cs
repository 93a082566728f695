using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Abm.Functions.Http;

/// <summary>A status with a JSON body.</summary>
/// <param name="status">HTTP status code.</param>
/// <param name="body">Written as JSON by <see cref="ApiJson.Options"/>; null = no body.</param>
public sealed class ApiResult(int status, object? body = null) : IActionResult
{
    private readonly Dictionary<string, string> _headers = new(StringComparer.OrdinalIgnoreCase);

    public int Status { get; } = status;

    [JsonIgnore] // it has gone out when the worker serialises the result once more, for its host
    public object? Body { get; } = body;

    /// <summary>Headers that go out with it, beside the content type.</summary>
    [JsonIgnore]
    public IReadOnlyDictionary<string, string> Headers => _headers;

    /// <summary>Sets a header of the response; returns this result.</summary>
    public ApiResult WithHeader(string name, string value)
    {
        _headers[name] = value;
        return this;
    }

    /// <summary>Tells when trying again makes sense.</summary>
    public ApiResult WithRetryAfter(TimeSpan after) =>
        WithHeader("Retry-After", Math.Ceiling(after.TotalSeconds).ToString(CultureInfo.InvariantCulture));

    /// <inheritdoc/>
    public async Task ExecuteResultAsync(ActionContext context)
    {
        HttpResponse response = context.HttpContext.Response;
        response.StatusCode = Status;
        foreach ((string name, string value) in _headers)
            response.Headers[name] = value;
        if (Body is null)
            return;
        response.ContentType = Body is ProblemResponse ? "application/problem+json; charset=utf-8" : "application/json; charset=utf-8";
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(Body, Body.GetType(), ApiJson.Options);
        response.ContentLength = json.Length;
        await response.Body.WriteAsync(json, context.HttpContext.RequestAborted);
    }
}
