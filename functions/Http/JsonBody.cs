using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Abm.Functions.Http;

/// <summary>What reading a JSON body gave: the document, or the answer that says what is wrong with it.</summary>
public sealed class JsonBody : IDisposable
{
    /// <summary>How deep objects and arrays may lie in each other.</summary>
    public const int MaxDepth = 16;

    private JsonBody(JsonDocument? document, ApiResult? refusal)
    {
        Document = document;
        Refusal = refusal;
    }

    /// <summary>The document; null when it was refused. Duplicate property names are still in it.</summary>
    public JsonDocument? Document { get; }

    /// <summary>413, 415 or 400 with the position; null when the document could be read.</summary>
    public ApiResult? Refusal { get; }

    /// <summary>Reads the whole body, never more of it than the limit.</summary>
    /// <param name="maxBytes">The largest body that is taken, in bytes, as sent.</param>
    public static async Task<JsonBody> ReadAsync(HttpRequest request, int maxBytes, CancellationToken cancellationToken)
    {
        if (RefusedKind(request, out Encoding? stated) is { } refusal)
            return new JsonBody(null, refusal);
        if (request.ContentLength > maxBytes)
            return new JsonBody(null, Problems.TooLarge(maxBytes));
        byte[]? bytes;
        try
        {
            bytes = await ReadBoundedAsync(request.Body, maxBytes, cancellationToken);
        }
        catch (BadHttpRequestException e)
        {
            return new JsonBody(null, RefusedBy(e, maxBytes));
        }

        return bytes is null ? new JsonBody(null, Problems.TooLarge(maxBytes)) : Parse(bytes, stated);
    }

    /// <summary>Parses bytes whose encoding is given by a mark, by the content type or by how JSON must begin.</summary>
    /// <param name="stated">From the content type; null = not stated.</param>
    public static JsonBody Parse(ReadOnlyMemory<byte> bytes, Encoding? stated)
    {
        (Encoding? marked, int mark) = TextEncodings.FromMark(bytes.Span);
        Encoding encoding = marked ?? stated ?? TextEncodings.Utf16WithoutMark(bytes.Span) ?? TextEncodings.StrictUtf8;
        ReadOnlyMemory<byte> text = bytes[mark..];
        if (encoding != TextEncodings.StrictUtf8)
        {
            try
            {
                text = Encoding.UTF8.GetBytes(encoding.GetString(text.Span));
            }
            catch (DecoderFallbackException e)
            {
                return Refused("invalidEncoding", $"The bytes at {(e.Index + mark).ToString(CultureInfo.InvariantCulture)} are not valid {encoding.WebName}.");
            }
        }
        else if (!Utf8.IsValid(text.Span))
        {
            return Refused("invalidEncoding", $"The byte at {(FirstInvalidUtf8(text.Span) + mark).ToString(CultureInfo.InvariantCulture)} is not valid UTF-8.");
        }

        if (text.Span.TrimStart(" \t\r\n"u8).IsEmpty)
            return Refused("empty", "The body is empty; a JSON object is expected.");
        try
        {
            JsonDocument document = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = MaxDepth });
            if (!HasBrokenName(text.Span))
                return new JsonBody(document, null);
            document.Dispose();
            return Refused("invalidText", "A property's name has half of a character (a lone surrogate).");
        }
        catch (JsonException e)
        {
            return IsOnlyTooDeep(text)
                ? Refused("tooDeep", $"Objects and arrays may lie at most {MaxDepth} deep in each other.")
                : Refused("notJson", string.Create(CultureInfo.InvariantCulture, $"Not JSON: line {(e.LineNumber ?? 0) + 1}, byte {(e.BytePositionInLine ?? 0) + 1}."));
        }
    }

    /// <summary>Gives the document's memory back.</summary>
    public void Dispose() => Document?.Dispose();

    /// <summary>Translates what the server itself refused while the body was being read.</summary>
    internal static ApiResult RefusedBy(BadHttpRequestException e, long limit) => e.StatusCode == StatusCodes.Status413PayloadTooLarge
        ? Problems.TooLarge(limit)
        : Problems.Invalid("brokenBody", "", "The body ended before it was complete.");

    /// <summary>The answer to a content type or content encoding that is not taken, or null.</summary>
    /// <param name="takesGzip">Whether the body may be compressed with gzip; the caller unpacks it.</param>
    internal static ApiResult? RefusedKind(HttpRequest request, Func<string, bool> isTaken, string expected, out Encoding? stated, bool takesGzip = false)
    {
        stated = null;
        if (request.Headers.ContentEncoding.Count > 0 && !string.Equals(request.Headers.ContentEncoding, "identity", StringComparison.OrdinalIgnoreCase) && !(takesGzip && Gzip.IsSent(request)))
            return Problems.UnsupportedMediaType(takesGzip ? "The body may be compressed with gzip, with nothing else." : "The body must not be compressed.");
        if (string.IsNullOrEmpty(request.ContentType))
            return null;
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out MediaTypeHeaderValue? type) || !isTaken(type.MediaType.Value!.ToLowerInvariant()))
            return Problems.UnsupportedMediaType($"Send {expected}.");
        if (type.Charset.HasValue)
        {
            stated = TextEncodings.FromCharset(HeaderUtilities.RemoveQuotes(type.Charset).Value!);
            if (stated is null)
                return Problems.UnsupportedMediaType("The character set is not taken; send UTF-8, UTF-16 or Windows-1252.");
        }

        return null;
    }

    private static ApiResult? RefusedKind(HttpRequest request, out Encoding? stated) => RefusedKind(
        request,
        type => type is "application/json" or "text/json" || (type.StartsWith("application/", StringComparison.Ordinal) && type.EndsWith("+json", StringComparison.Ordinal)),
        "Content-Type: application/json",
        out stated);

    /// <summary>The whole body; null when it is longer than the limit.</summary>
    internal static async Task<byte[]?> ReadBoundedAsync(Stream body, int maxBytes, CancellationToken cancellationToken)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(Math.Min(maxBytes + 1, 16 * 1024));
        try
        {
            int length = 0;
            while (true)
            {
                if (length == buffer.Length)
                {
                    byte[] larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
                    buffer.AsSpan(0, length).CopyTo(larger);
                    ArrayPool<byte>.Shared.Return(buffer);
                    buffer = larger;
                }

                int read = await body.ReadAsync(buffer.AsMemory(length), cancellationToken);
                if (read == 0)
                    return buffer.AsSpan(0, length).ToArray();
                length += read;
                if (length > maxBytes)
                    return null;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static int FirstInvalidUtf8(ReadOnlySpan<byte> text)
    {
        int position = 0;
        while (Rune.DecodeFromUtf8(text[position..], out _, out int length) == OperationStatus.Done)
            position += length;
        return position;
    }

    /// <summary>Whether a name has half of a character, as JSON may write it (<c>"\ud800"</c>): every look for a name would fail at it.</summary>
    private static bool HasBrokenName(ReadOnlySpan<byte> text)
    {
        if (text.IndexOf("\\u"u8) < 0)
            return false;
        Utf8JsonReader reader = new(text, new JsonReaderOptions { MaxDepth = MaxDepth });
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType == JsonTokenType.PropertyName && reader.ValueIsEscaped)
                    _ = reader.GetString();
            }

            return false;
        }
        catch (InvalidOperationException)
        {
            return true;
        }
    }

    private static bool IsOnlyTooDeep(ReadOnlyMemory<byte> text)
    {
        try
        {
            JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = 100_000 }).Dispose();
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static JsonBody Refused(string code, string message) => new(null, Problems.Invalid(code, "", message));
}
