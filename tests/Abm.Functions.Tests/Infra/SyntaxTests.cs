using System.Text.Json.Nodes;

namespace Abm.Functions.Tests.Infra;

/// <summary>The templates are Bicep, as far as its grammar can say.</summary>
public sealed class SyntaxTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_template_and_every_parameters_file_is_read_without_an_error()
    {
        IReadOnlyDictionary<string, BicepTemplate> files = await InfraFiles.AllAsync(Token);

        Assert.Superset(
            new HashSet<string>(["main.bicep", "main.bicepparam", "dev.bicepparam", "prod.bicepparam", "modules/functionapp.bicep", "modules/roles.bicep", "modules/storage.bicep"], StringComparer.Ordinal),
            new HashSet<string>(files.Keys, StringComparer.Ordinal));
        Assert.Empty(files.Values.SelectMany(file => Errors(file.Path, file.Root)));
    }

    [Theory]
    [InlineData("broken.bicep", "param location string =\n")]
    [InlineData("broken.bicep", "var tags = {\n  a: 'b'\n")]
    [InlineData("broken.bicep", "var name = 'st${token'\n")]
    [InlineData("broken.bicep", "resource plan 'Microsoft.Web/serverfarms@2024-04-01' {\n  name: 'plan'\n}\n")]
    [InlineData("broken.bicep", "output id = plan.id\n")]
    [InlineData("broken.bicep", "module roles 'modules/roles.bicep' = {\n  params: {\n    a: [\n  }\n}\n")]
    [InlineData("broken.bicepparam", "using 'main.bicep'\nparam environmentName\n")]
    [InlineData("broken.bicepparam", "using 'main.bicep'\nparam alwaysReady = [\n")]
    public async Task A_broken_file_is_noticed(string name, string text)
    {
        IReadOnlyDictionary<string, BicepNode> trees = await BicepParser.ParseAsync(new Dictionary<string, string> { [name] = text }, Token);

        Assert.NotEmpty(Errors(name, trees[name]));
    }

    [Fact]
    public async Task Whole_templates_are_read_and_not_only_their_beginning()
    {
        BicepTemplate main = await InfraFiles.TemplateAsync("main.bicep", Token);
        BicepTemplate broken = await WithAsync(main.Path, main.Text.Replace("output AZURE_LOCATION string = location", "output AZURE_LOCATION string location", StringComparison.Ordinal));

        Assert.Equal(main.Text.Split('\n').Count(line => line.StartsWith("param ", StringComparison.Ordinal)), main.Parameters.Count);
        Assert.Equal(main.Text.Split('\n').Count(line => line.StartsWith("module ", StringComparison.Ordinal)), main.Modules.Count);
        Assert.Equal(main.Text.Split('\n').Count(line => line.StartsWith("output ", StringComparison.Ordinal)), main.Outputs.Count);
        Assert.NotEmpty(Errors(broken.Path, broken.Root));
    }

    [Fact]
    public void The_parser_is_pinned_and_locked()
    {
        JsonNode wanted = JsonNode.Parse(File.ReadAllText(Path.Combine(BicepParser.Folder, "package.json")))!["dependencies"]!;
        JsonNode locked = JsonNode.Parse(File.ReadAllText(Path.Combine(BicepParser.Folder, "package-lock.json")))!["packages"]!;

        Assert.Equal("""{"tree-sitter-bicep":"1.1.0","web-tree-sitter":"0.24.7"}""", wanted.ToJsonString());
        Assert.All(wanted.AsObject(), package => Assert.Equal((string?)package.Value, (string?)locked[$"node_modules/{package.Key}"]!["version"]));
        Assert.All(locked.AsObject().Where(p => p.Key.Length > 0), package => Assert.StartsWith("sha512-", (string?)package.Value!["integrity"], StringComparison.Ordinal));
    }

    private static async Task<BicepTemplate> WithAsync(string path, string text) =>
        new(path, text, (await BicepParser.ParseAsync(new Dictionary<string, string> { [path] = text }, Token))[path]);

    private static IEnumerable<string> Errors(string path, BicepNode root) => root.All.Where(node => node.Error is not null).Select(node => $"infra/{path}({node.Line}): {node.Error} {node.Text}");
}
