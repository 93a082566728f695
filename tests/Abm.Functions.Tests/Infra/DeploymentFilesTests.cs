using System.Text.RegularExpressions;
using Abm.TestKit;
using YamlDotNet.RepresentationModel;

namespace Abm.Functions.Tests.Infra;

/// <summary>azure.yaml and the workflows: what they name exists, what they run is documented, what they use is pinned.</summary>
public sealed partial class DeploymentFilesTests
{
    private static readonly string[] Workflows = [.. Directory.EnumerateFiles(Path.Combine(Repository.Root, ".github", "workflows")).Order(StringComparer.Ordinal)];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Azure_yaml_points_at_what_is_there_and_at_what_the_templates_make()
    {
        YamlMappingNode azure = Load(Path.Combine(Repository.Root, "azure.yaml"));
        string folder = Path.Combine(Repository.Root, Text(azure, "infra", "path"));
        (YamlNode name, YamlNode service) = Assert.Single((YamlMappingNode)azure["services"]);
        BicepTemplate main = await InfraFiles.TemplateAsync("main.bicep", Token);

        Assert.True(File.Exists(Path.Combine(folder, Text(azure, "infra", "module") + ".bicep")));
        Assert.True(File.Exists(Path.Combine(folder, Text(azure, "infra", "module") + ".bicepparam")));
        Assert.Single(Directory.EnumerateFiles(Path.Combine(Repository.Root, Text(service, "project")), "*.csproj"));
        Assert.Equal(("function", "dotnet"), (Text(service, "host"), Text(service, "language")));
        Assert.All(new[] { "posix", "windows" }, system => Assert.Equal("azd env set FunctionsRuntime Azure", Text(service, "hooks", "prepackage", system, "run")));
        Assert.Contains($"'azd-service-name': '{name}'", main.Text, StringComparison.Ordinal);
        Assert.Equal("environmentName", main.Variables["tags"].Properties["azd-env-name"].Text);
        Assert.Contains($"SERVICE_{name.ToString().ToUpperInvariant()}_NAME", main.Outputs.Keys);
        Assert.All(main.Outputs.Keys, output => Assert.Matches("^[A-Z][A-Z_]+$", output));
        Assert.Contains("readEnvironmentVariable('AZURE_ENV_NAME'", (await InfraFiles.TemplateAsync("main.bicepparam", Token)).Variables["environmentName"].Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_action_is_pinned_to_a_commit_beside_its_version() => Assert.All(Workflows, file =>
    {
        string[] uses = [.. File.ReadAllLines(file).Where(line => line.Contains("uses:", StringComparison.Ordinal))];
        Assert.NotEmpty(uses);
        Assert.All(uses, line => Assert.Matches(@"^\s+- uses: [\w-]+/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$", line));
    });

    [Fact]
    public void Workflows_may_read_and_no_more_unless_they_deploy() => Assert.All(Workflows, file =>
    {
        YamlMappingNode workflow = Load(file);
        Assert.Equal("""{ { contents, read } }""", workflow["permissions"].ToString());
        foreach ((YamlNode name, YamlNode job) in (YamlMappingNode)workflow["jobs"])
        {
            Assert.True(((YamlMappingNode)job).Children.ContainsKey("timeout-minutes"), $"{Path.GetFileName(file)}: {name} may run for hours.");
            if (((YamlMappingNode)job).Children.TryGetValue("permissions", out YamlNode? more))
                Assert.Equal("deploy: { { contents, read }, { id-token, write } }", $"{name}: {more}");
        }
    });

    [Fact]
    public void Ci_runs_what_the_repository_says_a_change_has_to_pass()
    {
        string documented = string.Concat(new[] { "README.md", "CONTRIBUTING.md", ".ci/run" }.Select(file => File.ReadAllText(Path.Combine(Repository.Root, file))));
        string[] commands = [.. Commands("ci.yml").Where(line => line.StartsWith("dotnet ", StringComparison.Ordinal))];

        Assert.Contains("dotnet test Abm.Functions.sln", commands);
        Assert.Contains(commands, command => command.StartsWith("dotnet format ", StringComparison.Ordinal));
        Assert.All(commands, command => Assert.Contains(command, documented, StringComparison.Ordinal));
    }

    [Fact]
    public void The_package_is_built_as_the_documentation_says()
    {
        string command = Assert.Single(Commands("azure.yml"), line => line.StartsWith("dotnet ", StringComparison.Ordinal));

        Assert.Equal("dotnet publish functions -p:FunctionsRuntime=Azure -c Release -o out", command);
        Assert.Contains(command, File.ReadAllText(Path.Combine(Repository.Root, "docs", "azure-build.md")), StringComparison.Ordinal);
        Assert.Contains(command, File.ReadAllText(Path.Combine(Repository.Root, "docs", "operations.md")), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_file_that_a_workflow_names_is_there()
    {
        Assert.All(Workflows.SelectMany(file => InfraFile().Matches(File.ReadAllText(file)).Select(m => m.Value)), file => Assert.True(File.Exists(Path.Combine(Repository.Root, file)), file));
        YamlNode choices = Load(Path.Combine(Repository.Root, ".github", "workflows", "azure.yml"))["on"]["workflow_dispatch"]["inputs"]["environment"]["options"];
        Assert.All((YamlSequenceNode)choices, choice => Assert.True(File.Exists(Path.Combine(InfraFiles.Folder, $"{choice}.bicepparam")), choice.ToString()));
    }

    [Fact]
    public void Deploying_signs_in_by_a_token_of_the_run()
    {
        YamlNode deploy = Load(Path.Combine(Repository.Root, ".github", "workflows", "azure.yml"))["jobs"]["deploy"];
        YamlNode login = ((YamlSequenceNode)deploy["steps"]).Single(step => ((YamlMappingNode)step).Children.TryGetValue("uses", out YamlNode? uses) && uses.ToString().StartsWith("azure/login@", StringComparison.Ordinal));

        Assert.Equal("write", deploy["permissions"]["id-token"].ToString());
        Assert.Equal(["client-id", "subscription-id", "tenant-id"], ((YamlMappingNode)login["with"]).Children.Keys.Select(k => k.ToString()).Order(StringComparer.Ordinal));
        Assert.Equal("${{ inputs.environment }}", deploy["environment"].ToString());
    }

    [Theory]
    [InlineData("dotnet publish functions -p:FunctionsRuntime=Azure -c Release -o out")]
    [InlineData("az deployment group create")]
    [InlineData("az deployment group what-if")]
    [InlineData("az functionapp deployment source config-zip")]
    [InlineData("azd up")]
    public void The_operators_page_has_the_commands(string command) =>
        Assert.Contains(command, File.ReadAllText(Path.Combine(Repository.Root, "docs", "operations.md")), StringComparison.Ordinal);

    [Fact]
    public void Every_parameter_that_the_operators_page_names_exists()
    {
        string parameters = File.ReadAllText(Path.Combine(InfraFiles.Folder, "main.bicep"));
        string variables = File.ReadAllText(Path.Combine(InfraFiles.Folder, "main.bicepparam"));
        string table = File.ReadAllText(Path.Combine(InfraFiles.Folder, "README.md"));

        Assert.All(Parameter().Matches(table), row =>
        {
            Assert.Contains($"param {row.Groups["name"].Value} ", parameters, StringComparison.Ordinal);
            if (row.Groups["variable"].Success)
                Assert.Contains($"param {row.Groups["name"].Value} = ", variables, StringComparison.Ordinal);
            if (row.Groups["variable"].Success)
                Assert.Contains($"'{row.Groups["variable"].Value}'", variables, StringComparison.Ordinal);
        });
        Assert.Equal(
            DeclaredParameter().Matches(parameters).Select(m => m.Groups["name"].Value).Order(StringComparer.Ordinal), Parameter().Matches(table).Select(m => m.Groups["name"].Value).Order(StringComparer.Ordinal));
    }

    private static IEnumerable<string> Commands(string workflow) =>
        from job in ((YamlMappingNode)Load(Path.Combine(Repository.Root, ".github", "workflows", workflow))["jobs"]).Children.Values
        from step in (YamlSequenceNode)job["steps"]
        where ((YamlMappingNode)step).Children.ContainsKey("run")
        from line in step["run"].ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        select line;

    private static YamlMappingNode Load(string file)
    {
        YamlStream stream = [];
        using StreamReader reader = File.OpenText(file);
        stream.Load(reader);
        return (YamlMappingNode)Assert.Single(stream.Documents).RootNode;
    }

    private static string Text(YamlNode node, params string[] path) => path.Aggregate(node, (at, name) => at[name]).ToString();

    [GeneratedRegex(@"infra/[\w/]+\.bicep(param)?\b")]
    private static partial Regex InfraFile();

    [GeneratedRegex(@"^\| `(?<name>\w+)` \| (`(?<variable>[A-Z_]+)`)?", RegexOptions.Multiline)]
    private static partial Regex Parameter();

    [GeneratedRegex(@"^param (?<name>\w+) ", RegexOptions.Multiline)]
    private static partial Regex DeclaredParameter();
}
