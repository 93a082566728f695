using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Microsoft.Azure.Functions.Worker.Converters;

/// <summary>Reads the request's JSON body as MVC's body binder does: with MVC's JSON options; what it cannot read fails the invocation.</summary>
internal sealed class FromBodyConverter : IInputConverter
{
    public async ValueTask<ConversionResult> ConvertAsync(ConverterContext context)
    {
        HttpContext? http = context.FunctionContext.GetHttpContext();
        if (http is null)
            return Failed("[FromBody] needs an HTTP trigger.");
        if (!http.Request.HasJsonContentType())
            return Failed($"[FromBody] reads JSON; the request's content type is {http.Request.ContentType ?? "not set"}.");

        JsonSerializerOptions options = context.FunctionContext.InstanceServices.GetRequiredService<IOptions<JsonOptions>>().Value.JsonSerializerOptions;
        try
        {
            object? value = await http.Request.ReadFromJsonAsync(context.TargetType, options, http.RequestAborted);
            return value is null ? Failed("[FromBody] needs a body.") : ConversionResult.Success(value);
        }
        catch (JsonException unreadable)
        {
            return Failed($"The request body is not a readable {context.TargetType.Name}.", unreadable);
        }
    }

    private static ConversionResult Failed(string message, Exception? cause = null) => ConversionResult.Failed(new InvalidOperationException(message, cause));
}
