namespace Microsoft.Azure.Functions.Worker.Middleware;

/// <summary>The rest of an invocation: further middleware, then the function.</summary>
public delegate Task FunctionExecutionDelegate(FunctionContext context);

/// <summary>Stands around every invocation.</summary>
public interface IFunctionsWorkerMiddleware
{
    /// <summary>Does its part and calls <paramref name="next"/>.</summary>
    Task Invoke(FunctionContext context, FunctionExecutionDelegate next);
}
