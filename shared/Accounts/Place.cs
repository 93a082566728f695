using System.Collections.Frozen;
using Abm.Lists;

namespace Abm.Accounts;

/// <summary>Where something is, in comparable form. Every part may be unknown (null).</summary>
/// <param name="Country">ISO 3166-1 alpha-2 code, upper case.</param>
/// <param name="Region">State or province: its code for countries whose codes we know (<c>CA</c> in the US), else its folded name.</param>
/// <param name="City">Folded name, its saints and mounts written out.</param>
/// <param name="Street">Street with house number, its words abbreviated alike, without suite and floor.</param>
/// <param name="Zip">Postal code, letters and digits only, upper case.</param>
public sealed record Place(string? Country, string? Region, string? City, string? Street, string? Zip)
{
    private static readonly FrozenDictionary<string, string> StreetWords = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["street"] = "st", ["str"] = "st", ["strasse"] = "st", ["avenue"] = "ave", ["av"] = "ave", ["avenida"] = "ave", ["road"] = "rd", ["boulevard"] = "blvd", ["bd"] = "blvd", ["drive"] = "dr", ["lane"] = "ln",
        ["court"] = "ct", ["place"] = "pl", ["parkway"] = "pkwy", ["pky"] = "pkwy", ["highway"] = "hwy", ["circle"] = "cir", ["square"] = "sq", ["terrace"] = "ter", ["trail"] = "trl", ["plaza"] = "plz",
        ["expressway"] = "expy", ["freeway"] = "fwy", ["route"] = "rt", ["rte"] = "rt", ["center"] = "ctr", ["centre"] = "ctr", ["way"] = "way",
        ["north"] = "n", ["south"] = "s", ["east"] = "e", ["west"] = "w", ["northeast"] = "ne", ["northwest"] = "nw", ["southeast"] = "se", ["southwest"] = "sw",
        ["first"] = "1st", ["second"] = "2nd", ["third"] = "3rd", ["fourth"] = "4th", ["fifth"] = "5th", ["sixth"] = "6th", ["seventh"] = "7th", ["eighth"] = "8th", ["ninth"] = "9th", ["tenth"] = "10th",
        ["saint"] = "st", ["mount"] = "mt", ["fort"] = "ft", ["doctor"] = "dr",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, string> CityWords = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["st"] = "saint", ["ste"] = "sainte", ["mt"] = "mount", ["ft"] = "fort", ["n"] = "north", ["s"] = "south", ["e"] = "east", ["w"] = "west",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>No part of a place is longer, in UTF-16 units.</summary>
    private const int Longest = 200;

    /// <summary>Nothing known.</summary>
    public static Place Unknown { get; } = new(null, null, null, null, null);

    /// <summary>Reads a postal place as people write it.</summary>
    public static Place Read(string? street, string? city, string? state, string? zip, string? country)
    {
        string? countryText = Folded(country);
        string? code = countryText is null ? null : Countries.Code(countryText);

        // "Scotland" as a country says which part of it, too.
        string? region = Folded(state) ?? (countryText is "england" or "scotland" or "wales" or "northern ireland" ? countryText : null);
        if (region is not null)
            region = code is null && countryText is null ? Countries.RegionAnywhere(region) : Countries.Region(code, region);
        return new(code, region, Words(Folded(city), CityWords, city: true), Words(Folded(street), StreetWords, city: false), PostalCode(zip));
    }

    private static string? Folded(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
            return null;
        string folded = Cut(TextFold.Fold(text.Length > Longest ? text.AsSpan(0, Longest) : text));
        return folded.Length == 0 ? null : folded;
    }

    private static string? Words(string? folded, FrozenDictionary<string, string> synonyms, bool city)
    {
        if (folded is null)
            return null;
        string[] words = folded.Split(' ');
        int length = words.Length;
        for (int i = 0; i < length; i++)
        {
            if (synonyms.TryGetValue(words[i], out string? same))
                words[i] = same;
            else if (!city && i > 0 && words[i] is "suite" or "ste" or "floor" or "fl" or "unit" or "apt" or "room" or "rm" or "bldg" or "building")
                length = i;
        }

        if (city && length > 1 && words[length - 1] == "city")
            length--;
        return Cut(string.Join(' ', words, 0, length));
    }

    // At a word, so that no part of one is taken for another when it is read again.
    private static string Cut(string text)
    {
        if (text.Length <= Longest)
            return text;
        int space = text.LastIndexOf(' ', Longest);
        return text[..(space > 0 ? space : Longest)];
    }

    private static string? PostalCode(string? zip)
    {
        if (string.IsNullOrWhiteSpace(zip))
            return null;
        Span<char> kept = stackalloc char[12];
        int length = 0;
        foreach (char c in zip)
        {
            if (char.IsAsciiLetterOrDigit(c) && length < kept.Length)
                kept[length++] = char.ToUpperInvariant(c);
        }

        // ZIP+4 is the ZIP of a house; spreadsheets take the leading zero away.
        if (length == 9 && kept[..9].IndexOfAnyExceptInRange('0', '9') < 0 && zip.Contains('-', StringComparison.Ordinal))
            length = 5;
        ReadOnlySpan<char> code = kept[..length].TrimStart('0');
        return code.IsEmpty ? null : new(code);
    }
}
