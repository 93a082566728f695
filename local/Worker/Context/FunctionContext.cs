using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>One invocation of a function.</summary>
public abstract class FunctionContext
{
    /// <summary>Unique for the invocation.</summary>
    public abstract string InvocationId { get; }

    /// <summary>Stable for the function.</summary>
    public abstract string FunctionId { get; }

    /// <summary>W3C trace context of the invocation.</summary>
    public abstract TraceContext TraceContext { get; }

    /// <summary>What the trigger delivered beside its value.</summary>
    public abstract BindingContext BindingContext { get; }

    /// <summary>Where the retries stand; null without a retry policy.</summary>
    public abstract RetryContext RetryContext { get; }

    /// <summary>Services of the invocation's own scope.</summary>
    public abstract IServiceProvider InstanceServices { get; set; }

    /// <summary>The function.</summary>
    public abstract FunctionDefinition FunctionDefinition { get; }

    /// <summary>Values that middleware and function share during the invocation.</summary>
    public abstract IDictionary<object, object> Items { get; set; }

    /// <summary>Features of the invocation.</summary>
    public abstract IInvocationFeatures Features { get; }

    /// <summary>Cancelled when the runtime shuts down or the HTTP client goes away.</summary>
    public virtual CancellationToken CancellationToken => CancellationToken.None;
}

/// <summary>What a trigger delivered beside its value.</summary>
public abstract class BindingContext
{
    /// <summary>Values by name, for example <c>DequeueCount</c> or a route value.</summary>
    public abstract IReadOnlyDictionary<string, object?> BindingData { get; }
}

/// <summary>W3C trace context.</summary>
public abstract class TraceContext
{
    /// <summary>The <c>traceparent</c>.</summary>
    public abstract string TraceParent { get; }

    /// <summary>The <c>tracestate</c>.</summary>
    public abstract string TraceState { get; }

    /// <summary>Further attributes.</summary>
    public virtual IReadOnlyDictionary<string, string> Attributes => System.Collections.Immutable.ImmutableDictionary<string, string>.Empty;
}

/// <summary>Where the retries of a function with a retry policy stand.</summary>
public abstract class RetryContext
{
    /// <summary>0 in the first run.</summary>
    public abstract int RetryCount { get; }

    /// <summary>How many retries there will be at most; −1 without end.</summary>
    public abstract int MaxRetryCount { get; }
}

/// <summary>Features of an invocation, by their type.</summary>
public interface IInvocationFeatures : IEnumerable<KeyValuePair<Type, object>>
{
    /// <summary>Sets or replaces a feature.</summary>
    void Set<T>(T instance);

    /// <summary>The feature, or null.</summary>
    T? Get<T>();
}
