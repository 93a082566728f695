using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Abm.Local.Azurite;
using Abm.TestKit;
using Azure.Data.Tables;

namespace Abm.EndToEnd.Tests;

/// <summary>Two processes on one storage decide by what is published, at once and together.</summary>
public sealed class PublishTests : IAsyncLifetime
{
    private static readonly TimeSpan Promised = TimeSpan.FromSeconds(5);
    private readonly string _folder = Directory.CreateTempSubdirectory("abm-config-").FullName;
    private readonly List<AppProcess> _apps = [];
    private readonly List<AbmClient> _clients = [];
    private AzuriteServer? _storage;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipWhen(AbmClient.DeployedApp is not null, "It needs processes of its own.");
        File.WriteAllText(Path.Combine(_folder, "rules.yaml"), Rules(0));
        _storage = await AzuriteServer.StartAsync(new AzuriteOptions(), Token);
        AppOptions options = new() { Storage = _storage.ConnectionString, Settings = new Dictionary<string, string> { ["Abm__ConfigPath"] = _folder } };
        _apps.AddRange(await Task.WhenAll(AppProcess.StartAsync(options, Token), AppProcess.StartAsync(options, Token)));
        _clients.AddRange(_apps.Select(app => new AbmClient(app.BaseAddress)));
    }

    [Fact]
    public async Task Published_under_traffic_every_decision_is_by_one_version_both_processes_follow_within_five_seconds_and_nothing_is_lost()
    {
        const int Rate = 50, MostLeads = 400, Publications = 4;
        string first = (string)(await ConfigAsync(0)).Json["version"]!;
        ConcurrentDictionary<string, int> numbers = new(StringComparer.Ordinal) { [first] = 0 };
        ConcurrentQueue<string> leads = [];
        TimeSpan slowest = TimeSpan.Zero;

        using CancellationTokenSource enough = new();
        Task posting = PostAsync(Rate, MostLeads, leads, enough.Token);
        for (int number = 1; number <= Publications; number++)
        {
            await Task.Delay(TimeSpan.FromSeconds(0.5), Token);
            long begun = Stopwatch.GetTimestamp();
            Answer published = await PublishAsync(number % 2, Rules(number));
            string version = (string)published.Expect(HttpStatusCode.OK).Json["activeVersion"]!;
            TimeSpan publishing = Stopwatch.GetElapsedTime(begun);
            begun = Stopwatch.GetTimestamp();
            numbers[version] = number;
            await Task.WhenAll(_clients.Select(client => AbmClient.UntilAsync(
                async () => (string?)(await client.PostJsonAsync("api/match", """{"email":"a@corvane.example"}""", Token)).Expect(HttpStatusCode.OK).Json["configVersion"],
                decidesBy => decidesBy == version,
                Promised,
                "The process decides by the new version",
                Token)));
            slowest = new[] { slowest, Stopwatch.GetElapsedTime(begun) }.Max();
            TestContext.Current.TestOutputHelper!.WriteLine(string.Create(CultureInfo.InvariantCulture, $"published in {publishing.TotalSeconds:0.00} s, followed after {Stopwatch.GetElapsedTime(begun).TotalSeconds:0.00} s"));
        }

        await enough.CancelAsync();
        await posting;
        Assert.True(leads.Count >= Rate * 2, $"Only {leads.Count} leads were posted: the traffic was none.");

        Dictionary<int, int> decidedBy = [];
        await Parallel.ForEachAsync(leads, new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = Token }, async (lead, token) =>
        {
            await LeadJson.UntilDecidedAsync(_clients[0], lead, Patience.OfBusyMachines, token);
            JsonNode decision = (await _clients[1].GetAsync($"api/leads/{lead}/why", token)).Expect(HttpStatusCode.OK).Json["decision"]!;
            int number = numbers[(string)decision["configVersion"]!];
            string told = string.Create(CultureInfo.InvariantCulture, $"everyone-{number} desk-{number} {number}");
            Assert.Equal(told, string.Create(CultureInfo.InvariantCulture, $"{(string?)decision["route"]!["rule"]} {(string?)decision["route"]!["queue"]} {(double)decision["score"]!["fitPoints"]!}"));
            lock (decidedBy)
                decidedBy[number] = decidedBy.GetValueOrDefault(number) + 1;
        });

        Assert.Equal(leads.Count, leads.Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(leads.Order(StringComparer.Ordinal), (await DecisionRowsAsync()).Order(StringComparer.Ordinal));
        Assert.True(decidedBy.Count >= 2, $"Decisions by {decidedBy.Count} versions: nothing was published under traffic.");
        TestContext.Current.TestOutputHelper!.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{leads.Count} leads, by version {string.Join(", ", decidedBy.OrderBy(d => d.Key).Select(d => $"{d.Key}: {d.Value}"))}; both followed after at most {slowest.TotalSeconds:0.00} s"));
        await TwoStartedAtOnceAsync();
        await TwoPublishAtOnceAsync();
        await SwitchedOffAsync();
        await RestartedAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _clients.ForEach(client => client.Dispose());
        foreach (AppProcess app in _apps)
            await app.DisposeAsync();
        if (_storage is not null)
            await _storage.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Both processes found the folder, and one took it over.</summary>
    private async Task TwoStartedAtOnceAsync()
    {
        IReadOnlyList<JsonNode> log = await _clients[0].ListAsync("api/config/activations", Token);
        Assert.Equal("folder", (string?)log[^1]["by"]);
        Assert.Single(log, entry => (string?)entry["by"] == "folder");
    }

    /// <summary>Of two people who publish on what they both saw, one wins; the other is told what changed.</summary>
    private async Task TwoPublishAtOnceAsync()
    {
        string tag = (string)(await ConfigAsync(0)).Json["etag"]!;

        Answer[] answers = await Task.WhenAll(PublishAsync(0, Rules(11), tag), PublishAsync(1, Rules(12), tag));

        Answer lost = Assert.Single(answers, a => a.Status == HttpStatusCode.PreconditionFailed);
        Answer won = Assert.Single(answers, a => a.Status == HttpStatusCode.OK);
        Assert.Equal((string?)won.Json["activeVersion"], (string?)lost.Json["activeVersion"]);
        Assert.NotEmpty(lost.Json["changes"]!.AsArray());
    }

    /// <summary>Switched off, the product hides in both processes, and whoever may can switch it on again.</summary>
    private async Task SwitchedOffAsync()
    {
        (await PublishAsync(0, Rules(20) + "features: { abm: false }\n")).Expect(HttpStatusCode.OK);
        foreach (AbmClient client in _clients)
        {
            await AbmClient.UntilAsync(() => client.GetAsync("api/leads", Token), a => a.Status == HttpStatusCode.NotFound, Promised, "The product is hidden", Token);
            Assert.Equal(HttpStatusCode.NotFound, (await client.PostJsonAsync("api/leads", """{"email":"a@corvane.example"}""", Token)).Status);
            foreach (string open in new[] { "health", "openapi.json", "config", "config/versions", "config/schema", "config/rulebook", "audit" })
                Assert.Equal((open, HttpStatusCode.OK), (open, (await client.GetAsync($"api/{open}", Token)).Status));
        }

        (await PublishAsync(1, Rules(21))).Expect(HttpStatusCode.OK);
        foreach (AbmClient client in _clients)
            await AbmClient.UntilAsync(() => client.GetAsync("api/leads", Token), a => a.Status == HttpStatusCode.OK, Promised, "The product is shown again", Token);
    }

    /// <summary>A restart with the same folder changes nothing; what was done by hand is in the audit.</summary>
    private async Task RestartedAsync()
    {
        string before = (string)(await ConfigAsync(0)).Json["version"]!;
        _apps[0].Kill();
        await _apps[0].RestartAsync(Token);

        Assert.Equal(before, (string?)(await ConfigAsync(0)).Json["version"]);
        JsonNode health = (await _clients[0].GetAsync("api/health", Token)).Expect(HttpStatusCode.OK).Json;
        Assert.Equal((before, true), ((string?)health["config"]!["version"], (bool)health["config"]!["isCurrent"]!));
        IReadOnlyList<JsonNode> audit = await _clients[0].ListAsync("api/audit?kind=publish&limit=500", Token);
        IReadOnlyList<JsonNode> log = await _clients[0].ListAsync("api/config/activations?limit=500", Token);
        Assert.Equal(log.Select(e => (string)e["version"]!), audit.Select(e => (string)e["subject"]!));
        Assert.NotEmpty(await _clients[0].ListAsync("api/audit?kind=whyLook", Token));
    }

    /// <summary>Rules by which a lead's route and points tell the version's number, each by a section of its own.</summary>
    private static string Rules(int number) => string.Create(CultureInfo.InvariantCulture, $$"""
        routing:
          - name: everyone-{{number}}
            to: { queue: desk-{{number}} }
        scoring:
          rules:
            - name: points-{{number}}
              points: {{number}}
              when: { field: lead.source, op: equals, value: endtoend }
        plays: []

        """);

    /// <param name="most">A busy machine must not be buried: what it is late with is asked of it all the same.</param>
    private async Task PostAsync(int rate, int most, ConcurrentQueue<string> leads, CancellationToken until)
    {
        string run = Run.Name();
        List<Task> posts = [];
        using PeriodicTimer next = new(TimeSpan.FromSeconds(1.0 / rate));
        for (int number = 0; number < most && !until.IsCancellationRequested; number++)
        {
            posts.Add(PostOneAsync(number));
            await next.WaitForNextTickAsync(Token);
        }

        await Task.WhenAll(posts);

        async Task PostOneAsync(int number)
        {
            string id = string.Create(CultureInfo.InvariantCulture, $"{run}-{number}");
            JsonObject lead = new() { ["email"] = $"lead{number}@corvane.example", ["source"] = "endtoend", ["externalId"] = id };
            Answer answer = await _clients[number % 2].PostJsonAsync("api/leads", lead, Token);
            leads.Enqueue((string)answer.Expect(HttpStatusCode.Accepted).Json["leadId"]!);
        }
    }

    private async Task<Answer> PublishAsync(int process, string rules, string? tag = null)
    {
        tag ??= (string)(await ConfigAsync(process)).Json["etag"]!;
        JsonObject body = new()
        {
            ["files"] = new JsonArray(new JsonObject { ["name"] = "rules.yaml", ["text"] = rules }),
            ["reason"] = "tried under traffic",
            ["accept"] = true,
        };
        return await _clients[process].PostJsonAsync("api/config/publish", body, Token, ("If-Match", tag));
    }

    private async Task<Answer> ConfigAsync(int process) => (await _clients[process].GetAsync("api/config", Token)).Expect(HttpStatusCode.OK);

    private async Task<List<string>> DecisionRowsAsync()
    {
        List<string> rows = [];
        TableClient table = new TableServiceClient(_storage!.ConnectionString).GetTableClient("AbmLeads");
        await foreach (TableEntity row in table.QueryAsync<TableEntity>(select: ["PartitionKey", "RowKey"], cancellationToken: Token))
        {
            if (row.RowKey.Split("|d|") is [var leadId, _])
                rows.Add(leadId);
        }

        return rows;
    }
}
