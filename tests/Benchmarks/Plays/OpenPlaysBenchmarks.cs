using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Abm.Benchmarks.Harness;
using Abm.Benchmarks.Intake;
using Abm.Local.Azurite;
using Abm.TestKit;

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

        await CostAsync(folder);
        await using AzuriteServer azurite = await AzuriteServer.StartAsync(new AzuriteOptions(), CancellationToken.None);
        await using WebhookReceiver receiver = new();
        AppOptions settings = Settings(azurite.ConnectionString, folder, receiver);
        await using AppProcess app = await AppProcess.StartAsync(settings, CancellationToken.None);
        using AbmClient client = new(app.BaseAddress);
        await ImportAsync(client);

        Stats emptyStart = await RestartsAsync(app);
        double emptyMemory = WorkingSet(app);

        Report.Note($"{plays} plays begin");
        using PlaysWatch watch = new(azurite, app);
        watch.Start();
        long begun = Stopwatch.GetTimestamp();
        await FillAsync(client, 0, plays / 2);

        // Half of them wait to be decided when people come.
        Dictionary<string, NearLead> amidst = await PostNearAsync(client, near, "amidst");
        Task filling = FillAsync(client, plays / 2, plays);
        (Stats beginning, Stats during) = await LatenessAsync(client, receiver, amidst);
        await filling;
        await PlaysWatch.UntilOpenAsync(azurite.ConnectionString, 2 * plays, Patience);
        double filled = Stopwatch.GetElapsedTime(begun).TotalSeconds;
        double filledMemory = WorkingSet(app);

        Report.Note("timers due beside them");
        (_, Stats beside) = await LatenessAsync(client, receiver, await PostNearAsync(client, near, "beside"));
        await watch.StopAsync();

        Report.Note("restarts");
        Stats fullStart = await RestartsAsync(app);
        double fullMemory = WorkingSet(app);

        Report.Note("timers due after a restart");
        Dictionary<string, NearLead> after = await PostNearAsync(client, near, "after");
        await BegunAsync(client, after);
        TimeSpan ahead = after.Values.Min(lead => lead.StartedAt) + UntilReminder - DateTimeOffset.UtcNow;
        app.Kill();
        await app.RestartAsync(CancellationToken.None);
        (_, Stats afterRestart) = await LatenessAsync(client, receiver, after);

        report.Line($"The app as a process of its own, {plays} leads whose plays wait for a touch or a reminder fifteen days away, on one Azurite in memory on the same machine. It took {Figure.Of(filled)} s to get there from CSV files, {Figure.Of(plays / filled)} a second. A lead that comes amidst comes while half of the files are worked off and the other half is being sent.");
        report.Table("figure", $"with {plays} open plays", "with none");
        report.Row("from the start of the process until it answers", Figure.Spread(fullStart, "s"), Figure.Spread(emptyStart, "s"));
        report.Row("memory of the process that started them", Figure.Megabytes(filledMemory), Figure.Megabytes(emptyMemory));
        report.Row("memory of the process after a restart and more reminders", Figure.Megabytes(Math.Max(fullMemory, WorkingSet(app))), Figure.Megabytes(emptyMemory));
        report.Row("the same, at the worst until then", Figure.Megabytes(watch.PeakMemory), "");
        report.Row($"from the receipt of one of {near} leads amidst until it is decided", Figure.Latency(beginning), "");
        report.Row("from the instant its reminder is due until it has arrived at the receiver", Figure.Latency(during), "");
        report.Row($"the same right after, {near} within a few seconds", Figure.Latency(beside), "");
        report.Row($"the same, the app killed {Figure.Of(ahead.TotalSeconds)} s before the first and started again", Figure.Latency(afterRestart), "");
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>What a play costs from the line in the file until it waits, in storage requests.</summary>
    private async Task CostAsync(string folder)
    {
        Report.Note("storage requests of a play's start");
        await using CountedStorage storage = await CountedStorage.StartAsync();
        await using WebhookReceiver receiver = new();
        await using AppProcess app = await AppProcess.StartAsync(Settings(storage.ConnectionString, folder, receiver), CancellationToken.None);
        using AbmClient client = new(app.BaseAddress);
        await ImportAsync(client);
        int warm = 32, plays = options.Count(320, 64);
        await FillAsync(client, 0, warm); // what is read once
        await UntilOpenAsync(2 * warm);
        storage.Take();
        await FillAsync(client, warm, warm + plays);
        await UntilOpenAsync(2 * (warm + plays));
        IReadOnlyDictionary<string, int> counts = storage.Take();

        report.Line($"Storage requests of a lead from a file, from its line until its play waits for a touch (mean of {plays}).");
        report.Table("table or queue: act", "requests");
        foreach ((string act, int count) in counts.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            report.Row(act, Figure.Of((double)count / plays));
        report.Row("**together**", $"**{Figure.Of((double)counts.Values.Sum() / plays)}**");
        report.Line("");

        async Task UntilOpenAsync(int clocks)
        {
            await PlaysWatch.UntilOpenAsync(storage.Direct, clocks, Patience);
            await Task.Delay(TimeSpan.FromSeconds(4));
        }
    }

    private static AppOptions Settings(string storage, string folder, WebhookReceiver receiver) => new()
    {
        Storage = storage,
        StartWithin = TimeSpan.FromMinutes(5),
        Settings = new Dictionary<string, string>
        {
            ["Abm__ConfigPath"] = folder,
            ["Abm__Webhook__Url"] = receiver.Address.ToString(),
            ["Abm__Webhook__Secret"] = "the secret of the benchmark",
        },
    };

    private static async Task ImportAsync(AbmClient client)
    {
        foreach (string kind in (string[])["accounts", "contacts", "reps"])
            (await client.PostCsvAsync($"api/import/{kind}", await File.ReadAllTextAsync(Path.Combine(Repository.Root, "samples", kind + ".csv")), CancellationToken.None)).Expect(HttpStatusCode.OK);
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

    /// <summary>Files that are taken in within a request's time even while the app is busy deciding the ones before.</summary>
    private static async Task FillAsync(AbmClient client, int first, int end)
    {
        const int AtATime = 500;
        for (int from = first; from < end; from += AtATime)
        {
            StringBuilder csv = new("lead_id,email,source\n");
            for (int i = from; i < Math.Min(end, from + AtATime); i++)
                csv.Append(CultureInfo.InvariantCulture, $"far-{i},person.{Name(i)}@corvane.example,far\n");
            JsonNode answer = (await client.PostCsvAsync("api/import/leads", csv.ToString(), CancellationToken.None)).Expect(HttpStatusCode.OK).Json;
            if ((int)answer["rejected"]! > 0)
                throw new InvalidOperationException($"Leads were rejected: {answer}");
        }
    }

    /// <summary>Leads with a reminder soon, one after the other.</summary>
    private static async Task<Dictionary<string, NearLead>> PostNearAsync(AbmClient client, int count, string name)
    {
        Dictionary<string, NearLead> posted = new(StringComparer.Ordinal);
        for (int i = 0; i < count; i++)
        {
            JsonObject lead = new() { ["email"] = $"{name}.{Name(i)}@corvane.example", ["source"] = "near", ["externalId"] = $"{name}-{i}" };
            JsonNode taken = (await client.PostJsonAsync("api/leads", lead, CancellationToken.None)).Expect(HttpStatusCode.Accepted).Json;
            posted.Add((string)taken["leadId"]!, new NearLead(default, default));
        }

        return posted;
    }

    /// <summary>Fills in when each was received, and when its clock began: the instant of its decision.</summary>
    private static async Task BegunAsync(AbmClient client, Dictionary<string, NearLead> leads)
    {
        foreach (string leadId in leads.Where(lead => lead.Value.StartedAt == default).Select(lead => lead.Key).ToArray())
        {
            JsonNode started = await AbmClient.UntilAsync(
                async () => (await client.GetAsync($"api/leads/{leadId}", CancellationToken.None)).Json, lead => lead["clocks"] is JsonArray { Count: > 0 }, TimeSpan.FromMinutes(20), "A clock", CancellationToken.None);
            leads[leadId] = new NearLead(Instant(started["receivedAt"]), Instant(started["clocks"]![0]!["startedAt"]));
        }

        static DateTimeOffset Instant(JsonNode? text) => DateTimeOffset.Parse((string)text!, CultureInfo.InvariantCulture);
    }

    /// <summary>Milliseconds from receipt to decision, and from the instant a reminder is due until it has arrived.</summary>
    private static async Task<(Stats Deciding, Stats Reminding)> LatenessAsync(AbmClient client, WebhookReceiver receiver, Dictionary<string, NearLead> leads)
    {
        await BegunAsync(client, leads);
        IReadOnlyDictionary<string, DateTimeOffset> told = await AbmClient.UntilAsync(
            () => Task.FromResult(Reminders(receiver)), all => leads.Keys.All(all.ContainsKey), TimeSpan.FromMinutes(20), "The reminders", CancellationToken.None);
        return (
            new Stats(leads.Values.Select(lead => (lead.StartedAt - lead.ReceivedAt).TotalMilliseconds)),
            new Stats(leads.Select(lead => (told[lead.Key] - lead.Value.StartedAt - UntilReminder).TotalMilliseconds)));
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

    private sealed record NearLead(DateTimeOffset ReceivedAt, DateTimeOffset StartedAt);
}
