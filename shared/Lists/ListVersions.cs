namespace Abm.Lists;

/// <summary>Versions of the word and domain lists that normalising goes by. Stored with each decision, so that a difference between two decisions can be explained.</summary>
public static class ListVersions
{
    private static readonly Lazy<IReadOnlyDictionary<string, string>> Loaded = new(Load);

    /// <summary>Name of the list (such as <c>publicSuffix</c>) to its version: date of collection and the start of the content's SHA-256.</summary>
    public static IReadOnlyDictionary<string, string> Current => Loaded.Value;

    private static SortedDictionary<string, string> Load()
    {
        var versions = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (string line in EmbeddedList.Lines("versions.txt"))
        {
            int space = line.IndexOf(' ', StringComparison.Ordinal);
            versions[line[..space]] = line[(space + 1)..].Split(' ')[0];
        }

        return versions;
    }
}
