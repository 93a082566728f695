using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Abm.Configuration;

/// <summary>The JSON Schema (2020-12) of configuration files, for editors and for whoever writes configuration with a program. Each file holds some of the sections.</summary>
public static class ConfigSchema
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly Lazy<string> Text = new(() => Of(ConfigModel.Abm));

    /// <summary>The schema as it is served and shipped: the same text for the same build.</summary>
    public static string Json() => Text.Value;

    internal static string Of(ObjectShape root)
    {
        SchemaParts parts = new();
        JsonObject whole = parts.Object(root);
        JsonObject schema = new()
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["title"] = "Configuration of Abm.Functions",
        };
        foreach ((string key, JsonNode? value) in whole.ToArray())
        {
            whole.Remove(key);
            schema[key] = value;
        }

        schema["description"] = "Everything the product decides by. A file holds some of the sections, no section stands in two files, and what is not written has its default.";
        schema["$defs"] = parts.Definitions();
        return schema.ToJsonString(Indented) + "\n";
    }
}
