using System.Globalization;
using Abm.Decisions;
using Microsoft.AspNetCore.Http;

namespace Abm.Functions.Explain;

/// <summary>Reads filters of lists from the query; adds what is wrong with them to the problems.</summary>
internal static class ListFilters
{
    public static string? OneOf(HttpRequest request, string name, IReadOnlyList<string> known, ICollection<Problem> problems)
    {
        string? value = request.Query[name];
        if (string.IsNullOrEmpty(value))
            return null;
        if (known.Contains(value, StringComparer.Ordinal))
            return value;
        problems.Add(new Problem("unknownValue", name, $"It must be one of {string.Join(", ", known)}."));
        return null;
    }

    public static string? Id(HttpRequest request, string name, ICollection<Problem> problems)
    {
        string? value = request.Query[name];
        if (string.IsNullOrEmpty(value) || IdText.IsValid(value))
            return string.IsNullOrEmpty(value) ? null : value;
        problems.Add(new Problem("invalidId", name, $"An id has 1 to {IdText.MaxLength} characters without / \\ # ? and control characters."));
        return null;
    }

    public static string? Text(HttpRequest request, string name, ICollection<Problem> problems)
    {
        string? value = request.Query[name];
        if (value is { Length: > IdText.MaxLength } || value?.Any(char.IsControl) == true)
        {
            problems.Add(new Problem("invalidText", name, $"It must have at most {IdText.MaxLength} characters and no control characters."));
            return null;
        }

        return string.IsNullOrEmpty(value) ? null : value;
    }

    /// <summary>An instant with an offset, such as <c>2026-11-21T09:00:00Z</c>.</summary>
    public static DateTimeOffset? Instant(HttpRequest request, string name, ICollection<Problem> problems)
    {
        string? value = request.Query[name];
        if (string.IsNullOrEmpty(value))
            return null;
        if (Instants.TryRead(value, out DateTimeOffset instant))
            return instant;
        problems.Add(new Problem("wrongType", name, "It must be an instant such as 2026-11-21T09:00:00Z."));
        return null;
    }
}

/// <summary>Instants as text: ISO 8601 with an offset, so that nobody has to guess a zone.</summary>
internal static class Instants
{
    private static readonly string[] Formats =
    [
        "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK",
    ];

    public static bool TryRead(string text, out DateTimeOffset instant)
    {
        instant = default;
        bool hasOffset = text.EndsWith('Z') || (text.Length > 6 && text[^6] is '+' or '-' && text[^3] == ':');
        if (!hasOffset || !DateTimeOffset.TryParseExact(text, Formats, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal, out instant))
            return false;
        return instant.Year >= 1601; // nothing earlier can be stored
    }
}
