using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Abm.Local.Azurite;
using Abm.TestKit;

namespace Abm.EndToEnd.Tests;

/// <summary>The app with the invented company, whose shipped plays wait for nobody, and a receiver for what it sends.</summary>
public sealed class ShippedPlays : IAsyncLifetime
{
    private readonly string _configuration = Directory.CreateTempSubdirectory("abm-config-").FullName;
    private AzuriteServer? _storage;
    private AppProcess? _app;

    public WebhookReceiver Receiver { get; } = new();

    public AbmClient Client { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        if (AbmClient.DeployedApp is not null)
            return; // its tests skip themselves: a fixture cannot
        QuickPlays.WriteConfiguration(_configuration);

        // The shipped plays; only that nobody waits ten minutes for a provider, nor for the morning.
        string plays = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "samples", "config", "plays.yaml"));
        plays = plays.Replace("within: 10m", "within: 1s", StringComparison.Ordinal).Replace("template: surge }", "template: surge, urgent: true }", StringComparison.Ordinal);
        await File.WriteAllTextAsync(Path.Combine(_configuration, "plays.yaml"), plays);
        _storage = await AzuriteServer.StartAsync(new AzuriteOptions(), CancellationToken.None);
        _app = await AppProcess.StartAsync(new AppOptions { Storage = _storage.ConnectionString, Settings = QuickPlays.Settings(_configuration, Receiver) }, CancellationToken.None);
        Client = new AbmClient(_app.BaseAddress);
        await Samples.ImportAsync(Client, CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        Client?.Dispose();
        if (_app is not null)
            await _app.DisposeAsync();
        await Receiver.DisposeAsync();
        if (_storage is not null)
            await _storage.DisposeAsync();
        Directory.Delete(_configuration, recursive: true);
    }
}

/// <summary>What accounts do starts the shipped plays: events over HTTP in, notifications out. Each test has an account of its own.</summary>
public sealed class SignalTests(ShippedPlays shipped) : IClassFixture<ShippedPlays>
{
    private static readonly TimeSpan Soon = Patience.OfBusyMachines;

    private static CancellationToken Token => TestContext.Current.CancellationToken;
    private AbmClient Client => shipped.Client;

    [Fact]
    public async Task A_surge_is_told_to_the_owner_once_and_an_opportunity_ends_the_play()
    {
        SkipWhenDeployed();
        await PutAsync("S1", """{"name":"Glimmstollen Bergbau AG","domains":["glimmstollen.example"],"industry":"mining","employees":5000,"tier":"oneToOne","ownerId":"R004"}""");
        DateTimeOffset now = DateTimeOffset.UtcNow;
        string lines = string.Join('\n', new[]
        {
            Line("s-1", "pricing_view", now.AddHours(-30), "ada@glimmstollen.example", "Plant Manager"),
            Line("s-2", "Page View", now.AddHours(-2), "bo@glimmstollen.example", "Chief Executive Officer"),
            Line("s-3", "page.view", now.AddHours(-1), "bo@glimmstollen.example", "Chief Executive Officer"),
            """{"kind":"page.view","at":"2026-01-01T00:00:00Z"}""",
        });

        Answer taken = await PostLinesAsync(lines);
        Assert.True(taken.Status == HttpStatusCode.Accepted, taken.Body);
        Assert.Equal((3, 1), ((int)taken.Json["accepted"]!, (int)taken.Json["rejected"]!));
        JsonNode told = await UntilToldAsync("surge", "S1");
        Assert.Equal(("R004", "intent-surge"), ((string?)told["to"]!["id"], (string?)told["play"]));
        Assert.Contains("Glimmstollen", (string)told["subject"]!, StringComparison.Ordinal);
        Assert.DoesNotContain("{", (string)told["text"]!, StringComparison.Ordinal);

        Answer again = await PostLinesAsync(lines);
        Assert.Equal((0, 3), ((int)again.Json["accepted"]!, (int)again.Json["duplicates"]!));
        (await Client.PostJsonAsync("api/events", $$"""{"eventId":"s-9","kind":"opportunity.opened","at":"{{DateTimeOffset.UtcNow:O}}","accountId":"S1"}""", Token)).Expect(HttpStatusCode.Accepted);

        JsonNode timeline = await AbmClient.UntilAsync(
            () => TimelineAsync("S1"), t => Of(t, "opportunity.opened").Any(e => e!["plays"]!.AsArray().Any(p => (string?)p!["became"] == "told")), Soon, "The play hears of the opportunity", Token);
        JsonNode started = Assert.Single(Of(timeline, "surge.started"))!["plays"]!.AsArray().Single(p => (string?)p!["play"] == "intent-surge")!;
        Assert.Equal("started", (string?)started["became"]);
        Assert.DoesNotContain("ada@", timeline.ToJsonString(), StringComparison.Ordinal);
        Assert.Single(shipped.Receiver.Deliveries.DistinctBy(d => d.Headers["X-Abm-Delivery"], StringComparer.Ordinal).Select(d => JsonNode.Parse(d.Body)!), b => IsAbout(b, "surge", "S1"));
    }

    [Fact]
    public async Task A_customer_who_looks_at_a_competitor_is_told_to_its_owner_and_what_waited_for_an_account_is_told_when_it_comes()
    {
        SkipWhenDeployed();
        string early = $$"""[{"eventId":"r-1","kind":"intent","at":"{{DateTimeOffset.UtcNow.AddMinutes(-1):O}}","domain":"https://www.kaltbrunn.example/","topic":"Fixwell CMMS","score":55}]""";
        Answer waiting = (await Client.PostJsonAsync("api/events", early, Token)).Expect(HttpStatusCode.Accepted);
        Assert.Equal("waiting", (string?)waiting.Json["items"]![0]!["result"]);

        await PutAsync("R1", """{"name":"Kaltbrunn Molkerei","domains":["kaltbrunn.example"],"status":"customer","ownerId":"R004"}""");

        JsonNode told = await UntilToldAsync("renewal-risk", "R1");
        Assert.Equal(("R004", "renewal-risk", "Fixwell CMMS"), ((string?)told["to"]!["id"], (string?)told["play"], (string?)told["event"]!["event.topic"]));
    }

    private async Task PutAsync(string id, string json)
    {
        using HttpRequestMessage request = new(HttpMethod.Put, $"api/accounts/{id}") { Content = new StringContent(json, Encoding.UTF8, "application/json") };
        (await Client.SendAsync(request, Token)).Expect(HttpStatusCode.Created);
    }

    private Task<Answer> PostLinesAsync(string lines) => Client.PostAsync("api/events", Encoding.UTF8.GetBytes(lines), "application/x-ndjson", Token);

    private async Task<JsonNode> TimelineAsync(string account) => (await Client.GetAsync($"api/accounts/{account}/timeline", Token)).Expect(HttpStatusCode.OK).Json;

    private static IEnumerable<JsonNode?> Of(JsonNode timeline, string kind) => timeline["items"]!.AsArray().Where(e => (string?)e!["kind"] == kind);

    private static string Line(string id, string kind, DateTimeOffset at, string email, string title) =>
        $$"""{"eventId":"{{id}}","kind":"{{kind}}","at":"{{at:O}}","email":"{{email}}","title":"{{title}}","page":"/pricing"}""";

    private Task<JsonNode> UntilToldAsync(string kind, string account) => AbmClient.UntilAsync(
        () => Task.FromResult(shipped.Receiver.Deliveries.Select(d => JsonNode.Parse(d.Body)!).FirstOrDefault(b => IsAbout(b, kind, account))!),
        told => told is not null,
        Soon,
        $"{kind} about {account}",
        Token);

    private static bool IsAbout(JsonNode told, string kind, string account) => (string?)told["kind"] == kind && (string?)told["account"]?["accountId"] == account;

    private static void SkipWhenDeployed() => Assert.SkipWhen(AbmClient.DeployedApp is not null, "It needs a receiver of its own.");
}
