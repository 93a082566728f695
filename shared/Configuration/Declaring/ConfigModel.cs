using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Abm.Configuration;

/// <summary>The shapes of a configuration's records. Derived once from their properties and attributes; a new setting, or a new kind of rule, is declared there and nowhere else.</summary>
public static class ConfigModel
{
    private static readonly ConcurrentDictionary<Type, ConfigShape> Shapes = new();

    /// <summary>The whole configuration.</summary>
    internal static ObjectShape Abm { get; } = Of<AbmConfig>();

    /// <summary>The names of the sections, in the order of the model.</summary>
    public static IReadOnlyList<string> Sections { get; } = [.. Abm.Properties.Select(p => p.Name)];

    internal static ObjectShape Of<T>() => (ObjectShape)For(typeof(T));

    /// <summary>The shape of a type.</summary>
    /// <exception cref="NotSupportedException">No configuration value can be of that type: a mistake in the model, found by the first test that reads it.</exception>
    internal static ConfigShape For(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        return Shapes.TryGetValue(type, out ConfigShape? known) ? known : Shapes.GetOrAdd(type, Make(type));
    }

    private static ConfigShape Make(Type type)
    {
        if (type.GetCustomAttribute<WrittenAsAttribute>() is { } form)
            return (ConfigShape)Activator.CreateInstance(form.Shape)!;
        if (type == typeof(string))
            return new TextShape();
        if (type == typeof(bool))
            return new TruthShape();
        if (type == typeof(int))
            return new WholeShape();
        if (type == typeof(double))
            return new NumberShape();
        if (type == typeof(TimeSpan))
            return new LengthShape();
        if (type == typeof(DateOnly))
            return new DateShape();
        if (type.IsEnum)
            return new ChoiceShape(type);
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>))
            return (ConfigShape)Activator.CreateInstance(typeof(ListShape<>).MakeGenericType(type.GetGenericArguments()))!;
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyDictionary<,>) && type.GetGenericArguments()[0] == typeof(string))
            return (ConfigShape)Activator.CreateInstance(typeof(MapShape<>).MakeGenericType(type.GetGenericArguments()[1]))!;
        if (type is { IsClass: true, IsAbstract: false } && type != typeof(object))
            return new ObjectShape(type);
        throw new NotSupportedException($"No configuration value can be a {type.Name}.");
    }
}

/// <summary>A property of a record, as it is written in files.</summary>
public sealed class ConfigProperty
{
    private readonly PropertyInfo _property;
    private readonly Lazy<ConfigShape> _shape;

    internal ConfigProperty(PropertyInfo property)
    {
        _property = property;
        Name = JsonNamingPolicy.CamelCase.ConvertName(property.Name);
        IsRequired = property.GetCustomAttribute<RequiredMemberAttribute>() is not null;
        IsNullable = Nullable.GetUnderlyingType(property.PropertyType) is not null
            || (!property.PropertyType.IsValueType && new NullabilityInfoContext().Create(property).WriteState == NullabilityState.Nullable);
        _shape = new Lazy<ConfigShape>(() => property.GetCustomAttribute<WrittenAsAttribute>() is { } form
            ? (ConfigShape)Activator.CreateInstance(form.Shape)!
            : ConfigModel.For(property.PropertyType));
    }

    /// <summary>As it is written: <c>stickyFor</c>.</summary>
    public string Name { get; }
    public bool IsRequired { get; }

    /// <summary>Whether "not set" is a value of it.</summary>
    public bool IsNullable { get; }

    /// <summary>What people call it.</summary>
    public string Label => Declared<SaysAttribute>()?.Words ?? ConfigWords.Spaced(Name);

    internal ConfigShape Shape => _shape.Value;

    internal T? Declared<T>()
        where T : Attribute => _property.GetCustomAttribute<T>();

    internal IEnumerable<T> AllDeclared<T>()
        where T : Attribute => _property.GetCustomAttributes<T>();

    internal object? Get(object owner) => _property.GetValue(owner);

    internal void Set(object owner, object? value) => _property.SetValue(owner, value);
}
