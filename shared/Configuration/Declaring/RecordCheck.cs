namespace Abm.Configuration;

/// <summary>What attributes cannot say about a record, or about the value of a property, is checked there.</summary>
/// <param name="check">A <see cref="ConfigCheckBase"/>, with a constructor without parameters.</param>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Class)]
public sealed class CheckedByAttribute(Type check) : Attribute
{
    public Type Check { get; } = check;
}

/// <summary>A check of one kind of value.</summary>
public abstract class ConfigCheckBase
{
    internal abstract void Add(object value, string path, CheckScope scope);
}

/// <summary>A check of values of that type.</summary>
public abstract class ConfigCheckOf<T> : ConfigCheckBase
    where T : notnull
{
    internal sealed override void Add(object value, string path, CheckScope scope) => Add((T)value, path, scope);

    private protected abstract void Add(T value, string path, CheckScope scope);
}

/// <summary>What a check can see, and where it says what it found.</summary>
internal sealed class CheckScope(object root, ObjectShape shape)
{
    private readonly List<ConfigProblem> _problems = [];

    /// <summary>The configuration that is checked; null when it is another root than the product's.</summary>
    public AbmConfig? Config => root as AbmConfig;

    public IReadOnlyList<ConfigProblem> Problems => _problems;

    public void Problem(string code, string path, string message) => _problems.Add(new ConfigProblem(code, path, message));

    public void Add(IEnumerable<ConfigProblem> problems) => _problems.AddRange(problems);

    /// <summary>The names that a section defines; the section's names themselves for the empty section.</summary>
    public IReadOnlyList<string> Names(string section)
    {
        if (section.Length == 0)
            return [.. shape.Properties.Select(p => p.Name)];
        ObjectShape at = shape;
        object? value = root;
        ConfigProperty? property = null;
        foreach (string step in section.Split('.'))
        {
            property = at.Find(step) ?? throw new NotSupportedException($"The model refers to a section '{section}' that it does not have.");
            value = value is null ? null : property.Get(value);
            at = property.Shape as ObjectShape ?? at;
        }

        return value is null ? [] : ConfigNames.Of(property!, value);
    }
}

/// <summary>Names of the entries of lists and mappings.</summary>
internal static class ConfigNames
{
    public static IReadOnlyList<string> Of(ConfigProperty property, object value) => property.Shape switch
    {
        MapShape map => [.. map.Items(value).Select(i => i.Key)],
        ListShape list => [.. list.Items(value).Select(i => OfEntry(property, list.Item, i) ?? "")],
        _ => [],
    };

    /// <summary>The name of an entry of a list; null when entries have none.</summary>
    public static string? OfEntry(ConfigProperty? list, ConfigShape shape, object entry)
    {
        if (entry is Holiday holiday)
            return holiday.EveryYear ? holiday.Name : $"{holiday.Name} {holiday.Date.Year.ToString("0000", System.Globalization.CultureInfo.InvariantCulture)}";
        return shape is ObjectShape record && (record.Find(list?.Declared<NamedByAttribute>()?.Property ?? "name") is { } name)
            ? name.Get(entry) as string
            : null;
    }
}
