using System.Diagnostics;
using System.Text.Json;
using Abm.Local.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Microsoft.Azure.Functions.Worker.Http;

/// <summary>The host's own endpoints: its state, the list of functions, starting one by hand.</summary>
internal sealed class AdminEndpoints(RuntimeSetup setup, RunningFunctions running) : IHttpEndpointContributor
{
    private readonly long _started = Stopwatch.GetTimestamp();

    public void Map(IEndpointRouteBuilder endpoints)
    {
        Map(endpoints, "GET", "/admin/host/status", http => http.Response.WriteAsJsonAsync(
            new { id = setup.AppAssembly.GetName().Name, state = "Running", version = "local", processUptime = (long)Stopwatch.GetElapsedTime(_started).TotalMilliseconds },
            http.RequestAborted));
        Map(endpoints, "GET", "/admin/functions", http => http.Response.WriteAsJsonAsync(running.Catalog.Functions.Select(Show), http.RequestAborted));
        Map(endpoints, "GET", "/admin/functions/{name}", http => running.Catalog.TryGet(Name(http), out LocalFunction? function)
            ? http.Response.WriteAsJsonAsync(Show(function), http.RequestAborted)
            : Status(http, StatusCodes.Status404NotFound));
        Map(endpoints, "POST", "/admin/functions/{name}", StartAsync);
    }

    private static void Map(IEndpointRouteBuilder endpoints, string verb, string route, RequestDelegate handle) =>
        endpoints.Map(route, handle).WithMetadata(new VerbMetadata([verb]));

    private static string Name(HttpContext http) => (string)http.Request.RouteValues["name"]!;

    private static Task Status(HttpContext http, int status)
    {
        http.Response.StatusCode = status;
        return Task.CompletedTask;
    }

    private async Task StartAsync(HttpContext http)
    {
        if (!running.Catalog.TryGet(Name(http), out LocalFunction? function))
        {
            await Status(http, StatusCodes.Status404NotFound);
            return;
        }

        string? input;
        try
        {
            input = await ReadInputAsync(http);
        }
        catch (JsonException)
        {
            await Status(http, StatusCodes.Status400BadRequest);
            return;
        }

        bool isStarted = await running.ProviderOf(function).TryStartByHandAsync(function, input, http.RequestAborted);
        await Status(http, isStarted ? StatusCodes.Status202Accepted : StatusCodes.Status400BadRequest);
    }

    private static async Task<string?> ReadInputAsync(HttpContext http)
    {
        using var reader = new StreamReader(http.Request.Body);
        string body = await reader.ReadToEndAsync(http.RequestAborted);
        if (string.IsNullOrWhiteSpace(body))
            return null;
        using JsonDocument document = JsonDocument.Parse(body);
        if (document.RootElement.ValueKind != JsonValueKind.Object || !document.RootElement.TryGetProperty("input", out JsonElement input))
            return null;
        return input.ValueKind == JsonValueKind.String ? input.GetString() : input.GetRawText();
    }

    private object Show(LocalFunction function) => new
    {
        name = function.Name,
        entryPoint = function.EntryPoint,
        language = "dotnet-isolated",
        isDisabled = function.IsDisabled,
        startedBy = running.ProviderOf(function).Describe(function),
        bindings = function.Definition.InputBindings.Values.Concat(function.Definition.OutputBindings.Values)
            .Select(binding => new { name = binding.Name, type = binding.Type, direction = binding.Direction.ToString().ToLowerInvariant() }),
    };
}
