using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Abm.TestKit;
using Azure.Data.Tables;

namespace Abm.EndToEnd.Tests;

/// <summary>Leads given to two processes, and what must be true of them in the end, whoever was killed meanwhile.</summary>
public sealed class SharedWork(TwoProcesses both, string run)
{
    /// <summary>Two owners with a card, two reminders and a backup each, two breaches, one handover, one reassignment: see <see cref="PlayTests"/>.</summary>
    private const string WholeLadder = "backup 2, breach 2, context-card 2, reassigned 1, reminder 4, revops 1";
    private readonly List<string> _leads = [];
    private readonly HashSet<string> _touched = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();

    /// <summary>What was found; written as one line each.</summary>
    public Dictionary<string, object> Figures { get; } = [];

    /// <summary>Posts the lead of this number, and touches every third one a little later. Returns when it is decided and touched.</summary>
    public async Task PostAsync(int number, TimeSpan within, CancellationToken cancellationToken)
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"{run}-{number}");
        string person = string.Concat(name[(run.Length + 1)..].Select(digit => (char)('a' + digit - '0'))); // a name of digits would not be a person's
        JsonObject lead = new() { ["email"] = $"lead.{person}@corvane.example", ["source"] = "endtoend", ["externalId"] = name };
        string leadId = (string)(await both.PostAsync("api/leads", lead, name, cancellationToken))["leadId"]!;
        lock (_gate)
            _leads.Add(leadId);
        if (number % 3 != 0)
            return;
        JsonNode decided = await both.UntilLeadAsync(leadId, now => (string?)now["state"] == "decided", within, "Decided", cancellationToken);
        await Task.Delay(TimeSpan.FromMilliseconds(number * 700 % 5000 * both.BudgetSeconds / QuickPlays.Budget), cancellationToken); // some before the deadline, some after it
        JsonObject touch = new() { ["by"] = (string?)decided["ownerId"], ["kind"] = "call" };
        await both.PostAsync($"api/leads/{leadId}/touch", touch, name, cancellationToken);
        lock (_gate)
            _touched.Add(leadId);
    }

    /// <summary>Waits until everything is over and says what is wrong; empty when nothing is.</summary>
    /// <param name="within">How long nothing may happen. How long all of it takes depends on the machine.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public async Task<IReadOnlyList<string>> AuditAsync(TimeSpan within, CancellationToken cancellationToken)
    {
        List<string> wrong = [];
        string[] ids = [.. _leads];
        await UntilToldOrStillAsync(ids, within, cancellationToken);
        long begun = Stopwatch.GetTimestamp();
        TimeSpan Left() => TimeSpan.FromTicks(Math.Max(0, (within - Stopwatch.GetElapsedTime(begun)).Ticks));
        IReadOnlyDictionary<string, string> ladders = Ladders();
        List<JsonNode> leads = [];
        foreach (string id in ids)
        {
            leads.Add(await TryAsync(id, lead => (string?)lead["state"] == "decided" && IsOver(lead), "Its play is over"));
            if (!_touched.Contains(id) && ladders.GetValueOrDefault(id) != WholeLadder)
                wrong.Add($"The ladder of {id}: {ladders.GetValueOrDefault(id)}");
        }

        Expect(ids.Distinct(StringComparer.Ordinal).Count() == ids.Length, "Two posts have one lead id");
        await AuditDecisionsAsync(ids, leads, wrong, cancellationToken);
        await AuditPlaysAsync(leads, wrong, cancellationToken);
        AuditDeliveries(ids, wrong);
        foreach (string list in new[] { "quarantine", "outbox" })
            Expect((await both.ListAsync($"api/{list}?limit=500", cancellationToken)).Count == 0, $"api/{list} is not empty");
        return wrong;

        async Task<JsonNode> TryAsync(string id, Func<JsonNode, bool> wanted, string what)
        {
            try
            {
                return await both.UntilLeadAsync(id, wanted, Left(), what, cancellationToken);
            }
            catch (TimeoutException late)
            {
                wrong.Add(late.Message);
                return await both.GetAsync($"api/leads/{id}", cancellationToken);
            }
        }

        void Expect(bool holds, string otherwise)
        {
            if (!holds)
                wrong.Add(otherwise);
        }
    }

    /// <summary>Waits until the whole ladder of every lead that nobody touched has been told, or nothing has been told for so long.</summary>
    private async Task UntilToldOrStillAsync(string[] ids, TimeSpan still, CancellationToken cancellationToken)
    {
        int seen = -1;
        for (long since = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(since) < still; await Task.Delay(TimeSpan.FromSeconds(1), cancellationToken))
        {
            int now = both.Receiver.Deliveries.Count;
            if (now == seen)
                continue;
            (seen, since) = (now, Stopwatch.GetTimestamp());
            IReadOnlyDictionary<string, string> ladders = Ladders();
            if (ids.All(id => _touched.Contains(id) || ladders.GetValueOrDefault(id) == WholeLadder))
                return;
        }
    }

    private static bool IsOver(JsonNode lead) => lead["plays"]!.AsArray().All(play => (string?)play!["status"] is "completed" or "stopped") && lead["plays"]!.AsArray().Count == 1;

    private async Task AuditDecisionsAsync(string[] ids, List<JsonNode> leads, List<string> wrong, CancellationToken cancellationToken)
    {
        List<string> rows = [];
        TableClient table = new TableServiceClient(both.Storage).GetTableClient("AbmLeads");
        await foreach (TableEntity row in table.QueryAsync<TableEntity>(select: ["PartitionKey", "RowKey"], cancellationToken: cancellationToken))
        {
            if (row.RowKey.Split("|d|") is [var leadId, _])
                rows.Add(leadId);
            else if (row.RowKey.StartsWith("!undecided|", StringComparison.Ordinal))
                wrong.Add($"Marked as undecided still: {row.RowKey}");
        }

        string[] twice = [.. rows.CountBy(id => id, StringComparer.Ordinal).Where(count => count.Value > 1).Select(count => count.Key)];
        int different = leads.Select(lead => (string?)lead["decisionId"]).OfType<string>().Distinct(StringComparer.Ordinal).Count();
        Figures["posted"] = ids.Length;
        Figures["decided"] = different;
        Figures["decided twice"] = twice.Length;
        if (twice.Length > 0 || different != ids.Length || !rows.Order(StringComparer.Ordinal).SequenceEqual(ids.Order(StringComparer.Ordinal), StringComparer.Ordinal))
            wrong.Add($"{ids.Length} leads, {different} decision ids, {rows.Count} decision rows, twice: {string.Join(", ", twice)}");
    }

    private async Task AuditPlaysAsync(List<JsonNode> leads, List<string> wrong, CancellationToken cancellationToken)
    {
        int finished = 0, created = 0, fired = 0;
        foreach (JsonNode lead in leads)
        {
            foreach (JsonNode? play in lead["plays"]!.AsArray())
            {
                string id = (string)play!["playId"]!;
                JsonNode instance = await both.GetAsync($"runtime/webhooks/durabletask/instances/{id}?showHistory=true", cancellationToken);
                string[] events = [.. instance["historyEvents"]!.AsArray().Select(e => (string)e!["EventType"]!)];
                int timers = events.Count(e => e == "TimerCreated"), rang = events.Count(e => e == "TimerFired");
                (created, fired) = (created + timers, fired + rang);
                if ((string?)instance["runtimeStatus"] == "Completed")
                    finished++;
                else
                    wrong.Add($"Play {id} is {(string?)instance["runtimeStatus"]}: {string.Join(' ', events.TakeLast(5))}");
                if (rang > timers || (rang < timers && !_touched.Contains((string)lead["leadId"]!)))
                    wrong.Add($"Play {id} made {timers} timers and {rang} fired");
            }

            foreach (JsonNode? clock in lead["clocks"]!.AsArray())
            {
                if ((string?)clock!["state"] is not ("met" or "breached") || clock["stoppedAt"] is null)
                    wrong.Add($"A clock of a play that is over: {clock.ToJsonString()}");
            }
        }

        // The board is written beside the files: it must say the same of each clock, once.
        string[] board = [.. (await both.ListAsync("api/clocks?limit=500", cancellationToken)).Select(Said).Order(StringComparer.Ordinal)];
        string[] files = [.. leads.SelectMany(lead => lead["clocks"]!.AsArray()).Select(clock => Said(clock!)).Order(StringComparer.Ordinal)];
        if (!board.SequenceEqual(files, StringComparer.Ordinal))
            wrong.Add($"Only on the board: {string.Join("; ", board.Except(files, StringComparer.Ordinal))}. Only in files: {string.Join("; ", files.Except(board, StringComparer.Ordinal))}. {board.Length} against {files.Length}");
        Figures["plays finished"] = finished;
        Figures["durable timers created / fired"] = $"{created} / {fired}";
        Figures["clocks"] = string.Join(", ", leads.SelectMany(lead => lead["clocks"]!.AsArray()).CountBy(clock => (string)clock!["state"]!).Select(count => $"{count.Value} {count.Key}"));

        static string Said(JsonNode clock) => $"{(string?)clock["clockId"]} {(string?)clock["state"]} {(string?)clock["stoppedAt"]}";
    }

    /// <summary>One delivery id for each step of a ladder, and the same content under it every time.</summary>
    private void AuditDeliveries(string[] ids, List<string> wrong)
    {
        IGrouping<string, Delivery>[] steps = [.. both.Receiver.Deliveries.GroupBy(delivery => delivery.Headers["X-Abm-Delivery"], StringComparer.Ordinal)];
        Dictionary<string, string> meant = new(StringComparer.Ordinal);
        TimeSpan longest = TimeSpan.Zero;
        string slowest = "";
        foreach (IGrouping<string, Delivery> step in steps)
        {
            JsonNode body = JsonNode.Parse(step.First().Body)!;
            string what = $"{(string?)body["leadId"]} {(string?)body["kind"]} {(string?)body["to"]!["id"]} {(string?)body["at"]}";
            if (!meant.TryAdd(what, step.Key))
                wrong.Add($"One step under two delivery ids: {what}");
            if (step.Any(delivery => delivery.Body != step.First().Body))
                wrong.Add($"Two contents under one delivery id: {what}");
            if (!ids.Contains((string?)body["leadId"]))
                wrong.Add($"A delivery about a lead that nobody posted: {what}");
            TimeSpan delay = step.Min(delivery => delivery.ArrivedAt) - DateTimeOffset.Parse((string)body["at"]!, CultureInfo.InvariantCulture);
            if (delay > longest)
                (longest, slowest) = (delay, what);
        }

        Figures["steps delivered"] = steps.Length;
        Figures["repeats under the same delivery id"] = both.Receiver.Deliveries.Count - steps.Length;
        Figures["longest delay of a step beyond its due instant"] = string.Create(CultureInfo.InvariantCulture, $"{longest.TotalSeconds:0.0} s ({slowest})");
    }

    /// <summary>What was told about each lead, every step once.</summary>
    private Dictionary<string, string> Ladders() => both.Receiver.Deliveries
        .DistinctBy(delivery => delivery.Headers["X-Abm-Delivery"], StringComparer.Ordinal)
        .Select(delivery => JsonNode.Parse(delivery.Body)!)
        .GroupBy(body => (string)body["leadId"]!, StringComparer.Ordinal)
        .ToDictionary(
            lead => lead.Key,
            lead => string.Join(", ", lead
                .CountBy(body => (string)body["kind"]!, StringComparer.Ordinal)
                .OrderBy(count => count.Key, StringComparer.Ordinal)
                .Select(count => string.Create(CultureInfo.InvariantCulture, $"{count.Key} {count.Value}"))),
            StringComparer.Ordinal);
}
