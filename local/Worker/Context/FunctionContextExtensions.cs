using Azure.Core.Serialization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>Loggers for an invocation.</summary>
public static class FunctionContextLoggerExtensions
{
    /// <summary>A logger of category <typeparamref name="T"/>.</summary>
    public static ILogger<T> GetLogger<T>(this FunctionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.InstanceServices.GetRequiredService<ILogger<T>>();
    }

    /// <summary>A logger of this category.</summary>
    public static ILogger GetLogger(this FunctionContext context, string categoryName)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.InstanceServices.GetRequiredService<ILoggerFactory>().CreateLogger(categoryName);
    }
}

/// <summary>The ASP.NET side of an invocation.</summary>
public static class FunctionContextExtensions
{
    internal const string HttpContextKey = "HttpRequestContext";

    /// <summary>The HTTP context; null when the function was not started by a request.</summary>
    public static HttpContext? GetHttpContext(this FunctionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Items.TryGetValue(HttpContextKey, out object? http) ? http as HttpContext : null;
    }

    internal static ObjectSerializer GetSerializer(this FunctionContext context) =>
        context.InstanceServices.GetRequiredService<IOptions<WorkerOptions>>().Value.Serializer
        ?? throw new InvalidOperationException($"{nameof(WorkerOptions)}.{nameof(WorkerOptions.Serializer)} is null.");
}

/// <summary>What an invocation returned, for middleware.</summary>
public static class FunctionContextBindingFeatureExtensions
{
    /// <summary>The result; middleware may replace its value after the function has run.</summary>
    public static InvocationResult GetInvocationResult(this FunctionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Features.Get<InvocationResult>() ?? throw new InvalidOperationException("The invocation has no result holder.");
    }
}

/// <summary>The result of an invocation.</summary>
public sealed class InvocationResult
{
    internal InvocationResult()
    {
    }

    /// <summary>What the function returned; null for none.</summary>
    public object? Value { get; set; }
}
