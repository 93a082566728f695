using System.Collections;
using System.Collections.Concurrent;
using System.Globalization;
using System.Reflection;
using System.Text.Json;

namespace Abm.Replays;

/// <summary>Compares two values part by part, whatever they are made of: a property that is added tomorrow is compared tomorrow.</summary>
internal static class StructuralComparison
{
    private static readonly ConcurrentDictionary<Type, PropertyInfo[]> Properties = [];
    private static readonly ConcurrentDictionary<Type, bool> Dictionaries = [];

    /// <summary>The first part in which they differ, in the order in which the parts are declared; null when they are the same.</summary>
    public static (string Path, object? Before, object? After)? First(object? before, object? after, string path = "")
    {
        if (ReferenceEquals(before, after))
            return null;
        if (IsSequence(before) && IsSequence(after))
            return FirstInSequences(before!, after!, path);
        if (before is null || after is null || before.GetType() != after.GetType())
            return (path, before, after);
        Type type = before.GetType();
        if (IsScalar(type))
            return before.Equals(after) ? null : (path, before, after);
        foreach (PropertyInfo property in PropertiesOf(type))
        {
            if (First(property.GetValue(before), property.GetValue(after), Join(path, property.Name)) is { } found)
                return found;
        }

        return null;
    }

    /// <summary>A value in few words; of a value with parts only what it is.</summary>
    public static string? Text(object? value) => value switch
    {
        null => null,
        string text => text,
        DateTimeOffset instant => instant.ToString("O", CultureInfo.InvariantCulture),
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        IEnumerable items => $"[{string.Join(", ", items.Cast<object?>().Select(Text))}]",
        bool flag => flag ? "true" : "false",
        _ when PropertiesOf(value.GetType()) is [{ Name: "Value" } only] => Text(only.GetValue(value)),
        _ => value.GetType().Name,
    };

    private static bool IsSequence(object? value) => value is IEnumerable and not string;

    // Lists of different classes with the same items are the same; so are dictionaries, in whatever order.
    private static (string Path, object? Before, object? After)? FirstInSequences(object before, object after, string path)
    {
        if (Entries(before) is { } a && Entries(after) is { } b)
        {
            foreach (string key in a.Keys.Union(b.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal))
            {
                if (!a.TryGetValue(key, out object? one) | !b.TryGetValue(key, out object? other))
                    return ($"{path}[{key}]", one, other);
                if (First(one, other, $"{path}[{key}]") is { } found)
                    return found;
            }

            return null;
        }

        object?[] left = [.. ((IEnumerable)before).Cast<object?>()];
        object?[] right = [.. ((IEnumerable)after).Cast<object?>()];
        for (int i = 0; i < Math.Max(left.Length, right.Length); i++)
        {
            string at = string.Create(CultureInfo.InvariantCulture, $"{path}[{i}]");
            if (i >= left.Length || i >= right.Length)
                return (at, i < left.Length ? left[i] : null, i < right.Length ? right[i] : null);
            if (First(left[i], right[i], at) is { } found)
                return found;
        }

        return null;
    }

    private static Dictionary<string, object?>? Entries(object value)
    {
        if (!Dictionaries.GetOrAdd(value.GetType(), static t => t.GetInterfaces().Any(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IReadOnlyDictionary<,>))))
            return null;
        Dictionary<string, object?> entries = new(StringComparer.Ordinal);
        foreach (object item in (IEnumerable)value)
        {
            Type pair = item.GetType();
            entries[Text(pair.GetProperty("Key")!.GetValue(item)) ?? ""] = pair.GetProperty("Value")!.GetValue(item);
        }

        return entries;
    }

    private static bool IsScalar(Type type) => type == typeof(string) || type == typeof(bool) || (type.IsValueType && typeof(IFormattable).IsAssignableFrom(type));

    private static PropertyInfo[] PropertiesOf(Type type) => Properties.GetOrAdd(type, static t =>
        [.. t.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.CanRead && p.GetIndexParameters().Length == 0)]);

    private static string Join(string path, string property)
    {
        string name = JsonNamingPolicy.CamelCase.ConvertName(property);
        return path.Length == 0 ? name : $"{path}.{name}";
    }
}
