using System.Net;
using System.Text.Json.Nodes;
using Abm.TestKit;

namespace Abm.EndToEnd.Tests;

/// <summary>Leads that wait for somebody, that must be accepted, and that stand with the wrong owner: as reps and operations see it over HTTP.</summary>
[Collection<QuickPlaysCollection>]
public sealed class DeskTests(QuickPlays plays)
{
    private static readonly TimeSpan Soon = Patience.OfBusyMachines;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private AbmClient Client => plays.Client;

    [Fact]
    public async Task Leads_that_waited_are_given_out_the_hottest_first_and_no_more_than_the_caps_allow_and_the_ledger_says_why_somebody_was_skipped()
    {
        SkipWhenDeployed();
        await Desks.PutAccountAsync(Client, "D-cool", """{"name":"Kaltwasser Bau","domains":["kaltwasser.example"],"industry":"retail","employees":60}""", Token);
        await Desks.PutAccountAsync(Client, "D-hot", """{"name":"Heissmetall Werke","domains":["heissmetall.example"],"industry":"metals","employees":9000}""", Token);
        await Desks.PutAccountAsync(Client, "D-warm", """{"name":"Lauwarm Chemie","domains":["lauwarm.example"],"industry":"chemicals","employees":100}""", Token);
        string cool = await PostAsync("ada@kaltwasser.example"), hot = await PostAsync("bo@heissmetall.example"), warm = await PostAsync("cy@lauwarm.example");

        // Both are paused: everybody waits, the hottest is next, whoever came first.
        JsonNode pool = (await Client.GetAsync($"api/pools/{Desks.Waiting}", Token)).Expect(HttpStatusCode.OK).Json;
        Assert.Equal([hot, warm, cool], pool["waiting"]!.AsArray().Select(w => (string)w!["leadId"]!));
        Assert.Null((string?)(await plays.LeadAsync(hot, Token))["ownerId"]);

        // The first who is back gets one, as the cap says; the second gets the next; the third lead waits on.
        await ResumeAsync("W1");
        Assert.Equal("W1", await DrainedAsync(hot));
        Assert.Null((string?)(await plays.LeadAsync(warm, Token))["ownerId"]);
        await ResumeAsync("W2");
        Assert.Equal("W2", await DrainedAsync(warm));
        Assert.Null((string?)(await plays.LeadAsync(cool, Token))["ownerId"]);
        Assert.Equal([cool], (await Client.GetAsync($"api/pools/{Desks.Waiting}", Token)).Json["waiting"]!.AsArray().Select(w => (string)w!["leadId"]!));

        // "Why was I skipped?"
        IReadOnlyList<JsonNode> mine = await Client.ListAsync($"api/pools/{Desks.Waiting}/ledger?rep=W2", Token);
        JsonNode credit = Assert.Single(mine, l => (string?)l["kind"] == "credit");
        Assert.Equal((warm, 1), ((string?)credit["leadId"], (int)credit["after"]!["assigned"]!));
        Assert.Contains(mine, l => (string?)l["kind"] == "skip" && (string?)l["leadId"] == hot && ((string)l["why"]!).Contains("paused until", StringComparison.Ordinal));
        IReadOnlyList<JsonNode> other = await Client.ListAsync($"api/pools/{Desks.Waiting}/ledger?rep=W1&lead={warm}", Token);
        Assert.Contains(other, l => (string?)l["kind"] == "skip" && ((string)l["why"]!).Contains("has 1 leads within the last day already", StringComparison.Ordinal));
        Assert.DoesNotContain(other, l => (string?)l["kind"] == "credit");
    }

    [Fact]
    public async Task An_offer_is_accepted_declined_with_a_reason_or_missed_and_each_answer_may_be_sent_again()
    {
        SkipWhenDeployed();
        JsonNode silent = await Desks.PostAsync(Client, Desks.Silent, "silent@ohneantwort.example", Token);
        JsonNode accepted = await Desks.PostAsync(Client, Desks.Offers, "yes@jawohl.example", Token);
        JsonNode declined = await Desks.PostAsync(Client, Desks.Offers, "no@neinsager.example", Token);
        string first = Owner(accepted), second = Owner(declined), third = Owner(silent);

        Assert.Equal("accepted", (string?)(await AnswerAsync(accepted, "accept", first)).Expect(HttpStatusCode.OK).Json["answer"]);
        Answer again = (await AnswerAsync(accepted, "accept", first)).Expect(HttpStatusCode.OK);
        Assert.Equal((true, first), ((bool)again.Json["duplicate"]!, (string?)again.Json["ownerId"]));

        (await AnswerAsync(declined, "reject", second)).Expect(HttpStatusCode.BadRequest); // without a reason
        JsonNode no = (await AnswerAsync(declined, "reject", second, "I know them too well")).Expect(HttpStatusCode.OK).Json;
        string next = (string)no["ownerId"]!;
        Assert.NotEqual(second, next);
        JsonNode sameNo = (await AnswerAsync(declined, "reject", second, "I know them too well")).Expect(HttpStatusCode.OK).Json;
        Assert.Equal((true, "declined", next), ((bool)sameNo["duplicate"]!, (string?)sameNo["answer"], (string?)sameNo["ownerId"]));
        Answer otherAnswer = (await AnswerAsync(declined, "accept", second)).Expect(HttpStatusCode.Conflict);
        Assert.Contains("I know them too well", otherAnswer.Body, StringComparison.Ordinal);
        Assert.Single(await Client.ListAsync($"api/pools/{Desks.Offers}/ledger?lead={Id(declined)}&rep={second}", Token), l => (string?)l["kind"] == "refund");

        // Nobody answers within the second: it goes to the next, and whoever had it comes too late.
        JsonNode passed = await AbmClient.UntilAsync(
            async () =>
            {
                await Desks.RunAsync(Client, "DrainPools", Token);
                return await plays.LeadAsync(Id(silent), Token);
            },
            lead => Owner(lead) != third,
            Soon,
            "The lead goes to the next",
            Token);
        Assert.NotEqual(third, Owner(passed));
        Answer late = (await AnswerAsync(silent, "accept", third)).Expect(HttpStatusCode.Conflict);
        Assert.Contains("time was over", late.Body, StringComparison.Ordinal);
        Assert.DoesNotContain(await Client.ListAsync($"api/pools/{Desks.Silent}/ledger?lead={Id(silent)}&rep={third}", Token), l => (string?)l["kind"] == "refund");
    }

    [Fact]
    public async Task Leads_that_a_change_of_owner_left_behind_are_shown_first_and_moved_when_somebody_says_so()
    {
        SkipWhenDeployed();
        await Desks.PutAccountAsync(Client, "D-moved", """{"name":"Umzug Logistik","domains":["umzug.example"],"ownerId":"R004"}""", Token);
        JsonNode lead = await Desks.PostAsync(Client, "desk", "ada@umzug.example", Token);
        Assert.Equal("R004", Owner(lead));
        await Desks.PutAccountAsync(Client, "D-moved", """{"name":"Umzug Logistik","domains":["umzug.example"],"ownerId":"R005"}""", Token);

        JsonNode found = Assert.Single((await ScanAsync("", null))["items"]!.AsArray(), o => (string?)o!["leadId"] == Id(lead))!;
        Assert.Equal(("R004", "R005", true), ((string?)found["ownerId"], (string?)found["should"]!["ownerId"], (bool)found["canMove"]!));
        Assert.Equal("R004", Owner(await plays.LeadAsync(Id(lead), Token))); // a look moves nothing

        JsonObject these = new() { ["leads"] = new JsonArray(Id(lead)), ["reason"] = "The account has another owner", ["by"] = "R002" };
        JsonNode moved = Assert.Single((await ScanAsync("?apply=true", these))["moved"]!.AsArray())!;
        Assert.Equal(("moved", "R004", "R005"), ((string?)moved["became"], (string?)moved["formerOwnerId"], (string?)moved["ownerId"]));
        JsonNode now = await plays.LeadAsync(Id(lead), Token);
        Assert.Equal("R005", Owner(now));
        Assert.Contains(now["clocks"]!.AsArray(), c => (string?)c!["scope"] == "owner" && (string?)c["ownerId"] == "R005" && (string?)c["team"] == "emea" && (string?)c["state"] == "running");
        Assert.DoesNotContain((await ScanAsync("", null))["items"]!.AsArray(), o => (string?)o!["leadId"] == Id(lead));
        Assert.Equal("stays", (string?)Assert.Single((await ScanAsync("?apply=true", these))["moved"]!.AsArray())!["became"]);
    }

    private static string Id(JsonNode lead) => (string)lead["leadId"]!;

    private static string Owner(JsonNode lead) => (string)lead["ownerId"]!;

    private async Task<string> PostAsync(string email) => Id(await Desks.PostAsync(Client, Desks.Waiting, email, Token));

    private async Task ResumeAsync(string rep) => (await Client.PostJsonAsync($"api/reps/{rep}/resume", "{}", Token)).Expect(HttpStatusCode.OK);

    private async Task<string> DrainedAsync(string lead)
    {
        await Desks.RunAsync(Client, "DrainPools", Token);
        return Owner(await AbmClient.UntilAsync(() => plays.LeadAsync(lead, Token), l => (string?)l["ownerId"] is not null, Soon, $"Lead {lead} is given out", Token));
    }

    private Task<Answer> AnswerAsync(JsonNode lead, string what, string by, string? reason = null) =>
        Client.PostJsonAsync($"api/leads/{Id(lead)}/{what}", reason is null ? new JsonObject { ["by"] = by } : new JsonObject { ["by"] = by, ["reason"] = reason }, Token);

    private async Task<JsonNode> ScanAsync(string query, JsonObject? body) => (await Client.PostJsonAsync($"api/routing/orphans{query}", body?.ToJsonString() ?? "{}", Token)).Expect(HttpStatusCode.OK).Json;

    private static void SkipWhenDeployed() => Assert.SkipWhen(AbmClient.DeployedApp is not null, "It needs desks of its own.");
}
