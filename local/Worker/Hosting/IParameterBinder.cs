using System.Reflection;
using Microsoft.Azure.Functions.Worker;

namespace Abm.Local.Hosting;

/// <summary>Makes the value of function parameters that no trigger delivers, for example a client. Registered in DI as this interface.</summary>
public interface IParameterBinder
{
    /// <summary>Whether parameters such as this one are bound here; asked once for each parameter.</summary>
    bool CanBind(ParameterInfo parameter);

    /// <summary>The value for one invocation.</summary>
    ValueTask<object?> BindAsync(ParameterInfo parameter, FunctionContext context);
}
