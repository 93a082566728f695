using System.Text.Json.Nodes;

namespace Abm.Configuration;

/// <summary>
/// What can stand at a place of the configuration: how it is read, written, described to editors, put into words and looked through. Everything generic
/// (reading, canonical text, schema, checks, lint, differences, rule book) goes by shapes, and shapes come from the records' own properties.
/// </summary>
/// <remarks>A value with a form of its own, such as a condition, is one shape more, named by <see cref="WrittenAsAttribute"/>.</remarks>
public abstract class ConfigShape
{
    /// <summary>The value of a node; null when it is wrong, in which case the notes say so.</summary>
    internal abstract object? Read(ConfigNode node, string path, ConfigReadingNotes notes);

    /// <summary>The node that <see cref="Read"/> reads back to an equal value.</summary>
    internal abstract ConfigNode Write(object value);

    /// <summary>What an editor is told about it.</summary>
    internal abstract JsonObject Schema(SchemaParts parts);

    /// <summary>The value in a few words, without a full stop.</summary>
    internal abstract string Words(object value);

    /// <summary>What stands inside the value, one step down.</summary>
    internal virtual IEnumerable<ConfigPart> Parts(object value, string path) => [];

    /// <summary>Names that the value itself refers to, beyond what attributes say.</summary>
    internal virtual IEnumerable<ConfigReference> References(object value, string path) => [];

    /// <summary>Conditions that the value itself is.</summary>
    internal virtual Predicate? ConditionIn(object value) => null;
}

/// <summary>A value with a form of its own.</summary>
/// <param name="shape">The <see cref="ConfigShape"/>, with a constructor without parameters.</param>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Class | AttributeTargets.Struct)]
public sealed class WrittenAsAttribute(Type shape) : Attribute
{
    public Type Shape { get; } = shape;
}

/// <summary>Something that stands inside something else.</summary>
/// <param name="Path">Its own path, entries of lists by number.</param>
/// <param name="Property">The property that it is the value of; null for entries.</param>
internal sealed record ConfigPart(string Path, ConfigShape Shape, object? Value, ConfigProperty? Property);

/// <summary>A name that something refers to.</summary>
internal sealed record ConfigReference(string Path, string Section, string What, string Name, bool NoCycles);
