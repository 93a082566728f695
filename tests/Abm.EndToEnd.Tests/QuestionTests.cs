using System.Net;
using System.Text.Json.Nodes;
using Abm.Local.Azurite;
using Abm.TestKit;

namespace Abm.EndToEnd.Tests;

/// <summary>Decisions of the running app, asked about by another one on the same storage: after a restart, in another zone and culture.</summary>
public sealed class QuestionTests
{
    private static readonly TimeSpan Soon = Patience.OfBusyMachines;
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_one_machine_decided_another_one_decides_the_same_tries_drafts_on_and_erases()
    {
        Assert.SkipWhen(AbmClient.DeployedApp is not null, "A deployed app is not started from here.");
        await using AzuriteServer storage = await AzuriteServer.StartAsync(new AzuriteOptions(), Token);
        IReadOnlyList<JsonObject> leads = Samples.Leads(Run.Name());
        List<JsonNode> decided = [];
        await using (AppProcess first = await StartAsync(storage, "Europe/Berlin", "de_DE.UTF-8"))
        {
            using AbmClient client = new(first.BaseAddress);
            await Samples.ImportAsync(client, Token);
            foreach (string id in await LeadJson.PostAllAsync(client, leads, clients: 4, Token))
                decided.Add(await LeadJson.UntilDecidedAsync(client, id, Soon, Token));
            await first.StopAsync(Token);
        }

        await using AppProcess second = await StartAsync(storage, "Australia/Lord_Howe", "tr_TR.UTF-8");
        using AbmClient asking = new(second.BaseAddress);
        foreach (JsonNode lead in decided)
        {
            JsonNode replay = (await asking.PostJsonAsync($"api/decisions/{(string)lead["decisionId"]!}/replay", "{}", Token)).Expect(HttpStatusCode.OK).Json;
            Assert.True((string?)replay["result"] == "same", $"{replay["firstDifference"]}");
            Assert.Empty(replay["notRecorded"]!.AsArray());
        }

        JsonNode matched = decided.First(l => (string?)l["outcome"] == "matched" && l["ownerId"] is not null);
        JsonNode why = (await asking.PostJsonAsync("api/why-not", new JsonObject { ["leadId"] = (string)matched["leadId"]!, ["rep"] = "nobody" }, Token)).Expect(HttpStatusCode.OK).Json;
        Assert.Equal("whyNot.rep.known", (string?)why["firstFailed"]!["code"]);

        JsonObject draft = new()
        {
            ["files"] = new JsonArray(new JsonObject { ["name"] = "routing.yaml", ["text"] = "routing:\n  - name: Desk\n    to: { queue: desk }\n" }),
            ["limit"] = 1_000,
        };
        Answer run = (await asking.PostJsonAsync("api/config/dry-run", draft, Token)).Expect(HttpStatusCode.OK);
        JsonNode report = JsonNode.Parse(run.Body.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1])!["report"]!;
        Assert.Equal(leads.Count, (int)report["decisions"]!);
        Assert.Equal(0, (int)report["skipped"]!);
        Assert.True((bool)report["countsForGate"]!);
        JsonArray load = report["load"]!.AsArray();
        Assert.True(load.Sum(l => (int)l!["after"]!) < load.Sum(l => (int)l!["before"]!)); // who has an open opportunity or is a customer still goes to the owner
        Assert.InRange((int)report["flips"]!, 1, leads.Count);
        Assert.Equal(0, (int)(await asking.PostJsonAsync("api/config/regress", new JsonObject { ["files"] = draft["files"]!.DeepClone() }, Token)).Expect(HttpStatusCode.OK).Json["cases"]!);

        Answer export = (await asking.GetAsync("api/decisions/export", Token)).Expect(HttpStatusCode.OK);
        Assert.Equal(leads.Count, export.Body.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);

        string email = (string)leads.First(l => l["email"] is not null)["email"]!;
        Assert.True((int)(await asking.PostJsonAsync("api/people/erase", new JsonObject { ["email"] = email }, Token)).Expect(HttpStatusCode.OK).Json["leads"]! >= 1);
        Assert.DoesNotContain(email, (await asking.GetAsync("api/decisions/export", Token)).Expect(HttpStatusCode.OK).Body, StringComparison.OrdinalIgnoreCase);
        Assert.Empty((await asking.PostJsonAsync("api/people/export", new JsonObject { ["email"] = email }, Token)).Expect(HttpStatusCode.OK).Json["leads"]!.AsArray());
    }

    private static Task<AppProcess> StartAsync(AzuriteServer storage, string zone, string language) => AppProcess.StartAsync(
        new AppOptions { Storage = storage.ConnectionString, Settings = new Dictionary<string, string> { ["TZ"] = zone, ["LANG"] = language, ["LC_ALL"] = language } }, Token);
}
