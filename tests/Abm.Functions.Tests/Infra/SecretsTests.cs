using System.Text.RegularExpressions;
using Abm.TestKit;

namespace Abm.Functions.Tests.Infra;

/// <summary>No key, password or secret: not in the templates, not in what they return, not in what deploys them; and no door that one would open.</summary>
public sealed partial class SecretsTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void No_file_holds_or_asks_for_a_secret()
    {
        string[] files =
        [
            .. Directory.EnumerateFiles(InfraFiles.Folder, "*", SearchOption.AllDirectories), .. Directory.EnumerateFiles(Path.Combine(Repository.Root, ".github"), "*", SearchOption.AllDirectories),
            Path.Combine(Repository.Root, "azure.yaml"),
        ];

        Assert.All(files, file => Assert.All(Secret().Matches(File.ReadAllText(file)), found => Assert.Fail($"{Path.GetRelativePath(Repository.Root, file)}: {found.Value}")));
    }

    [Theory]
    [InlineData("var key = storage.listKeys().keys[0].value")]
    [InlineData("value: 'DefaultEndpointsProtocol=https;AccountName=a;AccountKey=x'")]
    [InlineData("'Endpoint=sb://x/;SharedAccessKeyName=n;SharedAccessKey=k'")]
    [InlineData("@secure()")]
    [InlineData("client-secret: ${{ secrets.AZURE_CLIENT_SECRET }}")]
    [InlineData("creds: ${{ secrets.AZURE_CREDENTIALS }}")]
    [InlineData("publish-profile: x")]
    public void A_secret_would_be_noticed(string line) => Assert.Matches(Secret(), line);

    [Fact]
    public async Task Nothing_that_is_returned_opens_anything()
    {
        foreach (BicepTemplate template in await InfraFiles.TemplatesAsync(Token))
            Assert.All(template.Outputs.Values, output => Assert.DoesNotMatch("(?i)connectionstring|instrumentationkey|password|sas|\\.keys|\\blist[A-Z]", $"{output.Name} {output.Value.Text}"));
    }

    [Fact]
    public async Task The_storage_takes_no_key_no_anonymous_reader_and_no_old_encryption()
    {
        BicepTemplate storage = await InfraFiles.TemplateAsync("modules/storage.bicep", Token);
        BicepNode account = Body(storage, "Microsoft.Storage/storageAccounts");

        Assert.Equal("StorageV2", account.At("kind")!.Plain);
        Assert.Equal("false", account.At("properties.allowSharedKeyAccess")!.Text);
        Assert.Equal("false", account.At("properties.allowBlobPublicAccess")!.Text);
        Assert.Equal("false", account.At("properties.allowCrossTenantReplication")!.Text);
        Assert.Equal("true", account.At("properties.defaultToOAuthAuthentication")!.Text);
        Assert.Equal("true", account.At("properties.supportsHttpsTrafficOnly")!.Text);
        Assert.Equal("TLS1_2", account.At("properties.minimumTlsVersion")!.Plain);
        Assert.Equal("None", Body(storage, "Microsoft.Storage/storageAccounts/blobServices/containers").At("properties.publicAccess")!.Plain);
    }

    [Fact]
    public async Task The_bus_the_logs_the_vault_and_the_app_take_identities_only()
    {
        BicepNode bus = Body(await InfraFiles.TemplateAsync("modules/servicebus.bicep", Token), "Microsoft.ServiceBus/namespaces");
        BicepNode insights = Body(await InfraFiles.TemplateAsync("modules/monitoring.bicep", Token), "Microsoft.Insights/components");
        BicepNode vault = Body(await InfraFiles.TemplateAsync("modules/keyvault.bicep", Token), "Microsoft.KeyVault/vaults");
        BicepTemplate app = await InfraFiles.TemplateAsync(SetSettings.Module, Token);
        BicepNode site = Body(app, "Microsoft.Web/sites");
        BicepResource[] passwords = [.. app.Resources.Values.Where(r => r.Type == "Microsoft.Web/sites/basicPublishingCredentialsPolicies")];

        Assert.Equal(("true", "1.2"), (bus.At("properties.disableLocalAuth")!.Text, bus.At("properties.minimumTlsVersion")!.Plain));
        Assert.Equal("true", insights.At("properties.DisableLocalAuth")!.Text);
        Assert.Equal(("true", "true"), (vault.At("properties.enableRbacAuthorization")!.Text, vault.At("properties.enablePurgeProtection")!.Text));
        Assert.Equal(("true", "1.2"), (site.At("properties.httpsOnly")!.Text, site.At("properties.siteConfig.minTlsVersion")!.Plain));
        Assert.Equal(["ftp", "scm"], passwords.Select(p => p.Body.At("name")!.Plain).Order(StringComparer.Ordinal));
        Assert.All(passwords, p => Assert.Equal("false", p.Body.At("properties.allow")!.Text));
        Assert.All(
            (await SetSettings.ReadAsync(Token)).Where(s => s.Name.EndsWith("__credential", StringComparison.Ordinal)), setting => Assert.Equal("managedidentity", setting.Value.Plain));
    }

    [Fact]
    public async Task What_is_secret_is_looked_up_in_the_vault()
    {
        IReadOnlyList<SetSetting> settings = await SetSettings.ReadAsync(Token);

        Assert.All(settings.Where(s => s.Name.EndsWith("Secret", StringComparison.Ordinal)), s => Assert.Matches(@"\A'@Microsoft\.KeyVault\(SecretUri=\$\{keyVaultUri\}secrets/[a-z-]+(\$\{name\}(-previous)?)?\)'\z", s.Value.Text));
        Assert.Equal(4, settings.Count(s => s.Name.EndsWith("Secret", StringComparison.Ordinal)));
    }

    private static BicepNode Body(BicepTemplate template, string type) => template.Resources.Values.Single(r => r.Type == type && !r.IsExisting).Body;

    [GeneratedRegex(@"\blist\w*Keys\b|\blistSecrets\b|\blistAccountSas\b|AccountKey|SharedAccessKey|SharedAccessSignature|@secure\(|(?i:password\s*[:=]\s*')|\bsecrets\.\w+|publish-profile|client-secret|-----BEGIN")]
    private static partial Regex Secret();
}
