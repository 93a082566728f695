using System.Net;
using System.Text.Json.Nodes;
using Abm.TestKit;

namespace Abm.EndToEnd.Tests;

/// <summary>A play about an account on the running app: offered, answered within four seconds, paused, missed, killed.</summary>
[Collection<QuickPlaysCollection>]
public sealed class HandOverTests(QuickPlays plays)
{
    private static readonly TimeSpan Soon = Patience.OfBusyMachines;
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_rejection_needs_a_reason_and_goes_back_with_the_history_though_the_app_is_killed_in_between()
    {
        SkipWhenDeployed();
        string playId = await StartAsync(1);
        await UntilToldAsync(playId, 1);

        Assert.Equal(HttpStatusCode.BadRequest, (await TellAsync(playId, "rejected", [])).Status);
        plays.App.Kill();
        await plays.App.RestartAsync(Token);
        (await TellAsync(playId, "rejected", new JsonObject { ["reason"] = "No budget", ["by"] = "R001" })).Expect(HttpStatusCode.OK);
        JsonNode over = await UntilOverAsync(playId);

        Assert.Equal("returned", (string?)over["result"]);
        JsonNode task = Assert.Single(plays.ToldOf(playId), told => (string?)told["kind"] == "task");
        Assert.Contains(task["history"]!.AsArray(), h => (string?)h!["says"] == "No budget");
        Assert.Single(plays.ToldOf(playId), told => (string?)told["kind"] == "context-card");
        Answer late = await TellAsync(playId, "accepted", []);
        Assert.Equal(HttpStatusCode.Conflict, late.Status);
        Assert.Equal(HttpStatusCode.NotFound, (await TellAsync("play-none", "accepted", [])).Status);
    }

    [Fact]
    public async Task A_paused_clock_waits_and_what_was_left_counts_afterwards()
    {
        SkipWhenDeployed();
        string playId = await StartAsync(2);
        await UntilToldAsync(playId, 1);
        JsonNode play = await AbmClient.UntilAsync(() => GetAsync(playId), now => now["clocks"]!.AsArray().Count == 2, Soon, "The clocks run", Token);
        string clock = (string)play["clocks"]!.AsArray().Single(c => (string?)c!["scope"] == "owner")!["clockId"]!;
        Answer paused = await plays.Client.PostJsonAsync($"api/clocks/{clock}/pause", new JsonObject { ["reason"] = "waitingForCustomer", ["by"] = "R001" }, Token);
        Assert.True(paused.Status == HttpStatusCode.OK, plays.App.Output[^Math.Min(6000, plays.App.Output.Length)..]);

        string other = await StartAsync(3); // its reminder and breach come while the first one stands still
        await UntilToldAsync(other, 3);

        Assert.Single(plays.ToldOf(playId));
        (await plays.Client.PostJsonAsync($"api/clocks/{clock}/resume", new JsonObject { ["by"] = "R001" }, Token)).Expect(HttpStatusCode.OK);
        await UntilToldAsync(playId, 3);
        Assert.Equal(["breach", "context-card", "reminder"], plays.ToldOf(playId).Select(told => (string)told["kind"]!).Order(StringComparer.Ordinal));
        (await TellAsync(playId, "withdrawn", [])).Expect(HttpStatusCode.OK);
        Assert.Equal("withdrawn", (string?)(await UntilOverAsync(playId))["result"]);
    }

    [Fact]
    public async Task Thirty_days_are_tried_without_telling_anybody()
    {
        SkipWhenDeployed();
        JsonObject script = JsonNode.Parse("""{"definition":{"name":"long","on":"manual","steps":[{"notify":"revOps","template":"revops","urgent":true},{"delay":"30d"},{"end":"over"}]}}""")!.AsObject();

        JsonNode done = (await plays.Client.PostJsonAsync("api/plays/simulate", script, Token)).Expect(HttpStatusCode.OK).Json;

        Assert.Equal(("completed", "over", "30d"), ((string?)done["outcome"], (string?)done["result"], (string?)done["timeline"]!.AsArray()[^1]!["after"]));
        Assert.DoesNotContain(plays.Receiver.Deliveries, d => d.Body.Contains("play-simulated", StringComparison.Ordinal));
    }

    /// <summary>Each test has an account of its own: of one play one instance runs about an account.</summary>
    private async Task<string> StartAsync(int account)
    {
        JsonNode accounts = (await plays.Client.GetAsync("api/accounts?limit=10", Token)).Expect(HttpStatusCode.OK).Json;
        JsonObject start = new() { ["play"] = "hand-over", ["accountId"] = (string?)accounts["items"]![account]!["accountId"] };
        return (string)(await plays.Client.PostJsonAsync("api/plays", start, Token, ("Idempotency-Key", Run.Name()))).Expect(HttpStatusCode.Accepted).Json["playId"]!;
    }

    private Task<Answer> TellAsync(string playId, string name, JsonObject body) => plays.Client.PostJsonAsync($"api/plays/{playId}/events/{name}", body, Token);

    private async Task<JsonNode> GetAsync(string playId) => (await plays.Client.GetAsync($"api/plays/{playId}", Token)).Expect(HttpStatusCode.OK).Json;

    private Task<JsonNode> UntilOverAsync(string playId) => AbmClient.UntilAsync(() => GetAsync(playId), now => now["endedAt"] is not null, Soon, "The play ended", Token);

    private Task<IReadOnlyList<JsonNode>> UntilToldAsync(string playId, int count) =>
        AbmClient.UntilAsync(() => Task.FromResult(plays.ToldOf(playId)), told => told.Count >= count, Soon, $"{count} notifications about play {playId}", Token);

    private static void SkipWhenDeployed() => Assert.SkipWhen(AbmClient.DeployedApp is not null, "A deployed app's deadlines are not seconds, and it tells somebody else.");
}
