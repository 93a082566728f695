using System.Reflection;
using System.Text.Json.Nodes;
using Abm.Functions.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Abm.Functions.OpenApi;

/// <summary>Serves the description of the HTTP surface.</summary>
public sealed class GetOpenApi
{
    private static readonly Lazy<JsonObject> Document = new(() => OpenApiDocument.Of(Assembly.GetExecutingAssembly()));

    /// <summary><c>GET /api/openapi.json</c>: OpenAPI 3.1. Open to everyone: it is the same for every installation.</summary>
    [Function(nameof(GetOpenApi))]
    public IActionResult Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "openapi.json")] HttpRequest request) =>
        new ApiResult(StatusCodes.Status200OK, Document.Value);
}
