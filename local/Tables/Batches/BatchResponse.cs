using System.Globalization;
using System.Text;

namespace Azure.Data.Tables.Batches;

/// <summary>Takes the multipart answer to a transaction apart into one answer for each action.</summary>
internal static class BatchResponse
{
    /// <summary>The inner answers in order; a refused transaction has exactly one.</summary>
    /// <exception cref="InvalidOperationException">The answer is no multipart answer.</exception>
    public static IReadOnlyList<Response> Read(Response response)
    {
        string contentType = response.Headers.ContentType ?? "";
        if (!contentType.StartsWith("multipart/mixed", StringComparison.OrdinalIgnoreCase))
            throw new InvalidOperationException($"The answer to a transaction is '{contentType}', not multipart/mixed.");

        List<Response> answers = [];
        LineReader lines = new(response.Content.ToMemory());
        while (lines.Next(out ReadOnlyMemory<byte> line))
        {
            if (line.Span.StartsWith("HTTP/"u8))
                answers.Add(ReadAnswer(line, ref lines));
        }

        return answers;
    }

    private static BatchAnswer ReadAnswer(ReadOnlyMemory<byte> statusLine, ref LineReader lines)
    {
        string[] status = Encoding.UTF8.GetString(statusLine.Span).Split(' ', 3);
        List<KeyValuePair<string, string>> headers = [];
        while (lines.Next(out ReadOnlyMemory<byte> line) && !line.IsEmpty)
        {
            if (line.Span.StartsWith("--"u8))
                return Answer(status, headers, default);
            string header = Encoding.UTF8.GetString(line.Span);
            int colon = header.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0)
                headers.Add(new(header[..colon].Trim(), header[(colon + 1)..].Trim()));
        }

        return Answer(status, headers, lines.UntilBoundary());
    }

    private static BatchAnswer Answer(string[] status, List<KeyValuePair<string, string>> headers, ReadOnlyMemory<byte> body) => new(
        int.Parse(status[1], NumberStyles.None, CultureInfo.InvariantCulture), status.Length > 2 ? status[2] : "", headers, body);

    private struct LineReader(ReadOnlyMemory<byte> rest)
    {
        private ReadOnlyMemory<byte> _rest = rest;

        /// <summary>The next line without its end.</summary>
        public bool Next(out ReadOnlyMemory<byte> line)
        {
            line = default;
            if (_rest.IsEmpty)
                return false;
            int end = _rest.Span.IndexOf((byte)'\n');
            line = end < 0 ? _rest : _rest[..end];
            _rest = end < 0 ? default : _rest[(end + 1)..];
            if (line.Span.EndsWith("\r"u8))
                line = line[..^1];
            return true;
        }

        /// <summary>Everything up to the next boundary line. JSON bodies have no line that starts with two hyphens.</summary>
        public ReadOnlyMemory<byte> UntilBoundary()
        {
            ReadOnlyMemory<byte> start = _rest;
            int length = 0;
            while (!_rest.IsEmpty && !_rest.Span.StartsWith("--"u8))
            {
                int before = _rest.Length;
                Next(out _);
                length += before - _rest.Length;
            }

            return start[..length];
        }
    }
}
