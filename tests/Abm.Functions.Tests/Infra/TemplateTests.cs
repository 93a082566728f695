namespace Abm.Functions.Tests.Infra;

/// <summary>What the compiler of Bicep would say about names, modules, parameters and versions; it is not at hand where the tests run.</summary>
public sealed class TemplateTests
{
    /// <summary>The versions that the templates were written against; a newer one is taken after its reference was read.</summary>
    private static readonly Dictionary<string, string> ApiVersions = new(StringComparer.Ordinal)
    {
        ["Microsoft.Authorization/roleAssignments"] = "2022-04-01",
        ["Microsoft.Insights/components"] = "2020-02-02",
        ["Microsoft.KeyVault/vaults"] = "2023-07-01",
        ["Microsoft.ManagedIdentity/userAssignedIdentities"] = "2023-01-31",
        ["Microsoft.OperationalInsights/workspaces"] = "2023-09-01",
        ["Microsoft.ServiceBus/namespaces"] = "2024-01-01",
        ["Microsoft.Storage/storageAccounts"] = "2024-01-01",
        ["Microsoft.Web/serverfarms"] = "2024-04-01",
        ["Microsoft.Web/sites"] = "2024-04-01",
    };

    private static readonly HashSet<string> Functions = new(
        ["allowed", "bool", "description", "empty", "guid", "int", "maxLength", "maxValue", "metadata", "minLength", "minValue", "readEnvironmentVariable", "resourceGroup", "split", "subscription", "subscriptionResourceId", "toLower", "toObject", "union", "uniqueString"],
        StringComparer.Ordinal);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_parameter_variable_resource_and_module_is_used()
    {
        foreach (BicepTemplate template in await InfraFiles.TemplatesAsync(Token))
        {
            HashSet<string> used = [.. template.Uses().Select(use => use.Text)];
            Assert.All(template.Parameters.Keys.Concat(template.Variables.Keys), name => Assert.True(used.Contains(name), $"{template}: {name} is declared and not used."));
            Assert.All(template.Resources.Values.Where(r => r.IsExisting), resource => Assert.True(used.Contains(resource.Symbol), $"{template}: {resource.Symbol} is looked up and not used."));
        }
    }

    [Fact]
    public async Task Every_name_in_an_expression_is_declared_and_every_function_is_one_of_Bicep()
    {
        foreach (BicepTemplate template in (await InfraFiles.AllAsync(Token)).Values)
        {
            IReadOnlySet<string> symbols = template.Symbols;
            Assert.All(template.Uses(), use => Assert.True(symbols.Contains(use.Text), $"{template}({use.Line}): nothing is called {use.Text}."));
            Assert.All(
                template.Root.All.Where(n => n.Field == "function"),
                call => Assert.True(Functions.Contains(call.Text), $"{template}({call.Line}): {call.Text} is not among the functions that were looked up."));
        }
    }

    [Fact]
    public async Task Every_parameter_and_output_says_what_it_is()
    {
        foreach (BicepTemplate template in await InfraFiles.TemplatesAsync(Token))
        {
            Assert.All(template.Parameters.Values, p => Assert.True(p.Decorators.Contains("description"), $"{template}: {p.Name} has no description."));
            Assert.All(template.Outputs.Values, o => Assert.True(o.Decorators.Contains("description"), $"{template}: {o.Name} has no description."));
        }
    }

    [Fact]
    public async Task Every_module_exists_is_used_and_gets_what_it_asks_for()
    {
        IReadOnlyDictionary<string, BicepTemplate> all = await InfraFiles.AllAsync(Token);
        HashSet<string> called = [];
        foreach (BicepTemplate template in await InfraFiles.TemplatesAsync(Token))
        {
            foreach (BicepModule module in template.Modules.Values)
            {
                Assert.True(all.TryGetValue(module.Path, out BicepTemplate? target), $"{template}: there is no {module.Path}.");
                called.Add(module.Path);
                string[] given = [.. module.Body.At("params")!.Properties.Keys];
                Assert.Empty(given.Except(target.Parameters.Keys, StringComparer.Ordinal));
                Assert.Empty(target.Parameters.Values.Where(p => !p.HasDefault).Select(p => p.Name).Except(given, StringComparer.Ordinal));
            }

            foreach (BicepNode asked in template.Root.All.Where(IsModuleOutput))
            {
                string symbol = asked.All.First(n => n.Type == "identifier").Text;
                Assert.True(all[template.Modules[symbol].Path].Outputs.ContainsKey(asked.Inner[^1].Text), $"{template}({asked.Line}): {symbol} has no such output.");
            }
        }

        Assert.Equal(all.Keys.Where(path => path.StartsWith("modules/", StringComparison.Ordinal)).Order(StringComparer.Ordinal), called.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task What_is_made_only_sometimes_is_asked_only_then()
    {
        BicepTemplate main = await InfraFiles.TemplateAsync("main.bicep", Token);
        BicepNode[] asked = [.. main.Root.All.Where(IsModuleOutput).Where(n => main.Modules[n.All.First(i => i.Type == "identifier").Text].IsConditional)];

        Assert.NotEmpty(asked);
        Assert.All(asked, output => Assert.Contains(main.Root.All, n => n.Type == "ternary_expression" && n.Inner.Any(part => part.Field == "consequence" && part.Text == output.Text)));
    }

    [Fact]
    public async Task Every_resource_has_the_version_that_was_looked_up()
    {
        foreach (BicepTemplate template in await InfraFiles.TemplatesAsync(Token))
        {
            Assert.All(template.Resources.Values, resource =>
            {
                string root = string.Join('/', resource.Type.Split('/').Take(2));
                Assert.True(ApiVersions.TryGetValue(root, out string? version), $"{template}: {resource.Type} is not among the types that were looked up.");
                Assert.Equal(version, resource.ApiVersion);
            });
        }
    }

    [Fact]
    public async Task Places_and_clouds_are_not_written_down()
    {
        foreach (BicepTemplate template in await InfraFiles.TemplatesAsync(Token))
        {
            Assert.DoesNotMatch("core\\.windows\\.net|vault\\.azure\\.net|servicebus\\.windows\\.net|management\\.azure\\.com|login\\.microsoftonline", template.Text);
            Assert.All(template.Resources.Values.Select(r => r.Body.At("location")).OfType<BicepNode>(), location => Assert.Equal("location", location.Text));
        }
    }

    [Fact]
    public async Task Every_parameters_file_gives_what_the_template_asks_for_and_nothing_else()
    {
        IReadOnlyDictionary<string, BicepTemplate> all = await InfraFiles.AllAsync(Token);
        IReadOnlyList<BicepTemplate> files = await InfraFiles.ParameterFilesAsync(Token);

        Assert.Equal(["dev.bicepparam", "main.bicepparam", "prod.bicepparam"], files.Select(f => f.Path).Order(StringComparer.Ordinal));
        Assert.All(files, file =>
        {
            Assert.True(all.TryGetValue(file.Using!, out BicepTemplate? template), $"{file}: there is no {file.Using}.");
            Assert.Empty(file.Variables.Keys.Except(template.Parameters.Keys, StringComparer.Ordinal));
            Assert.Empty(template.Parameters.Values.Where(p => !p.HasDefault).Select(p => p.Name).Except(file.Variables.Keys, StringComparer.Ordinal));
        });
    }

    [Theory]
    [InlineData("dev.bicepparam", "dev")]
    [InlineData("prod.bicepparam", "prod")]
    public async Task An_installation_is_called_like_its_parameters_file(string file, string name) =>
        Assert.Equal(name, (await InfraFiles.TemplateAsync(file, Token)).Variables["environmentName"].Plain);

    private static bool IsModuleOutput(BicepNode node) =>
        node.Type == "member_expression" && node.Inner[0].Type == "member_expression" && node.Inner[0].Inner[^1].Text == "outputs";
}
