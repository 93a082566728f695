using System.Globalization;
using System.Text;

namespace Abm.Lists;

/// <summary>Brings text into the form it is compared in: lower case, without accents and punctuation, one space between words. Folding twice is folding once.</summary>
/// <remarks>Works on any text, invalid UTF-16 too, and looks at its first <see cref="MaxLength"/> characters only, and gives no more, so that no text takes long. Independent of culture.</remarks>
internal static class TextFold
{
    /// <summary>Longest text that is looked at, in UTF-16 units; no organisation's name is longer.</summary>
    public const int MaxLength = 400;

    /// <summary>The folded text; empty when there is no letter or digit in it.</summary>
    public static string Fold(ReadOnlySpan<char> text)
    {
        text = text[..Math.Min(text.Length, MaxLength)];
        Span<char> buffer = stackalloc char[(MaxLength * 5) + 8];
        foreach (char c in text)
        {
            if (c >= 128)
                return FoldUnicode(text, buffer);
        }

        return new(buffer[..Words(text, buffer)]);
    }

    private static string FoldUnicode(ReadOnlySpan<char> text, Span<char> buffer)
    {
        // Lone surrogates cannot be decomposed; they say nothing either.
        var valid = new StringBuilder(text.Length + 8);
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
                valid.Append(c).Append(text[++i]);
            else
                valid.Append(char.IsSurrogate(c) || c is '\uFFFE' or '\uFFFF' ? ' ' : c);
        }

        string decomposed = valid.ToString().Normalize(NormalizationForm.FormKD);
        var plain = new StringBuilder(decomposed.Length + 8);
        foreach (char c in decomposed)
        {
            if (!IsAccent(c))
                Spell(c, plain);
        }

        string spelt = plain.ToString();
        spelt = spelt.Length > MaxLength * 2 ? spelt[..(MaxLength * 2)] : spelt;
        return new(buffer[..Words(spelt, buffer)]);
    }

    private static bool IsAccent(char c) =>
        c is >= '\u0300' and <= '\u036F' or >= '\u0591' and <= '\u05C7' or >= '\u064B' and <= '\u065F' or '\u0640' or '\u200B' or '\u200C' or '\u200D' or '\u200E' or '\u200F' or '\u00AD' or '\uFEFF'
        || c is >= '\u202A' and <= '\u202E' or >= '\u2066' and <= '\u2069' or >= '\uFE00' and <= '\uFE0F';

    private static void Spell(char c, StringBuilder to)
    {
        switch (c)
        {
            case 'ß' or 'ẞ': to.Append("ss"); break;
            case 'æ' or 'Æ': to.Append("ae"); break;
            case 'œ' or 'Œ': to.Append("oe"); break;
            case 'þ' or 'Þ': to.Append("th"); break;
            case 'ø' or 'Ø': to.Append('o'); break;
            case 'ł' or 'Ł': to.Append('l'); break;
            case 'đ' or 'Đ' or 'ð' or 'Ð': to.Append('d'); break;
            case 'ħ' or 'Ħ': to.Append('h'); break;
            case 'ı': to.Append('i'); break;
            case 'ς': to.Append('σ'); break;
            case '’' or '‘' or 'ʼ' or 'ʻ' or '´' or '`' or '′': to.Append('\''); break;
            default: to.Append(c); break;
        }
    }

    // Letters and digits stay, in lower case; apostrophes vanish; a dot between single letters vanishes (S.A. is sa), so does '&' between initials (AT&T is att); else '&' and '+' are a word; all else parts words.
    private static int Words(ReadOnlySpan<char> text, Span<char> to)
    {
        int length = 0;
        bool gap = false;
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (char.IsAsciiLetterOrDigit(c) || (c >= 128 && IsWordCharacter(c)))
            {
                if (gap && length > 0)
                    to[length++] = ' ';
                gap = false;
                to[length++] = char.ToLowerInvariant(c);
            }
            else if (c == '&' && IsWithinInitials(text, i))
            {
                continue;
            }
            else if (c is '&' or '+')
            {
                if (length > 0)
                    to[length++] = ' ';
                to[length++] = 'a';
                to[length++] = 'n';
                to[length++] = 'd';
                gap = true;
            }
            else if (c == '\'' || (c == '.' && IsBetweenInitials(text, i)))
            {
                continue;
            }
            else
            {
                gap = true;
            }

            if (length >= MaxLength)
                break;
        }

        // What was spelt out may be longer than what is looked at; folding it again must cut nothing.
        length = Math.Min(length, MaxLength);
        while (length > 0 && to[length - 1] == ' ')
            length--;
        return length;
    }

    private static bool IsBetweenInitials(ReadOnlySpan<char> text, int dot)
    {
        bool single = dot >= 1 && char.IsLetter(text[dot - 1]) && (dot == 1 || !char.IsLetterOrDigit(text[dot - 2]));
        return single && dot + 1 < text.Length && char.IsLetter(text[dot + 1]) && (dot + 2 == text.Length || !char.IsLetterOrDigit(text[dot + 2]));
    }

    // AT&T, C&A, H&M: up to two letters on either side, no spaces.
    private static bool IsWithinInitials(ReadOnlySpan<char> text, int sign)
    {
        int before = 0;
        while (before < 3 && sign - before > 0 && char.IsLetterOrDigit(text[sign - before - 1]))
            before++;
        int after = 0;
        while (after < 3 && sign + after + 1 < text.Length && char.IsLetterOrDigit(text[sign + after + 1]))
            after++;
        return before is 1 or 2 && after is 1 or 2;
    }

    private static bool IsWordCharacter(char c) => CharUnicodeInfo.GetUnicodeCategory(c) is
        UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter
        or UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;
}
