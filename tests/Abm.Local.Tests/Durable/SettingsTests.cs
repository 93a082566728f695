using Abm.Local.Hosting;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;

namespace Abm.Local.Tests.Durable;

/// <summary>What host.json says about durable functions.</summary>
public class SettingsTests
{
    private static readonly IConfiguration Settings = new ConfigurationBuilder()
        .AddInMemoryCollection(new Dictionary<string, string?> { ["Hub"] = "FromSettings" })
        .Build();

    [Fact]
    public void Defaults_are_those_of_the_real_host()
    {
        DurableSettings settings = DurableSettings.Read(HostJson.Parse("""{ "version": "2.0" }"""), Settings);

        Assert.Equal(new DurableSettings("TestHubName", "AzureWebJobsStorage", 10 * Environment.ProcessorCount, 10 * Environment.ProcessorCount), settings);
    }

    [Fact]
    public void Written_values_win_and_settings_are_resolved()
    {
        DurableSettings settings = DurableSettings.Read(
            Read("""{ "hubName": "%Hub%", "maxConcurrentActivityFunctions": 3, "maxConcurrentOrchestratorFunctions": 4, "storageProvider": { "type": "azureStorage", "connectionName": "Other" } }"""),
            Settings);

        Assert.Equal(new DurableSettings("FromSettings", "Other", 3, 4), settings);
    }

    [Theory]
    [InlineData("""{ "hubName": "1abc" }""", "hubName")]
    [InlineData("""{ "hubName": "my-hub" }""", "hubName")]
    [InlineData("""{ "hubName": "%Missing%" }""", "Missing")]
    [InlineData("""{ "maxConcurrentActivityFunctions": 0 }""", "maxConcurrentActivityFunctions")]
    [InlineData("""{ "storageProvider": { "type": "mssql" } }""", "storageProvider.type")]
    [InlineData("""{ "overridableExistingInstanceStates": "AnyState" }""", "overridableExistingInstanceStates")]
    [InlineData("""{ "throwStatusExceptionsOnRaiseEvent": false }""", "throwStatusExceptionsOnRaiseEvent")]
    public void What_is_wrong_or_not_supported_is_refused_by_name(string durable, string says)
    {
        LocalRuntimeException refused = Assert.Throws<LocalRuntimeException>(() => DurableSettings.Read(Read(durable), Settings));

        Assert.Contains(says, refused.Message, StringComparison.Ordinal);
    }

    private static HostJson Read(string durable) => HostJson.Parse($$"""{ "version": "2.0", "extensions": { "durableTask": {{durable}} } }""");
}
