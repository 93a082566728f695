using System.Text;

namespace Abm.Functions.Http;

/// <summary>The encodings that bodies may come in, and how each is told from the others.</summary>
internal static class TextEncodings
{
    /// <summary>UTF-8 that refuses invalid bytes.</summary>
    public static readonly Encoding StrictUtf8 = new UTF8Encoding(false, throwOnInvalidBytes: true);

    /// <summary>UTF-16, low byte first, that refuses lone surrogates.</summary>
    public static readonly Encoding StrictUtf16Le = new UnicodeEncoding(bigEndian: false, byteOrderMark: false, throwOnInvalidBytes: true);

    /// <summary>UTF-16, high byte first, that refuses lone surrogates.</summary>
    public static readonly Encoding StrictUtf16Be = new UnicodeEncoding(bigEndian: true, byteOrderMark: false, throwOnInvalidBytes: true);

    /// <summary>The byte order mark of UTF-8.</summary>
    public static ReadOnlySpan<byte> Utf8Mark => [0xEF, 0xBB, 0xBF];

    /// <summary>What old office programs write in Western Europe and America.</summary>
    public static readonly Encoding Windows1252 = CodePagesEncodingProvider.Instance.GetEncoding(1252)!;

    /// <summary>The encoding that a byte order mark announces, or null, and the mark's length.</summary>
    public static (Encoding? Encoding, int MarkLength) FromMark(ReadOnlySpan<byte> start) => start switch
    {
        [0xEF, 0xBB, 0xBF, ..] => (StrictUtf8, 3),
        [0xFF, 0xFE, ..] => (StrictUtf16Le, 2),
        [0xFE, 0xFF, ..] => (StrictUtf16Be, 2),
        _ => (null, 0),
    };

    /// <summary>UTF-16 without a mark, told by the zero half of the first two characters; null when it is none. Text that starts with letters of another script is not recognised.</summary>
    public static Encoding? Utf16WithoutMark(ReadOnlySpan<byte> start) => start switch
    {
        [not 0, 0, not 0, 0, ..] => StrictUtf16Le,
        [0, not 0, 0, not 0, ..] => StrictUtf16Be,
        _ => null,
    };

    /// <summary>The encoding that a content type names, or null when we do not take it.</summary>
    /// <param name="charset">As in <c>charset=utf-8</c>, quotes already taken off.</param>
    public static Encoding? FromCharset(string charset) => charset.ToLowerInvariant() switch
    {
        "utf-8" or "utf8" or "us-ascii" or "ascii" => StrictUtf8,
        "utf-16" or "utf-16le" => StrictUtf16Le,
        "utf-16be" => StrictUtf16Be,
        "windows-1252" or "cp1252" or "iso-8859-1" or "latin1" => Windows1252,
        _ => null,
    };
}
