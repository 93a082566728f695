using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.AspNetCore.Routing;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.Logging;

namespace Microsoft.Azure.Functions.Worker.Http;

/// <summary>Carries out the HTTP result of a function, where <c>ConfigureFunctionsWebApplication</c> stands in the middleware.</summary>
internal static partial class HttpResults
{
    private static readonly ActionDescriptor NoAction = new();
    private static readonly object CompletedKey = new();

    public static async Task InvokeAsync(FunctionContext context, FunctionExecutionDelegate next)
    {
        await next(context);
        if (context.GetHttpContext() is not { } http)
            return;

        InvocationResult result = context.GetInvocationResult();
        switch (result.Value)
        {
            case IActionResult action:
                await action.ExecuteResultAsync(new ActionContext(http, http.GetRouteData(), NoAction));
                break;
            case IResult minimal:
                await minimal.ExecuteAsync(http);
                break;
            default:
                if (!http.Response.HasStarted && !HasWritten(http.Response))
                    NoHttpResult(context.GetLogger("Abm.Local.Http"), context.FunctionDefinition.Name);
                break;
        }

        // The platform's worker ends the response here; outputs are sent after it, and what fails from here on cannot change the answer.
        await http.Response.CompleteAsync();
        http.Items[CompletedKey] = true;
    }

    public static bool IsCompleted(HttpContext http) => http.Items.ContainsKey(CompletedKey);

    /// <summary>A function may write to the response itself and return nothing.</summary>
    private static bool HasWritten(HttpResponse response) => response.StatusCode != StatusCodes.Status200OK || response.Headers.Count > 0;

    [LoggerMessage(EventId = 9001, Level = LogLevel.Warning, Message = "{Function} returned no HTTP response: return an IActionResult or IResult; the client sees an empty 200")]
    private static partial void NoHttpResult(ILogger logger, string function);
}
