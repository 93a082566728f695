using System.Text.Json.Nodes;

namespace Abm.Configuration;

/// <summary>The named parts of a JSON Schema while it is put together.</summary>
internal sealed class SchemaParts
{
    private readonly SortedDictionary<string, JsonObject?> _defined = new(StringComparer.Ordinal);

    /// <summary>The parts that were referred to, by name.</summary>
    public JsonObject Definitions() => new(_defined.Select(d => KeyValuePair.Create(d.Key, (JsonNode?)d.Value)));

    /// <summary>A reference to a part that is written once.</summary>
    public JsonObject Reference(string name, Func<JsonObject> make)
    {
        if (_defined.TryAdd(name, null))
            _defined[name] = make();
        return new JsonObject { ["$ref"] = $"#/$defs/{name}" };
    }

    public JsonObject Reference(Type type, Func<JsonObject> make) => Reference(type.Name, make);

    /// <summary>The names of facts that conditions can ask about.</summary>
    public JsonObject Fields() => Reference("Field", () => new JsonObject
    {
        ["description"] = "What is asked about.",
        ["type"] = "string",
        ["anyOf"] = new JsonArray(
        [
            .. FactFields.All.Select(f => new JsonObject { ["const"] = f.Name, ["description"] = ConfigWords.Capital(f.Says) }),
            .. FactFields.OpenPrefixes.Select(p => new JsonObject { ["pattern"] = $"^{p.Replace(".", "\\.", StringComparison.Ordinal)}.+$", ["description"] = "A custom field, by its name." }),
        ]),
    });

    public JsonObject Object(ObjectShape shape)
    {
        object? defaults = shape.Properties.Any(p => p.IsRequired) || shape.Type == typeof(AbmConfig) ? null : Activator.CreateInstance(shape.Type);
        JsonObject properties = [];
        foreach (ConfigProperty property in shape.Properties)
            properties[property.Name] = Property(property, defaults);
        JsonObject schema = new()
        {
            ["description"] = ConfigWords.Capital(shape.Label) + ".",
            ["type"] = "object",
            ["additionalProperties"] = false,
            ["properties"] = properties,
        };
        string[] required = [.. shape.Properties.Where(p => p.IsRequired).Select(p => p.Name)];
        if (required.Length > 0)
            schema["required"] = new JsonArray([.. required.Select(r => (JsonNode)r)]);
        return schema;
    }

    private JsonObject Property(ConfigProperty property, object? defaults)
    {
        JsonObject schema = property.Shape.Schema(this);
        Restrict(property, schema);
        if (!property.IsRequired)
            schema = new JsonObject { ["anyOf"] = new JsonArray(schema, new JsonObject { ["type"] = "null" }) };
        SaysAttribute? says = property.Declared<SaysAttribute>();
        string description = $"{ConfigWords.Capital(property.Label)}{(says?.Unit is { } unit ? $" ({unit})" : "")}.{(says?.More is { } more ? $" {more}" : "")}";
        schema["description"] = description;
        if (defaults is not null && property.Shape is ScalarShape && property.Get(defaults) is { } value && (value as string) != "")
            schema["default"] = JsonNode.Parse(CanonicalConfig.Write(property.Shape.Write(value)));
        return schema;
    }

    /// <summary>What the property's attributes say about the value, or about each value in it.</summary>
    private static void Restrict(ConfigProperty property, JsonObject schema)
    {
        if (property.Declared<NotEmptyAttribute>() is not null)
            schema["minItems"] = 1;
        JsonObject value = property.Shape is ListShape ? schema["items"]!.AsObject() : property.Shape is MapShape ? schema["additionalProperties"]!.AsObject() : schema;
        if (property.Declared<BetweenAttribute>() is { LeastLength: null } between)
        {
            value[between.MoreThanLeast ? "exclusiveMinimum" : "minimum"] = between.Least;
            value["maximum"] = between.Most;
        }

        if (property.Declared<PatternAttribute>() is { } pattern)
            value["pattern"] = $"^({pattern.Pattern})$";
        if (property.Declared<FormatAttribute>() is { Format: TextFormat.Country })
            value["pattern"] = "^[A-Z]{2}$";
    }
}
