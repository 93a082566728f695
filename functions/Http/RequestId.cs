using Microsoft.AspNetCore.Http;

namespace Abm.Functions.Http;

/// <summary>The id under which a call stands in the platform's logs, so that an entry of ours can be found there.</summary>
public static class RequestId
{
    private static readonly object Key = new();

    /// <summary>Notes the id of the invocation that answers this call.</summary>
    public static void Set(HttpContext http, string invocationId) => http.Items[Key] = invocationId;

    /// <summary>What was noted; else what the server calls the request.</summary>
    public static string Of(HttpRequest request) => request.HttpContext.Items.TryGetValue(Key, out object? id) && id is string text ? text : request.HttpContext.TraceIdentifier;
}
