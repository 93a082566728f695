using System.Collections.Immutable;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>A function as the runtime knows it.</summary>
public abstract class FunctionDefinition
{
    /// <summary>The parameters in order.</summary>
    public abstract ImmutableArray<FunctionParameter> Parameters { get; }

    /// <summary>The assembly that holds it.</summary>
    public abstract string PathToAssembly { get; }

    /// <summary><c>Namespace.Type.Method</c>.</summary>
    public abstract string EntryPoint { get; }

    /// <summary>Stable id.</summary>
    public abstract string Id { get; }

    /// <summary>The name in <see cref="FunctionAttribute"/>.</summary>
    public abstract string Name { get; }

    /// <summary>Bindings that go in, the trigger among them, by parameter name.</summary>
    public abstract IImmutableDictionary<string, BindingMetadata> InputBindings { get; }

    /// <summary>Bindings that go out, by property name; <c>$return</c> for the whole result.</summary>
    public abstract IImmutableDictionary<string, BindingMetadata> OutputBindings { get; }
}

/// <summary>One binding of a function.</summary>
public abstract class BindingMetadata
{
    /// <summary>Parameter or property name.</summary>
    public abstract string Name { get; }

    /// <summary>For example <c>queueTrigger</c>.</summary>
    public abstract string Type { get; }

    /// <summary>In or out.</summary>
    public abstract BindingDirection Direction { get; }
}

/// <summary>Which way a binding goes.</summary>
public enum BindingDirection
{
    /// <summary>Into the function.</summary>
    In,

    /// <summary>Out of it.</summary>
    Out,
}

/// <summary>A parameter of a function.</summary>
public class FunctionParameter
{
    /// <summary>A parameter.</summary>
    public FunctionParameter(string name, Type type) : this(name, type, ImmutableDictionary<string, object>.Empty)
    {
    }

    /// <summary>A parameter with notes for converters.</summary>
    public FunctionParameter(string name, Type type, IReadOnlyDictionary<string, object> properties)
    {
        Name = name ?? throw new ArgumentNullException(nameof(name));
        Type = type ?? throw new ArgumentNullException(nameof(type));
        Properties = properties ?? throw new ArgumentNullException(nameof(properties));
    }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>Its type.</summary>
    public Type Type { get; }

    /// <summary>Notes for converters.</summary>
    public IReadOnlyDictionary<string, object> Properties { get; }
}
