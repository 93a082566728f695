using System.Net;
using System.Text.Json.Nodes;
using Abm.TestKit;

namespace Abm.EndToEnd.Tests;

[Collection<SampleAppCollection>]
public sealed class LeadJourneyTests(SampleApp app)
{
    private static readonly string[] Outcomes = ["matched", "review", "unmatched"];
    private static readonly TimeSpan Soon = Patience.OfBusyMachines;
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Leads_posted_by_eight_clients_at_once_each_end_decided_exactly_once()
    {
        IReadOnlyList<JsonObject> leads = Samples.Leads(Run.Name());

        string[] ids = await LeadJson.PostAllAsync(app.Client, leads, clients: 8, Token);
        List<JsonNode> decided = [];
        foreach (string id in ids)
            decided.Add(await LeadJson.UntilDecidedAsync(app.Client, id, Soon, Token));

        Assert.Equal(leads.Count, ids.Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(leads.Count, decided.Select(lead => (string)lead["decisionId"]!).Distinct(StringComparer.Ordinal).Count());
        Assert.All(decided, lead => Assert.Contains((string)lead["outcome"]!, Outcomes));
        Dictionary<string, int> counts = decided.CountBy(lead => (string)lead["outcome"]!, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal);
        Assert.True(counts.GetValueOrDefault("matched") >= 30, $"Too few matched: {string.Join(", ", counts)}");
        Assert.True(counts.GetValueOrDefault("unmatched") >= 2, $"Too few unmatched: {string.Join(", ", counts)}");
        Assert.Equal(leads.Count, counts.Values.Sum());
    }

    [Fact]
    public async Task A_matched_lead_names_its_account_its_owner_and_its_running_clock()
    {
        JsonNode lead = await PostAndWaitAsync(new JsonObject { ["email"] = "head.of.plant@schattner.example", ["company"] = "Schattner", ["externalId"] = Run.Name() });

        Assert.Equal("matched", (string?)lead["outcome"]);
        Assert.Equal("L047", (string?)lead["accountId"]);
        Assert.NotNull((string?)lead["ownerId"]);
        Assert.NotNull((string?)lead["configVersion"]);
        JsonNode followed = await UntilClocksAsync((string)lead["leadId"]!, "running");
        Assert.NotNull(followed["plays"]![0]);
    }

    [Fact]
    public async Task A_touch_meets_the_clock_and_a_second_one_changes_nothing()
    {
        JsonNode lead = await PostAndWaitAsync(new JsonObject { ["email"] = "buyer@schattner.example", ["company"] = "Schattner", ["externalId"] = Run.Name() });
        string leadId = (string)lead["leadId"]!;
        JsonObject touch = new() { ["by"] = (string?)lead["ownerId"], ["kind"] = "call" };
        await UntilClocksAsync(leadId, "running");

        (await app.Client.PostJsonAsync($"api/leads/{leadId}/touch", touch, Token)).Expect(HttpStatusCode.OK);
        JsonNode met = await UntilClocksAsync(leadId, "met");
        (await app.Client.PostJsonAsync($"api/leads/{leadId}/touch", touch, Token)).Expect(HttpStatusCode.OK);

        JsonNode after = await UntilClocksAsync(leadId, "met");
        Assert.Equal((string?)met["clocks"]![0]!["stoppedAt"], (string?)after["clocks"]![0]!["stoppedAt"]);
        Assert.Equal((string?)lead["ownerId"], (string?)after["ownerId"]);
    }

    [Fact]
    public async Task Why_tells_the_story_from_match_to_play_with_reasons()
    {
        JsonNode lead = await PostAndWaitAsync(new JsonObject { ["email"] = "someone@calderageo.example", ["company"] = "Caldera Geothermal", ["externalId"] = Run.Name() });

        string story = (await app.Client.GetAsync($"api/leads/{(string)lead["leadId"]!}/why", Token)).Expect(HttpStatusCode.OK).Body;

        Assert.Contains("match.", story, StringComparison.Ordinal);
        Assert.Contains("L006", story, StringComparison.Ordinal);
        Assert.Contains((string)lead["configVersion"]!, story, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_lead_of_nobody_we_know_is_unmatched_and_waits_in_the_review_list()
    {
        JsonNode lead = await PostAndWaitAsync(new JsonObject { ["email"] = "joan@little-lantern-books.example", ["company"] = "Little Lantern Books", ["externalId"] = Run.Name() });

        Assert.Equal("unmatched", (string?)lead["outcome"]);
        IReadOnlyList<JsonNode> waiting = await AbmClient.UntilAsync(
            () => app.Client.ListAsync("api/unmatched?limit=500", Token),
            items => items.Any(item => (string?)item["leadId"] == (string?)lead["leadId"]),
            Soon,
            "The unmatched lead is in the list",
            Token);
        Assert.NotEmpty(waiting);
    }

    [Fact]
    public async Task The_matcher_can_be_asked_without_any_effect()
    {
        const string question = """{"company":"Granite Peak Mining","email":"x@granitepeakmining.example"}""";
        int before = (await app.Client.ListAsync("api/leads?limit=500", Token)).Count;

        JsonNode answer = (await app.Client.PostJsonAsync("api/match", question, Token)).Expect(HttpStatusCode.OK).Json;

        Assert.Equal("matched", (string?)answer["outcome"]);
        Assert.Equal("L017", (string?)answer["accountId"]);
        Assert.NotEmpty(answer["reasons"]!.AsArray());
        Assert.Equal(before, (await app.Client.ListAsync("api/leads?limit=500", Token)).Count);
    }

    [Fact]
    public async Task A_batch_is_answered_line_by_line_in_order_and_goes_on_after_a_broken_line()
    {
        string lines = """
            {"leadId":"a","email":"x@granitepeakmining.example"}
            {"leadId":"b","email":
            {"leadId":"c","company":"Nobody At All Whatsoever"}
            """;

        Answer answer = (await app.Client.PostAsync("api/match/batch", System.Text.Encoding.UTF8.GetBytes(lines), "application/x-ndjson", Token)).Expect(HttpStatusCode.OK);

        JsonNode[] answers = [.. answer.Body.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!)];
        Assert.Equal(3, answers.Length);
        Assert.Equal(("a", "L017"), ((string?)answers[0]["leadId"], (string?)answers[0]["accountId"]));
        Assert.NotNull(answers[1]["error"]);
        Assert.Equal(("c", "unmatched"), ((string?)answers[2]["leadId"], (string?)answers[2]["outcome"]));
    }

    [Fact]
    public async Task Lists_are_read_page_by_page_without_gap_or_repetition()
    {
        IReadOnlyList<JsonNode> all = await app.Client.ListAsync("api/accounts?limit=500", Token);
        IReadOnlyList<JsonNode> paged = await app.Client.ListAsync("api/accounts?limit=7", Token);

        string[] ids = [.. paged.Select(item => (string)item["accountId"]!)];
        Assert.True(ids.Length >= 60);
        Assert.Equal(ids.Length, ids.Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(all.Count, ids.Length);
    }

    /// <summary>The lead as soon as it has clocks and all of them are in that state.</summary>
    private Task<JsonNode> UntilClocksAsync(string leadId, string state) => AbmClient.UntilAsync(
        async () => (await app.Client.GetAsync($"api/leads/{leadId}", Token)).Expect(HttpStatusCode.OK).Json,
        lead => lead["clocks"] is JsonArray { Count: > 0 } clocks && clocks.All(clock => (string?)clock!["state"] == state),
        Soon,
        $"The clocks of lead {leadId} are {state}",
        Token);

    private async Task<JsonNode> PostAndWaitAsync(JsonObject lead)
    {
        lead["source"] = "endtoend";
        return await LeadJson.PostDecidedAsync(app.Client, lead, Token);
    }
}

[CollectionDefinition]
public sealed class SampleAppCollection : ICollectionFixture<SampleApp>;
