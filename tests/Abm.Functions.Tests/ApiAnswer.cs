using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Abm.Functions.Tests;

/// <summary>What a function answered, executed as the host does.</summary>
internal sealed record ApiAnswer(int Status, string? ContentType, string Body)
{
    public JsonNode Json => JsonNode.Parse(Body)!;

    /// <summary>Codes of the problems, in order.</summary>
    public IReadOnlyList<string> Codes => [.. Json["problems"]!.AsArray().Select(p => $"{p!["code"]} {p["field"]}")];

    public static async Task<ApiAnswer> OfAsync(IActionResult result)
    {
        DefaultHttpContext http = new();
        using MemoryStream body = new();
        http.Response.Body = body;
        await result.ExecuteResultAsync(new ActionContext(http, new RouteData(), new Microsoft.AspNetCore.Mvc.Abstractions.ActionDescriptor()));
        return new ApiAnswer(http.Response.StatusCode, http.Response.ContentType, Encoding.UTF8.GetString(body.ToArray()));
    }

    /// <summary>A request with a query such as <c>?limit=1</c> and, when given, a JSON body.</summary>
    public static HttpRequest Request(string query = "", string? json = null)
    {
        DefaultHttpContext http = new();
        http.Request.QueryString = new QueryString(query);
        if (json is not null)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(json);
            http.Request.Body = new MemoryStream(bytes);
            http.Request.ContentLength = bytes.Length;
            http.Request.ContentType = "application/json";
        }

        return http.Request;
    }
}
