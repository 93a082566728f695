using System.Diagnostics;

namespace Abm.Functions.Tests.Infra;

/// <summary>A node of the syntax tree: what the grammar calls it, the text it stands for, and its named children.</summary>
/// <param name="Line">From 1.</param>
/// <param name="Error"><c>ERROR</c> where the grammar could not read the text, <c>MISSING</c> where it had to invent something; else null.</param>
/// <param name="Field">What it is to its parent, where the grammar says so.</param>
internal sealed record BicepNode(string Type, string Text, int Line, string? Error, string? Field, IReadOnlyList<BicepNode>? Children)
{
    public IReadOnlyList<BicepNode> Inner => Children ?? [];

    /// <summary>This node and all below it.</summary>
    public IEnumerable<BicepNode> All => Inner.SelectMany(child => child.All).Prepend(this);

    /// <summary>The text of a string without quotes, or of a name; an interpolation stands in it as it is written.</summary>
    public string Plain => Type == "string" ? Text.Trim('\'').Replace("\\'", "'", StringComparison.Ordinal) : Text;

    /// <summary>The properties of an object by name; a nested resource is not one.</summary>
    public IReadOnlyDictionary<string, BicepNode> Properties => Type == "object"
        ? Inner.Where(p => p.Type == "object_property" && p.Inner.Count(IsMeant) == 2).ToDictionary(p => p.Inner.First(IsMeant).Plain, p => p.Inner.Last(IsMeant), StringComparer.Ordinal)
        : throw new UnreachableException($"Line {Line} is no object but {Type}: {Text}");

    /// <summary>The value at a path of properties, such as <c>properties.sku.name</c>; null where there is none.</summary>
    public BicepNode? At(string path)
    {
        BicepNode? at = this;
        foreach (string name in path.Split('.'))
            at = at is { Type: "object" } && at.Properties.TryGetValue(name, out BicepNode? value) ? value : null;
        return at;
    }

    public override string ToString() => $"{Type} {Text}";

    public static bool IsMeant(BicepNode node) => node.Type is not ("comment" or "diagnostic_comment" or "decorators");
}
