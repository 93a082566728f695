using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Abm.Decisions;

namespace Abm.Configuration;

/// <summary>One text for all ways to write the same configuration: JSON with names in order, no spaces, no comments. The version is derived from it, and it is what is kept.</summary>
internal static class CanonicalConfig
{
    private const string File = "(stored configuration)";

    /// <summary>Equal content has an equal version, whatever its layout.</summary>
    public static string VersionOf(string canonical) => DerivedId.From("cfg", canonical);

    public static string Write(ConfigNode root)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter writer = new(stream, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
            Write(root, writer);
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    /// <exception cref="JsonException">Not a text that <see cref="Write(ConfigNode)"/> made.</exception>
    public static ConfigNode.Mapping Read(string canonical)
    {
        using JsonDocument document = JsonDocument.Parse(canonical, new JsonDocumentOptions { MaxDepth = 100, AllowDuplicateProperties = false });
        return Read(document.RootElement) as ConfigNode.Mapping ?? throw new JsonException("A stored configuration is an object.");
    }

    private static void Write(ConfigNode node, Utf8JsonWriter writer)
    {
        switch (node)
        {
            case ConfigNode.Scalar { IsNull: true }:
                writer.WriteNullValue();
                break;
            case ConfigNode.Scalar { Kind: ScalarKind.Number } number:
                writer.WriteRawValue(number.Text);
                break;
            case ConfigNode.Scalar { Kind: ScalarKind.Truth } truth:
                writer.WriteBooleanValue(truth.Text == "true");
                break;
            case ConfigNode.Scalar scalar:
                writer.WriteStringValue(scalar.Text);
                break;
            case ConfigNode.Sequence sequence:
                writer.WriteStartArray();
                foreach (ConfigNode item in sequence.Items)
                    Write(item, writer);
                writer.WriteEndArray();
                break;
            case ConfigNode.Mapping mapping:
                writer.WriteStartObject();
                foreach (ConfigEntry entry in mapping.Entries.OrderBy(e => e.Key, StringComparer.Ordinal))
                {
                    writer.WritePropertyName(entry.Key);
                    Write(entry.Value, writer);
                }

                writer.WriteEndObject();
                break;
        }
    }

    private static ConfigNode Read(JsonElement element)
    {
        ConfigPlace place = new(File, 0, 0);
        return element.ValueKind switch
        {
            JsonValueKind.Object => new ConfigNode.Mapping([.. element.EnumerateObject().Select(p => new ConfigEntry(p.Name, place, Read(p.Value)))], place),
            JsonValueKind.Array => new ConfigNode.Sequence([.. element.EnumerateArray().Select(Read)], place),
            JsonValueKind.String => new ConfigNode.Scalar(element.GetString()!, IsNull: false, place),
            JsonValueKind.Number => new ConfigNode.Scalar(element.GetRawText(), IsNull: false, place, ScalarKind.Number),
            JsonValueKind.True or JsonValueKind.False => new ConfigNode.Scalar(element.GetRawText(), IsNull: false, place, ScalarKind.Truth),
            _ => new ConfigNode.Scalar("", IsNull: true, place),
        };
    }
}
