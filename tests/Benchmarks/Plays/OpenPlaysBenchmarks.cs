using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Abm.Benchmarks.Harness;
using Abm.Local.Azurite;
using Abm.TestKit;
using Azure.Data.Tables;

namespace Abm.Benchmarks.Plays;

/// <summary>The app as a process with twenty thousand open plays: what they cost at a restart and in memory, and whether what is due comes in time beside them.</summary>
internal sealed class OpenPlaysBenchmarks(BenchmarkOptions options, Report report)
{
    /// <summary>Leads of the source <c>near</c> have half a minute until their reminder, all others fifteen days.</summary>
    private const string Rules = """
        slaPolicies:
          far: { budget: 30d, hours: always, urgent: true }
          near: { budget: 60s, hours: always, urgent: true, ladder: [{ at: 50, do: remind }, { at: 100, do: breach }] }
        plays:
          - name: inbound
            on: routeAssigned
            firstTouch:
              - { when: { field: lead.source, op: equals, value: near }, policy: near }
              - { policy: far }
            steps: []
            maxReassignments: 0
        """;

    private const int Near = 100;
    private static readonly TimeSpan UntilReminder = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(30);

    public async Task RunAsync()
    {
        int plays = options.Plays ?? options.Count(20_000, 300);
        int near = options.Count(Near, 10);
        report.Section("Open plays");
        string folder = Directory.CreateTempSubdirectory("abm-config-").FullName;
        foreach (string file in Directory.EnumerateFiles(Path.Combine(Repository.Root, "samples", "config"), "*.yaml"))
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        await File.WriteAllTextAsync(Path.Combine(folder, "plays.yaml"), Rules);

        await using AzuriteServer azurite = await AzuriteServer.StartAsync(new AzuriteOptions(), CancellationToken.None);
        await using WebhookReceiver receiver = new();
        AppOptions settings = new()
        {
            Storage = azurite.ConnectionString,
            StartWithin = TimeSpan.FromMinutes(5),
            Settings = new Dictionary<string, string>
            {
                ["Abm__ConfigPath"] = folder,
                ["Abm__Webhook__Url"] = receiver.Address.ToString(),
                ["Abm__Webhook__Secret"] = "the secret of the benchmark",
            },
        };
        await using AppProcess app = await AppProcess.StartAsync(settings, CancellationToken.None);
        using AbmClient client = new(app.BaseAddress);
        foreach (string kind in (string[])["accounts", "contacts", "reps"])
            (await client.PostCsvAsync($"api/import/{kind}", await File.ReadAllTextAsync(Path.Combine(Repository.Root, "samples", kind + ".csv")), CancellationToken.None)).Expect(HttpStatusCode.OK);

        Stats emptyStart = await RestartsAsync(app);
        double emptyMemory = WorkingSet(app);

        Report.Note($"{plays} plays begin");
        long begun = Stopwatch.GetTimestamp();
        await FillAsync(client, plays);
        await UntilOpenAsync(azurite.ConnectionString, 2 * plays);
        double filled = Stopwatch.GetElapsedTime(begun).TotalSeconds;
        double filledMemory = WorkingSet(app);

        Report.Note("timers due beside them");
        Stats beside = await LatenessAsync(receiver, await PostNearAsync(client, near, "beside"));

        Report.Note("restarts");
        Stats fullStart = await RestartsAsync(app);
        double fullMemory = WorkingSet(app);

        Report.Note("timers due after a restart");
        IReadOnlyDictionary<string, DateTimeOffset> due = await PostNearAsync(client, near, "after");
        TimeSpan ahead = due.Values.Min() - DateTimeOffset.UtcNow;
        app.Kill();
        await app.RestartAsync(CancellationToken.None);
        Stats afterRestart = await LatenessAsync(receiver, due);

        report.Line($"The app as a process of its own, {plays} leads whose plays wait for a touch or a reminder fifteen days away, on one Azurite in memory on the same machine. It took {Figure.Of(filled)} s to get there from a CSV import.");
        report.Table("figure", $"with {plays} open plays", "with none");
        report.Row("from the start of the process until it answers", Figure.Spread(fullStart, "s"), Figure.Spread(emptyStart, "s"));
        report.Row("memory of the process that started them", Figure.Megabytes(filledMemory), Figure.Megabytes(emptyMemory));
        report.Row("memory of the process after a restart and more reminders", Figure.Megabytes(Math.Max(fullMemory, WorkingSet(app))), Figure.Megabytes(emptyMemory));
        report.Row($"from the instant a reminder is due until it has arrived at the receiver, {near} within a few seconds", Figure.Latency(beside), "");
        report.Row($"the same, the app killed {Figure.Of(ahead.TotalSeconds)} s before the first and started again", Figure.Latency(afterRestart), "");
        Directory.Delete(folder, recursive: true);
    }

    private async Task<Stats> RestartsAsync(AppProcess app)
    {
        List<double> seconds = [];
        for (int i = 0; i < options.Repetitions; i++)
        {
            await app.StopAsync(CancellationToken.None);
            long begun = Stopwatch.GetTimestamp();
            await app.RestartAsync(CancellationToken.None);
            seconds.Add(Stopwatch.GetElapsedTime(begun).TotalSeconds);
        }

        await Task.Delay(TimeSpan.FromSeconds(5));
        return new Stats(seconds);
    }

    private static async Task FillAsync(AbmClient client, int plays)
    {
        const int AtATime = 200; // a request ends within its time even while the app is busy deciding the ones before
        for (int from = 0; from < plays; from += AtATime)
        {
            StringBuilder csv = new("lead_id,email,source\n");
            for (int i = from; i < Math.Min(plays, from + AtATime); i++)
                csv.Append(CultureInfo.InvariantCulture, $"far-{i},person.{Name(i)}@corvane.example,far\n");
            JsonNode answer = (await client.PostCsvAsync("api/import/leads", csv.ToString(), CancellationToken.None)).Expect(HttpStatusCode.OK).Json;
            if ((int)answer["rejected"]! > 0)
                throw new InvalidOperationException($"Leads were rejected: {answer}");
        }
    }

    /// <summary>Until the board shows so many clocks.</summary>
    private static async Task UntilOpenAsync(string storage, int clocks)
    {
        TableClient board = new TableServiceClient(storage).GetTableClient("AbmClocks");
        long begun = Stopwatch.GetTimestamp();
        for (; ; )
        {
            HashSet<string> seen = new(StringComparer.Ordinal);
            await foreach (TableEntity row in board.QueryAsync<TableEntity>((string?)null, 1000, ["RowKey"], CancellationToken.None))
                seen.Add(row.RowKey);
            if (seen.Count >= clocks)
                return;
            if (Stopwatch.GetElapsedTime(begun) > Patience)
                throw new TimeoutException($"{seen.Count} of {clocks} clocks ran within {Patience}.");
            Report.Note($"{seen.Count} of {clocks} clocks");
            await Task.Delay(TimeSpan.FromSeconds(5));
        }
    }

    /// <summary>Leads with a reminder soon, and when each is due.</summary>
    private static async Task<IReadOnlyDictionary<string, DateTimeOffset>> PostNearAsync(AbmClient client, int count, string name)
    {
        Dictionary<string, DateTimeOffset> due = new(StringComparer.Ordinal);
        for (int i = 0; i < count; i++)
        {
            JsonObject lead = new() { ["email"] = $"{name}.{Name(i)}@corvane.example", ["source"] = "near", ["externalId"] = $"{name}-{i}" };
            JsonNode decided = (await client.PostJsonAsync("api/leads?wait=20", lead, CancellationToken.None)).Expect(HttpStatusCode.OK).Json;
            due.Add((string)decided["leadId"]!, default);
        }

        foreach (string leadId in due.Keys.ToArray())
        {
            JsonNode started = await AbmClient.UntilAsync(
                async () => (await client.GetAsync($"api/leads/{leadId}", CancellationToken.None)).Json, lead => lead["clocks"] is JsonArray { Count: > 0 }, TimeSpan.FromMinutes(2), "A clock", CancellationToken.None);
            due[leadId] = DateTimeOffset.Parse((string)started["clocks"]![0]!["startedAt"]!, CultureInfo.InvariantCulture) + UntilReminder;
        }

        return due;
    }

    /// <summary>Milliseconds from the instant a reminder is due until it has arrived.</summary>
    private static async Task<Stats> LatenessAsync(WebhookReceiver receiver, IReadOnlyDictionary<string, DateTimeOffset> due)
    {
        IReadOnlyDictionary<string, DateTimeOffset> told = await AbmClient.UntilAsync(
            () => Task.FromResult(Reminders(receiver)), all => due.Keys.All(all.ContainsKey), TimeSpan.FromMinutes(5), "The reminders", CancellationToken.None);
        return new Stats(due.Select(one => (told[one.Key] - one.Value).TotalMilliseconds));
    }

    private static IReadOnlyDictionary<string, DateTimeOffset> Reminders(WebhookReceiver receiver) => receiver.Deliveries
        .Select(delivery => (Body: JsonNode.Parse(delivery.Body)!, delivery.ArrivedAt))
        .Where(delivery => (string?)delivery.Body["kind"] == "reminder")
        .GroupBy(delivery => (string)delivery.Body["leadId"]!, StringComparer.Ordinal)
        .ToDictionary(group => group.Key, group => group.Min(delivery => delivery.ArrivedAt), StringComparer.Ordinal);

    /// <summary>A mailbox of letters: digits at the end would make it look like a private person's.</summary>
    private static string Name(int i)
    {
        Span<char> letters = stackalloc char[5];
        for (int at = letters.Length - 1; at >= 0; at--, i /= 26)
            letters[at] = (char)('a' + (i % 26));
        return new string(letters);
    }

    private static double WorkingSet(AppProcess app)
    {
        using Process process = Process.GetProcessById(app.ProcessId);
        return process.WorkingSet64;
    }
}
