using System.Text;
using Abm.Functions.Http;

namespace Abm.Functions.Import;

/// <summary>The text of a CSV body, whatever encoding it came in, and what was recognised.</summary>
/// <param name="Encoding">Name of the encoding: <c>utf-8</c>, <c>utf-16</c>, <c>utf-16BE</c> or <c>windows-1252</c>.</param>
internal sealed record CsvText(TextReader Reader, string Encoding) : IDisposable
{
    private const int ReadSize = 64 * 1024;

    /// <summary>Opens the body. Its first bytes tell UTF-16 and byte order marks; what is neither is read as UTF-8, and bytes that are not valid UTF-8 as Windows-1252.</summary>
    /// <param name="stated">From the content type; null = not stated. A byte order mark overrules it.</param>
    /// <remarks>Byte by byte, since files glued together from several sources mix the two. A character of one never decides about the rest of the file.</remarks>
    public static async Task<CsvText> OpenAsync(Stream body, Encoding? stated, CancellationToken cancellationToken)
    {
        byte[] start = new byte[4];
        int length = await body.ReadAtLeastAsync(start, start.Length, throwOnEndOfStream: false, cancellationToken);
        (Encoding? marked, int mark) = TextEncodings.FromMark(start.AsSpan(0, length));
        Encoding encoding = marked ?? stated ?? TextEncodings.Utf16WithoutMark(start.AsSpan(0, length)) ?? TextEncodings.StrictUtf8;
        Encoding lenient = encoding.CodePage == TextEncodings.Windows1252.CodePage
            ? TextEncodings.Windows1252
            : System.Text.Encoding.GetEncoding(
                encoding.CodePage,
                EncoderFallback.ReplacementFallback,
                encoding == TextEncodings.StrictUtf8 ? new Windows1252Fallback() : DecoderFallback.ReplacementFallback);
        var joined = new PrefixedStream(start.AsMemory(mark, length - mark), body);
        return new CsvText(new StreamReader(joined, lenient, detectEncodingFromByteOrderMarks: false, ReadSize), encoding.WebName);
    }

    public void Dispose() => Reader.Dispose();

    /// <summary>Reads a few bytes that were looked at already, then the rest.</summary>
    private sealed class PrefixedStream(ReadOnlyMemory<byte> prefix, Stream rest) : Stream
    {
        private ReadOnlyMemory<byte> _prefix = prefix;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (_prefix.IsEmpty)
                return await rest.ReadAsync(buffer, cancellationToken);
            int count = Math.Min(buffer.Length, _prefix.Length);
            _prefix[..count].CopyTo(buffer);
            _prefix = _prefix[count..];
            return count;
        }

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("The server's bodies are read asynchronously.");

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}

/// <summary>Reads bytes that are not valid UTF-8 as Windows-1252, one by one.</summary>
internal sealed class Windows1252Fallback : DecoderFallback
{
    public override int MaxCharCount => 4;

    public override DecoderFallbackBuffer CreateFallbackBuffer() => new Buffer();

    private sealed class Buffer : DecoderFallbackBuffer
    {
        private string _text = "";
        private int _next;

        public override int Remaining => _text.Length - _next;

        public override bool Fallback(byte[] bytesUnknown, int index)
        {
            _text = TextEncodings.Windows1252.GetString(bytesUnknown);
            _next = 0;
            return _text.Length > 0;
        }

        public override char GetNextChar() => _next < _text.Length ? _text[_next++] : '\0';

        public override bool MovePrevious()
        {
            if (_next == 0)
                return false;
            _next--;
            return true;
        }

        public override void Reset()
        {
            _text = "";
            _next = 0;
        }
    }
}
