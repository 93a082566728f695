using System.Net;
using System.Text.Json.Nodes;
using Abm.Local.Azurite;
using Abm.TestKit;

namespace Abm.EndToEnd.Tests;

/// <summary>The process dies without warning while leads are on their way.</summary>
public sealed class CrashTests
{
    private const int Kills = 5;
    private const int LeadCount = 160;
    private static readonly TimeSpan Soon = Patience.OfBusyMachines;
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Five_kills_in_the_middle_lose_nothing_and_decide_nothing_twice()
    {
        Assert.SkipWhen(AbmClient.DeployedApp is not null, "A deployed app cannot be killed from here.");
        await using AzuriteServer storage = await AzuriteServer.StartAsync(new AzuriteOptions(), Token);
        AppOptions options = new()
        {
            Storage = storage.ConnectionString,
            // What a killed process had in hand comes back after this time; on the platform after ten minutes.
            Settings = new Dictionary<string, string> { ["LocalRuntime__QueueLockTime"] = "00:00:03" },
        };
        await using AppProcess app = await AppProcess.StartAsync(options, Token);
        using AbmClient client = new(app.BaseAddress);
        await Samples.ImportAsync(client, Token);
        JsonObject[] leads = [.. Enumerable.Range(0, 4).SelectMany(round => Samples.Leads($"crash-{round}")).Take(LeadCount)];
        int posted = 0;

        Task killing = KillInTheMiddleAsync();
        string[] ids = new string[leads.Length];
        ParallelOptions eight = new() { MaxDegreeOfParallelism = 8, CancellationToken = Token };
        await Parallel.ForAsync(0, leads.Length, eight, async (i, token) =>
        {
            ids[i] = await PostUntilAnsweredAsync(client, leads[i], token);
            Interlocked.Increment(ref posted);
        });
        await killing;

        List<JsonNode> decided = [];
        foreach (string id in ids)
            decided.Add(await LeadJson.UntilDecidedAsync(client, id, Soon, Token));
        Assert.Equal(leads.Length, ids.Distinct(StringComparer.Ordinal).Count());
        IReadOnlyList<JsonNode> all = await client.ListAsync("api/leads?limit=500", Token);
        Assert.Equal(ids.Order(StringComparer.Ordinal), all.Select(lead => (string)lead["leadId"]!).Order(StringComparer.Ordinal));
        Assert.All(decided, lead => Assert.Equal((string?)lead["decisionId"], (string?)all.Single(item => (string?)item["leadId"] == (string?)lead["leadId"])["decisionId"]));

        // Every owned lead has one play with its two clocks, the account's and the owner's, each started once and running still.
        string[] owned = [.. decided.Where(lead => (string?)lead["ownerId"] is not null).Select(lead => (string)lead["leadId"]!).Order(StringComparer.Ordinal)];
        Assert.NotEmpty(owned);
        IReadOnlyList<JsonNode> clocks = await AbmClient.UntilAsync(
            () => client.ListAsync("api/clocks?limit=500", Token), items => items.Count >= 2 * owned.Length, Soon, "Every owned lead has its clocks", Token);
        foreach (string scope in new[] { "account", "owner" })
            Assert.Equal(owned, clocks.Where(clock => (string?)clock["scope"] == scope).Select(clock => (string)clock["leadId"]!).Order(StringComparer.Ordinal));
        Assert.All(clocks, clock => Assert.Equal("running", (string?)clock["state"]));

        async Task KillInTheMiddleAsync()
        {
            for (int kill = 1; kill <= Kills; kill++)
            {
                int enough = leads.Length * kill / (Kills + 1);
                await AbmClient.UntilAsync(() => Task.FromResult(Volatile.Read(ref posted)), count => count >= enough, Soon, "Leads are being posted", Token);
                app.Kill();
                await app.RestartAsync(Token);
            }
        }
    }

    /// <summary>A caller as the API asks for: repeats the same request until it is answered.</summary>
    private static async Task<string> PostUntilAnsweredAsync(AbmClient client, JsonObject lead, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                Answer answer = await client.PostJsonAsync("api/leads", lead, cancellationToken);
                if (answer.Status is HttpStatusCode.Accepted or HttpStatusCode.OK)
                    return (string)answer.Json["leadId"]!;
                if ((int)answer.Status < 500)
                    answer.Expect(HttpStatusCode.Accepted);
            }
            catch (HttpRequestException)
            {
                // killed while it answered, or not up again yet
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), cancellationToken);
        }
    }
}
