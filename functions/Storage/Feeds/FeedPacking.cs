using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Abm.Functions.Storage.Feeds;

/// <summary>Packs many rows into few contents: JSON, compressed.</summary>
internal static class FeedPacking
{
    /// <summary>Rows that one content begins with; halved where they do not fit.</summary>
    private const int RowsAtOnce = 2_000;

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

    public static List<TRow> Unpack<TRow>(byte[] content)
    {
        using var stream = new BrotliStream(new MemoryStream(content), CompressionMode.Decompress);
        return JsonSerializer.Deserialize<List<TRow>>(stream, Json) ?? throw new InvalidDataException("A feed's content is the JSON null.");
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
