using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Abm.Functions.Tests.Platform;
using Abm.TestKit;
using Microsoft.Extensions.Options;

namespace Abm.Functions.Tests.Infra;

/// <summary>The app settings of the templates are those that the app and its host read.</summary>
public sealed partial class AppSettingsTests
{
    /// <summary>What the platform reads and the app does not, with the reason why it is set.</summary>
    private static readonly Dictionary<string, string> OfThePlatform = new(StringComparer.Ordinal)
    {
        ["AzureWebJobsStorage__blobServiceUri"] = "the host's leases, keys and timers",
        ["APPLICATIONINSIGHTS_CONNECTION_STRING"] = "where logs go",
        ["APPLICATIONINSIGHTS_AUTHENTICATION_STRING"] = "as whom they go there",
        ["AzureFunctionsJobHost__extensions__durableTask__storageProvider__maxQueuePollingInterval"] = "overrides host.json",
    };

    /// <summary>Flex Consumption has these in <c>functionAppConfig</c> or not at all, and refuses or ignores them as settings.</summary>
    private static readonly string[] NotOnFlex =
    [
        "FUNCTIONS_WORKER_RUNTIME", "FUNCTIONS_WORKER_RUNTIME_VERSION", "FUNCTIONS_EXTENSION_VERSION", "WEBSITE_RUN_FROM_PACKAGE", "WEBSITE_CONTENTAZUREFILECONNECTIONSTRING", "WEBSITE_CONTENTSHARE",
        "WEBSITE_NODE_DEFAULT_VERSION", "ENABLE_ORYX_BUILD", "SCM_DO_BUILD_DURING_DEPLOYMENT", "WEBSITE_TIME_ZONE", "WEBSITE_VNET_ROUTE_ALL", "APPINSIGHTS_INSTRUMENTATIONKEY", "linuxFxVersion", "alwaysOn",
        "netFrameworkVersion",
    ];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_setting_that_the_app_reads_is_set_or_documented_with_its_default()
    {
        HashSet<string> set = [.. (await SetSettings.ReadAsync(Token)).Select(s => s.Key)];
        IReadOnlySet<string> documented = Documented();

        Assert.All(
            ReadSettings.All.Where(name => !name.StartsWith("WEBSITE_", StringComparison.Ordinal)), // the platform's own
            name => Assert.True(set.Contains(name) || documented.Contains(name), $"The app reads {name}: set it in infra/{SetSettings.Module}, or name it and its default in docs/operations.md or docs/events.md."));
    }

    [Fact]
    public async Task Every_setting_that_is_set_is_read()
    {
        HashSet<string> functions = [.. AppFunctions.All.Select(AppFunctions.NameOf)];

        Assert.All(await SetSettings.ReadAsync(Token), setting => Assert.True(
            ReadSettings.All.Contains(setting.Key) || OfThePlatform.ContainsKey(setting.Name) || (Switch().Match(setting.Name) is { Success: true } found && functions.Contains(found.Groups["function"].Value)),
            $"Nobody reads {setting.Name}."));
    }

    [Fact]
    public void The_sample_settings_name_nothing_that_nobody_reads()
    {
        HashSet<string> functions = [.. AppFunctions.All.Select(AppFunctions.NameOf)];
        JsonNode sample = JsonNode.Parse(File.ReadAllText(Path.Combine(Repository.Root, "local.settings.sample.json")))!;

        Assert.All(
            sample["Values"]!.AsObject().Select(v => v.Key).Where(name => name != "FUNCTIONS_WORKER_RUNTIME" && !name.StartsWith("LocalRuntime__", StringComparison.Ordinal)),
            name => Assert.True(
                ReadSettings.All.Contains(name.Replace("__", ":", StringComparison.Ordinal)) || (Switch().Match(name) is { Success: true } found && functions.Contains(found.Groups["function"].Value)),
                $"Nobody reads {name}."));
    }

    [Fact]
    public void What_the_app_reads_is_found_by_looking_at_it()
    {
        (IReadOnlySet<string> names, IReadOnlyList<string> unclear) = ReadSettings.InSources();

        Assert.Empty(unclear);
        Assert.Superset(new HashSet<string>(["Abm:ConfigPath", "Abm:LoadSamples", "Abm:Webhook", "AzureWebJobsStorage", "ServiceBusConnection"], StringComparer.OrdinalIgnoreCase), new HashSet<string>(names, StringComparer.OrdinalIgnoreCase));
        Assert.Superset(
            new HashSet<string>(["AzureWebJobsStorage:tableServiceUri", "AzureWebJobsStorage:accountName", "ServiceBusConnection:credential", "Abm:Webhook:PreviousSecret", "Abm:Journeys:UndecidedAfter", "CrmChangesSubscription"], StringComparer.OrdinalIgnoreCase),
            new HashSet<string>(ReadSettings.All, StringComparer.OrdinalIgnoreCase));
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task The_app_starts_with_what_the_templates_set(bool serviceBus, bool webhook)
    {
        IReadOnlySet<string> read = ReadSettings.Compose(await ValuesAsync(serviceBus, webhook));

        Assert.Contains("AzureWebJobsStorage:queueServiceUri", read);
        Assert.DoesNotContain("AzureWebJobsStorage:accountName", read);
    }

    [Fact]
    public async Task The_app_refuses_a_secret_that_the_platform_could_not_look_up()
    {
        IEnumerable<KeyValuePair<string, string?>> values = (await ValuesAsync(false, true)).Select(v => v.Key == "Abm:Webhook:Secret" ? new(v.Key, "@Microsoft.KeyVault(SecretUri=https://kv.example/secrets/abm-webhook-secret)") : v);

        Assert.Contains("not resolved", Assert.Throws<OptionsValidationException>(() => ReadSettings.Compose(values)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Secret", "@Microsoft.KeyVault(SecretUri=https://kv.example/secrets/abm-events-website)", "website:Secret")]
    [InlineData("Secret", "too short", "website:Secret")]
    [InlineData("PreviousSecret", "too short", "website:PreviousSecret")]
    [InlineData("Source", "", null)]
    public async Task The_app_refuses_a_secret_of_a_source_that_anybody_could_guess(string part, string value, string? refused)
    {
        string setting = $"Abm:Signing:Sources:{SetSettings.AnyName}:{part}";
        IEnumerable<KeyValuePair<string, string?>> values = (await ValuesAsync(false, false)).Where(v => v.Key != setting).Append(new(setting, value));

        if (refused is null)
            ReadSettings.Compose(values);
        else
            Assert.Contains(refused, Assert.Throws<OptionsValidationException>(() => ReadSettings.Compose(values)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_is_set_that_Flex_Consumption_does_not_take()
    {
        BicepTemplate template = await InfraFiles.TemplateAsync(SetSettings.Module, Token);

        Assert.All(NotOnFlex, name => Assert.DoesNotContain(name, template.Text, StringComparison.Ordinal));
        Assert.All(await SetSettings.ReadAsync(Token), setting => Assert.DoesNotContain(':', setting.Name));
    }

    [Fact]
    public async Task Without_a_Service_Bus_its_triggers_are_off_and_with_one_they_are_on()
    {
        IReadOnlyList<SetSetting> settings = await SetSettings.ReadAsync(Token);
        string[] functions = [.. AppFunctions.All.Where(f => AppFunctions.TriggerOf(f).GetType().Name == "ServiceBusTriggerAttribute").Select(AppFunctions.NameOf)];

        Assert.NotEmpty(functions);
        Assert.All(functions, function => Assert.Equal("serviceBusEnabled ? 'false' : 'true'", settings.Single(s => s.Name == $"AzureWebJobs.{function}.Disabled").Value.Text));
        Assert.All(settings.Where(s => s.Key.StartsWith("ServiceBusConnection", StringComparison.Ordinal)), s => Assert.Equal("serviceBusEnabled", s.When));
        Assert.All(ReadSettings.OfTriggers().Where(name => !name.Contains(':', StringComparison.Ordinal)), name => Assert.Null(settings.Single(s => s.Name == name).When));
    }

    [Fact]
    public async Task The_rules_are_looked_for_where_publishing_puts_them()
    {
        string path = (await SetSettings.ReadAsync(Token)).Single(s => s.Key == "Abm:ConfigPath").Value.Plain;
        XElement published = Assert.Single(
            XDocument.Load(Path.Combine(Repository.Root, "functions", "Abm.Functions.csproj")).Descendants("None"), item => item.Attribute("Include")?.Value == "@(ConfigDocument)");

        Assert.Equal("PreserveNewest", published.Attribute("CopyToPublishDirectory")!.Value);
        Assert.Equal("/home/site/wwwroot/" + Path.GetDirectoryName(published.Attribute("Link")!.Value), path);
        Assert.NotEmpty(Directory.EnumerateFiles(Path.Combine(Repository.Root, "samples", "config"), "*.yaml"));
    }

    [Fact]
    public async Task Settings_of_an_operator_in_the_parameters_files_are_read_too()
    {
        foreach (BicepTemplate file in await InfraFiles.ParameterFilesAsync(Token))
        {
            if (file.Variables.GetValueOrDefault("extraSettings") is { Type: "object" } extra)
                Assert.All(extra.Properties.Keys, name => Assert.Contains(name.Replace("__", ":", StringComparison.Ordinal), ReadSettings.All));
        }
    }

    /// <summary>The settings as an installation would have them, with values that the platform fills in replaced by others of their kind.</summary>
    private static async Task<IReadOnlyList<KeyValuePair<string, string?>>> ValuesAsync(bool serviceBus, bool webhook) =>
    [
        .. (await SetSettings.ReadAsync(Token))
            .Where(s => s.When is null || (webhook && s.When.StartsWith("webhookEnabled", StringComparison.Ordinal)))
            .Select(s => new KeyValuePair<string, string?>(s.Key, s.Key switch
            {
                "Abm:ConfigPath" => Path.Combine(Repository.Root, "samples", "config"),
                "Abm:Webhook:Url" => "https://hooks.example/abm",
                var secret when secret.EndsWith("Secret", StringComparison.Ordinal) => "a secret from the vault",
                var uri when uri.EndsWith("ServiceUri", StringComparison.Ordinal) => "https://acct.example/",
                var id when id.EndsWith("clientId", StringComparison.Ordinal) => "11111111-2222-3333-4444-555555555555",
                _ => s.Value.Type == "string" ? s.Value.Plain : "value",
            })),
        .. serviceBus ? [new("ServiceBusConnection", "UseDevelopmentStorage=true")] : Array.Empty<KeyValuePair<string, string?>>(), // the Local runtime reaches no namespace by name
    ];

    /// <summary>Settings in the tables of the documentation: in code marks in the first column, a name that begins with a colon taking the place of the last part of the one before.</summary>
    private static IReadOnlySet<string> Documented()
    {
        HashSet<string> names = new(StringComparer.OrdinalIgnoreCase);
        foreach (string line in new[] { "operations.md", "events.md" }.SelectMany(page => File.ReadAllLines(Path.Combine(Repository.Root, "docs", page))))
        {
            if (line.Split('|') is not ["", var first, var standard, ..] || standard.Trim().Length == 0)
                continue;
            string section = "";
            foreach (string name in Code().Matches(first).Select(m => m.Groups["name"].Value.Replace("__", ":", StringComparison.Ordinal)))
            {
                string whole = name.StartsWith(':') ? section + name : name;
                section = whole.Contains(':', StringComparison.Ordinal) ? whole[..whole.LastIndexOf(':')] : whole;
                names.Add(whole);
            }
        }

        return names;
    }

    [GeneratedRegex(@"\AAzureWebJobs\.(?<function>\w+)\.Disabled\z")]
    private static partial Regex Switch();

    [GeneratedRegex("`(?<name>[^`]+)`")]
    private static partial Regex Code();
}
