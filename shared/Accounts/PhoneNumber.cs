using Abm.Lists;

namespace Abm.Accounts;

/// <summary>A telephone number in international form.</summary>
public sealed record PhoneNumber
{
    private PhoneNumber(string e164) => E164 = e164;

    /// <summary>Plus sign, country code and national number, without extension: <c>+16307716078</c>.</summary>
    public string E164 { get; }

    /// <summary>Reads a number as people write it. Null when it cannot be one.</summary>
    /// <param name="countryCode">ISO 3166-1 alpha-2 code of where it was written. When null, international formats can be read, and ten-digit numbers that are valid in North America.</param>
    public static PhoneNumber? Read(string? text, string? countryCode)
    {
        if (string.IsNullOrWhiteSpace(text))
            return null;
        Span<char> digits = stackalloc char[20];
        if (!TryDigits(text, digits, out int length, out bool isInternational))
            return null;
        digits = digits[..length];
        if (!isInternational && digits.StartsWith("00") && length > 9)
        {
            digits = digits[2..];
            isInternational = true;
        }

        if (!isInternational && digits.StartsWith("011") && length > 10 && countryCode is null or "US" or "CA")
        {
            digits = digits[3..];
            isInternational = true;
        }

        if (isInternational)
            return digits.Length is >= 8 and <= 15 && digits[0] != '0' && !IsMadeUp(digits) ? new($"+{WithoutInnerTrunk(digits)}") : null;

        Countries.CallingCode? calling = countryCode is null ? null : Countries.Calling(countryCode);
        if (calling is null or { Code: "1" })
        {
            if (digits.Length == 11 && digits[0] == '1')
                digits = digits[1..];
            if (digits.Length == 10 && digits[0] >= '2' && digits[3] >= '2')
                return IsMadeUp(digits) ? null : new($"+1{digits}");
            return null;
        }

        // Someone wrote the country's code without a plus sign.
        if (digits.StartsWith(calling.Code) && digits.Length >= 10 && digits.Length - calling.Code.Length >= 8 && (calling.Trunk.Length == 0 || !digits.StartsWith(calling.Trunk)))
            return new($"+{digits}");
        if (calling.Trunk.Length > 0 && digits.StartsWith(calling.Trunk))
            digits = digits[calling.Trunk.Length..];
        return digits.Length + calling.Code.Length is >= 8 and <= 15 && !IsMadeUp(digits) ? new($"+{calling.Code}{digits}") : null;
    }

    // +44 (0)20 7946 0000: the zero in brackets is for those who dial from inside.
    private static bool TryDigits(ReadOnlySpan<char> text, Span<char> digits, out int length, out bool isInternational)
    {
        length = 0;
        isInternational = false;
        text = text.Trim();
        for (int i = 0; i < text.Length && i < 60; i++)
        {
            char c = text[i];
            if (c is >= '0' and <= '9')
            {
                if (length == digits.Length)
                    return false;
                digits[length++] = c;
            }
            else if (c == '+' && length == 0)
            {
                isInternational = true;
            }
            else if (c == '(' && length > 0 && i + 2 < text.Length && text[i + 1] == '0' && text[i + 2] == ')' && isInternational)
            {
                i += 2;
            }
            else if (c is 'x' or 'X' or '#' or ';' or ',' || (c is 'e' or 'E' && length > 6))
            {
                break;
            }
            else if (char.IsLetter(c) && length > 6)
            {
                break;
            }
        }

        return length >= 6;
    }

    // North American numbers after a country code of 1 sometimes carry a second 1.
    private static ReadOnlySpan<char> WithoutInnerTrunk(ReadOnlySpan<char> digits) =>
        digits.Length == 12 && digits.StartsWith("11") ? digits[1..] : digits;

    // 000…, 1111111111, 1234567890 are typed by people who do not want to be called; 555-01xx is reserved for fiction.
    private static bool IsMadeUp(ReadOnlySpan<char> digits)
    {
        ReadOnlySpan<char> tail = digits[^Math.Min(7, digits.Length)..];
        return tail.IndexOfAnyExcept(tail[0]) < 0 || tail is "4567890" or "1234567" || (tail.StartsWith("55501") && tail.Length == 7);
    }

    public override string ToString() => E164;
}
