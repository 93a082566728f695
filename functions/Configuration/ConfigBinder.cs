using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Abm.Configuration;

namespace Abm.Functions.Configuration;

/// <summary>
/// Turns nodes into the configuration's own records by their properties: a property named <c>StickyFor</c> is written <c>stickyFor</c>, one that is
/// <c>required</c> must stand there, everything else keeps its default. A new setting is declared in the model and nowhere else.
/// </summary>
/// <remarks>Collects every problem with its place instead of stopping at the first.</remarks>
internal sealed partial class ConfigBinder(List<ConfigFileProblem> problems)
{
    private const string NameProperty = "Name";
    private static readonly MethodInfo ListOf = typeof(ConfigBinder).GetMethod(nameof(BindList), BindingFlags.NonPublic | BindingFlags.Instance)!;
    private static readonly MethodInfo DictionaryOf = typeof(ConfigBinder).GetMethod(nameof(BindDictionary), BindingFlags.NonPublic | BindingFlags.Instance)!;

    private readonly Dictionary<string, ConfigPlace> _places = new(StringComparer.Ordinal);

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

    /// <summary>Fills an object's properties from named values. Unknown names are refused with the nearest known one.</summary>
    /// <param name="except">Properties that are not written in files.</param>
    public void Fill(object target, ConfigNode.Mapping mapping, string path, params string[] except)
    {
        _places[path] = mapping.Place;
        Dictionary<string, PropertyInfo> properties = target.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(p => p.SetMethod is not null && !except.Contains(p.Name, StringComparer.Ordinal))
            .ToDictionary(p => JsonNamingPolicy.CamelCase.ConvertName(p.Name), StringComparer.Ordinal);
        foreach (ConfigEntry entry in mapping.Entries)
        {
            string at = Join(path, entry.Key);
            _places[at] = entry.KeyPlace;
            if (!properties.TryGetValue(entry.Key, out PropertyInfo? property))
                Problem("unknownKey", entry.KeyPlace, at, $"'{entry.Key}' is not known here{Hint(entry.Key, properties.Keys)}");
            else if (entry.Value is not ConfigNode.Scalar { IsNull: true } && Bind(entry.Value, property.PropertyType, at) is { } value)
                property.SetValue(target, value);
        }

        foreach ((string name, PropertyInfo property) in properties)
        {
            if (property.GetCustomAttribute<RequiredMemberAttribute>() is not null && mapping.Find(name) is null or ConfigNode.Scalar { IsNull: true })
                Problem("required", mapping.Place, Join(path, name), $"'{name}' must stand here.");
        }
    }

    /// <summary>The value of a node as that type; null when it is wrong, in which case the problems say so.</summary>
    private object? Bind(ConfigNode node, Type type, string path)
    {
        _places.TryAdd(path, node.Place);
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (Special(node, type, path, out object? special))
            return special;
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>))
            return node is ConfigNode.Sequence ? ListOf.MakeGenericMethod(type.GetGenericArguments()).Invoke(this, [node, path]) : Wrong(node, path, "a list");
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyDictionary<,>) && type.GetGenericArguments()[0] == typeof(string))
            return node is ConfigNode.Mapping ? DictionaryOf.MakeGenericMethod(type.GetGenericArguments()[1]).Invoke(this, [node, path]) : Wrong(node, path, "named values");
        if (type.IsEnum || type == typeof(string) || type.IsPrimitive || type == typeof(TimeSpan) || type == typeof(DateOnly))
            return node is ConfigNode.Scalar { IsNull: false } scalar ? Value(scalar, type, path) : Wrong(node, path, "a single value");
        if (node is not ConfigNode.Mapping mapping)
            return Wrong(node, path, "named values");
        object target = New(type);
        Fill(target, mapping, path);
        return target;
    }

    private List<T> BindList<T>(ConfigNode.Sequence node, string path)
    {
        List<T> items = [];
        for (int i = 0; i < node.Items.Count; i++)
        {
            string at = $"{path}[{i.ToString(CultureInfo.InvariantCulture)}]";
            if (node.Items[i] is ConfigNode.Scalar { IsNull: true })
                Problem("required", node.Items[i].Place, at, "An empty entry says nothing.");
            else if (Bind(node.Items[i], typeof(T), at) is T item)
                items.Add(item);
        }

        return items;
    }

    /// <summary>Things that know their name get it from the key.</summary>
    private Dictionary<string, T> BindDictionary<T>(ConfigNode.Mapping node, string path)
    {
        Dictionary<string, T> values = new(StringComparer.Ordinal);
        PropertyInfo? name = typeof(T) == typeof(string) ? null : typeof(T).GetProperty(NameProperty);
        foreach (ConfigEntry entry in node.Entries)
        {
            string at = Join(path, entry.Key);
            _places[at] = entry.KeyPlace;
            if (entry.Key.Length is 0 or > 100)
                Problem("badKey", entry.KeyPlace, at, "A name has 1 to 100 characters.");
            if (name is not null && entry.Value is ConfigNode.Mapping mapping)
            {
                object item = New(typeof(T));
                Fill(item, mapping, at, NameProperty);
                name.SetValue(item, entry.Key);
                values[entry.Key] = (T)item;
            }
            else if (Bind(entry.Value, typeof(T), at) is T value)
            {
                values[entry.Key] = value;
            }
        }

        return values;
    }

    private object? Value(ConfigNode.Scalar node, Type type, string path)
    {
        string text = node.Text;
        if (type == typeof(string))
            return text.Length is 0 or > 4000 || text.Any(c => char.IsControl(c) && c != '\n') ? Wrong(node, path, "a text of 1 to 4000 characters") : text;
        if (type == typeof(bool))
            return text is "true" or "false" ? text == "true" : Wrong(node, path, "true or false");
        if (type == typeof(int))
            return int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int whole) ? whole : Wrong(node, path, "a whole number");
        if (type == typeof(double))
            return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number) ? number : Wrong(node, path, "a number such as 2 or 0.5");
        if (type == typeof(TimeSpan))
            return ConfigLength.TryParse(text, out TimeSpan length) ? length : Wrong(node, path, "a length such as 30s, 15m, 4h, 2d or 1h30m");
        if (type == typeof(DateOnly))
            return DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly date) ? date : Wrong(node, path, "a date such as 2026-12-24");
        if (type.IsEnum)
            return EnumValue(node, type, path);
        throw new NotSupportedException($"No configuration value can be a {type.Name}.");
    }

    private object? EnumValue(ConfigNode.Scalar node, Type type, string path)
    {
        string[] names = [.. Enum.GetNames(type).Select(JsonNamingPolicy.CamelCase.ConvertName)];
        int index = Array.IndexOf(names, node.Text);
        if (index >= 0)
            return Enum.Parse(type, Enum.GetNames(type)[index]);
        Problem("unknownValue", node.Place, path, $"'{node.Text}' is none of {string.Join(", ", names)}{Hint(node.Text, names)}");
        return null;
    }

    private static object New(Type type) => Activator.CreateInstance(type)!;

    private object? Wrong(ConfigNode node, string path, string wanted)
    {
        string given = node is ConfigNode.Scalar { Text.Length: > 0 and <= 60 } scalar ? $"'{scalar.Text}'" : node.Kind;
        Problem("wrongType", node.Place, path, $"{wanted} is expected, not {given}.");
        return null;
    }

    private void Problem(string code, ConfigPlace place, string path, string message) =>
        problems.Add(new ConfigFileProblem(code, place.File, place.Line, place.Column, path, message));

    private static string Hint(string given, IEnumerable<string> known) => given.Length <= 100 && Nearest.To(given, known) is { } near ? $"; did you mean '{near}'?" : ".";

    private static string Join(string path, string key) => path.Length == 0 ? key : $"{path}.{key}";
}
