using System.Globalization;
using System.Text.Json;

namespace Abm.Local.Hosting;

/// <summary>The app's <c>host.json</c>, read once at start; comments and trailing commas are allowed, names are compared without case.</summary>
public sealed class HostJson
{
    private static readonly string[][] Sections =
    [
        ["logging"], ["logging", "logLevel"], ["extensions"], ["extensions", "http"], ["extensions", "queues"], ["extensions", "durableTask"],
        ["extensions", "durableTask", "storageProvider"], ["extensions", "serviceBus"],
    ];

    private readonly JsonElement _root;

    private HostJson(string path, JsonElement root)
    {
        Path = path;
        _root = root;
    }

    /// <summary>Where it was read from, for messages.</summary>
    public string Path { get; }

    /// <summary>Reads the file.</summary>
    /// <exception cref="LocalRuntimeException">It cannot be read, is not JSON, or is not version 2.0.</exception>
    public static HostJson Load(string path)
    {
        try
        {
            return Parse(File.ReadAllText(path), path);
        }
        catch (Exception notReadable) when (notReadable is IOException or UnauthorizedAccessException)
        {
            throw new LocalRuntimeException($"{path} cannot be read: {notReadable.Message}", notReadable);
        }
    }

    /// <summary>Reads the text of a host.json.</summary>
    /// <inheritdoc cref="Load"/>
    public static HostJson Parse(string json, string path = "host.json")
    {
        using JsonDocument document = JsonFile.Parse(json, path);
        JsonElement root = document.RootElement.Clone();
        if (root.ValueKind != JsonValueKind.Object)
            throw new LocalRuntimeException($"{path} must hold a JSON object; write at least {{ \"version\": \"2.0\" }}.");
        var hostJson = new HostJson(path, root);
        if (hostJson.Find("version") is not { ValueKind: JsonValueKind.String } version || version.GetString() != "2.0")
            throw new LocalRuntimeException($"{path} needs \"version\": \"2.0\"; it has {hostJson.Find("version")?.GetRawText() ?? "none"}.");
        foreach (string[] section in Sections)
            if (hostJson.Find(section) is { ValueKind: not JsonValueKind.Object } other)
                throw hostJson.Wrong(section, other, "an object in braces");
        return hostJson;
    }

    /// <summary>The element at the path, or null: <c>Find("extensions", "queues", "batchSize")</c>.</summary>
    public JsonElement? Find(params ReadOnlySpan<string> path)
    {
        JsonElement element = _root;
        foreach (string name in path)
            if (!TryGet(element, name, out element))
                return null;
        return element.ValueKind == JsonValueKind.Null ? null : element;
    }

    /// <summary>Text, or null when it is absent.</summary>
    /// <exception cref="LocalRuntimeException">Something else stands there.</exception>
    public string? GetString(params ReadOnlySpan<string> path) => Find(path) switch
    {
        null => null,
        { ValueKind: JsonValueKind.String } text => text.GetString(),
        { } other => throw Wrong(path, other, "text in quotes"),
    };

    /// <summary>A whole number within the range (ends included), or null when it is absent.</summary>
    /// <exception cref="LocalRuntimeException">Something else stands there, or it is out of range.</exception>
    public int? GetInt32(int minimum, int maximum, params ReadOnlySpan<string> path)
    {
        if (Find(path) is not { } element)
            return null;
        return element.ValueKind == JsonValueKind.Number && element.TryGetInt32(out int number) && number >= minimum && number <= maximum
            ? number
            : throw Wrong(path, element, string.Create(CultureInfo.InvariantCulture, $"a whole number from {minimum} to {maximum}"));
    }

    /// <summary>True or false, or null when it is absent.</summary>
    /// <exception cref="LocalRuntimeException">Something else stands there.</exception>
    public bool? GetBoolean(params ReadOnlySpan<string> path) => Find(path) switch
    {
        null => null,
        { ValueKind: JsonValueKind.True } => true,
        { ValueKind: JsonValueKind.False } => false,
        { } other => throw Wrong(path, other, "true or false"),
    };

    /// <summary>A length of time within the range (ends included), written <c>hh:mm:ss</c>, or null when it is absent.</summary>
    /// <exception cref="LocalRuntimeException">Something else stands there, or it is out of range.</exception>
    public TimeSpan? GetTimeSpan(TimeSpan minimum, TimeSpan maximum, params ReadOnlySpan<string> path)
    {
        if (Find(path) is not { } element)
            return null;
        return element.ValueKind == JsonValueKind.String && TimeSpan.TryParse(element.GetString(), CultureInfo.InvariantCulture, out TimeSpan length) && length >= minimum && length <= maximum
            ? length
            : throw Wrong(path, element, string.Create(CultureInfo.InvariantCulture, $"a time from \"{minimum:c}\" to \"{maximum:c}\""));
    }

    /// <summary>The names at the path, none when nothing stands there.</summary>
    internal IEnumerable<string> Names(params ReadOnlySpan<string> path) =>
        (path.Length == 0 ? _root : Find(path)) is { ValueKind: JsonValueKind.Object } section ? [.. section.EnumerateObject().Select(property => property.Name)] : [];

    /// <summary>What a value is, where it stands, and what it ought to be.</summary>
    internal LocalRuntimeException Wrong(ReadOnlySpan<string> path, JsonElement found, string wanted)
    {
        string text = found.GetRawText().ReplaceLineEndings(" ");
        return new($"{Path}: {string.Join('.', path!)} must be {wanted}, not {(text.Length > 60 ? text[..60] + "..." : text)}.");
    }

    private static bool TryGet(JsonElement element, string name, out JsonElement value)
    {
        value = default;
        if (element.ValueKind != JsonValueKind.Object)
            return false;
        foreach (JsonProperty property in element.EnumerateObject())
        {
            if (!property.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
                continue;
            value = property.Value;
            return true;
        }

        return false;
    }
}
