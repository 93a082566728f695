using Microsoft.AspNetCore.Http;

namespace Microsoft.Azure.Functions.Worker.Http;

/// <summary>Answers browsers of the origins in <c>Host.CORS</c>, which the platform does in Azure.</summary>
internal sealed class CorsMiddleware(RequestDelegate next, string[] origins)
{
    public Task InvokeAsync(HttpContext context)
    {
        string origin = context.Request.Headers.Origin.ToString();
        bool isAllowed = origin.Length > 0 && (origins.Contains("*") || origins.Contains(origin, StringComparer.OrdinalIgnoreCase));
        if (!isAllowed)
            return next(context);

        context.Response.Headers.AccessControlAllowOrigin = origins.Contains("*") ? "*" : origin;
        context.Response.Headers.Vary = "Origin";
        if (!HttpMethods.IsOptions(context.Request.Method) || context.Request.Headers.AccessControlRequestMethod.Count == 0)
            return next(context);

        context.Response.Headers.AccessControlAllowMethods = context.Request.Headers.AccessControlRequestMethod;
        context.Response.Headers.AccessControlAllowHeaders = context.Request.Headers.AccessControlRequestHeaders;
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }
}
