using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Azure;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Data.Tables;

namespace Abm.Local.Tests.Tables;

/// <summary>What was sent, as text.</summary>
internal sealed record SentRequest(string Method, Uri Uri, IReadOnlyDictionary<string, string> Headers, string Body);

/// <summary>Answers without a network: the first answer to the first request, and so on; the last one again for the rest.</summary>
internal sealed class FakeTransport(params FakeAnswer[] answers) : HttpPipelineTransport
{
    private readonly HttpClientTransport _requests = new();

    public ConcurrentQueue<SentRequest> Sent { get; } = [];

    public override Request CreateRequest() => _requests.CreateRequest();

    public override void Process(HttpMessage message)
    {
        using MemoryStream body = new();
        message.Request.Content?.WriteTo(body, message.CancellationToken);
        Dictionary<string, string> headers = message.Request.Headers.ToDictionary(header => header.Name, header => header.Value, StringComparer.OrdinalIgnoreCase);
        Sent.Enqueue(new(message.Request.Method.Method, message.Request.Uri.ToUri(), headers, System.Text.Encoding.UTF8.GetString(body.ToArray())));
        message.Response = answers[Math.Min(Sent.Count, answers.Length) - 1].ToResponse(message.Request.ClientRequestId);
    }

    public override ValueTask ProcessAsync(HttpMessage message)
    {
        Process(message);
        return ValueTask.CompletedTask;
    }

    /// <summary>Client options that use this transport and retry at once.</summary>
    public TableClientOptions Options(TableClientOptions.ServiceVersion version = TableClientOptions.ServiceVersion.V2020_12_06)
    {
        TableClientOptions options = new(version) { Transport = this };
        options.Retry.Mode = RetryMode.Fixed;
        options.Retry.Delay = TimeSpan.Zero;
        options.Retry.MaxDelay = TimeSpan.Zero;
        return options;
    }

    public TableClient Client() => new("UseDevelopmentStorage=true", "things", Options());
}

/// <summary>One answer.</summary>
internal sealed record FakeAnswer(int Status, string Body = "", params (string Name, string Value)[] Headers)
{
    public static FakeAnswer NoContent { get; } = new(204, "", ("ETag", "W/\"datetime'1'\""));

    public Response ToResponse(string clientRequestId) => new FakeResponse(this) { ClientRequestId = clientRequestId };

    private sealed class FakeResponse(FakeAnswer answer) : Response
    {
        public override int Status => answer.Status;

        public override string ReasonPhrase => "";

        public override Stream? ContentStream { get; set; } = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(answer.Body));

        public override string ClientRequestId { get; set; } = "";

        public override void Dispose()
        {
        }

        protected override bool ContainsHeader(string name) => TryGetHeader(name, out _);

        protected override IEnumerable<HttpHeader> EnumerateHeaders() => answer.Headers.Select(header => new HttpHeader(header.Name, header.Value));

        protected override bool TryGetHeader(string name, [NotNullWhen(true)] out string? value)
        {
            value = answer.Headers.FirstOrDefault(header => header.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;
            return value is not null;
        }

        protected override bool TryGetHeaderValues(string name, [NotNullWhen(true)] out IEnumerable<string>? values)
        {
            values = TryGetHeader(name, out string? value) ? [value] : null;
            return values is not null;
        }
    }
}
