using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Abm.Benchmarks.Harness;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Abm.Benchmarks.Intake;

/// <summary>
/// Stands between the app's process and one service of the storage and counts what passes, by table or queue and by what is done. It costs time, so
/// counts and times are taken in different passes.
/// </summary>
internal sealed partial class CountingProxy : IAsyncDisposable
{
    private static readonly HashSet<string> OfTheConnection = new(StringComparer.OrdinalIgnoreCase) { "Connection", "Keep-Alive", "Transfer-Encoding", "Host" };

    private readonly WebApplication _app;
    private readonly HttpMessageInvoker _client = new(new SocketsHttpHandler { UseProxy = false, UseCookies = false, AllowAutoRedirect = false });
    private readonly ConcurrentDictionary<string, int> _counts = new(StringComparer.Ordinal);
    private readonly string _target;

    private CountingProxy(string target)
    {
        _target = target;
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Listen(IPAddress.Loopback, 0);
        });
        _app = builder.Build();
        _app.Run(ForwardAsync);
    }

    public int Port => new Uri(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()).Port;

    public static async Task<CountingProxy> StartAsync(int targetPort)
    {
        var proxy = new CountingProxy(FormattableString.Invariant($"http://127.0.0.1:{targetPort}"));
        await proxy._app.StartAsync();
        return proxy;
    }

    /// <summary>What was counted since the last time, by "table or queue: act".</summary>
    public IReadOnlyDictionary<string, int> Take()
    {
        Dictionary<string, int> taken = [];
        foreach (string key in _counts.Keys.ToArray())
        {
            if (_counts.TryRemove(key, out int count))
                taken[key] = count;
        }

        return taken;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        _client.Dispose();
    }

    private async Task ForwardAsync(HttpContext context)
    {
        string target = context.Features.Get<IHttpRequestFeature>()!.RawTarget;
        using var request = new HttpRequestMessage(new HttpMethod(context.Request.Method), _target + target);
        byte[] body = await BodyAsync(context.Request);
        if (body.Length > 0 || context.Request.ContentLength is 0)
            request.Content = new ByteArrayContent(body);
        foreach ((string name, Microsoft.Extensions.Primitives.StringValues values) in context.Request.Headers)
        {
            if (!OfTheConnection.Contains(name) && !request.Headers.TryAddWithoutValidation(name, values.AsEnumerable()))
                request.Content?.Headers.TryAddWithoutValidation(name, values.AsEnumerable());
        }

        using HttpResponseMessage response = await _client.SendAsync(request, context.RequestAborted);
        byte[] answer = await response.Content.ReadAsByteArrayAsync(context.RequestAborted);
        Count(context.Request, body, answer);
        context.Response.StatusCode = (int)response.StatusCode;
        foreach ((string name, IEnumerable<string> values) in response.Headers.Concat(response.Content.Headers))
        {
            if (!OfTheConnection.Contains(name))
                context.Response.Headers[name] = values.ToArray();
        }

        if (answer.Length > 0)
            await context.Response.Body.WriteAsync(answer, context.RequestAborted);
    }

    private void Count(HttpRequest request, byte[] body, byte[] answer)
    {
        string path = request.Path.Value ?? "";
        StorageAct act = RequestCounter.Classify(request.Method, path, request.QueryString.Value ?? "");
        if (act == StorageAct.QueueReceive && answer.AsSpan().IndexOf("<QueueMessage>"u8) < 0)
            act = StorageAct.Upkeep;

        // "/account/table(keys)" or "/account/queue/messages".
        string[] parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        string entity = parts.Length < 2 ? "account" : act == StorageAct.Transaction ? TableOf(body) : parts[1].Split('(')[0];
        _counts.AddOrUpdate($"{entity}: {act.ToString().ToLowerInvariant()}", 1, static (_, count) => count + 1);
    }

    /// <summary>A transaction names its table in the requests inside it.</summary>
    private static string TableOf(byte[] body) =>
        Inside().Match(Encoding.UTF8.GetString(body)) is { Success: true } match ? match.Groups["table"].Value : "?";

    [GeneratedRegex(@"^(POST|PUT|MERGE|PATCH|DELETE|GET) https?://[^/]+/[^/]+/(?<table>\w+)", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex Inside();

    private static async Task<byte[]> BodyAsync(HttpRequest request)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body);
        return body.ToArray();
    }
}
