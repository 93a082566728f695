using System.Globalization;

namespace Abm.Lists;

/// <summary>A host on the public internet, taken from a domain, web address or e-mail address.</summary>
/// <param name="Host">Lower case, ASCII form (punycode), without <c>www.</c>, port and trailing dot.</param>
/// <param name="Registrable">The part that someone registered, by the public suffix list.</param>
internal sealed record HostName(string Host, string Registrable)
{
    private const int Longest = 253;

    private static readonly System.Buffers.SearchValues<char> AfterHost = System.Buffers.SearchValues.Create("/?#\\ ,;|\t\r\n");
    private static readonly IdnMapping Idn = new() { AllowUnassigned = false, UseStd3AsciiRules = false };

    /// <summary>Reads a host. Null for none, IP addresses, local names, bare public suffixes and what is no host name.</summary>
    public static HostName? Read(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
            return null;
        ReadOnlySpan<char> host = Extract(text);
        if (host.Length is < 4 or > Longest || host.IndexOf('.') < 0)
            return null;
        string? ascii = ToAscii(host.ToString());
        if (ascii is null || ascii.Length > Longest || !IsHostName(ascii) || IsLocalOrAddress(ascii))
            return null;
        while (ascii.StartsWith("www.", StringComparison.Ordinal) && ascii.IndexOf('.', 4) > 0)
            ascii = ascii[4..];
        int start = PublicSuffixList.RegistrableStart(ascii);
        return start < 0 ? null : new(ascii, ascii[start..]);
    }

    /// <summary>Lower-case ASCII form of a name that may be international; null when it has none.</summary>
    internal static string? ToAscii(string name)
    {
        bool isAscii = System.Text.Ascii.IsValid(name);
        if (isAscii)
            return name.ToLowerInvariant();
        try
        {
            return Idn.GetAscii(name.Replace('。', '.').Normalize(System.Text.NormalizationForm.FormC).ToLowerInvariant()).ToLowerInvariant();
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    // After the last '@', after the scheme, before path, query, fragment and port.
    private static ReadOnlySpan<char> Extract(ReadOnlySpan<char> text)
    {
        text = text.Trim();
        if (text.Length > 2048)
            text = text[..2048];
        int scheme = text.IndexOf("://");
        if (scheme >= 0)
            text = text[(scheme + 3)..];
        else if (text.StartsWith("//"))
            text = text[2..];
        else if (text.StartsWith("mailto:", StringComparison.OrdinalIgnoreCase))
            text = text[7..];
        if (scheme >= 0)
        {
            text = Until(text);
            text = text[(text.LastIndexOf('@') + 1)..];
        }
        else
        {
            text = text[(text.LastIndexOf('@') + 1)..];
            text = Until(text);
        }

        int colon = text.IndexOf(':');
        if (colon >= 0)
            text = text[..colon];
        return text.TrimEnd(['.', ' ', '>', ')', ';', '"', '\'']).TrimStart(['.', ' ', '<', '(', '"', '\'']);
    }

    private static ReadOnlySpan<char> Until(ReadOnlySpan<char> text)
    {
        int end = text.IndexOfAny(AfterHost);
        return end < 0 ? text : text[..end];
    }

    private static bool IsHostName(string host)
    {
        int label = 0;
        for (int i = 0; i < host.Length; i++)
        {
            char c = host[i];
            if (c == '.')
            {
                if (label is 0 or > 63)
                    return false;
                label = 0;
            }
            else if (char.IsAsciiLetterOrDigit(c) || c is '-' or '_')
            {
                label++;
            }
            else
            {
                return false;
            }
        }

        return label is > 1 and <= 63;
    }

    private static bool IsLocalOrAddress(string host)
    {
        int dot = host.LastIndexOf('.');
        ReadOnlySpan<char> last = host.AsSpan(dot + 1);
        return char.IsAsciiDigit(last[^1]) && last.IndexOfAnyExceptInRange('0', '9') < 0
            || last is "local" or "localhost" or "localdomain" or "internal" or "lan" or "home" or "corp" or "invalid" or "arpa" or "onion";
    }
}
