using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>Starts a function by a message on a storage queue.</summary>
/// <param name="queueName">The queue; <c>%Setting%</c> is resolved at start.</param>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class QueueTriggerAttribute(string queueName) : TriggerBindingAttribute
{
    /// <summary>The queue.</summary>
    public string QueueName { get; } = queueName;

    /// <summary>The setting that holds the connection; default <c>AzureWebJobsStorage</c>.</summary>
    public string? Connection { get; set; }
}

/// <summary>Sends the function's result, or a property of it, to a storage queue. Null sends nothing; an array sends one message for each item.</summary>
/// <param name="queueName">The queue, created when missing; <c>%Setting%</c> is resolved at start.</param>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Property)]
public sealed class QueueOutputAttribute(string queueName) : OutputBindingAttribute
{
    /// <summary>The queue.</summary>
    public string QueueName { get; } = queueName;

    /// <summary>The setting that holds the connection; default <c>AzureWebJobsStorage</c>.</summary>
    public string? Connection { get; set; }
}
