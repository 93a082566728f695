namespace Microsoft.Azure.Functions.Worker.Converters;

/// <summary>Names the converter that makes the parameter's value.</summary>
[AttributeUsage(AttributeTargets.Parameter | AttributeTargets.Class | AttributeTargets.Interface | AttributeTargets.Enum | AttributeTargets.Struct)]
public class InputConverterAttribute : Attribute
{
    /// <summary>Names the converter.</summary>
    /// <param name="converterType">A class that implements <see cref="IInputConverter"/>.</param>
    /// <exception cref="InvalidOperationException">It does not.</exception>
    public InputConverterAttribute(Type converterType)
    {
        ArgumentNullException.ThrowIfNull(converterType);
        if (!typeof(IInputConverter).IsAssignableFrom(converterType))
            throw new InvalidOperationException($"{converterType.FullName} is not an {nameof(IInputConverter)}.");
        ConverterType = converterType;
    }

    /// <summary>The converter.</summary>
    public Type ConverterType { get; }
}
