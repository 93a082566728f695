using System.Text.RegularExpressions;
using Abm.Functions.Tests.Platform;
using Microsoft.Azure.Functions.Worker;

namespace Abm.Functions.Tests.Infra;

/// <summary>The app may do what it has to, by its identity, and nothing else.</summary>
public sealed partial class RoleTests
{
    private const string BlobOwner = "b7e6dc6d-f1e8-4753-8033-0f276bb0955b";
    private const string QueueContributor = "974c5e8b-45b9-4653-ba55-5f855dd0fb88";
    private const string TableContributor = "0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3";
    private const string MetricsPublisher = "3913510d-42f4-4e42-8a64-420c390055eb";
    private const string BusSender = "69a216fc-b8fb-44d8-bc22-1f3c2cd27a39";
    private const string BusReceiver = "4f6d3b9b-027b-4f4c-9142-0e5a2a2247e0";
    private const string SecretsUser = "4633458b-17de-408a-b874-0445c86b69e6";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private sealed record Grant(string Role, string On, string? Entity, bool Always);

    [Fact]
    public async Task What_the_app_needs_is_what_it_may()
    {
        HashSet<Grant> needed = [];
        IReadOnlyList<SetSetting> settings = await SetSettings.ReadAsync(Token);
        foreach (SetSetting setting in settings)
        {
            switch (setting.Key)
            {
                case "AzureWebJobsStorage:blobServiceUri":
                    needed.Add(new(BlobOwner, "Microsoft.Storage/storageAccounts", null, true));
                    break;
                case "AzureWebJobsStorage:queueServiceUri":
                    needed.Add(new(QueueContributor, "Microsoft.Storage/storageAccounts", null, true));
                    break;
                case "AzureWebJobsStorage:tableServiceUri":
                    needed.Add(new(TableContributor, "Microsoft.Storage/storageAccounts", null, true));
                    break;
                case "APPLICATIONINSIGHTS_AUTHENTICATION_STRING":
                    needed.Add(new(MetricsPublisher, "Microsoft.Insights/components", null, true));
                    break;
                case "Abm:Events:Topic":
                    needed.Add(new(BusSender, "Microsoft.ServiceBus/namespaces/topics", setting.Value.Text, false));
                    break;
                case var _ when setting.Value.Text.StartsWith("'@Microsoft.KeyVault(", StringComparison.Ordinal):
                    needed.Add(new(SecretsUser, "Microsoft.KeyVault/vaults", null, false));
                    break;
                default:
                    break;
            }
        }

        foreach ((_, _, ServiceBusTriggerAttribute trigger) in AppFunctions.With<ServiceBusTriggerAttribute>())
        {
            string name = (trigger.SubscriptionName ?? trigger.QueueName)!.Trim('%');
            string type = trigger.SubscriptionName is null ? "Microsoft.ServiceBus/namespaces/queues" : "Microsoft.ServiceBus/namespaces/topics/subscriptions";
            needed.Add(new(BusReceiver, type, settings.Single(s => s.Name == name).Value.Text, false));
        }

        Assert.Equal(needed.OrderBy(g => g.ToString(), StringComparer.Ordinal), (await GrantsAsync()).OrderBy(g => g.ToString(), StringComparer.Ordinal));
    }

    [Fact]
    public async Task Every_role_is_given_to_the_identity_that_the_app_runs_as()
    {
        BicepTemplate main = await InfraFiles.TemplateAsync("main.bicep", Token);
        BicepTemplate roles = await InfraFiles.TemplateAsync("modules/roles.bicep", Token);
        BicepTemplate app = await InfraFiles.TemplateAsync(SetSettings.Module, Token);
        BicepNode forRoles = main.Modules["roles"].Body.At("params")!;
        BicepNode forApp = main.Modules["functionApp"].Body.At("params")!;
        BicepNode site = app.Resources.Values.Single(r => r.Type == "Microsoft.Web/sites").Body;

        Assert.Equal("identity.outputs.principalId", forRoles.At("principalId")!.Text);
        Assert.Equal(("identity.outputs.id", "identity.outputs.clientId"), (forApp.At("identityId")!.Text, forApp.At("identityClientId")!.Text));
        Assert.Equal("UserAssigned", site.At("identity.type")!.Plain);
        Assert.Equal("${identityId}", Assert.Single(site.At("identity.userAssignedIdentities")!.Properties.Keys));
        Assert.Equal("identityId", site.At("properties.keyVaultReferenceIdentity")!.Text);
        Assert.Equal("identityId", site.At("properties.functionAppConfig.deployment.storage.authentication.userAssignedIdentityResourceId")!.Text);
        Assert.All(Assignments(roles), a => Assert.Equal(("principalId", "ServicePrincipal"), (a.Body.At("properties.principalId")!.Text, a.Body.At("properties.principalType")!.Plain)));
        Assert.All(
            (await SetSettings.ReadAsync(Token)).Where(s => s.Name.EndsWith("__clientId", StringComparison.Ordinal)), setting => Assert.Equal("identityClientId", setting.Value.Text));
        Assert.Contains("roles", main.Modules["functionApp"].Body.At("dependsOn")!.Inner.Select(n => n.Text));
    }

    [Fact]
    public async Task Every_grant_stands_in_one_file_under_a_name_that_repeating_finds_again()
    {
        foreach (BicepTemplate template in await InfraFiles.TemplatesAsync(Token))
        {
            Assert.All(Assignments(template), assignment =>
            {
                Assert.Equal("modules/roles.bicep", template.Path);
                string scope = assignment.Body.At("scope")!.Text;
                string role = Role().Match(assignment.Body.At("properties.roleDefinitionId")!.Text).Groups["name"].Value;
                Assert.Equal($"guid({scope}.id, identityId, role.{role})", assignment.Body.At("name")!.Text);
            });
        }
    }

    [Fact]
    public async Task What_is_made_is_what_the_roles_are_for_and_what_the_app_is_told()
    {
        BicepTemplate main = await InfraFiles.TemplateAsync("main.bicep", Token);
        BicepNode[] consumers = [.. new[] { "serviceBus", "roles", "functionApp" }.Select(module => main.Modules[module].Body.At("params")!)];

        Assert.All(new[] { "eventsTopic", "crmQueue", "crmTopic", "crmSubscription" }, name => Assert.Single(consumers.Select(c => c.At(name)!.Text).Distinct()));
        Assert.All(new[] { "roles", "functionApp" }, module => Assert.Equal("storage.outputs.name", main.Modules[module].Body.At("params.storageName")!.Text));
        Assert.Equal(main.Modules["storage"].Body.At("params.packageContainer")!.Text, main.Modules["functionApp"].Body.At("params.packageContainer")!.Text);
    }

    private static async Task<IReadOnlyList<Grant>> GrantsAsync()
    {
        BicepTemplate roles = await InfraFiles.TemplateAsync("modules/roles.bicep", Token);
        return
        [
            .. Assignments(roles).Select(assignment =>
            {
                BicepResource scope = roles.Resources[assignment.Body.At("scope")!.Text];
                BicepNode id = roles.Variables["role"].Properties[Role().Match(assignment.Body.At("properties.roleDefinitionId")!.Text).Groups["name"].Value];
                Assert.Equal(scope.IsConditional, assignment.IsConditional);
                return new Grant(id.Plain, scope.Type, scope.Type.StartsWith("Microsoft.ServiceBus/", StringComparison.Ordinal) ? scope.Body.At("name")!.Text : null, !assignment.IsConditional);
            }),
        ];
    }

    private static IEnumerable<BicepResource> Assignments(BicepTemplate template) => template.Resources.Values.Where(r => r.Type == "Microsoft.Authorization/roleAssignments");

    [GeneratedRegex(@"\AsubscriptionResourceId\('Microsoft.Authorization/roleDefinitions', role\.(?<name>\w+)\)\z")]
    private static partial Regex Role();
}
