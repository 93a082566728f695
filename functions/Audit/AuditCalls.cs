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
        string function = context.FunctionDefinition.Name;
        if (!AuditedCalls.All.TryGetValue(function, out AuditedCall? call) || context.GetHttpContext() is not { } http || !IsSuccess(context.GetInvocationResult().Value))
            return;

        Actor who = new(callers.Of(http.Request).Name, context.InvocationId);
        string subject = SubjectOf(call, function, http.Request);
        try
        {
            await (call.IsLook
                ? trail.LookAsync(call.Kind, subject, who, http.RequestAborted)
                : trail.ActAsync(call.Kind, subject, who, http.RequestAborted));
        }
        catch (Exception lost) when (!call.IsRefused && !http.RequestAborted.IsCancellationRequested)
        {
            logger.AuditLost(call.Kind, subject, who.Name, context.InvocationId, lost.GetType().Name);
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
}
