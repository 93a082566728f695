using System.Collections.Frozen;

namespace Abm.Lists;

/// <summary>Countries and their regions: names in many languages, calling codes.</summary>
internal static class Countries
{
    private static readonly Lazy<Tables> Loaded = new(Load);

    /// <summary>ISO 3166-1 alpha-2 code of a country as written, in folded form; null when unknown.</summary>
    public static string? Code(string folded)
    {
        Tables tables = Loaded.Value;
        if (tables.ByName.TryGetValue(folded, out string? code))
            return code;
        return folded.StartsWith("the ", StringComparison.Ordinal) && tables.ByName.TryGetValue(folded[4..], out code) ? code : null;
    }

    /// <summary>Code of a state or province as written, in folded form; the folded text itself when we have no code for it.</summary>
    public static string Region(string? country, string folded)
    {
        if (country is null)
            return folded;
        return Loaded.Value.Regions.TryGetValue($"{country}/{folded}", out string? code) ? code : folded;
    }

    /// <summary>Whether both are codes of regions that we know of a country, so that two different ones are two regions.</summary>
    public static bool AreRegions(string? country, string one, string other) =>
        country is not null && Loaded.Value.Regions.ContainsKey($"{country}/{one.ToLowerInvariant()}") && Loaded.Value.Regions.ContainsKey($"{country}/{other.ToLowerInvariant()}");

    /// <summary>Code of a state of the United States that one word names or abbreviates, in folded form; null for any other word.</summary>
    public static string? UnitedStatesCode(string folded) => folded.Length is 2 or >= 4 ? Loaded.Value.UnitedStates.GetValueOrDefault(folded) : null;

    /// <summary>Code of a state or province whose country is not said; the folded text itself when we know none.</summary>
    public static string RegionAnywhere(string folded) => Loaded.Value.RegionsAnywhere.TryGetValue(folded, out string? code) ? code : folded;

    // Sold all over the world for how they read; who has one is not there.
    private static readonly FrozenSet<string> Worldwide = new[]
    {
        "ac", "ag", "ai", "am", "as", "bz", "cc", "cf", "co", "cx", "dj", "fm", "ga", "gd", "gg", "gl", "gq", "gs", "im", "io", "is", "je", "la", "lc", "li", "ly", "me", "ml", "ms", "mu", "nu", "pm", "pn", "pw", "sc", "sh", "so",
        "st", "sx", "tc", "tf", "tk", "tl", "to", "tv", "vc", "vg", "vu", "wf", "ws", "yt",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Code of the country under whose ending a domain or mail address in lower case is: GB for <c>acme.co.uk</c>. Null for endings of no country, and of those that anybody uses.</summary>
    public static string? OfEnding(ReadOnlySpan<char> domain)
    {
        ReadOnlySpan<char> ending = domain[(domain.LastIndexOf('.') + 1)..];
        if (ending.Length != 2 || ending.Length == domain.Length || Worldwide.GetAlternateLookup<ReadOnlySpan<char>>().Contains(ending))
            return null;
        return ending is "uk" ? "GB" : Loaded.Value.Endings.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(ending, out string? code) ? code : null;
    }

    /// <summary>A country's calling code and trunk prefix; null when unknown.</summary>
    public static CallingCode? Calling(string country) => Loaded.Value.Calling.GetValueOrDefault(country);

    private static Tables Load()
    {
        var names = new Dictionary<string, string>(8000, StringComparer.Ordinal);
        var calling = new Dictionary<string, CallingCode>(StringComparer.Ordinal);
        foreach (string line in EmbeddedList.Lines("countries.csv"))
        {
            string[] cells = line.Split(';');
            names.TryAdd(TextFold.Fold(cells[1]), cells[0]);
            if (cells[2].Length > 0)
                calling[cells[0]] = new(cells[2], cells[3]);
            foreach (string name in cells[4].Split('|', StringSplitOptions.RemoveEmptyEntries))
                names.TryAdd(name, cells[0]);
        }

        // Two-letter codes and our own synonyms win over names in 70 languages.
        foreach (string code in calling.Keys)
            names[code.ToLowerInvariant()] = code;
        foreach (string line in EmbeddedList.Lines("countrySynonyms.csv"))
        {
            string[] cells = line.Split(';');
            foreach (string name in cells[1].Split('|'))
                names[name] = cells[0];
        }

        var regions = new Dictionary<string, string>(StringComparer.Ordinal);
        var anywhere = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string line in EmbeddedList.Lines("regions.csv"))
        {
            string[] cells = line.Split(';');
            regions[$"{cells[0]}/{cells[1].ToLowerInvariant()}"] = cells[1];
            foreach (string name in cells[2].Split('|'))
                regions[$"{cells[0]}/{name}"] = cells[1];

            // The list begins with the United States: a bare "WA" is Washington there.
            anywhere.TryAdd(cells[1].ToLowerInvariant(), cells[1]);
            foreach (string name in cells[2].Split('|'))
                anywhere.TryAdd(name, cells[1]);
        }

        return new(
            names.ToFrozenDictionary(StringComparer.Ordinal),
            regions.ToFrozenDictionary(StringComparer.Ordinal),
            anywhere.ToFrozenDictionary(StringComparer.Ordinal),
            regions.Where(region => region.Key.StartsWith("US/", StringComparison.Ordinal)).ToFrozenDictionary(region => region.Key[3..], region => region.Value, StringComparer.Ordinal),
            calling.ToFrozenDictionary(StringComparer.Ordinal),
            calling.Keys.ToFrozenDictionary(code => code.ToLowerInvariant(), StringComparer.Ordinal));
    }

    private sealed record Tables(FrozenDictionary<string, string> ByName, FrozenDictionary<string, string> Regions, FrozenDictionary<string, string> RegionsAnywhere, FrozenDictionary<string, string> UnitedStates, FrozenDictionary<string, CallingCode> Calling, FrozenDictionary<string, string> Endings);

    /// <param name="Code">Digits after the plus sign: <c>1</c>, <c>49</c>.</param>
    /// <param name="Trunk">What is dialled before a national number and dropped in the international form; empty when nothing is.</param>
    internal sealed record CallingCode(string Code, string Trunk);
}
