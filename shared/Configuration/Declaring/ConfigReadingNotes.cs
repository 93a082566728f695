namespace Abm.Configuration;

/// <summary>What is noted while nodes are read into the model: every problem, and where each value stands.</summary>
/// <param name="problems">Problems are added here.</param>
/// <param name="nullIsValue">In texts that the product wrote itself, null means "not set"; in files that people write, it says nothing and the default holds.</param>
internal sealed class ConfigReadingNotes(List<ConfigFileProblem> problems, bool nullIsValue = false)
{
    private readonly Dictionary<string, ConfigPlace> _places = new(StringComparer.Ordinal);

    public bool NullIsValue { get; } = nullIsValue;

    /// <summary>The place of a path, or of the nearest one around it that was written.</summary>
    public ConfigPlace? PlaceOf(string path)
    {
        while (true)
        {
            if (_places.TryGetValue(path, out ConfigPlace? place))
                return place;
            int cut = path.LastIndexOfAny(['.', '[']);
            if (cut <= 0)
                return _places.GetValueOrDefault("");
            path = path[..cut];
        }
    }

    public void At(string path, ConfigPlace place) => _places[path] = place;

    public void AtFirst(string path, ConfigPlace place) => _places.TryAdd(path, place);

    public void Problem(string code, ConfigPlace place, string path, string message) =>
        problems.Add(new ConfigFileProblem(code, place.File, place.Line, place.Column, path, message));

    /// <summary>Notes that something else was expected. Always null, so that it can be returned.</summary>
    public object? Wrong(ConfigNode node, string path, string wanted)
    {
        string given = node is ConfigNode.Scalar { Text.Length: > 0 and <= 60 } scalar ? $"'{scalar.Text}'" : node.KindName;
        Problem("wrongType", node.Place, path, $"{wanted} is expected, not {given}.");
        return null;
    }

    /// <summary>Notes each key that is not known, with the nearest that is.</summary>
    public void RefuseOthers(ConfigNode.Mapping mapping, string path, string[] known, string where)
    {
        foreach (ConfigEntry unknown in mapping.Entries.Where(e => !known.Contains(e.Key, StringComparer.Ordinal)))
            Problem("unknownKey", unknown.KeyPlace, ConfigPath.Join(path, unknown.Key), $"'{unknown.Key}' is not known {where}{Nearest.Hint(unknown.Key, known)}");
    }
}

/// <summary>Ways through the configuration, such as <c>routing[2].to</c>.</summary>
internal static class ConfigPath
{
    public static string Join(string path, string key) => path.Length == 0 ? key : $"{path}.{key}";

    public static string At(string path, int index) => FormattableString.Invariant($"{path}[{index}]");

    public static string At(string path, string name) => $"{path}[{name}]";
}
