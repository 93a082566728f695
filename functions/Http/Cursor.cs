using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Abm.Decisions;
using Microsoft.AspNetCore.Http;

namespace Abm.Functions.Http;

/// <summary>One page of a list.</summary>
/// <param name="Next">Give it back as <c>?cursor=</c> for the next page; null on the last.</param>
public sealed record PageResponse<T>(IReadOnlyList<T> Items, string? Next);

/// <summary>Which page of a list is asked for.</summary>
/// <param name="Limit">1 to 500 items; 50 when the caller does not say.</param>
/// <param name="After">The key that the page starts after; null = from the beginning.</param>
public sealed record PageQuery(int Limit, string? After)
{
    public const int MaxLimit = 500;
    public const int DefaultLimit = 50;

    /// <summary>Reads <c>?limit=</c> and <c>?cursor=</c>; adds what is wrong with them to the problems.</summary>
    public static PageQuery Read(HttpRequest request, ICollection<Problem> problems)
    {
        int limit = DefaultLimit;
        string? limitText = request.Query["limit"];
        if (!string.IsNullOrEmpty(limitText) && (!int.TryParse(limitText, NumberStyles.None, CultureInfo.InvariantCulture, out limit) || limit is < 1 or > MaxLimit))
            problems.Add(new Problem("outOfRange", "limit", $"The limit must be a number from 1 to {MaxLimit}."));
        string? after = null;
        string? cursor = request.Query["cursor"];
        if (!string.IsNullOrEmpty(cursor) && !Cursor.TryRead(cursor, out after))
            problems.Add(new Problem("invalidCursor", "cursor", "This is no cursor that a list gave out as next."));
        return new PageQuery(limit, after);
    }
}

/// <summary>The position in a list, as text that callers hand back and do not read.</summary>
public static class Cursor
{
    /// <summary>The cursor for the page after this key.</summary>
    public static string After(string key) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes("1" + key));

    /// <summary>Reads what <see cref="After"/> wrote; false for anything else.</summary>
    public static bool TryRead(string cursor, out string? key)
    {
        key = null;
        try
        {
            string text = TextEncodings.StrictUtf8.GetString(Base64Url.DecodeFromChars(cursor));
            if (!text.StartsWith('1'))
                return false;
            key = text[1..];
            return true;
        }
        catch (Exception e) when (e is FormatException or DecoderFallbackException)
        {
            return false;
        }
    }
}
