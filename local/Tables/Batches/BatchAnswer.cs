using System.Diagnostics.CodeAnalysis;
using Azure.Core;

namespace Azure.Data.Tables.Batches;

/// <summary>The answer to one action of a transaction.</summary>
internal sealed class BatchAnswer : Response
{
    private readonly List<KeyValuePair<string, string>> _headers;

    public BatchAnswer(int status, string reasonPhrase, List<KeyValuePair<string, string>> headers, ReadOnlyMemory<byte> body)
    {
        Status = status;
        ReasonPhrase = reasonPhrase;
        _headers = headers;
        ContentStream = body.IsEmpty ? null : new MemoryStream(body.ToArray(), 0, body.Length, writable: false, publiclyVisible: true);
        ClientRequestId = "";
    }

    /// <inheritdoc/>
    public override int Status { get; }

    /// <inheritdoc/>
    public override string ReasonPhrase { get; }

    /// <inheritdoc/>
    public override Stream? ContentStream { get; set; }

    /// <inheritdoc/>
    public override string ClientRequestId { get; set; }

    /// <inheritdoc/>
    public override bool IsError => Status >= 400;

    /// <inheritdoc/>
    public override void Dispose() => ContentStream?.Dispose();

    /// <inheritdoc/>
    protected override bool ContainsHeader(string name) => TryGetHeader(name, out _);

    /// <inheritdoc/>
    protected override IEnumerable<HttpHeader> EnumerateHeaders() => _headers.Select(header => new HttpHeader(header.Key, header.Value));

    /// <inheritdoc/>
    protected override bool TryGetHeader(string name, [NotNullWhen(true)] out string? value)
    {
        value = TryGetHeaderValues(name, out IEnumerable<string>? values) ? string.Join(',', values) : null;
        return value is not null;
    }

    /// <inheritdoc/>
    protected override bool TryGetHeaderValues(string name, [NotNullWhen(true)] out IEnumerable<string>? values)
    {
        List<string> found = [.. _headers.Where(header => header.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(header => header.Value)];
        values = found.Count == 0 ? null : found;
        return values is not null;
    }
}
