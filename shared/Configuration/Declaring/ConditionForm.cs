using System.Text.Json.Nodes;

namespace Abm.Configuration;

/// <summary><c>{ all: [...] }</c>, <c>{ any: [...] }</c>, <c>{ not: ... }</c> or <c>{ field: …, op: …, value: … }</c>.</summary>
internal sealed class ConditionForm : ConfigShape
{
    private static readonly string[] Keys = ["all", "any", "not", "field", "op", "value"];

    private static readonly ConfigShape Text = ConfigModel.For(typeof(string));
    private static readonly ConfigShape Op = ConfigModel.For(typeof(PredicateOp));

    internal override object? Read(ConfigNode node, string path, ConfigReadingNotes notes) => Condition(node, path, notes);

    private static Predicate? Condition(ConfigNode node, string path, ConfigReadingNotes notes)
    {
        notes.AtFirst(path, node.Place);
        if (node is not ConfigNode.Mapping mapping)
            return (Predicate?)notes.Wrong(node, path, "a condition: all, any, not, or field with op and value");
        notes.RefuseOthers(mapping, path, Keys, "in a condition");
        string[] kinds = [.. mapping.Entries.Select(e => e.Key).Where(k => k is "all" or "any" or "not" or "field")];
        if (kinds.Length != 1 || (kinds[0] != "field" && (mapping.Find("op") ?? mapping.Find("value")) is not null))
        {
            notes.Problem("wrongType", mapping.Place, path, "A condition is one of all, any, not, or field with op and value.");
            return null;
        }

        ConfigNode inner = mapping.Find(kinds[0])!;
        string at = ConfigPath.Join(path, kinds[0]);
        notes.At(at, inner.Place);
        return kinds[0] switch
        {
            "not" => Condition(inner, at, notes) is { } part ? new Predicate.Not(part) : null,
            "field" => Test(mapping, path, notes),
            "all" => Parts(inner, at, notes) is { } parts ? new Predicate.All(parts) : null,
            _ => Parts(inner, at, notes) is { } parts ? new Predicate.Any(parts) : null,
        };
    }

    private static List<Predicate>? Parts(ConfigNode node, string path, ConfigReadingNotes notes)
    {
        if (node is not ConfigNode.Sequence sequence)
            return (List<Predicate>?)notes.Wrong(node, path, "a list of conditions");
        List<Predicate> parts = [];
        for (int i = 0; i < sequence.Items.Count; i++)
        {
            if (Condition(sequence.Items[i], ConfigPath.At(path, i), notes) is { } part)
                parts.Add(part);
        }

        return parts;
    }

    private static Predicate.Test? Test(ConfigNode.Mapping mapping, string path, ConfigReadingNotes notes)
    {
        object? field = Text.Read(mapping.Find("field")!, ConfigPath.Join(path, "field"), notes);
        if (mapping.Find("op") is not { } opNode)
        {
            notes.Problem("required", mapping.Place, ConfigPath.Join(path, "op"), "'op' must stand here, such as equals, in, gte or exists.");
            return null;
        }

        notes.At(ConfigPath.Join(path, "op"), opNode.Place);
        object? op = Op.Read(opNode, ConfigPath.Join(path, "op"), notes);
        string at = ConfigPath.Join(path, "value");
        List<string> values = [];
        switch (mapping.Find("value"))
        {
            case null or ConfigNode.Scalar { IsNull: true }:
                break;
            case ConfigNode.Sequence list:
                notes.At(at, list.Place);
                values = [.. (IReadOnlyList<string>)ConfigModel.For(typeof(IReadOnlyList<string>)).Read(list, at, notes)!];
                break;
            case { } single:
                notes.At(at, single.Place);
                if (Text.Read(single, at, notes) is string text)
                    values.Add(text);
                break;
        }

        return field is string name && op is PredicateOp known ? new Predicate.Test(name, known, values) : null;
    }

    internal override ConfigNode Write(object value) => value switch
    {
        Predicate.All all => ConfigNode.Named(("all", ConfigNode.OfList(all.Parts.Select(Write)))),
        Predicate.Any any => ConfigNode.Named(("any", ConfigNode.OfList(any.Parts.Select(Write)))),
        Predicate.Not not => ConfigNode.Named(("not", Write(not.Part))),
        Predicate.Test test => ConfigNode.Named(("field", ConfigNode.OfText(test.Field)), ("op", Op.Write(test.Op)), ("value", Values(test.Values))),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private static ConfigNode Values(IReadOnlyList<string> values) => values.Count switch
    {
        0 => ConfigNode.Nothing,
        1 => ConfigNode.OfText(values[0]),
        _ => ConfigNode.OfList(values.Select(ConfigNode.OfText)),
    };

    internal override string Words(object value) => PredicateWords.Say((Predicate)value);

    internal override Predicate? ConditionIn(object value) => (Predicate)value;

    internal override JsonObject Schema(SchemaParts parts) => parts.Reference("Condition", () =>
    {
        JsonObject self = parts.Reference("Condition", () => []);
        JsonObject single = new() { ["type"] = new JsonArray("string", "number", "boolean") };
        return new JsonObject
        {
            ["description"] = "A condition: all of, any of, not, or one comparison. What is not known makes it neither true nor false.",
            ["oneOf"] = new JsonArray(
                Only(("all", new JsonObject { ["type"] = "array", ["minItems"] = 1, ["items"] = self.DeepClone() })),
                Only(("any", new JsonObject { ["type"] = "array", ["minItems"] = 1, ["items"] = self.DeepClone() })),
                Only(("not", self.DeepClone())),
                new JsonObject
                {
                    ["type"] = "object",
                    ["additionalProperties"] = false,
                    ["required"] = new JsonArray("field", "op"),
                    ["properties"] = new JsonObject
                    {
                        ["field"] = parts.Fields(),
                        ["op"] = Op.Schema(parts),
                        ["value"] = new JsonObject { ["anyOf"] = new JsonArray(single, new JsonObject { ["type"] = "array", ["maxItems"] = 1000, ["items"] = single.DeepClone() }) },
                    },
                }),
        };

        static JsonObject Only((string Key, JsonNode Value) property) => new()
        {
            ["type"] = "object",
            ["additionalProperties"] = false,
            ["required"] = new JsonArray(property.Key),
            ["properties"] = new JsonObject { [property.Key] = property.Value },
        };
    });
}
