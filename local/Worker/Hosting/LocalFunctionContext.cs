using System.Collections;
using System.Diagnostics;
using Microsoft.Azure.Functions.Worker;

namespace Abm.Local.Hosting;

/// <summary>The context of one invocation in this runtime.</summary>
internal sealed class LocalFunctionContext : FunctionContext
{
    private readonly RetryContext? _retry;

    public LocalFunctionContext(FunctionInvocation invocation, FunctionPlan plan, IServiceProvider services)
    {
        Invocation = invocation;
        Plan = plan;
        InstanceServices = services;
        InvocationId = invocation.InvocationId ?? Guid.NewGuid().ToString();
        BindingContext = new LocalBindingContext(invocation.TriggerMetadata);
        TraceContext = new LocalTraceContext(Activity.Current?.Id ?? "", Activity.Current?.TraceStateString ?? "");
        _retry = invocation.Function.Retry is { } policy ? new LocalRetryContext(invocation.RetryCount, policy.MaxRetryCount) : null;
        Features.Set(Result);
        if (invocation.HttpContext is { } http)
            Items[FunctionContextExtensions.HttpContextKey] = http;
    }

    public FunctionInvocation Invocation { get; }

    public FunctionPlan Plan { get; }

    public InvocationResult Result { get; } = new();

    /// <summary>What the function returned for its outputs; written once the middleware is through.</summary>
    public List<PendingOutput> Outputs { get; } = [];

    public override string InvocationId { get; }

    public override string FunctionId => FunctionDefinition.Id;

    public override TraceContext TraceContext { get; }

    public override BindingContext BindingContext { get; }

    public override RetryContext RetryContext => _retry!;

    public override IServiceProvider InstanceServices { get; set; }

    public override FunctionDefinition FunctionDefinition => Invocation.Function.Definition;

    public override IDictionary<object, object> Items { get; set; } = new Dictionary<object, object>();

    public override IInvocationFeatures Features { get; } = new InvocationFeatures();

    public override CancellationToken CancellationToken => Invocation.CancellationToken;

    private sealed class LocalBindingContext(IReadOnlyDictionary<string, object?> data) : BindingContext
    {
        public override IReadOnlyDictionary<string, object?> BindingData => data;
    }

    private sealed class LocalTraceContext(string parent, string state) : TraceContext
    {
        public override string TraceParent => parent;

        public override string TraceState => state;
    }

    private sealed class LocalRetryContext(int count, int most) : RetryContext
    {
        public override int RetryCount => count;

        public override int MaxRetryCount => most;
    }

    private sealed class InvocationFeatures : IInvocationFeatures
    {
        private readonly Dictionary<Type, object> _features = [];

        public void Set<T>(T instance) => _features[typeof(T)] = instance ?? throw new ArgumentNullException(nameof(instance));

        public T? Get<T>() => _features.TryGetValue(typeof(T), out object? feature) ? (T)feature : default;

        public IEnumerator<KeyValuePair<Type, object>> GetEnumerator() => _features.GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}

/// <summary>A value on its way to an output.</summary>
internal sealed record PendingOutput(IOutputWriter Writer, Microsoft.Azure.Functions.Worker.Extensions.Abstractions.OutputBindingAttribute Output, object Value);
