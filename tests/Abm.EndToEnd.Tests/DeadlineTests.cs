using System.Net;
using System.Text.Json.Nodes;
using Abm.TestKit;

namespace Abm.EndToEnd.Tests;

/// <summary>What moves deadlines, sends hand-offs back and ends plays at once, over HTTP.</summary>
[Collection<QuickPlaysCollection>]
public sealed class DeadlineTests(QuickPlays plays)
{
    private static readonly TimeSpan Soon = Patience.OfBusyMachines;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private AbmClient Client => plays.Client;

    [Fact]
    public async Task A_hand_off_that_is_rejected_twice_goes_to_the_manager_and_an_answer_that_is_sent_again_counts_once()
    {
        SkipWhenDeployed();
        await Desks.PutAccountAsync(Client, "D-handed", """{"name":"Uebergabe KG","domains":["uebergabe.example"]}""", Token);
        string play = await StartAsync("hand-off", "D-handed", "R004");
        await UntilAsync(play, now => WaitsFor(now, "rejected"), "The hand-off waits for an answer");

        (await TellAsync(play, "rejected", "R005", "No budget")).Expect(HttpStatusCode.OK);
        JsonNode back = await UntilAsync(play, now => WaitsFor(now, "offeredAgain"), "It is back with the sender");
        Assert.Equal("R004", (string?)back["ownerId"]);
        JsonNode again = (await TellAsync(play, "rejected", "R005", "No budget", key: "another")).Expect(HttpStatusCode.OK).Json;
        Assert.True((bool)again["duplicate"]!);
        Answer changed = (await TellAsync(play, "accepted", "R005", null)).Expect(HttpStatusCode.Conflict);
        Assert.Contains("No budget", changed.Body, StringComparison.Ordinal);

        (await TellAsync(play, "offeredAgain", "R004", null)).Expect(HttpStatusCode.OK);
        await UntilAsync(play, now => WaitsFor(now, "rejected"), "It is offered again");
        (await TellAsync(play, "rejected", "R005", "No budget")).Expect(HttpStatusCode.OK);

        JsonNode over = await UntilAsync(play, now => now["endedAt"] is not null, "It is over");
        Assert.Equal(("escalated", 2), ((string?)over["result"], over["events"]!.AsArray().Count(e => (string?)e!["name"] == "rejected")));
        IReadOnlyList<JsonNode> told = await AbmClient.UntilAsync(() => Task.FromResult(plays.ToldOf(play)), t => t.Any(n => (string?)n["kind"] == "breach"), Soon, "The manager is told", Token);
        Assert.Equal(["breach R002", "context-card R005", "context-card R005"], told.Select(t => $"{(string?)t["kind"]} {(string?)t["to"]!["id"]}").Order(StringComparer.Ordinal));
        Answer late = (await TellAsync(play, "accepted", "R006", null)).Expect(HttpStatusCode.Conflict);
        Assert.Contains("escalated", late.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_change_of_rules_is_shown_first_then_moves_the_open_deadline_and_the_old_one_stays_on_record()
    {
        SkipWhenDeployed();
        JsonNode lead = await Desks.PostAsync(Client, "desk", "ada@fristsache.example", Token);
        JsonNode before = await ClockAsync((string)lead["leadId"]!);
        string clock = (string)before["clockId"]!;
        DateTimeOffset due = (DateTimeOffset)before["dueAt"]!;

        JsonObject files = new()
        {
            ["files"] = new JsonArray([.. Directory.EnumerateFiles(plays.Configuration, "*.yaml").Order(StringComparer.Ordinal).Select(f => new JsonObject
            {
                ["name"] = Path.GetFileName(f),
                ["text"] = File.ReadAllText(f).Replace($"budget: {Desks.Budget}", "budget: 3h", StringComparison.Ordinal),
            })]),
            ["reason"] = "Three hours are enough",
            ["accept"] = true,
        };
        Answer draft = await Client.PostJsonAsync("api/config/drafts", files.DeepClone(), Token);
        Assert.True(draft.Status is HttpStatusCode.Created or HttpStatusCode.OK, draft.Body);
        IReadOnlyList<JsonNode> would = await Client.ListAsync($"api/clock-recalculation?config={(string)draft.Json["version"]!}&limit=500", Token);
        JsonNode moves = Assert.Single(would, c => (string?)c["clockId"] == clock);
        Assert.Equal(("moved", due, due.AddHours(1)), ((string?)moves["outcome"], (DateTimeOffset)moves["dueAt"]!, (DateTimeOffset)moves["wouldBeDueAt"]!));
        Assert.Equal(due, (DateTimeOffset)(await ClockAsync((string)lead["leadId"]!))["dueAt"]!); // a look moves nothing

        string tag = (string)(await Client.GetAsync("api/config", Token)).Expect(HttpStatusCode.OK).Json["etag"]!;
        (await Client.PostJsonAsync("api/config/publish", files, Token, ("If-Match", tag))).Expect(HttpStatusCode.OK);
        JsonNode after = await AbmClient.UntilAsync(
            async () =>
            {
                await Desks.RunAsync(Client, "RecountClocks", Token);
                return (await Client.GetAsync($"api/clocks/{clock}", Token)).Expect(HttpStatusCode.OK).Json;
            },
            now => (DateTimeOffset)now["clock"]!["dueAt"]! != due,
            Soon,
            "The deadline moves",
            Token);

        Assert.Equal((due.AddHours(1), due), ((DateTimeOffset)after["clock"]!["dueAt"]!, (DateTimeOffset)after["clock"]!["firstDueAt"]!));
        JsonNode change = Assert.Single(after["history"]!.AsArray())!;
        Assert.Equal((due, "policy"), ((DateTimeOffset)change["dueAt"]!, (string?)change["why"]));
    }

    [Fact]
    public async Task A_touch_a_disposition_a_merge_and_an_erasure_each_end_the_plays_of_a_lead_at_once()
    {
        SkipWhenDeployed();
        JsonNode[] leads = [await PostAsync("touched"), await PostAsync("disqualified"), await PostAsync("merged"), await PostAsync("erased")];
        string Id(int i) => (string)leads[i]["leadId"]!;
        string By(int i) => (string)leads[i]["ownerId"]!;

        (await Client.PostJsonAsync($"api/leads/{Id(0)}/touch", new JsonObject { ["by"] = By(0), ["kind"] = "call" }, Token)).Expect(HttpStatusCode.OK);
        (await Client.PostJsonAsync($"api/leads/{Id(1)}/disposition", new JsonObject { ["by"] = By(1), ["disposition"] = "disqualified" }, Token)).Expect(HttpStatusCode.OK);
        (await Client.PostJsonAsync($"api/leads/{Id(2)}/disposition", new JsonObject { ["by"] = By(2), ["disposition"] = "merged" }, Token)).Expect(HttpStatusCode.OK);
        (await Client.PostJsonAsync("api/people/erase", new JsonObject { ["email"] = "erased@schlusspunkt.example" }, Token)).Expect(HttpStatusCode.OK);

        string[] outcomes = ["touched", "disqualified", "merged", "erased"];
        for (int i = 0; i < leads.Length; i++)
        {
            string play = $"play-{Id(i)}-inbound";
            JsonNode over = await UntilAsync(play, now => now["endedAt"] is not null, $"The play of the {outcomes[i]} lead ends");
            Assert.Equal((outcomes[i], "stopped"), ((string?)over["outcome"], (string?)over["status"]));
            Assert.All(over["clocks"]!.AsArray(), c => Assert.Equal(i == 0 ? "met" : "cancelled", (string?)c!["state"]));
            Answer late = (await TellAsync(play, "joined", null, null)).Expect(HttpStatusCode.Conflict);
            Assert.Contains(outcomes[i], late.Body, StringComparison.OrdinalIgnoreCase);
        }
    }

    [Fact]
    public async Task A_merge_of_the_account_a_cancellation_and_an_event_that_stops_it_each_end_a_play_about_an_account_at_once()
    {
        SkipWhenDeployed();
        foreach (string id in new[] { "merged", "stays", "cancelled", "withdrawn" })
            await Desks.PutAccountAsync(Client, $"D-{id}", $$"""{"name":"Ende {{id}}","domains":["ende-{{id}}.example"]}""", Token);
        string merged = await StartAsync("hand-off", "D-merged", "R004"), cancelled = await StartAsync("hand-off", "D-cancelled", "R004"), withdrawn = await StartAsync("hand-over", "D-withdrawn", "R004");
        foreach (string play in new[] { merged, cancelled })
            await UntilAsync(play, now => now["clocks"]!.AsArray().Count == 2, "Its clocks run");

        (await Client.PostJsonAsync("api/accounts/D-merged/merge", """{"into":"D-stays","reason":"One company"}""", Token)).Expect(HttpStatusCode.OK);
        (await Client.PostJsonAsync($"api/plays/{cancelled}/cancel", """{"reason":"Nobody wants it","by":"R002"}""", Token)).Expect(HttpStatusCode.OK);
        (await TellAsync(withdrawn, "withdrawn", null, null)).Expect(HttpStatusCode.OK);

        foreach ((string play, string outcome) in new[] { (merged, "merged"), (cancelled, "cancelled"), (withdrawn, "stopped") })
        {
            JsonNode over = await UntilAsync(play, now => now["endedAt"] is not null, $"The play that is {outcome} ends");
            Assert.Equal(outcome, (string?)over["outcome"]);
            Assert.All(over["clocks"]!.AsArray(), c => Assert.Equal("cancelled", (string?)c!["state"]));
            Answer late = (await TellAsync(play, "accepted", "R005", null)).Expect(HttpStatusCode.Conflict);
            Assert.Contains(outcome, late.Body, StringComparison.OrdinalIgnoreCase);
        }
    }

    private Task<JsonNode> PostAsync(string name) => Desks.PostAsync(Client, "desk", $"{name}@schlusspunkt.example", Token);

    private async Task<string> StartAsync(string play, string account, string owner) => (string)(await Client.PostJsonAsync(
        "api/plays", new JsonObject { ["play"] = play, ["accountId"] = account, ["ownerId"] = owner }, Token, ("Idempotency-Key", Run.Name()))).Expect(HttpStatusCode.Accepted).Json["playId"]!;

    private Task<Answer> TellAsync(string play, string name, string? by, string? reason, string? key = null)
    {
        JsonObject body = [];
        if (by is not null)
            body["by"] = by;
        if (reason is not null)
            body["reason"] = reason;
        return Client.PostJsonAsync($"api/plays/{play}/events/{name}", body, Token, key is null ? [] : [("Idempotency-Key", key)]);
    }

    private Task<JsonNode> UntilAsync(string play, Func<JsonNode, bool> wanted, string what) => AbmClient.UntilAsync(
        async () => await Client.GetAsync($"api/plays/{play}", Token) is { Status: HttpStatusCode.OK } found ? found.Json : new JsonObject(), now => now["playId"] is not null && wanted(now), Soon, what, Token);

    private static bool WaitsFor(JsonNode play, string name) => play["waitingFor"]?["events"]?.AsArray().Any(e => (string?)e == name) == true;

    /// <summary>The owner's clock of the lead, once it runs.</summary>
    private Task<JsonNode> ClockAsync(string lead) => AbmClient.UntilAsync(
        async () => (await plays.LeadAsync(lead, Token))["clocks"]!.AsArray().FirstOrDefault(c => (string?)c!["scope"] == "owner")!, c => c is not null, Soon, "The clock runs", Token);

    private static void SkipWhenDeployed() => Assert.SkipWhen(AbmClient.DeployedApp is not null, "It needs rules of its own.");
}
