using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Abm.Functions.Storage.Feeds;

/// <summary>Packs many rows into few contents: JSON, compressed.</summary>
internal static class FeedPacking
{
    /// <summary>Rows that one content begins with; halved where they do not fit.</summary>
    private const int RowsAtOnce = 2_000;

    /// <summary>Of Brotli's 0 to 11: a little slower than the fastest, and much smaller.</summary>
    private const int Quality = 4;

    /// <summary>As many bits as a part has bytes.</summary>
    private const int Window = 20;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault };

    /// <summary>The rows in as many contents as they need, in order.</summary>
    public static IEnumerable<byte[]> Pack<TRow>(IEnumerable<TRow> rows)
    {
        foreach (TRow[] some in rows.Chunk(RowsAtOnce))
        {
            foreach (byte[] content in PackTogether<TRow>(some.AsMemory()))
                yield return content;
        }
    }

    /// <exception cref="InvalidDataException">The content is damaged.</exception>
    public static List<TRow> Unpack<TRow>(byte[] content) => Rows<TRow>(Decompress(content));

    /// <summary>The rows of a content that is decompressed already.</summary>
    /// <exception cref="InvalidDataException">They are no rows.</exception>
    public static List<TRow> Rows<TRow>(byte[] decompressed)
    {
        try
        {
            return JsonSerializer.Deserialize<List<TRow>>(decompressed, Json) ?? throw new InvalidDataException("A feed's content is the JSON null.");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException("A feed's content cannot be read.", e);
        }
    }

    public static byte[] Compress(ReadOnlySpan<byte> bytes)
    {
        byte[] compressed = new byte[BrotliEncoder.GetMaxCompressedLength(bytes.Length)];
        return BrotliEncoder.TryCompress(bytes, compressed, out int length, Quality, Window) ? compressed[..length] : throw new InvalidOperationException("Nothing is longer than its maximal compressed length.");
    }

    /// <exception cref="InvalidDataException">These are no compressed bytes.</exception>
    public static byte[] Decompress(byte[] compressed)
    {
        using var stream = new BrotliStream(new MemoryStream(compressed), CompressionMode.Decompress);
        using var bytes = new MemoryStream(compressed.Length * 4);
        try
        {
            stream.CopyTo(bytes);
        }
        catch (InvalidOperationException e)
        {
            throw new InvalidDataException("A feed's content cannot be decompressed.", e);
        }

        return bytes.ToArray();
    }

    /// <summary>The JSON of a row: what its ETag is derived from.</summary>
    public static byte[] Bytes<TRow>(TRow row) => JsonSerializer.SerializeToUtf8Bytes(row, Json);

    private static byte[][] PackTogether<TRow>(ReadOnlyMemory<TRow> rows)
    {
        using var buffer = new MemoryStream();
        using (var stream = new BrotliStream(buffer, CompressionLevel.Fastest, leaveOpen: true))
            JsonSerializer.Serialize(stream, rows, Json);
        if (buffer.Length <= FeedContent.MaxLength)
            return [buffer.ToArray()];
        if (rows.Length == 1)
            throw new InvalidDataException("One row alone is larger than a content may be.");
        int half = rows.Length / 2;
        return [.. PackTogether(rows[..half]), .. PackTogether(rows[half..])];
    }
}
