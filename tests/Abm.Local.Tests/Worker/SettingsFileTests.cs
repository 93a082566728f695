using Abm.Local.Hosting;
using Microsoft.Extensions.Configuration;

namespace Abm.Local.Tests.Worker;

public sealed class SettingsFileTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("settings");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Values_become_environment_variables_and_one_that_is_set_wins()
    {
        Environment.SetEnvironmentVariable("LocalSettingsTestSet", "from outside");
        Write("local.settings.json", """{ "Values": { "LocalSettingsTestSet": "from file", "LocalSettingsTestNew": "from file", "LocalSettingsTestNumber": 5 }, "ConnectionStrings": { "Crm": "x=y" }, "Host": { "LocalHttpPort": 7099, "CORS": "*" } }""");

        SettingsFile file = SettingsFile.Find([_folder.FullName]);
        file.IntoEnvironment();

        Assert.Equal("from outside", Environment.GetEnvironmentVariable("LocalSettingsTestSet"));
        Assert.Equal("from file", Environment.GetEnvironmentVariable("LocalSettingsTestNew"));
        Assert.Equal("5", Environment.GetEnvironmentVariable("LocalSettingsTestNumber"));
        Assert.Equal("x=y", Environment.GetEnvironmentVariable("ConnectionStrings__Crm"));
        Assert.Equal((7099, "*"), (file.HttpPort, file.Cors));
    }

    [Fact]
    public void The_developers_own_file_wins_over_the_sample_wherever_it_lies()
    {
        string above = _folder.FullName;
        string below = _folder.CreateSubdirectory("bin").FullName;
        File.WriteAllText(Path.Combine(below, "local.settings.sample.json"), "{}");
        Write("local.settings.json", "{}");

        Assert.Equal(Path.Combine(above, "local.settings.json"), SettingsFile.Find([below, above]).Path);
        File.Delete(Path.Combine(above, "local.settings.json"));
        Assert.Equal(Path.Combine(below, "local.settings.sample.json"), SettingsFile.Find([below, above]).Path);
    }

    [Theory]
    [InlineData("{ \"Values\": {", "is not valid JSON at line 1")]
    [InlineData("[]", "must hold a JSON object")]
    [InlineData("", "is not valid JSON at line 1")]
    [InlineData("""{ "Values": [] }""", "Values must be an object of names and values")]
    [InlineData("""{ "Values": { "A": "1", "A": "2" } }""", "is not valid JSON (Duplicate property 'A'")]
    [InlineData("""{ "Values": { "A": { "B": "c" } } }""", "the value of A must be text")]
    [InlineData("""{ "IsEncrypted": true, "Values": {} }""", "is encrypted")]
    [InlineData("""{ "Host": { "LocalHttpPort": "many" } }""", "LocalHttpPort must be a number")]
    [InlineData("""{ "Host": { "LocalHttpAddress": "0.0.0.0" } }""", "listens on 127.0.0.1 only")]
    public void A_settings_file_that_cannot_be_used_is_named_with_the_place(string text, string why)
    {
        Write("local.settings.json", text);

        var refused = Assert.Throws<LocalRuntimeException>(() => SettingsFile.Find([_folder.FullName]));

        Assert.Contains("local.settings.json", refused.Message, StringComparison.Ordinal);
        Assert.Contains(why, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new[] { "--port", "7072" }, 7072, false, 0)]
    [InlineData(new[] { "--port=0", "--enable-auth" }, 0, true, 0)]
    [InlineData(new[] { "--Plays:Zone=UTC" }, null, false, 1)]
    public void The_command_line_has_the_runtimes_own_part(string[] args, int? port, bool auth, int rest)
    {
        RuntimeArguments arguments = RuntimeArguments.Parse(args);

        Assert.Equal((port, auth, rest), (arguments.Port, arguments.EnableAuth, arguments.Rest.Length));
    }

    [Theory]
    [InlineData("AzureWebJobsCrm")]
    [InlineData("Crm")]
    [InlineData("ConnectionStrings:Crm")]
    public void A_connection_is_found_under_each_of_its_names(string key)
    {
        IConfiguration settings = new ConfigurationBuilder().AddInMemoryCollection([new(key, "UseDevelopmentStorage=true")]).Build();

        StorageConnection found = new StorageConnections(settings).Resolve("Crm", "f");

        Assert.True(found.IsOnThisMachine);
        Assert.Equal(key, found.Setting);
    }

    [Fact]
    public void A_connection_by_identity_names_endpoints_or_the_account()
    {
        IConfiguration settings = new ConfigurationBuilder().AddInMemoryCollection(
        [
            new("AzureWebJobsStorage:accountName", "acme"),
            new("Crm:queueServiceUri", "https://crm.queue.core.windows.net"),
        ]).Build();
        var connections = new StorageConnections(settings);

        Assert.Equal("https://acme.table.core.windows.net/", connections.Resolve(null, "f").TableEndpoint!.AbsoluteUri);
        Assert.Equal("crm.queue.core.windows.net", connections.Queues("Crm", "f").Uri.Host);
        Assert.False(connections.Resolve(null, "f").IsOnThisMachine);
    }

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(_folder.FullName, name), text);
}
