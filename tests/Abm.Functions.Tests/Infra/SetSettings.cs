namespace Abm.Functions.Tests.Infra;

/// <summary>An app setting that the templates set.</summary>
/// <param name="When">The condition it is set under, as it is written; null: always.</param>
internal sealed record SetSetting(string Name, BicepNode Value, string? When)
{
    /// <summary>The name in the app's configuration.</summary>
    public string Key => Name.Replace("__", ":", StringComparison.Ordinal);
}

/// <summary>All app settings of <c>modules/functionapp.bicep</c>.</summary>
internal static class SetSettings
{
    public const string Module = "modules/functionapp.bicep";

    public static async Task<IReadOnlyList<SetSetting>> ReadAsync(CancellationToken cancellationToken)
    {
        BicepTemplate template = await InfraFiles.TemplateAsync(Module, cancellationToken);
        BicepResource settings = template.Resources.Values.Single(r => r.Type == "Microsoft.Web/sites/config" && r.Body.At("name")!.Plain == "appsettings");
        BicepNode union = settings.Body.At("properties")!;
        return
        [
            .. union.Inner.Single(n => n.Field == "arguments").Inner.Where(BicepNode.IsMeant).SelectMany(part => part.Type switch
            {
                "identifier" when template.Parameters.ContainsKey(part.Text) => [], // the operator's own
                "identifier" => Of(template, part.Text, null),
                "ternary_expression" => Of(template, part.Inner.Single(n => n.Field == "consequence").Text, part.Inner.Single(n => n.Field == "condition").Text),
                _ => throw new InvalidOperationException($"{Module}({part.Line}): {part.Text}"),
            }),
        ];
    }

    /// <summary>What settings with a name of the operator's own are called here.</summary>
    public const string AnyName = "website";

    private static IEnumerable<SetSetting> Of(BicepTemplate template, string variable, string? when) => template.Variables[variable] switch
    {
        // toObject(names, name => its key, name => its value): one setting for each name that an operator gives.
        { Type: "call_expression" } each when each.Inner.Single(n => n.Field == "function").Text == "toObject" => Named([.. each.Inner.Single(n => n.Field == "arguments").Inner.Where(BicepNode.IsMeant)], when),
        var node => node.Properties.Select(property => new SetSetting(property.Key, property.Value, when)),
    };

    private static SetSetting[] Named(BicepNode[] arguments, string? when)
    {
        (string name, BicepNode key, BicepNode value) = (arguments[1].Inner[0].Text, arguments[1].Inner[1], arguments[2].Inner[1]);
        return [new SetSetting(key.Plain.Replace($"${{{name}}}", AnyName, StringComparison.Ordinal), value, when)];
    }
}
