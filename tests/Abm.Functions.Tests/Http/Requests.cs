using System.Text;
using System.Text.Json.Nodes;
using Abm.Functions.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.AspNetCore.Routing;

namespace Abm.Functions.Tests.Http;

/// <summary>Requests made by hand, and answers read back.</summary>
internal static class Requests
{
    public static HttpRequest Get(string pathAndQuery) => Request("GET", pathAndQuery, [], null);

    public static HttpRequest PostJson(string pathAndQuery, string json, params (string Name, string Value)[] headers) =>
        Request("POST", pathAndQuery, Encoding.UTF8.GetBytes(json), "application/json", headers);

    public static HttpRequest Request(string method, string pathAndQuery, byte[] body, string? contentType, params (string Name, string Value)[] headers)
    {
        var context = new DefaultHttpContext();
        HttpRequest request = context.Request;
        request.Method = method;
        int query = pathAndQuery.IndexOf('?', StringComparison.Ordinal);
        request.Path = query < 0 ? pathAndQuery : pathAndQuery[..query];
        request.QueryString = query < 0 ? QueryString.Empty : new QueryString(pathAndQuery[query..]);
        request.Body = new MemoryStream(body);
        request.ContentType = contentType;
        foreach ((string name, string value) in headers)
            request.Headers.Append(name, value);
        return request;
    }

    /// <summary>Runs the result as the host does.</summary>
    public static async Task<Answered> AnswerAsync(this Task<IActionResult> result) => await AnswerAsync(await result);

    public static async Task<Answered> AnswerAsync(this IActionResult result)
    {
        var context = new DefaultHttpContext();
        var body = new MemoryStream();
        context.Features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(body));
        await result.ExecuteResultAsync(new ActionContext(context, new RouteData(), new ActionDescriptor()));
        await context.Response.CompleteAsync();
        return new Answered(context.Response.StatusCode, context.Response.ContentType, context.Response.Headers, Encoding.UTF8.GetString(body.ToArray()));
    }
}

/// <summary>What came back.</summary>
internal sealed record Answered(int Status, string? ContentType, IHeaderDictionary Headers, string Body)
{
    public JsonNode Json => JsonNode.Parse(Body)!;

    /// <summary>Code and field of each problem.</summary>
    public (string Code, string Field)[] Problems => [.. Json["problems"]!.AsArray().Select(problem => ((string)problem!["code"]!, (string)problem["field"]!))];
}
