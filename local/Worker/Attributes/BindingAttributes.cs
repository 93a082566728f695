namespace Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

/// <summary>Root of every attribute that connects a function to something outside it.</summary>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Parameter | AttributeTargets.Property)]
public abstract class BindingAttribute : Attribute;

/// <summary>A value that goes into the function.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public abstract class InputBindingAttribute : BindingAttribute;

/// <summary>What starts the function; exactly one parameter of a function carries one.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public abstract class TriggerBindingAttribute : BindingAttribute;

/// <summary>Where the function's result goes: on the method for the whole result, on a property for a part of it.</summary>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Property)]
public abstract class OutputBindingAttribute : BindingAttribute;

/// <summary>How many items one invocation takes.</summary>
public enum Cardinality
{
    /// <summary>A batch.</summary>
    Many,

    /// <summary>One item.</summary>
    One,
}

/// <summary>A trigger that can hand over one item or a batch.</summary>
public interface ISupportCardinality
{
    /// <summary>One item or a batch.</summary>
    Cardinality Cardinality { get; set; }
}
