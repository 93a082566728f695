using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Abm.Local.Azurite;
using Abm.TestKit;

namespace Abm.EndToEnd.Tests;

/// <summary>
/// Thousands of real organisations and labelled leads through the running app. The suite takes the first 150 leads;
/// <c>ABM_DEV_LEADS=all</c> takes every one and prints what came of them (docs/operations.md).
/// </summary>
public sealed class DevDataTests(ITestOutputHelper output)
{
    private const int Clients = 8;
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_lead_of_the_measuring_data_ends_decided_once_and_can_say_why()
    {
        string? folder = Repository.SharedData("dev");
        Assert.SkipWhen(folder is null, "skipped: no data");
        Assert.SkipWhen(AbmClient.DeployedApp is not null, "A deployed app is not filled with measuring data.");
        await using AzuriteServer storage = await AzuriteServer.StartAsync(new AzuriteOptions(), Token);
        await using AppProcess app = await AppProcess.StartAsync(new AppOptions { Storage = storage.ConnectionString }, Token);
        using AbmClient client = new(app.BaseAddress);
        int wanted = Environment.GetEnvironmentVariable("ABM_DEV_LEADS") switch
        {
            null or "" => 150,
            "all" => int.MaxValue,
            string number => int.Parse(number, CultureInfo.InvariantCulture),
        };

        long begun = Stopwatch.GetTimestamp();
        JsonNode report = (await client.PostCsvAsync("api/import/accounts", await File.ReadAllTextAsync(Path.Combine(folder!, "accounts.csv"), Token), Token)).Expect(HttpStatusCode.OK).Json;
        Say($"accounts: {report["rows"]} rows, {report["accepted"]} accepted, {report["rejected"]} rejected in {Stopwatch.GetElapsedTime(begun).TotalSeconds:0.0} s");
        Assert.Equal((int)report["rows"]!, (int)report["accepted"]! + (int)report["updated"]! + (int)report["rejected"]!);
        Assert.Equal(0, (int)report["rejected"]!);

        string csv = await File.ReadAllTextAsync(Path.Combine(folder!, "leads.csv"), Token);
        IReadOnlyDictionary<string, string>[] rows = [.. CsvText.Read(csv).Take(wanted)];
        JsonObject[] leads = [.. LeadJson.FromCsv(csv, "dev").Take(wanted)];
        begun = Stopwatch.GetTimestamp();
        (string? LeadId, Answer Answer)[] posted = await PostAllAsync(client, leads);
        Say($"leads: {posted.Count(lead => lead.LeadId is not null)} accepted, {posted.Count(lead => lead.LeadId is null)} refused, posted by {Clients} clients in {Stopwatch.GetElapsedTime(begun).TotalSeconds:0.0} s");

        Dictionary<string, int> outcomes = new(StringComparer.Ordinal);
        HashSet<string> decisions = new(StringComparer.Ordinal);
        (int right, int wrong) = (0, 0);
        for (int i = 0; i < posted.Length; i++)
        {
            if (posted[i].LeadId is not { } id)
            {
                // Only what says nobody is refused, and it is told why.
                Assert.Equal(HttpStatusCode.BadRequest, posted[i].Answer.Status);
                Assert.All(new[] { "email", "company", "phone", "website" }, field => Assert.Null(leads[i][field]));
                Assert.NotEmpty(BadLeadTests.Problems(posted[i].Answer));
                continue;
            }

            JsonNode lead = await LeadJson.UntilDecidedAsync(client, id, TimeSpan.FromMinutes(5), Token);
            string outcome = (string)lead["outcome"]!;
            outcomes[outcome] = outcomes.GetValueOrDefault(outcome) + 1;
            decisions.Add((string)lead["decisionId"]!);
            if (outcome == "matched")
                _ = IsExpected(rows[i], (string?)lead["accountId"]) ? right++ : wrong++;
            JsonNode why = (await client.GetAsync($"api/leads/{id}/why", Token)).Expect(HttpStatusCode.OK).Json;
            Assert.True(why["story"]!.AsArray().Count >= 4, $"The story of {id} is too short: {why["story"]}");
        }

        Say($"decided: {string.Join(", ", outcomes.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Value} {pair.Key}"))}, all told why, after {Stopwatch.GetElapsedTime(begun).TotalSeconds:0.0} s");
        Say($"matched: {right} as labelled, {wrong} otherwise");
        int accepted = posted.Count(lead => lead.LeadId is not null);
        Assert.Equal(accepted, outcomes.Values.Sum());
        Assert.Equal(accepted, decisions.Count);
        Assert.Equal(accepted, posted.Select(lead => lead.LeadId).OfType<string>().Distinct(StringComparer.Ordinal).Count());
        Assert.True(right >= 9 * wrong, $"{wrong} of {right + wrong} automatic matches are not as labelled.");
    }

    private static async Task<(string? LeadId, Answer Answer)[]> PostAllAsync(AbmClient client, JsonObject[] leads)
    {
        var posted = new (string? LeadId, Answer Answer)[leads.Length];
        await Parallel.ForAsync(0, leads.Length, new ParallelOptions { MaxDegreeOfParallelism = Clients, CancellationToken = Token }, async (i, token) =>
        {
            Answer answer = await client.PostJsonAsync("api/leads", leads[i], token);
            posted[i] = (answer.Status == HttpStatusCode.Accepted ? (string?)answer.Json["leadId"] : null, answer);
        });
        return posted;
    }

    private static bool IsExpected(IReadOnlyDictionary<string, string> row, string? accountId) =>
        accountId is not null
        && (row.GetValueOrDefault("expected_account_id") == accountId
            || row.GetValueOrDefault("also_acceptable", "").Split([';', ' ', '|'], StringSplitOptions.RemoveEmptyEntries).Contains(accountId, StringComparer.Ordinal));

    private void Say(FormattableString line) => output.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
