using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Abm.Functions.Http;

/// <summary>A 200 with content that is not ours to format: a file, a page, a schema.</summary>
/// <param name="type">Content type, with the character set where there is one.</param>
public sealed class ContentAnswer(string type, ReadOnlyMemory<byte> content) : IActionResult
{
    /// <summary>Set: a browser saves it under this name instead of showing it.</summary>
    public string? FileName { get; init; }

    /// <inheritdoc/>
    public async Task ExecuteResultAsync(ActionContext context)
    {
        HttpResponse response = context.HttpContext.Response;
        response.StatusCode = StatusCodes.Status200OK;
        response.ContentType = type;
        response.ContentLength = content.Length;
        response.Headers.XContentTypeOptions = "nosniff";
        if (FileName is not null)
            response.Headers.ContentDisposition = $"attachment; filename=\"{FileName}\"";
        await response.Body.WriteAsync(content, context.HttpContext.RequestAborted);
    }
}
