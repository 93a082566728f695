using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using Abm.Functions.Http;

namespace Abm.Functions.OpenApi;

/// <summary>Schemas of what is answered, each under a name of its own, made from the types that are written.</summary>
internal sealed class SchemaBook
{
    private const string Prefix = "#/components/schemas/";

    private readonly Dictionary<Type, string> _names = [];

    /// <summary>By name.</summary>
    public JsonObject Schemas { get; } = [];

    /// <summary>Refers to the schema of this type; the first time puts it into the book.</summary>
    public JsonObject Reference(Type type)
    {
        if (!_names.TryGetValue(type, out string? name))
        {
            name = NameOf(type);

            // Several folders may call a shape by the same name.
            if (Schemas.ContainsKey(name))
                name = type.Namespace!.Split('.')[^1] + name;
            _names.Add(type, name);
            JsonNode schema = ApiJson.Options.GetJsonSchemaAsNode(type, new JsonSchemaExporterOptions { TreatNullObliviousAsNonNullable = true });
            Schemas[name] = schema;
            Rebase(schema, Prefix + name);
        }

        return new JsonObject { ["$ref"] = Prefix + name };
    }

    /// <summary>A schema refers to its own parts from its root, which lies elsewhere in the document.</summary>
    private static void Rebase(JsonNode? node, string root)
    {
        if (node is JsonArray items)
        {
            foreach (JsonNode? item in items)
                Rebase(item, root);
        }
        else if (node is JsonObject properties)
        {
            if (properties["$ref"] is JsonValue reference && reference.GetValue<string>() is ['#', ..] inner)
                properties["$ref"] = root + inner[1..];
            foreach ((_, JsonNode? property) in properties)
                Rebase(property, root);
        }
    }

    private static string NameOf(Type type) => type.IsGenericType
        ? $"{type.Name[..type.Name.IndexOf('`', StringComparison.Ordinal)]}Of{string.Concat(type.GetGenericArguments().Select(NameOf))}"
        : type.Name;
}
