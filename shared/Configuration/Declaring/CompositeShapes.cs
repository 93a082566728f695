using System.Reflection;
using System.Text.Json.Nodes;

namespace Abm.Configuration;

/// <summary>A record: named values, each property one of them.</summary>
internal sealed class ObjectShape : ConfigShape
{
    private readonly Lazy<IReadOnlyList<ConfigProperty>> _properties;
    private readonly Lazy<ConfigCheckBase?> _check;

    public ObjectShape(Type type)
    {
        Type = type;
        _properties = new Lazy<IReadOnlyList<ConfigProperty>>(() =>
        [
            .. type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
                .Where(p => p.SetMethod is not null && p.GetCustomAttribute<NotWrittenAttribute>() is null)
                .Select(p => new ConfigProperty(p)),
        ]);
        _check = new Lazy<ConfigCheckBase?>(() => type.GetCustomAttribute<CheckedByAttribute>() is { } by ? (ConfigCheckBase)Activator.CreateInstance(by.Check)! : null);
    }

    public Type Type { get; }

    /// <summary>In the order of the record.</summary>
    public IReadOnlyList<ConfigProperty> Properties => _properties.Value;

    /// <summary>What is checked about the record beyond what its attributes say.</summary>
    public ConfigCheckBase? Check => _check.Value;

    /// <summary>What people call one of it.</summary>
    public string Label => Type.GetCustomAttribute<SaysAttribute>()?.Words ?? ConfigWords.Spaced(Type.Name);


    public ConfigProperty? Find(string name) => Properties.FirstOrDefault(p => p.Name == name);

    internal override object? Read(ConfigNode node, string path, ConfigReadingNotes notes)
    {
        if (node is not ConfigNode.Mapping mapping)
            return notes.Wrong(node, path, "named values");
        object target = Activator.CreateInstance(Type)!;
        Fill(target, mapping, path, notes);
        return target;
    }

    /// <summary>Fills an object's properties from named values. Unknown names are refused with the nearest known one; what is not written keeps its default.</summary>
    public void Fill(object target, ConfigNode.Mapping mapping, string path, ConfigReadingNotes notes)
    {
        notes.At(path, mapping.Place);
        Dictionary<string, ConfigProperty> properties = Properties.ToDictionary(p => p.Name, StringComparer.Ordinal);
        foreach (ConfigEntry entry in mapping.Entries)
        {
            string at = ConfigPath.Join(path, entry.Key);
            notes.At(at, entry.KeyPlace);
            if (!properties.TryGetValue(entry.Key, out ConfigProperty? property))
                notes.Problem("unknownKey", entry.KeyPlace, at, $"'{entry.Key}' is not known here{Nearest.Hint(entry.Key, properties.Keys)}");
            else if (entry.Value is ConfigNode.Scalar { IsNull: true })
                SetNull(target, property, notes);
            else if (property.Shape.Read(entry.Value, at, notes) is { } value)
                property.Set(target, value);
        }

        foreach (ConfigProperty property in Properties)
        {
            if (property.IsRequired && mapping.Find(property.Name) is null or ConfigNode.Scalar { IsNull: true })
                notes.Problem("required", mapping.Place, ConfigPath.Join(path, property.Name), $"'{property.Name}' must stand here.");
        }
    }

    internal override ConfigNode Write(object value) =>
        ConfigNode.Named(Properties.Select(p => (p.Name, p.Get(value) is { } inner ? p.Shape.Write(inner) : ConfigNode.Nothing)));

    internal override JsonObject Schema(SchemaParts parts) => parts.Reference(Type, () => parts.Object(this));

    internal override string Words(object value) => Words(value, except: null);

    /// <param name="except">A property that was said already, such as the name.</param>
    public string Words(object value, string? except) => string.Join(", ", Properties.Where(p => p.Name != except)
        .Select(p => (p.Label, Value: p.Get(value) is { } inner ? ConfigWords.WithUnit(p, p.Shape.Words(inner)) : null))
        .Where(p => !string.IsNullOrEmpty(p.Value))
        .Select(p => $"{p.Label}: {p.Value}"));

    internal override IEnumerable<ConfigPart> Parts(object value, string path) =>
        Properties.Select(p => new ConfigPart(ConfigPath.Join(path, p.Name), p.Shape, p.Get(value), p));

    private static void SetNull(object target, ConfigProperty property, ConfigReadingNotes notes)
    {
        if (notes.NullIsValue && property.IsNullable)
            property.Set(target, null);
    }
}

/// <summary>A list, whatever its entries are.</summary>
internal abstract class ListShape : ConfigShape
{
    public abstract ConfigShape Item { get; }

    /// <summary>The entries.</summary>
    public abstract IReadOnlyList<object> Items(object value);

    internal override ConfigNode Write(object value) => ConfigNode.OfList(Items(value).Select(Item.Write));

    internal override JsonObject Schema(SchemaParts parts) => new() { ["type"] = "array", ["items"] = Item.Schema(parts) };

    internal override string Words(object value) => string.Join(Item is ScalarShape ? ", " : "; ", Items(value).Select(Item.Words));

    internal override IEnumerable<ConfigPart> Parts(object value, string path) =>
        Items(value).Select((item, i) => new ConfigPart(ConfigPath.At(path, i), Item, item, null));
}

internal sealed class ListShape<T> : ListShape
    where T : notnull
{
    private readonly Lazy<ConfigShape> _item = new(() => ConfigModel.For(typeof(T)));

    public override ConfigShape Item => _item.Value;

    public override IReadOnlyList<object> Items(object value) => [.. ((IReadOnlyList<T>)value).Cast<object>()];

    internal override object? Read(ConfigNode node, string path, ConfigReadingNotes notes)
    {
        if (node is not ConfigNode.Sequence sequence)
            return notes.Wrong(node, path, "a list");
        notes.AtFirst(path, node.Place);
        List<T> items = [];
        for (int i = 0; i < sequence.Items.Count; i++)
        {
            string at = ConfigPath.At(path, i);
            notes.AtFirst(at, sequence.Items[i].Place);
            if (sequence.Items[i] is ConfigNode.Scalar { IsNull: true })
                notes.Problem("required", sequence.Items[i].Place, at, "An empty entry says nothing.");
            else if (Item.Read(sequence.Items[i], at, notes) is T item)
                items.Add(item);
        }

        return items;
    }
}

/// <summary>Things by name, whatever they are.</summary>
internal abstract class MapShape : ConfigShape
{
    public abstract ConfigShape Item { get; }

    /// <summary>The entries, by name in ordinal order.</summary>
    public abstract IReadOnlyList<KeyValuePair<string, object>> Items(object value);

    internal override ConfigNode Write(object value) => ConfigNode.Named(Items(value).Select(i => (i.Key, Item.Write(i.Value))));

    internal override JsonObject Schema(SchemaParts parts) => new()
    {
        ["type"] = "object",
        ["propertyNames"] = new JsonObject { ["minLength"] = 1, ["maxLength"] = 100 },
        ["additionalProperties"] = Item.Schema(parts),
    };

    internal override string Words(object value) => string.Join(Item is ScalarShape ? ", " : "; ", Items(value).Select(i => $"{i.Key}: {Item.Words(i.Value)}"));

    internal override IEnumerable<ConfigPart> Parts(object value, string path) =>
        Items(value).Select(i => new ConfigPart(ConfigPath.Join(path, i.Key), Item, i.Value, null));
}

internal sealed class MapShape<T> : MapShape
    where T : notnull
{
    private readonly Lazy<ConfigShape> _item = new(() => ConfigModel.For(typeof(T)));

    /// <summary>Things that know their name get it from the key.</summary>
    private readonly PropertyInfo? _name = typeof(T) == typeof(string) ? null : typeof(T).GetProperty("Name") is { } name && name.GetCustomAttribute<NotWrittenAttribute>() is not null ? name : null;

    public override ConfigShape Item => _item.Value;

    public override IReadOnlyList<KeyValuePair<string, object>> Items(object value) =>
        [.. ((IReadOnlyDictionary<string, T>)value).OrderBy(i => i.Key, StringComparer.Ordinal).Select(i => KeyValuePair.Create(i.Key, (object)i.Value))];

    internal override object? Read(ConfigNode node, string path, ConfigReadingNotes notes)
    {
        if (node is not ConfigNode.Mapping mapping)
            return notes.Wrong(node, path, "named values");
        notes.AtFirst(path, node.Place);
        Dictionary<string, T> values = new(StringComparer.Ordinal);
        foreach (ConfigEntry entry in mapping.Entries)
        {
            string at = ConfigPath.Join(path, entry.Key);
            notes.At(at, entry.KeyPlace);
            if (entry.Key.Length is 0 or > 100 || entry.Key.Any(char.IsControl))
                notes.Problem("badKey", entry.KeyPlace, at, "A name has 1 to 100 characters.");
            if (Item.Read(entry.Value, at, notes) is T value)
            {
                _name?.SetValue(value, entry.Key);
                values[entry.Key] = value;
            }
        }

        return values;
    }
}
