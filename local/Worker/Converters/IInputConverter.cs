namespace Microsoft.Azure.Functions.Worker.Converters;

/// <summary>Makes a parameter's value from what the trigger delivered.</summary>
public interface IInputConverter
{
    /// <summary>Converts, declines or fails.</summary>
    ValueTask<ConversionResult> ConvertAsync(ConverterContext context);
}

/// <summary>What is to be converted.</summary>
public abstract class ConverterContext
{
    /// <summary>The type that the parameter has.</summary>
    public abstract Type TargetType { get; }

    /// <summary>What the trigger delivered for it; null when nothing was.</summary>
    public abstract object? Source { get; }

    /// <summary>The invocation.</summary>
    public abstract FunctionContext FunctionContext { get; }

    /// <summary>Notes for the converter.</summary>
    public abstract IReadOnlyDictionary<string, object> Properties { get; }
}

/// <summary>How a conversion ended.</summary>
public enum ConversionStatus
{
    /// <summary>This converter does not deal with such values.</summary>
    Unhandled,

    /// <summary>The value is there.</summary>
    Succeeded,

    /// <summary>This converter deals with such values, but not with this one.</summary>
    Failed,
}

/// <summary>The answer of an <see cref="IInputConverter"/>.</summary>
public readonly struct ConversionResult : IEquatable<ConversionResult>
{
    private ConversionResult(ConversionStatus status, object? value, Exception? error)
    {
        Status = status;
        Value = value;
        Error = error;
    }

    /// <summary>How it ended.</summary>
    public ConversionStatus Status { get; }

    /// <summary>The value after a success.</summary>
    public object? Value { get; }

    /// <summary>What went wrong after a failure.</summary>
    public Exception? Error { get; }

    /// <summary>Not for this converter.</summary>
    public static ConversionResult Unhandled() => default;

    /// <summary>Converted.</summary>
    public static ConversionResult Success(object? value) => new(ConversionStatus.Succeeded, value, null);

    /// <summary>Not convertible.</summary>
    public static ConversionResult Failed(Exception exception) => new(ConversionStatus.Failed, null, exception);

    /// <inheritdoc/>
    public bool Equals(ConversionResult other) => Status == other.Status && Equals(Value, other.Value) && Equals(Error, other.Error);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is ConversionResult other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Status, Value, Error);

    /// <summary>Same outcome.</summary>
    public static bool operator ==(ConversionResult left, ConversionResult right) => left.Equals(right);

    /// <summary>Another outcome.</summary>
    public static bool operator !=(ConversionResult left, ConversionResult right) => !left.Equals(right);
}
