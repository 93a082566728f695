using System.IO.Compression;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Abm.Functions.Http;

/// <summary>Bodies that are compressed with gzip, where a call takes or gives them.</summary>
internal static class Gzip
{
    private const string Name = "gzip";

    /// <summary>Whether the request's body is compressed with gzip alone.</summary>
    public static bool IsSent(HttpRequest request) =>
        request.Headers.ContentEncoding is [{ } only] && (string.Equals(only, Name, StringComparison.OrdinalIgnoreCase) || string.Equals(only, "x-gzip", StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether the caller wants the answer compressed: names gzip, and not with a weight of 0.</summary>
    public static bool IsWanted(HttpRequest request) =>
        StringWithQualityHeaderValue.TryParseList(request.Headers.AcceptEncoding, out IList<StringWithQualityHeaderValue>? accepted)
        && accepted.Any(one => string.Equals(one.Value.Value, Name, StringComparison.OrdinalIgnoreCase) && one.Quality is null or > 0);

    /// <summary>The body, unpacked while it is read. It ends in a <see cref="BadHttpRequestException"/> when it is damaged, or longer than it may be: some kilobytes can hold gigabytes.</summary>
    /// <param name="most">Longest body, in bytes, unpacked.</param>
    public static Stream Unpack(Stream body, long most) => new Unpacking(new GZipStream(body, CompressionMode.Decompress, leaveOpen: true), most);

    /// <summary>Compresses what is written to it; quickly, since the answer waits for it.</summary>
    public static Stream Pack(Stream body) => new GZipStream(body, CompressionLevel.Fastest, leaveOpen: true);

    private sealed class Unpacking(GZipStream packed, long most) : Stream
    {
        private long _read;

        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            try
            {
                int read = await packed.ReadAsync(buffer, cancellationToken);
                _read += read;
                return _read <= most ? read : throw new BadHttpRequestException("The body is too long when it is unpacked.", StatusCodes.Status413PayloadTooLarge);
            }
            catch (InvalidDataException e)
            {
                throw new BadHttpRequestException("The body is no gzip.", StatusCodes.Status400BadRequest, e);
            }
        }

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Bodies are read asynchronously.");

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                packed.Dispose();
            base.Dispose(disposing);
        }
    }
}
