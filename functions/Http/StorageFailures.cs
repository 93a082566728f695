using System.Net.Sockets;
using Azure;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.Logging;

namespace Abm.Functions.Http;

/// <summary>Tells HTTP callers when the storage is what failed: 503 with a time to try again. Every other exception stays an empty 500.</summary>
/// <remarks>Trying again is safe: everything that is taken in has a derived id.</remarks>
public sealed class StorageFailures(ILogger<StorageFailures> logger) : IFunctionsWorkerMiddleware
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);

    /// <inheritdoc/>
    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        try
        {
            await next(context);
        }
        catch (Exception e) when (IsUnavailable(e) && context.GetHttpContext() is { Response.HasStarted: false })
        {
            logger.StorageUnavailable(context.FunctionDefinition.Name, e);
            context.GetInvocationResult().Value = Problems.Unavailable("Nothing is lost; send the same request again.", RetryAfter);
        }
    }

    /// <summary>Whether the storage could not be reached, or was too busy, after the client's own retries.</summary>
    internal static bool IsUnavailable(Exception exception) => exception switch
    {
        RequestFailedException { Status: 0 or 408 or 429 or 500 or 502 or 503 or 504 } => true,
        AggregateException many => many.InnerExceptions.Count > 0 && many.InnerExceptions.All(IsUnavailable),
        HttpRequestException or SocketException => true,
        _ => false,
    };
}

internal static partial class HttpLog
{
    [LoggerMessage(1010, LogLevel.Error, "{Function} answered 503: the storage cannot be reached")]
    public static partial void StorageUnavailable(this ILogger logger, string function, Exception exception);
}
