using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Abm.TestKit;

namespace Abm.Functions.Tests.Platform;

/// <summary>One source for both builds: the project file is the only switch, and what goes to the platform is what it knows.</summary>
public sealed partial class OneSourceTests
{
    private static readonly XDocument Project = XDocument.Load(Path.Combine(Repository.Root, "functions", "Abm.Functions.csproj"));

    /// <summary>What the platform's host reads at the root of host.json.</summary>
    private static readonly string[] HostJsonRoots =
    [
        "version", "functionTimeout", "retry", "functions", "http", "watchDirectories", "watchFiles", "queues", "serviceBus", "eventHub", "singleton", "logging", "aggregator", "healthMonitor",
        "extensionBundle", "managedDependencies", "customHandler", "httpWorker", "extensions", "concurrency", "sendCanceledInvocationsToWorker", "metadataProviderTimeout",
    ];

    private static readonly Dictionary<string, string[]> Extensions = new(StringComparer.Ordinal)
    {
        ["http"] = ["routePrefix", "maxOutstandingRequests", "maxConcurrentRequests", "dynamicThrottlesEnabled", "hsts", "customHeaders"],
        ["queues"] = ["batchSize", "newBatchThreshold", "maxDequeueCount", "visibilityTimeout", "maxPollingInterval", "messageEncoding"],
        ["durableTask"] =
        [
            "hubName", "maxConcurrentActivityFunctions", "maxConcurrentOrchestratorFunctions", "maxConcurrentEntityFunctions", "maxOrchestrationActions", "useGracefulShutdown",
            "overridableExistingInstanceStates", "throwStatusExceptionsOnRaiseEvent", "maxGrpcMessageSizeInBytes", "grpcHttpClientTimeout", "tracing", "httpSettings", "storageProvider",
        ],
        ["serviceBus"] =
        [
            "prefetchCount", "autoCompleteMessages", "maxAutoLockRenewalDuration", "maxConcurrentCalls", "maxConcurrentSessions", "sessionIdleTimeout", "maxMessageBatchSize", "minMessageBatchSize",
            "maxBatchWaitTime", "enableCrossEntityTransactions", "transportType", "clientRetryOptions",
        ],
    };

    [Fact]
    public void No_source_knows_which_runtime_it_runs_on() => Assert.All(Sources(), file =>
    {
        string text = File.ReadAllText(file);
        Assert.DoesNotContain("Abm.Local", text, StringComparison.Ordinal);
        Assert.DoesNotMatch(Condition(), text);
        Assert.DoesNotContain("FunctionsRuntime", text, StringComparison.Ordinal);
        Assert.DoesNotContain("LocalRuntime__", text, StringComparison.Ordinal);
    });

    [Fact]
    public void The_project_file_says_side_by_side_what_each_build_is_made_of()
    {
        XElement local = Group("Local");
        XElement azure = Group("Azure");

        Assert.All(local.Elements(), item => Assert.Equal("ProjectReference", item.Name.LocalName));
        Assert.All(local.Elements(), item => Assert.StartsWith("../local/", Include(item), StringComparison.Ordinal));
        Assert.All(azure.Elements(), item => Assert.Equal("PackageReference", item.Name.LocalName));
        Assert.Equal(
            [
                "Azure.Data.Tables",
                "Azure.Messaging.ServiceBus",
                "Azure.Storage.Queues",
                "Microsoft.Azure.Functions.Worker",
                "Microsoft.Azure.Functions.Worker.Extensions.DurableTask",
                "Microsoft.Azure.Functions.Worker.Extensions.Http.AspNetCore",
                "Microsoft.Azure.Functions.Worker.Extensions.ServiceBus",
                "Microsoft.Azure.Functions.Worker.Extensions.Storage.Queues",
                "Microsoft.Azure.Functions.Worker.Extensions.Timer",
                "Microsoft.Azure.Functions.Worker.Sdk",
            ],
            azure.Elements().Select(Include).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Nothing_else_in_the_project_depends_on_the_runtime()
    {
        string[] conditional = [.. Project.Descendants().Where(e => e.Attribute("Condition")?.Value.Contains("FunctionsRuntime", StringComparison.Ordinal) == true).Select(e => e.Name.LocalName)];

        Assert.Equal(["FunctionsRuntime", "NuGetLockFilePath", "Import", "ItemGroup", "ItemGroup", "Target"], conditional);
        Assert.DoesNotContain(Project.Descendants("ProjectReference").Where(p => p.Parent != Group("Local")), p => Include(p).Contains("/local/", StringComparison.Ordinal));
    }

    [Fact]
    public void Every_package_of_the_platform_has_one_exact_version()
    {
        Dictionary<string, string> versions = XDocument.Load(Path.Combine(Repository.Root, "Directory.Packages.props")).Descendants("PackageVersion")
            .ToDictionary(p => Include(p), p => p.Attribute("Version")!.Value, StringComparer.Ordinal);

        Assert.All(Group("Azure").Elements(), package => Assert.Matches(@"^\d+\.\d+\.\d+$", versions[Include(package)]));
    }

    /// <summary>DURABLE0009, a hint by default, is not obeyed: as an error it would break the Azure build, and the Local one would not notice.</summary>
    [Fact]
    public void No_hint_that_the_code_does_not_follow_is_raised_to_an_error() =>
        Assert.DoesNotMatch(@"DURABLE(0009|2003|2004)\.severity", File.ReadAllText(Path.Combine(Repository.Root, ".editorconfig")));

    [Fact]
    public void Host_json_stands_once_and_goes_with_the_app_while_settings_never_do()
    {
        XElement[] files = [.. Project.Descendants("None")];

        Assert.False(File.Exists(Path.Combine(Repository.Root, "functions", "host.json")), "The SDK of the worker would take this one in as well.");
        Assert.Equal("PreserveNewest", Assert.Single(files, f => Include(f) == "../host.json").Attribute("CopyToPublishDirectory")!.Value);
        Assert.All(files.Where(f => Include(f).Contains("settings", StringComparison.Ordinal)), f => Assert.Equal("Never", f.Attribute("CopyToPublishDirectory")!.Value));
    }

    [Fact]
    public void Host_json_has_only_what_the_platform_reads()
    {
        using JsonDocument host = JsonDocument.Parse(File.ReadAllText(Path.Combine(Repository.Root, "host.json")));

        Assert.Equal("2.0", host.RootElement.GetProperty("version").GetString());
        Assert.All(host.RootElement.EnumerateObject(), property => Assert.Contains(property.Name, HostJsonRoots));
        foreach (JsonProperty extension in host.RootElement.GetProperty("extensions").EnumerateObject())
            Assert.All(extension.Value.EnumerateObject(), option => Assert.Contains(option.Name, Extensions[extension.Name]));
        Assert.Matches("^[A-Za-z][A-Za-z0-9]{2,44}$", host.RootElement.GetProperty("extensions").GetProperty("durableTask").GetProperty("hubName").GetString());
    }

    [Fact]
    public void The_sample_of_the_settings_is_one_that_Core_Tools_reads()
    {
        using JsonDocument settings = JsonDocument.Parse(File.ReadAllText(Path.Combine(Repository.Root, "local.settings.sample.json")));
        JsonElement values = settings.RootElement.GetProperty("Values");

        Assert.All(values.EnumerateObject(), value => Assert.Equal(JsonValueKind.String, value.Value.ValueKind));
        Assert.Equal("dotnet-isolated", values.GetProperty("FUNCTIONS_WORKER_RUNTIME").GetString());
        Assert.False(string.IsNullOrEmpty(values.GetProperty("AzureWebJobsStorage").GetString()));
    }

    private static IEnumerable<string> Sources() => new[] { "functions", "shared" }
        .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*.cs", SearchOption.AllDirectories))
        .Where(file => !file.Split(Path.DirectorySeparatorChar).Any(part => part is "obj" or "bin"));

    private static XElement Group(string runtime) => Assert.Single(
        Project.Descendants("ItemGroup"), group => group.Attribute("Condition")?.Value == $"'$(FunctionsRuntime)' == '{runtime}'");

    private static string Include(XElement item) => item.Attribute("Include")!.Value;

    [GeneratedRegex(@"^\s*#\s*(if|elif|else|define)\b", RegexOptions.Multiline)]
    private static partial Regex Condition();
}
