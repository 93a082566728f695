using System.Globalization;
using Abm.Decisions;

namespace Abm.Functions.Intake;

/// <summary>The checks that every text from outside goes through before anything else looks at it.</summary>
internal static class FieldText
{
    /// <summary>The text trimmed, or null when it is empty or wrong. What is wrong is added to the problems; personal data is not repeated there.</summary>
    /// <param name="maxLength">In UTF-16 characters, after trimming.</param>
    /// <param name="allowsLines">Whether tabs and line ends may stand in it.</param>
    public static string? Clean(string? text, string field, int maxLength, bool allowsLines, ICollection<Problem> problems)
    {
        if (string.IsNullOrWhiteSpace(text))
            return null;
        text = text.Trim();
        if (text.Length > maxLength)
        {
            problems.Add(new Problem("tooLong", field, string.Create(CultureInfo.InvariantCulture, $"It has {text.Length} characters; at most {maxLength} are taken.")));
            return null;
        }

        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (char.IsControl(c) && !(allowsLines && c is '\t' or '\r' or '\n'))
            {
                problems.Add(new Problem("controlCharacters", field, string.Create(CultureInfo.InvariantCulture, $"It has the control character U+{(int)c:X4} at position {i + 1}.")));
                return null;
            }

            if (!char.IsSurrogate(c))
                continue;
            if (i + 1 == text.Length || !char.IsSurrogatePair(c, text[i + 1]))
            {
                problems.Add(new Problem("invalidText", field, string.Create(CultureInfo.InvariantCulture, $"It has half of a character (a lone surrogate) at position {i + 1}.")));
                return null;
            }

            i++;
        }

        return text;
    }

    /// <summary>The text in one line: every run of tabs and line ends becomes one space. For table cells, where a line end is layout.</summary>
    public static string? InOneLine(string? text)
    {
        if (text is null || text.AsSpan().IndexOfAny('\t', '\r', '\n') < 0)
            return text;
        return string.Join(' ', text.Split(['\t', '\r', '\n'], StringSplitOptions.RemoveEmptyEntries));
    }

    /// <summary>The text as an id, or null when it is empty or cannot be one.</summary>
    public static string? CleanId(string? text, string field, ICollection<Problem> problems)
    {
        string? id = Clean(text, field, IdText.MaxLength, allowsLines: false, problems);
        if (id is null || IdText.IsValid(id))
            return id;
        problems.Add(new Problem("invalidId", field, $"An id has 1 to {IdText.MaxLength} characters without / \\ # ? and control characters."));
        return null;
    }

    /// <summary>A name of a property or column as it may be repeated in a report: shortened, and without what could break a line.</summary>
    public static string Quotable(string name)
    {
        string shown = name.Length <= 60 ? name : string.Concat(name.AsSpan(0, 60), "…");
        return string.Create(shown.Length, shown, static (to, from) =>
        {
            for (int i = 0; i < from.Length; i++)
                to[i] = char.IsControl(from[i]) || char.IsSurrogate(from[i]) ? '\uFFFD' : from[i];
        });
    }
}
