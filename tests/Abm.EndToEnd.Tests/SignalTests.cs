using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Abm.Local.Azurite;
using Abm.TestKit;

namespace Abm.EndToEnd.Tests;

/// <summary>What accounts do starts the shipped plays: events over HTTP in, notifications out.</summary>
public sealed class SignalTests : IAsyncLifetime
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);
    private readonly string _configuration = Directory.CreateTempSubdirectory("abm-config-").FullName;
    private readonly WebhookReceiver _receiver = new();
    private AzuriteServer? _storage;
    private AppProcess? _app;
    private AbmClient? _client;

    private static CancellationToken Token => TestContext.Current.CancellationToken;
    private AbmClient Client => _client!;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipWhen(AbmClient.DeployedApp is not null, "It needs a receiver of its own.");
        QuickPlays.WriteConfiguration(_configuration);

        // The shipped plays; only that nobody waits ten minutes for a provider, nor for the morning.
        string plays = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "samples", "config", "plays.yaml"), Token);
        plays = plays.Replace("within: 10m", "within: 1s", StringComparison.Ordinal).Replace("template: surge }", "template: surge, urgent: true }", StringComparison.Ordinal);
        await File.WriteAllTextAsync(Path.Combine(_configuration, "plays.yaml"), plays, Token);
        _storage = await AzuriteServer.StartAsync(new AzuriteOptions(), Token);
        _app = await AppProcess.StartAsync(new AppOptions { Storage = _storage.ConnectionString, Settings = QuickPlays.Settings(_configuration, _receiver) }, Token);
        _client = new AbmClient(_app.BaseAddress);
        await Samples.ImportAsync(Client, Token);
    }

    public async ValueTask DisposeAsync()
    {
        _client?.Dispose();
        if (_app is not null)
            await _app.DisposeAsync();
        await _receiver.DisposeAsync();
        if (_storage is not null)
            await _storage.DisposeAsync();
        Directory.Delete(_configuration, recursive: true);
    }

    [Fact]
    public async Task A_surge_is_told_to_the_owner_once_and_an_opportunity_ends_the_play()
    {
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
        Assert.Single(_receiver.Deliveries.DistinctBy(d => d.Headers["X-Abm-Delivery"], StringComparer.Ordinal), d => d.Body.Contains("\"kind\":\"surge\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_customer_who_looks_at_a_competitor_is_told_to_its_owner_and_what_waited_for_an_account_is_told_when_it_comes()
    {
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
        () => Task.FromResult(_receiver.Deliveries.Select(d => JsonNode.Parse(d.Body)!).FirstOrDefault(b => (string?)b["kind"] == kind && (string?)b["account"]?["accountId"] == account)!),
        told => told is not null,
        Soon,
        $"{kind} about {account}",
        Token);
}
