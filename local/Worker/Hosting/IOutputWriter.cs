using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace Abm.Local.Hosting;

/// <summary>Sends what functions return to where an output attribute points. Registered in DI as this interface.</summary>
public interface IOutputWriter
{
    /// <summary>Whether outputs with this attribute are written here.</summary>
    bool Handles(OutputBindingAttribute output);

    /// <summary>The binding's type in the function's metadata, for example <c>queue</c>.</summary>
    string BindingType { get; }

    /// <summary>Checks an output at start.</summary>
    /// <param name="output">The attribute.</param>
    /// <param name="valueType">The declared type of what will be written.</param>
    /// <param name="entryPoint">The function, for the message.</param>
    /// <exception cref="LocalRuntimeException">It cannot work.</exception>
    void Prepare(OutputBindingAttribute output, Type valueType, string entryPoint);

    /// <summary>Writes a value, never null; an exception fails the invocation.</summary>
    Task WriteAsync(OutputBindingAttribute output, object value, FunctionContext context);
}
