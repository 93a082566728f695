using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Abm.TestKit;

/// <summary>What the app answered: status, headers and the body as text.</summary>
public sealed record Answer(HttpStatusCode Status, HttpResponseHeaders Headers, string? MediaType, string Body)
{
    /// <summary>The body as JSON.</summary>
    public JsonNode Json => JsonNode.Parse(Body) ?? throw new JsonException("The body is the JSON null.");

    /// <summary>Fails with the body in the message unless the status is the expected one.</summary>
    public Answer Expect(HttpStatusCode status) => Status == status
        ? this
        : throw new InvalidOperationException($"Expected {(int)status} but the app answered {(int)Status}: {Body}");
}

/// <summary>Talks to a running app over HTTP as any caller would.</summary>
public sealed class AbmClient : IDisposable
{
    /// <summary>Environment variable: address of a deployed app that the end-to-end tests use in place of a process of their own.</summary>
    public const string BaseUrlVariable = "ABM_BASE_URL";

    /// <summary>Environment variable: the function key of that app, sent as <c>x-functions-key</c>.</summary>
    public const string FunctionKeyVariable = "ABM_FUNCTION_KEY";

    private readonly HttpClient _client;

    public AbmClient(Uri baseAddress)
    {
        _client = new HttpClient { BaseAddress = baseAddress, Timeout = TimeSpan.FromMinutes(3) };
        if (Environment.GetEnvironmentVariable(FunctionKeyVariable) is { Length: > 0 } key)
            _client.DefaultRequestHeaders.Add("x-functions-key", key);
    }

    /// <summary>The address in <see cref="BaseUrlVariable"/>, or <c>null</c> when the tests start the app themselves.</summary>
    public static Uri? DeployedApp =>
        Environment.GetEnvironmentVariable(BaseUrlVariable) is { Length: > 0 } url ? new Uri(url.TrimEnd('/') + "/") : null;

    public Task<Answer> GetAsync(string path, CancellationToken cancellationToken) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Get, path), cancellationToken);

    public Task<Answer> PostJsonAsync(string path, string json, CancellationToken cancellationToken, params (string Name, string Value)[] headers) =>
        PostAsync(path, Encoding.UTF8.GetBytes(json), "application/json", cancellationToken, headers);

    public Task<Answer> PostJsonAsync(string path, JsonNode json, CancellationToken cancellationToken, params (string Name, string Value)[] headers) =>
        PostJsonAsync(path, json.ToJsonString(), cancellationToken, headers);

    public Task<Answer> PostCsvAsync(string path, string csv, CancellationToken cancellationToken) =>
        PostAsync(path, Encoding.UTF8.GetBytes(csv), "text/csv", cancellationToken);

    public Task<Answer> PostAsync(string path, byte[] body, string mediaType, CancellationToken cancellationToken, params (string Name, string Value)[] headers)
    {
        HttpRequestMessage request = new(HttpMethod.Post, path) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(mediaType);
        foreach ((string name, string value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return SendAsync(request, cancellationToken);
    }

    public async Task<Answer> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using (request)
        using (HttpResponseMessage response = await _client.SendAsync(request, cancellationToken))
        {
            string body = await response.Content.ReadAsStringAsync(cancellationToken);
            return new Answer(response.StatusCode, response.Headers, response.Content.Headers.ContentType?.MediaType, body);
        }
    }

    /// <summary>Every item of a paged list, page after page.</summary>
    public async Task<IReadOnlyList<JsonNode>> ListAsync(string path, CancellationToken cancellationToken)
    {
        List<JsonNode> items = [];
        string? cursor = null;
        do
        {
            char separator = path.Contains('?', StringComparison.Ordinal) ? '&' : '?';
            string page = cursor is null ? path : $"{path}{separator}cursor={Uri.EscapeDataString(cursor)}";
            JsonNode answer = (await GetAsync(page, cancellationToken)).Expect(HttpStatusCode.OK).Json;
            items.AddRange(answer["items"]!.AsArray().Select(item => item!));
            cursor = (string?)answer["next"];
        }
        while (cursor is not null);
        return items;
    }

    /// <summary>Asks again until the answer is as wanted; fails with the last answer when that takes too long.</summary>
    public static async Task<T> UntilAsync<T>(Func<Task<T>> ask, Func<T, bool> wanted, TimeSpan within, string what, CancellationToken cancellationToken)
    {
        long begun = Stopwatch.GetTimestamp();
        while (true)
        {
            T answer = await ask();
            if (wanted(answer))
                return answer;
            if (Stopwatch.GetElapsedTime(begun) > within)
                throw new TimeoutException($"{what}: not within {within}. The last answer: {answer}");
            await Task.Delay(TimeSpan.FromMilliseconds(100), cancellationToken);
        }
    }

    public void Dispose() => _client.Dispose();
}
