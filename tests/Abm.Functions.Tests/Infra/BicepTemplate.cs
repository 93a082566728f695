using System.Text.RegularExpressions;

namespace Abm.Functions.Tests.Infra;

/// <summary>What a template or a parameters file says, read from its syntax tree.</summary>
internal sealed partial class BicepTemplate
{
    /// <param name="path">Relative to <c>infra/</c>, with forward slashes.</param>
    public BicepTemplate(string path, string text, BicepNode root)
    {
        (Path, Text, Root) = (path, text, root);
        IReadOnlyList<BicepNode> decorators = [];
        foreach (BicepNode node in root.Inner)
        {
            switch (node.Type)
            {
                case "decorators":
                    decorators = [.. node.Inner];
                    continue;
                case "parameter_declaration":
                    Parameters.Add(node.Inner[0].Text, new BicepParameter(node.Inner[0].Text, node.Inner[1].Text, node.Inner.Count > 2, Names(decorators)));
                    break;
                case "variable_declaration":
                    Variables.Add(node.Inner[0].Text, node.Inner[1]);
                    break;
                case "output_declaration":
                    Outputs.Add(node.Inner[0].Text, new BicepOutput(node.Inner[0].Text, node.Inner[^1], Names(decorators)));
                    break;
                case "resource_declaration":
                    AddResource(node, null);
                    break;
                case "module_declaration":
                    Modules.Add(node.Inner[0].Text, new BicepModule(node.Inner[0].Text, node.Inner[1].Plain, node.Inner[2].Type == "if_statement", Body(node.Inner[2])));
                    break;
                case "using_statement":
                    Using = node.Inner[0].Plain;
                    break;
                default:
                    break;
            }

            if (node.Type != "comment")
                decorators = [];
        }
    }

    public string Path { get; }

    public string Text { get; }

    public BicepNode Root { get; }

    public Dictionary<string, BicepParameter> Parameters { get; } = new(StringComparer.Ordinal);

    /// <summary>In a parameters file: the values it gives.</summary>
    public Dictionary<string, BicepNode> Variables { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, BicepOutput> Outputs { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, BicepResource> Resources { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, BicepModule> Modules { get; } = new(StringComparer.Ordinal);

    /// <summary>In a parameters file: the template that it is for.</summary>
    public string? Using { get; }

    /// <summary>Everything that the template declares and expressions can name, names of loops and lambdas included.</summary>
    public IReadOnlySet<string> Symbols => new HashSet<string>(
        [.. Parameters.Keys, .. Variables.Keys, .. Resources.Keys, .. Modules.Keys, .. Root.All.Where(n => n.Field == "initializer").Select(n => n.Text), .. Root.All.Where(n => n.Type == "lambda_expression").Select(n => n.Inner[0].Text)], StringComparer.Ordinal);

    /// <summary>Every name that an expression uses: not the names of what is declared, of properties, of functions.</summary>
    public IReadOnlyList<BicepNode> Uses() => [.. Walk(Root)];

    public override string ToString() => Path;

    private static IEnumerable<BicepNode> Walk(BicepNode node)
    {
        IEnumerable<BicepNode> inner = node.Type switch
        {
            "decorators" or "type" => [],
            "parameter_declaration" or "variable_declaration" or "output_declaration" or "resource_declaration" or "module_declaration" => node.Inner.Skip(1),
            "object_property" when node.Inner.Count(BicepNode.IsMeant) == 2 => node.Inner.Where(BicepNode.IsMeant).Skip(node.Inner.First(BicepNode.IsMeant).Type == "string" ? 0 : 1),
            "call_expression" => node.Inner.Where(child => child.Field != "function" || child.Type != "identifier"),
            "for_statement" => node.Inner.Where(child => child.Field != "initializer"),
            _ => node.Inner,
        };
        return node.Type == "identifier" ? [node] : inner.SelectMany(Walk);
    }

    private void AddResource(BicepNode node, BicepResource? parent)
    {
        string type = node.Inner[1].Plain;
        string[] parts = type.Split('@');
        BicepResource resource = new(
            node.Inner[0].Text,
            parent is null ? parts[0] : $"{parent.Type}/{parts[0]}",
            parts.Length > 1 ? parts[1] : parent?.ApiVersion,
            Existing().IsMatch(node.Text),
            node.Inner[2].Type == "if_statement",
            Body(node.Inner[2]));
        Resources.Add(resource.Symbol, resource);
        foreach (BicepNode nested in resource.Body.Inner.SelectMany(p => p.Inner).Where(p => p.Type == "resource_declaration"))
            AddResource(nested, resource);
    }

    private static BicepNode Body(BicepNode node) => node.Type switch
    {
        "object" => node,
        "if_statement" => node.Inner[^1],
        "for_statement" => Body(node.Inner.Single(child => child.Field == "body")),
        _ => throw new InvalidOperationException($"Line {node.Line}: {node.Type}"),
    };

    private static IReadOnlyList<string> Names(IReadOnlyList<BicepNode> decorators) => [.. decorators.Select(d => d.Inner[0].Inner[0].Text)];

    [GeneratedRegex(@"\Aresource\s+\w+\s+'[^']*'\s+existing\b")]
    private static partial Regex Existing();
}

internal sealed record BicepParameter(string Name, string Type, bool HasDefault, IReadOnlyList<string> Decorators);

internal sealed record BicepOutput(string Name, BicepNode Value, IReadOnlyList<string> Decorators);

/// <param name="Type">Whole, also of a resource that is nested in another.</param>
/// <param name="IsConditional">It is not always made.</param>
internal sealed record BicepResource(string Symbol, string Type, string? ApiVersion, bool IsExisting, bool IsConditional, BicepNode Body);

internal sealed record BicepModule(string Symbol, string Path, bool IsConditional, BicepNode Body);
