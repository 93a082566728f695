using System.Collections.Concurrent;
using System.Linq.Expressions;
using System.Reflection;
using System.Runtime.Serialization;
using System.Text.Json;

namespace Azure.Data.Tables.Entities;

/// <summary>
/// What a class of rows looks like as columns: its public properties that can be read and set, under their names or the one of
/// <see cref="DataMemberAttribute"/>, except those with <see cref="IgnoreDataMemberAttribute"/> and the four of <see cref="ITableEntity"/>.
/// Worked out once for each class; afterwards rows are read and written through compiled accessors without boxing.
/// </summary>
internal sealed class EntityBinder
{
    private static readonly ConcurrentDictionary<Type, EntityBinder> Known = new();

    private readonly Column[] _columns;
    private readonly Dictionary<string, Column>.AlternateLookup<ReadOnlySpan<char>> _byName;
    private readonly Func<ITableEntity>? _create;
    private readonly Type _type;

    private EntityBinder(Type type)
    {
        _type = type;
        if (type.IsValueType)
            throw new NotSupportedException($"{type} is a struct; rows are classes that implement {nameof(ITableEntity)}.");

        Dictionary<string, Column> byName = new(StringComparer.Ordinal);
        foreach (PropertyInfo property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(IsColumn))
        {
            Column column = Column.Of(type, property);
            if (!byName.TryAdd(column.Name, column))
                throw new NotSupportedException($"{type} maps two properties to column '{column.Name}'.");
        }

        _columns = [.. byName.Values];
        _byName = byName.GetAlternateLookup<ReadOnlySpan<char>>();
        if (!type.IsAbstract && type.GetConstructor(Type.EmptyTypes) is { } constructor)
            _create = Expression.Lambda<Func<ITableEntity>>(Expression.New(constructor)).Compile();
    }

    /// <summary>The binder of a class.</summary>
    /// <exception cref="NotSupportedException">The class has a property of a type that Table Storage does not know.</exception>
    public static EntityBinder For(Type type) => Known.GetOrAdd(type, static t => new EntityBinder(t));

    /// <summary>The column that a property of a class is stored in.</summary>
    public static string ColumnOf(MemberInfo property) =>
        property.GetCustomAttribute<DataMemberAttribute>()?.Name is { Length: > 0 } name ? name : property.Name;

    /// <summary>Writes every column that has a value.</summary>
    public void Write(ITableEntity entity, ColumnWriter writer)
    {
        foreach (Column column in _columns)
            column.Write(entity, writer);
    }

    /// <summary>An empty row of the class.</summary>
    /// <exception cref="NotSupportedException">The class has no public constructor without parameters.</exception>
    public ITableEntity Create() => _create is null
        ? throw new NotSupportedException($"{_type} has no public constructor without parameters, so rows cannot be read into it.")
        : _create();

    /// <summary>Reads the value, not null, that the reader stands on into the property of that column; columns without a property are passed over.</summary>
    public void Read(ITableEntity entity, scoped ReadOnlySpan<char> name, ref Utf8JsonReader json)
    {
        if (_byName.TryGetValue(name, out Column? column))
            column.Read(entity, ref json);
    }

    private static bool IsColumn(PropertyInfo property) =>
        property.GetMethod is { IsPublic: true }
        && property.SetMethod is { IsPublic: true }
        && property.GetIndexParameters().Length == 0
        && property.Name is not (nameof(ITableEntity.PartitionKey) or nameof(ITableEntity.RowKey) or nameof(ITableEntity.Timestamp) or nameof(ITableEntity.ETag))
        && property.GetCustomAttribute<IgnoreDataMemberAttribute>() is null;

    private abstract class Column
    {
        public abstract string Name { get; }

        public static Column Of(Type type, PropertyInfo property)
        {
            object codec = ColumnCodecs.For(property.PropertyType)
                ?? throw new NotSupportedException(
                    $"{type.Name}.{property.Name} is {property.PropertyType}, for which Table Storage has no type. Store it as text, or mark it with [IgnoreDataMember].");
            return (Column)Activator.CreateInstance(typeof(Column<,>).MakeGenericType(type, property.PropertyType), property, codec)!;
        }

        public abstract void Write(ITableEntity entity, ColumnWriter writer);

        public abstract void Read(ITableEntity entity, ref Utf8JsonReader json);
    }

    private sealed class Column<TEntity, TValue>(PropertyInfo property, ColumnCodec<TValue> codec) : Column
        where TEntity : class
    {
        private readonly Func<TEntity, TValue> _get = property.GetMethod!.CreateDelegate<Func<TEntity, TValue>>();
        private readonly Action<TEntity, TValue> _set = property.SetMethod!.CreateDelegate<Action<TEntity, TValue>>();
        private ColumnName? _name;

        public override string Name { get; } = ColumnOf(property);

        public override void Write(ITableEntity entity, ColumnWriter writer) =>
            codec.Write(writer, _name ??= ColumnName.Of(Name), _get((TEntity)entity));

        public override void Read(ITableEntity entity, ref Utf8JsonReader json)
        {
            try
            {
                _set((TEntity)entity, codec.Read(ref json));
            }
            catch (Exception e) when (e is FormatException or InvalidOperationException or OverflowException or ArgumentException)
            {
                throw new InvalidOperationException($"Column '{Name}' cannot be read into {typeof(TEntity).Name}.{property.Name} ({typeof(TValue).Name}).", e);
            }
        }
    }
}
