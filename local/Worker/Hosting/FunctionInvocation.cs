using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace Abm.Local.Hosting;

/// <summary>A request to run a function once.</summary>
public sealed class FunctionInvocation
{
    /// <summary>The function.</summary>
    public required LocalFunction Function { get; init; }

    /// <summary>
    /// What the trigger delivered. It is passed as it is when it fits the parameter's type, else converted (JSON to an object, text to bytes
    /// and so on).
    /// </summary>
    public object? TriggerValue { get; init; }

    /// <summary>Values that parameters may ask for by name, without case: message properties, route values. Converted as needed; shown as <see cref="BindingContext.BindingData"/>.</summary>
    public IReadOnlyDictionary<string, object?> TriggerMetadata { get; init; } = EmptyMetadata;

    /// <summary>Values for parameters by their exact name, passed as they are; they win over every other source.</summary>
    public IReadOnlyDictionary<string, object?> Arguments { get; init; } = EmptyMetadata;

    /// <summary>The id that logs show; default: a new one.</summary>
    public string? InvocationId { get; init; }

    /// <summary>The request of an HTTP function.</summary>
    public HttpContext? HttpContext { get; init; }

    /// <summary>Retries done so far, for functions with a retry policy.</summary>
    public int RetryCount { get; init; }

    /// <summary>Called with the context before middleware runs, to add items or features.</summary>
    public Action<FunctionContext>? Prepare { get; init; }

    /// <summary>The invocation's token.</summary>
    public CancellationToken CancellationToken { get; init; }

    private static IReadOnlyDictionary<string, object?> EmptyMetadata { get; } = System.Collections.Immutable.ImmutableDictionary<string, object?>.Empty;
}
