using Abm.TestKit;
using System.Xml.Linq;

namespace Abm.Functions.Tests.Infra;

/// <summary>The app is one of Flex Consumption, of the runtime that the project is built for.</summary>
public sealed class FlexConsumptionTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_plan_is_Flex_Consumption_on_Linux()
    {
        BicepNode plan = await BodyAsync("Microsoft.Web/serverfarms");

        Assert.Equal(("functionapp", "FC1", "FlexConsumption", "true"), (plan.At("kind")!.Plain, plan.At("sku.name")!.Plain, plan.At("sku.tier")!.Plain, plan.At("properties.reserved")!.Text));
    }

    [Fact]
    public async Task The_runtime_is_the_one_of_the_project()
    {
        BicepNode site = await BodyAsync("Microsoft.Web/sites");
        string framework = XDocument.Load(Path.Combine(Repository.Root, "Directory.Build.props")).Descendants("TargetFramework").Single().Value;

        Assert.Equal("functionapp,linux", site.At("kind")!.Plain);
        Assert.Equal("dotnet-isolated", site.At("properties.functionAppConfig.runtime.name")!.Plain);
        Assert.Equal(framework, $"net{site.At("properties.functionAppConfig.runtime.version")!.Plain}");
    }

    [Fact]
    public async Task Packages_come_from_a_container_of_the_account_by_the_identity()
    {
        BicepNode storage = (await BodyAsync("Microsoft.Web/sites")).At("properties.functionAppConfig.deployment.storage")!;

        Assert.Equal(("blobContainer", "UserAssignedIdentity"), (storage.At("type")!.Plain, storage.At("authentication.type")!.Plain));
        Assert.Equal("'${storage.properties.primaryEndpoints.blob}${packageContainer}'", storage.At("value")!.Text);
    }

    [Fact]
    public async Task Sizes_stay_within_what_the_plan_has()
    {
        BicepTemplate main = await InfraFiles.TemplateAsync("main.bicep", Token);
        foreach (BicepTemplate file in await InfraFiles.ParameterFilesAsync(Token))
        {
            if (file.Variables.GetValueOrDefault("maximumInstanceCount") is { Type: "number" } count)
                Assert.InRange(int.Parse(count.Text, System.Globalization.CultureInfo.InvariantCulture), 40, 1000);
            if (file.Variables.GetValueOrDefault("alwaysReady") is { Type: "array" } groups)
                Assert.All(groups.Inner.Where(BicepNode.IsMeant), group => Assert.Contains(group.At("name")!.Plain, new[] { "http", "durable" }));
        }

        Assert.Contains("minValue", main.Parameters["maximumInstanceCount"].Decorators);
        Assert.Contains("allowed", main.Parameters["instanceMemoryMB"].Decorators);
    }

    private static async Task<BicepNode> BodyAsync(string type) =>
        (await InfraFiles.TemplateAsync(SetSettings.Module, Token)).Resources.Values.Single(r => r.Type == type && !r.IsExisting).Body;
}
