using System.Reflection;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace Abm.Local.Hosting;

/// <summary>A function that was found in the app's assemblies.</summary>
public sealed class LocalFunction
{
    /// <summary>The name in <see cref="FunctionAttribute"/>; unique without case.</summary>
    public required string Name { get; init; }

    /// <summary>The method to run.</summary>
    public required MethodInfo Method { get; init; }

    /// <summary>The parameter that carries <see cref="Trigger"/>.</summary>
    public required ParameterInfo TriggerParameter { get; init; }

    /// <summary>What starts the function.</summary>
    public required TriggerBindingAttribute Trigger { get; init; }

    /// <summary>The retry policy on the method, or null.</summary>
    public RetryAttribute? Retry { get; init; }

    /// <summary>The description that <see cref="FunctionContext.FunctionDefinition"/> shows.</summary>
    public required FunctionDefinition Definition { get; init; }

    /// <summary>Switched off by <c>AzureWebJobs.&lt;Name&gt;.Disabled</c>: listed, never started.</summary>
    public bool IsDisabled { get; init; }

    /// <summary><c>Namespace.Type.Method</c>, as messages name it.</summary>
    public string EntryPoint => Definition.EntryPoint;

    /// <inheritdoc/>
    public override string ToString() => Name;
}
