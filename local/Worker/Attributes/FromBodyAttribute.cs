using Microsoft.Azure.Functions.Worker.Converters;

namespace Microsoft.Azure.Functions.Worker.Http;

/// <summary>Reads the parameter from the JSON body of the request.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public class FromBodyAttribute() : InputConverterAttribute(typeof(FromBodyConverter));
