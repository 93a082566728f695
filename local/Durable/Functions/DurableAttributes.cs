using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>Marks the <c>TaskOrchestrationContext</c> parameter of an orchestrator function.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class OrchestrationTriggerAttribute : TriggerBindingAttribute
{
    /// <summary>The orchestrator's name; default: the function's.</summary>
    public string? Orchestration { get; set; }
}

/// <summary>Marks the input parameter of an activity function.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class ActivityTriggerAttribute : TriggerBindingAttribute
{
    /// <summary>The activity's name; default: the function's.</summary>
    public string? Activity { get; set; }
}

/// <summary>Marks a <c>DurableTaskClient</c> parameter of any function.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class DurableClientAttribute : InputBindingAttribute
{
    /// <summary>The task hub; default: the one of host.json. The Local runtime refuses any other.</summary>
    public string? TaskHub { get; set; }

    /// <summary>The setting that holds the storage connection; default: the one of host.json. The Local runtime refuses any other.</summary>
    public string? ConnectionName { get; set; }
}

/// <summary>Durable entities, which the Local runtime refuses.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
[Obsolete("The Local runtime has no durable entities. Keep the state in a table, or in an orchestration.", error: true)]
public sealed class EntityTriggerAttribute : TriggerBindingAttribute
{
    /// <summary>The entity's name.</summary>
    public string? EntityName { get; set; }
}
