using Abm.Decisions;
using Abm.Functions.Configuration.Versions;
using Abm.Functions.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.Logging;

namespace Abm.Functions.Audit;

/// <summary>Writes down who saw personal data and who did what by hand, after the function has answered and before the answer leaves. Only what succeeded is written down.</summary>
public sealed class AuditCalls(AuditTrail trail, Callers callers, ILogger<AuditCalls> logger) : IFunctionsWorkerMiddleware
{
    /// <inheritdoc/>
    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        if (context.GetHttpContext() is { } called)
            RequestId.Set(called, context.InvocationId);
        await next(context);
        if (context.GetHttpContext() is { } http)
            await NoteAsync(context.FunctionDefinition.Name, http.Request, context.GetInvocationResult().Value, context.InvocationId);
    }

    /// <summary>Writes the call down when it is one of those that are.</summary>
    /// <exception cref="Azure.RequestFailedException">It could not be written, and nobody may see the answer without.</exception>
    internal async Task NoteAsync(string function, HttpRequest request, object? result, string requestId)
    {
        if (!AuditedCalls.All.TryGetValue(function, out AuditedCall? call) || !IsSuccess(result))
            return;
        Actor who = new(callers.Of(request).Name, requestId);
        string subject = call.SubjectOf?.Invoke((result as ApiResult)?.Body) ?? SubjectOf(call, function, request);
        CancellationToken gone = request.HttpContext.RequestAborted;
        try
        {
            await (call.IsLook ? trail.LookAsync(call.Kind, subject, who, gone) : trail.ActAsync(call.Kind, subject, who, gone));
        }
        catch (Exception lost) when (!call.IsRefused && !gone.IsCancellationRequested)
        {
            logger.AuditLost(call.Kind, subject, who.Name, requestId, lost.GetType().Name);
        }
    }

    private static bool IsSuccess(object? result) => result switch
    {
        ApiResult answer => answer.Status is >= 200 and < 300,
        IActionResult => true, // a stream: its status is in its own hands, and it has not begun
        _ => false,
    };

    /// <summary>An id as it came in the path; what is none can have found nothing.</summary>
    private static string SubjectOf(AuditedCall call, string function, HttpRequest request) =>
        call.Subject is { } name && request.RouteValues.TryGetValue(name, out object? value) && value is string id && IdText.IsValid(id) ? id : function;
}

/// <summary>What the audit logs. Event ids 1700–1799.</summary>
internal static partial class AuditLogMessages
{
    [LoggerMessage(1700, LogLevel.Error, "ALERT the audit could not be written ({Failure}): {Kind} of {Subject} by {By}, request {RequestId}")]
    public static partial void AuditLost(this ILogger logger, string kind, string subject, string by, string requestId, string failure);

    [LoggerMessage(1701, LogLevel.Information, "{Count} entries of the audit have been kept long enough and are forgotten")]
    public static partial void AuditForgotten(this ILogger logger, int count);
}
