using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.DependencyInjection;

namespace Abm.Local.Hosting;

/// <summary>Runs functions: own service scope, middleware, parameter binding, the method, its outputs.</summary>
public sealed class FunctionInvoker
{
    private readonly IServiceScopeFactory _scopes;
    private readonly FunctionPlans _plans;
    private readonly FunctionExecutionDelegate _pipeline;

    internal FunctionInvoker(IServiceScopeFactory scopes, FunctionPlans plans, IReadOnlyList<Func<FunctionExecutionDelegate, FunctionExecutionDelegate>> middleware)
    {
        _scopes = scopes;
        _plans = plans;
        FunctionExecutionDelegate pipeline = ExecuteAsync;
        for (int i = middleware.Count - 1; i >= 0; i--)
            pipeline = middleware[i](pipeline);
        _pipeline = pipeline;
    }

    /// <summary>
    /// Runs the function and returns what it returned, after middleware and without what went to outputs. Until the method's own first wait
    /// everything runs on the calling thread, provided that middleware and binders do not wait either.
    /// </summary>
    /// <exception cref="Exception">Whatever the function or its middleware throws, unwrapped; <see cref="FunctionInputConverterException"/> when a parameter cannot be made.</exception>
    public async Task<object?> InvokeAsync(FunctionInvocation invocation)
    {
        ArgumentNullException.ThrowIfNull(invocation);
        FunctionPlan plan = _plans.For(invocation.Function);
        await using AsyncServiceScope scope = _scopes.CreateAsyncScope();
        var context = new LocalFunctionContext(invocation, plan, scope.ServiceProvider);
        invocation.Prepare?.Invoke(context);
        await _pipeline(context);
        await FunctionPlan.WriteOutputsAsync(context);
        return context.Result.Value;
    }

    private static async Task ExecuteAsync(FunctionContext context)
    {
        var local = (LocalFunctionContext)context;
        object? result = await local.Plan.RunAsync(local);
        local.Result.Value = local.Plan.SplitOutputs(local, result);
    }
}
