using System.Reflection;
using Abm.Local.Durable.Engine;
using Abm.Local.Hosting;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;
using Microsoft.DurableTask;
using Microsoft.Extensions.Logging;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>Turns orchestrator and activity functions into what the engine calls.</summary>
internal sealed partial class DurableFunctions(FunctionInvoker invoker, DataConverter converter, ILoggerFactory loggers)
{
    /// <summary>An orchestrator. Its first wait ends the calling thread's part; the engine resumes it on the same thread.</summary>
    /// <exception cref="LocalRuntimeException">The function cannot work.</exception>
    public OrchestratorBody Orchestrator(LocalFunction function)
    {
        ParameterInfo trigger = function.TriggerParameter;
        if (trigger.ParameterType != typeof(TaskOrchestrationContext))
            throw new LocalRuntimeException($"{function.EntryPoint}: [OrchestrationTrigger] belongs on a TaskOrchestrationContext parameter, not on {trigger.ParameterType.Name}.");
        ParameterInfo[] others = [.. function.Method.GetParameters().Where(parameter => parameter != trigger && !IsAmbient(parameter))];
        if (others.FirstOrDefault(parameter => parameter.IsDefined(typeof(BindingAttribute))) is { } bound)
            throw new LocalRuntimeException($"{function.EntryPoint}: an orchestrator has no bindings but its trigger; move what needs '{bound.Name}' into an activity.");
        if (others.Length > 1)
            throw new LocalRuntimeException($"{function.EntryPoint}: an orchestrator takes its context and at most one input; '{others[1].Name}' is too many.");

        ParameterInfo? input = others.SingleOrDefault();
        return async context =>
        {
            var arguments = new Dictionary<string, object?>(StringComparer.Ordinal) { [trigger.Name!] = context };
            if (input is not null)
                arguments[input.Name!] = ((ReplayContext)context).GetInput(input.ParameterType) ?? Default(input.ParameterType);
            object? result = await invoker.InvokeAsync(new FunctionInvocation { Function = function, TriggerValue = context, Arguments = arguments });
            return converter.Serialize(result);
        };
    }

    /// <summary>An activity.</summary>
    public ActivityBody Activity(LocalFunction function)
    {
        ParameterInfo trigger = function.TriggerParameter;
        ILogger log = loggers.CreateLogger($"Function.{function.Name}");
        return async (call, cancellationToken) =>
        {
            try
            {
                object? result = await invoker.InvokeAsync(new FunctionInvocation
                {
                    Function = function,
                    TriggerValue = call.Input,
                    Arguments = Arguments(trigger, call),
                    TriggerMetadata = new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase) { ["instanceId"] = call.InstanceId },
                    CancellationToken = cancellationToken,
                }).ConfigureAwait(false);
                return converter.Serialize(result);
            }
            catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
            {
                LogFailed(log, function.Name, call.InstanceId, call.TaskId, failure);
                throw;
            }
        };
    }

    private static bool IsAmbient(ParameterInfo parameter) =>
        parameter.ParameterType == typeof(FunctionContext) || parameter.ParameterType == typeof(CancellationToken);

    private static object? Default(Type type) => type.IsValueType ? Activator.CreateInstance(type) : null;

    private Dictionary<string, object?> Arguments(ParameterInfo trigger, ActivityCall call)
    {
        var arguments = new Dictionary<string, object?>(StringComparer.Ordinal);
        if (trigger.ParameterType == typeof(TaskActivityContext))
            arguments[trigger.Name!] = new CallContext(call);
        else if (trigger.ParameterType != typeof(FunctionContext))
            arguments[trigger.Name!] = Input(trigger.ParameterType, call);
        return arguments;
    }

    private object? Input(Type type, ActivityCall call)
    {
        try
        {
            return converter.Deserialize(call.Input, type) ?? Default(type);
        }
        catch (Exception unreadable)
        {
            throw new InvalidOperationException($"The input of activity '{call.Name}' cannot be read as {type.Name}.", unreadable);
        }
    }

    [LoggerMessage(EventId = 9100, Level = LogLevel.Error, Message = "Activity {Function} failed (orchestration {InstanceId}, step {TaskId})")]
    private static partial void LogFailed(ILogger logger, string function, string instanceId, int taskId, Exception failure);

    private sealed class CallContext(ActivityCall call) : TaskActivityContext
    {
        public override TaskName Name => call.Name;

        public override string InstanceId => call.InstanceId;
    }
}
