using System.Collections;
using System.Globalization;
using System.Reflection;

namespace Abm.TestKit;

/// <summary>Compares values field by field, lists by their entries and mappings by their keys: records compare lists by reference.</summary>
public static class Deep
{
    /// <summary>Where two values differ, each as a path with both values; empty when they are the same through and through.</summary>
    public static IReadOnlyList<string> Differences(object? a, object? b)
    {
        List<string> found = [];
        Compare(a, b, "", found);
        return found;
    }

    private static void Compare(object? a, object? b, string path, List<string> found)
    {
        if (a is null || b is null || IsSimple(a.GetType()))
        {
            if (!Equals(a, b))
                found.Add($"{path}: {Show(a)} / {Show(b)}");
            return;
        }

        if (a is IDictionary x && b is IDictionary y)
        {
            foreach (object key in x.Keys.Cast<object>().Union(y.Keys.Cast<object>()))
            {
                if (x.Contains(key) && y.Contains(key))
                    Compare(x[key], y[key], $"{path}.{key}", found);
                else
                    found.Add($"{path}.{key}: only in one of them");
            }
        }
        else if (a is IEnumerable list && b is IEnumerable other)
        {
            object?[] left = [.. list.Cast<object?>()];
            object?[] right = [.. other.Cast<object?>()];
            if (left.Length != right.Length)
                found.Add($"{path}: {left.Length} / {right.Length} entries");
            for (int i = 0; i < Math.Min(left.Length, right.Length); i++)
                Compare(left[i], right[i], $"{path}[{i}]", found);
        }
        else if (a.GetType() != b.GetType())
        {
            found.Add($"{path}: {a.GetType().Name} / {b.GetType().Name}");
        }
        else
        {
            foreach (PropertyInfo property in a.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.GetIndexParameters().Length == 0))
                Compare(property.GetValue(a), property.GetValue(b), path.Length == 0 ? property.Name : $"{path}.{property.Name}", found);
        }
    }

    private static bool IsSimple(Type type) => type.IsPrimitive || type.IsEnum || type == typeof(string) || type == typeof(decimal) || (type.Namespace == nameof(System) && !type.IsArray);

    private static string Show(object? value) => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "null";
}
