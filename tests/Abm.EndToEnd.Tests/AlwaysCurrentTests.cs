using System.Net;
using System.Text.Json.Nodes;
using Abm.Local.Azurite;
using Abm.TestKit;

namespace Abm.EndToEnd.Tests;

/// <summary>Two processes of the app on one storage, with the rules they are built with.</summary>
public sealed class TwoApps : IAsyncLifetime
{
    private readonly List<AppProcess> _apps = [];
    private readonly List<AbmClient> _clients = [];
    private AzuriteServer? _storage;

    public IReadOnlyList<AbmClient> Clients => _clients;

    public async ValueTask InitializeAsync()
    {
        if (AbmClient.DeployedApp is not null)
            return; // its tests skip themselves: a fixture cannot
        _storage = await AzuriteServer.StartAsync(new AzuriteOptions(), CancellationToken.None);
        AppOptions options = new() { Storage = _storage.ConnectionString };
        _apps.AddRange(await Task.WhenAll(AppProcess.StartAsync(options, CancellationToken.None), AppProcess.StartAsync(options, CancellationToken.None)));
        _clients.AddRange(_apps.Select(app => new AbmClient(app.BaseAddress)));
    }

    public async ValueTask DisposeAsync()
    {
        _clients.ForEach(client => client.Dispose());
        foreach (AppProcess app in _apps)
            await app.DisposeAsync();
        if (_storage is not null)
            await _storage.DisposeAsync();
    }
}

/// <summary>Two processes on one storage: what one changes of the accounts, the other goes by at once, and leads that were decided before follow. Each test has companies of its own.</summary>
public sealed class AlwaysCurrentTests(TwoApps apps) : IClassFixture<TwoApps>
{
    private static readonly TimeSpan InTheBackground = Patience.OfBusyMachines;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_change_at_one_process_decides_the_next_lead_at_the_other_and_takes_those_that_waited()
    {
        SkipWhenDeployed();
        JsonNode waited = await LeadAsync(0, """{"email":"ada@zwirnfeld.example","company":"Zwirnfeld Textil"}""", "1");
        Assert.NotEqual("matched", (string?)waited["outcome"]);
        string waiting = (string)waited["leadId"]!;

        await PutAsync(1, "Z1", """{"name":"Zwirnfeld Textil GmbH","domains":["zwirnfeld.example"]}""");
        JsonNode next = await LeadAsync(0, """{"email":"bo@zwirnfeld.example","company":"Zwirnfeld Textil"}""", "2");
        Assert.Equal(("matched", "Z1"), ((string?)next["outcome"], (string?)next["accountId"]));
        JsonNode moved = await AbmClient.UntilAsync(() => GetAsync(1, $"api/leads/{waiting}"), lead => (string?)lead["accountId"] == "Z1", InTheBackground, "The lead that waited is matched anew", Token);
        Assert.StartsWith("dec-2-", (string)moved["decisionId"]!, StringComparison.Ordinal);
        await AbmClient.UntilAsync(() => GetAsync(0, "api/rematch/reports"), list => list["items"]!.AsArray().Any(report => (int)report!["counts"]!["moved"]! == 1), InTheBackground, "The report about it is finished", Token);

        await PutAsync(0, "Z2", """{"name":"Zwirnfeld Holding","domains":["zwirnfeld-holding.example"]}""");
        Assert.Equal(HttpStatusCode.OK, (await apps.Clients[1].PostJsonAsync("api/accounts/Z1/merge", """{"into":"Z2","reason":"One company"}""", Token)).Status);
        JsonNode after = await LeadAsync(0, """{"email":"cy@zwirnfeld.example","company":"Zwirnfeld Textil"}""", "3");
        Assert.Equal("Z2", (string?)after["accountId"]);
        JsonNode claimed = await LeadAsync(0, """{"email":"dy@elsewhere.example","accountId":"Z1"}""", "4");
        Assert.Equal("Z2", (string?)claimed["accountId"]);
    }

    [Fact]
    public async Task A_lead_that_waits_is_resolved_at_one_process_and_is_seen_resolved_at_the_other()
    {
        SkipWhenDeployed();
        JsonNode waited = await LeadAsync(0, """{"email":"ada@quendelbach.example","company":"Quendelbach"}""", "5");
        string lead = (string)waited["leadId"]!;
        const string create = """{"action":"createAccount","account":{"name":"Quendelbach","domains":["quendelbach.example"]},"reason":"New company"}""";

        Answer first = await apps.Clients[0].PostJsonAsync($"api/unmatched/{lead}/resolve", create, Token);
        Answer again = await apps.Clients[1].PostJsonAsync($"api/unmatched/{lead}/resolve", create, Token);
        Answer other = await apps.Clients[1].PostJsonAsync($"api/unmatched/{lead}/resolve", """{"action":"ignore","reason":"x"}""", Token);

        Assert.True(first.Status == HttpStatusCode.OK, first.Body);
        Assert.True(again.Status == HttpStatusCode.OK && (bool)again.Json["duplicate"]!, again.Body);
        Assert.Equal(HttpStatusCode.Conflict, other.Status);
        string account = (string)first.Json["accountId"]!;
        Assert.Equal(("matched", account), ((string?)first.Json["lead"]!["outcome"], (string?)first.Json["lead"]!["accountId"]));
        Assert.Contains((await GetAsync(1, "api/unmatched?state=resolved"))["items"]!.AsArray(), i => (string?)i!["leadId"] == lead);
        Assert.Contains("A person chose Quendelbach", (await apps.Clients[1].GetAsync($"api/leads/{lead}/why", Token)).Body, StringComparison.Ordinal);
        Assert.Contains(lead, (await apps.Clients[1].GetAsync("api/cases/export", Token)).Body, StringComparison.Ordinal);
    }

    private static void SkipWhenDeployed() => Assert.SkipWhen(AbmClient.DeployedApp is not null, "It needs processes of its own.");

    private Task<JsonNode> LeadAsync(int app, string json, string key) => LeadJson.PostDecidedAsync(apps.Clients[app], JsonNode.Parse(json)!, Token, ("Idempotency-Key", key));

    private async Task<JsonNode> GetAsync(int app, string path) => (await apps.Clients[app].GetAsync(path, Token)).Expect(HttpStatusCode.OK).Json;

    private async Task PutAsync(int app, string id, string json)
    {
        using HttpRequestMessage request = new(HttpMethod.Put, $"api/accounts/{id}") { Content = new StringContent(json, System.Text.Encoding.UTF8, "application/json") };
        (await apps.Clients[app].SendAsync(request, Token)).Expect(HttpStatusCode.Created);
    }
}
