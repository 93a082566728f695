using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace Abm.TestKit;

/// <summary>One request that arrived at the <see cref="WebhookReceiver"/>.</summary>
public sealed record Delivery(string Path, IReadOnlyDictionary<string, string> Headers, string Body)
{
    /// <summary>When it had been read, by this machine's clock.</summary>
    public DateTimeOffset ArrivedAt { get; init; }

    /// <summary>Whether the signature header holds an HMAC of this very body: <c>t={seconds},v1={hex HMAC-SHA256(secret, "{t}.{body}")}</c>.</summary>
    public bool IsSignedWith(string secret)
    {
        if (!Headers.TryGetValue("X-Abm-Signature", out string? header))
            return false;
        string[] parts = header.Split(',', StringSplitOptions.TrimEntries);
        string at = parts.Single(part => part.StartsWith("t=", StringComparison.Ordinal))[2..];
        return parts.Where(part => part.StartsWith("v1=", StringComparison.Ordinal)).Any(part => part[3..] == Sign(secret, at, Body));
    }

    /// <summary>The expected signature, written apart from the app's own code so that the two check each other.</summary>
    public static string Sign(string secret, string seconds, string body) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes($"{seconds}.{body}")));
}

/// <summary>A server on 127.0.0.1 that records what is delivered to it and answers as it is told.</summary>
public sealed class WebhookReceiver : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly ConcurrentQueue<Delivery> _deliveries = new();
    private readonly ConcurrentQueue<HttpStatusCode> _nextAnswers = new();
    private readonly Task _serving;

    public WebhookReceiver()
    {
        Address = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{FreePort.Take()}/hook"));
        _listener.Prefixes.Add(Address.GetLeftPart(UriPartial.Authority) + "/");
        _listener.Start();
        _serving = ServeAsync();
    }

    /// <summary>Where deliveries are to be sent.</summary>
    public Uri Address { get; }

    /// <summary>What arrived, oldest first, refused attempts included.</summary>
    public IReadOnlyList<Delivery> Deliveries => [.. _deliveries];

    /// <summary>Answers the next deliveries with these codes, then 200 again.</summary>
    public void AnswerNext(params HttpStatusCode[] codes)
    {
        foreach (HttpStatusCode code in codes)
            _nextAnswers.Enqueue(code);
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _serving;
        _listener.Close();
    }

    private async Task ServeAsync()
    {
        while (_listener.IsListening)
        {
            try
            {
                HttpListenerContext context = await _listener.GetContextAsync();
                using StreamReader reader = new(context.Request.InputStream, Encoding.UTF8);
                string body = await reader.ReadToEndAsync();
                Dictionary<string, string> headers = new(StringComparer.OrdinalIgnoreCase);
                foreach (string? name in context.Request.Headers.AllKeys)
                    headers[name!] = context.Request.Headers[name]!;
                _deliveries.Enqueue(new Delivery(context.Request.Url!.AbsolutePath, headers, body) { ArrivedAt = DateTimeOffset.UtcNow });
                context.Response.StatusCode = (int)(_nextAnswers.TryDequeue(out HttpStatusCode code) ? code : HttpStatusCode.OK);
                context.Response.Close();
            }
            catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException or IOException)
            {
                // the receiver was stopped, or a killed sender hung up
            }
        }
    }
}
