using System.Globalization;
using System.Text.Json;

namespace Abm.Local.Hosting;

/// <summary>The app's <c>host.json</c>, read once at start; comments and trailing commas are allowed, names are compared without case.</summary>
public sealed class HostJson
{
    private static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };
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
        JsonElement root;
        try
        {
            using JsonDocument document = JsonDocument.Parse(json, Lenient);
            root = document.RootElement.Clone();
        }
        catch (JsonException malformed)
        {
            throw new LocalRuntimeException(
                string.Create(CultureInfo.InvariantCulture, $"{path} is not valid JSON at line {malformed.LineNumber + 1}, position {malformed.BytePositionInLine + 1}: correct it there."),
                malformed);
        }

        if (root.ValueKind != JsonValueKind.Object)
            throw new LocalRuntimeException($"{path} must hold a JSON object; write at least {{ \"version\": \"2.0\" }}.");
        var hostJson = new HostJson(path, root);
        string? version = hostJson.GetString("version");
        return version == "2.0" ? hostJson : throw new LocalRuntimeException($"{path} needs \"version\": \"2.0\"; it has {version ?? "none"}.");
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

    private LocalRuntimeException Wrong(ReadOnlySpan<string> path, JsonElement found, string wanted) =>
        new($"{Path}: {string.Join('.', path!)} must be {wanted}, not {found.GetRawText()}.");
}
