using Abm.Local.Durable.Engine;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace Abm.Local.Durable.Storage;

/// <summary>Instances in a table: one partition for each, one row that commits, further rows for what is too long for it.</summary>
internal sealed class InstanceStore(ITable table, TimeProvider time)
{
    /// <summary>The row key of the row that commits.</summary>
    public const string StateKey = "state";

    private const int InboxLimit = 30_000;
    private const int TailLimit = 40_000;

    /// <summary>
    /// Which texts a row holds, and up to which length before they get rows of their own. Together below 1 MiB, even where the emulator counts
    /// six bytes for a character.
    /// </summary>
    private static readonly (string Name, int Limit)[] Texts =
    [
        ("Input", 10_000), ("Output", 10_000), ("CustomStatus", 9_000), ("Failure", 15_000), ("Inbox", InboxLimit), ("Outbox", 20_000),
        ("Timers", 15_000), ("Tags", 8_000), ("Seen", 8_000), ("Chunks", 8_000), ("History", TailLimit),
    ];

    private static readonly string[] SummaryColumns =
        ["Name", "Version", "ExecutionId", "RuntimeStatus", "CreatedTime", "LastUpdatedTime", "CompletedTime", "ScheduledStartTime", "Parent", "Episode", "CommitId", "TimerWake"];

    private static readonly string[] InboxColumns = [.. SummaryColumns, .. RowTexts.Columns("Inbox", InboxLimit), .. RowTexts.Columns("Seen", 8_000)];

    private static readonly string[] OutputColumns =
        [.. SummaryColumns, .. ((string[])["Input", "Output", "CustomStatus", "Failure", "Tags"]).SelectMany(name => RowTexts.Columns(name, 15_000))];

    /// <summary>Everything of an instance.</summary>
    public Task<InstanceState?> LoadAsync(string instanceId, CancellationToken cancellationToken) => ReadAsync(instanceId, null, cancellationToken);

    /// <summary>Status, keys and times only.</summary>
    public Task<InstanceState?> LoadSummaryAsync(string instanceId, CancellationToken cancellationToken) => ReadAsync(instanceId, SummaryColumns, cancellationToken);

    /// <summary>The summary and what came for the instance.</summary>
    public Task<InstanceState?> LoadInboxAsync(string instanceId, CancellationToken cancellationToken) => ReadAsync(instanceId, InboxColumns, cancellationToken);

    /// <summary>The summary, input, output, custom status and failure.</summary>
    public Task<InstanceState?> LoadOutputAsync(string instanceId, CancellationToken cancellationToken) => ReadAsync(instanceId, OutputColumns, cancellationToken);

    /// <summary>Summaries of many instances, with outputs if wished; a page at a time.</summary>
    public async Task<(IReadOnlyList<InstanceState> States, string? Continuation)> ListAsync(
        TableRange range, bool withOutputs, int pageSize, string? continuation, CancellationToken cancellationToken)
    {
        TableRange rows = range with { RowKey = StateKey, Select = withOutputs ? OutputColumns : SummaryColumns };
        TablePage page = await table.QueryAsync(rows, pageSize, continuation, cancellationToken).ConfigureAwait(false);
        var states = new List<InstanceState>(page.Rows.Count);
        foreach (TableRow row in page.Rows)
        {
            // A row that changes under the reader may have moved a long text on; the next read shows it.
            if (await ReadRowAsync(row, cancellationToken).ConfigureAwait(false) is { } state)
                states.Add(state);
        }

        return (states, page.Continuation);
    }

    /// <summary>Inserts an instance.</summary>
    /// <returns>The stored state; null: the id is taken.</returns>
    public async Task<InstanceState?> AddAsync(InstanceState state, CancellationToken cancellationToken)
    {
        (InstanceState ready, TableRow row) = await PrepareAsync(state, cancellationToken).ConfigureAwait(false);
        return await table.AddAsync(row, cancellationToken).ConfigureAwait(false) is { } tag ? ready with { ETag = tag } : null;
    }

    /// <summary>Writes all of an instance if its row still has the tag.</summary>
    /// <returns>The stored state; null: somebody else was first.</returns>
    public async Task<InstanceState?> ReplaceAsync(InstanceState state, string etag, CancellationToken cancellationToken)
    {
        (InstanceState ready, TableRow row) = await PrepareAsync(state, cancellationToken).ConfigureAwait(false);
        return await table.UpdateAsync(row, etag, merge: false, cancellationToken).ConfigureAwait(false) is { } tag ? ready with { ETag = tag } : null;
    }

    /// <summary>Writes what came for the instance, and nothing else.</summary>
    /// <inheritdoc cref="ReplaceAsync"/>
    public async Task<bool> UpdateInboxAsync(InstanceState state, IReadOnlyList<Message> inbox, IReadOnlyList<string> seen, CancellationToken cancellationToken)
    {
        var row = new TableRow(state.InstanceId, StateKey);
        string text = HistoryJson.Write(inbox);
        if (text.Length > InboxLimit)
            RowTexts.PutReference(row, "Inbox", await RowTexts.SpillAsync(table, time.GetUtcNow(), state.InstanceId, $"Inbox-{NewName()}", text, cancellationToken).ConfigureAwait(false));
        else
            RowTexts.Put(row, "Inbox", text);
        RowTexts.Put(row, "Seen", string.Join('\n', seen));
        if (await table.UpdateAsync(row, state.ETag, merge: true, cancellationToken).ConfigureAwait(false) is null)
            return false;
        foreach (string former in state.Spilled.Where(reference => reference.StartsWith("Inbox-", StringComparison.Ordinal)))
            await RowTexts.DeleteSpilledAsync(table, state.InstanceId, former, cancellationToken).ConfigureAwait(false);
        return true;
    }

    /// <summary>Forgets what was sent.</summary>
    /// <inheritdoc cref="ReplaceAsync"/>
    public async Task<InstanceState?> ClearOutboxAsync(InstanceState state, CancellationToken cancellationToken)
    {
        var row = new TableRow(state.InstanceId, StateKey);
        RowTexts.Put(row, "Outbox", null);
        string? tag = await table.UpdateAsync(row, state.ETag, merge: true, cancellationToken).ConfigureAwait(false);
        return tag is null ? null : state with { Outbox = [], ETag = tag };
    }

    /// <summary>Notes which wake row stands for the earliest timer.</summary>
    /// <inheritdoc cref="ReplaceAsync"/>
    public async Task<InstanceState?> UpdateTimerWakeAsync(InstanceState state, string? key, CancellationToken cancellationToken)
    {
        var row = new TableRow(state.InstanceId, StateKey) { Properties = { ["TimerWake"] = key ?? "" } };
        string? tag = await table.UpdateAsync(row, state.ETag, merge: true, cancellationToken).ConfigureAwait(false);
        return tag is null ? null : state with { TimerWake = key, ETag = tag };
    }

    /// <summary>Removes the rows that a state referred to and its successor does not. Whatever is left by a crash is never read.</summary>
    public async Task SweepAsync(InstanceState before, InstanceState after, CancellationToken cancellationToken)
    {
        foreach (string reference in before.Spilled.Concat(before.Chunks).Except(after.Spilled.Concat(after.Chunks), StringComparer.Ordinal))
            await RowTexts.DeleteSpilledAsync(table, before.InstanceId, reference, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Removes further rows that no instance refers to: a process died between writing them and the commit, or between a commit and the removal of
    /// what it replaced. Those of commits that may still be under way are left alone.
    /// </summary>
    /// <param name="before">Rows written later are left alone.</param>
    /// <param name="cancellationToken">Ends it; what was not removed is found again.</param>
    /// <returns>How many rows were removed.</returns>
    public async Task<int> RemoveOrphansAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        var old = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        string? continuation = null;
        do
        {
            TablePage page = await table.QueryAsync(RowTexts.Written(before), 1000, continuation, cancellationToken).ConfigureAwait(false);
            foreach (TableRow row in page.Rows)
            {
                if (!old.TryGetValue(row.PartitionKey, out List<string>? keys))
                    old[row.PartitionKey] = keys = [];
                keys.Add(row.RowKey);
            }

            continuation = page.Continuation;
        }
        while (continuation is not null);

        int removed = 0;
        foreach ((string instanceId, List<string> keys) in old)
        {
            InstanceState? state = await LoadAsync(instanceId, cancellationToken).ConfigureAwait(false);
            HashSet<string> needed = [.. (state is null ? [] : state.Spilled.Concat(state.Chunks)).SelectMany(RowTexts.RowsOf)];
            foreach (string key in keys.Where(key => !needed.Contains(key)))
            {
                await table.DeleteAsync(instanceId, key, null, cancellationToken).ConfigureAwait(false);
                removed++;
            }
        }

        return removed;
    }

    /// <summary>Removes an instance if its row still has the tag.</summary>
    /// <returns>Whether it is gone.</returns>
    public async Task<bool> DeleteAsync(InstanceState state, CancellationToken cancellationToken)
    {
        if (!await table.DeleteAsync(state.InstanceId, StateKey, state.ETag, cancellationToken).ConfigureAwait(false))
            return false;
        foreach (string reference in state.Spilled.Concat(state.Chunks))
            await RowTexts.DeleteSpilledAsync(table, state.InstanceId, reference, cancellationToken).ConfigureAwait(false);
        return true;
    }

    private static string NewName() => Guid.NewGuid().ToString("N")[..12];

    private async Task<InstanceState?> ReadAsync(string instanceId, string[]? select, CancellationToken cancellationToken)
    {
        for (int attempt = 0; ; attempt++)
        {
            TableRow? row = await table.GetAsync(instanceId, StateKey, select, cancellationToken).ConfigureAwait(false);
            if (row is null)
                return null;
            if (await ReadRowAsync(row, cancellationToken).ConfigureAwait(false) is { } state)
                return state;

            // A commit between the two reads replaced a row that this one refers to. Reading again finds the new ones.
            if (attempt == 5)
                throw new InvalidDataException($"Rows that belong to the orchestration '{instanceId}' are missing in storage.");
        }
    }

    /// <summary>Null: a row that is referred to is gone.</summary>
    private async Task<InstanceState?> ReadRowAsync(TableRow row, CancellationToken cancellationToken)
    {
        var texts = new Dictionary<string, string?>(StringComparer.Ordinal);
        var spilled = new List<string>();
        foreach ((string name, _) in Texts)
        {
            if (RowTexts.Reference(row, name) is { } reference)
            {
                texts[name] = await RowTexts.ReadSpilledAsync(table, row.PartitionKey, reference, cancellationToken).ConfigureAwait(false);
                if (texts[name] is null)
                    return null;
                spilled.Add(reference);
            }
            else if (row.Properties.ContainsKey(name + "Parts"))
            {
                texts[name] = RowTexts.Get(row, name);
            }
        }

        string[] chunks = Lines(texts.GetValueOrDefault("Chunks"));
        var history = new List<HistoryEvent>();
        foreach (string chunk in chunks)
        {
            if (await RowTexts.ReadSpilledAsync(table, row.PartitionKey, chunk, cancellationToken).ConfigureAwait(false) is not { } sealedEvents)
                return null;
            history.AddRange(HistoryJson.Read<HistoryEvent>(sealedEvents));
        }

        int chunked = history.Count;
        history.AddRange(HistoryJson.Read<HistoryEvent>(texts.GetValueOrDefault("History")));
        return new InstanceState
        {
            InstanceId = row.PartitionKey,
            ETag = row.ETag ?? "",
            Name = row.Text("Name") ?? "",
            Version = row.Text("Version") ?? "",
            ExecutionId = row.Text("ExecutionId") ?? "",
            Status = Enum.Parse<OrchestrationRuntimeStatus>(row.Text("RuntimeStatus") ?? nameof(OrchestrationRuntimeStatus.Pending)),
            CreatedAt = row.Instant("CreatedTime") ?? default,
            UpdatedAt = row.Instant("LastUpdatedTime") ?? default,
            CompletedAt = row.Instant("CompletedTime"),
            StartAt = row.Instant("ScheduledStartTime"),
            Parent = HistoryJson.ReadOne<ParentLink>(row.Text("Parent")),
            Episode = row.Number("Episode"),
            CommitId = row.Text("CommitId") ?? "",
            TimerWake = row.Text("TimerWake") is { Length: > 0 } wake ? wake : null,
            Tags = HistoryJson.ReadOne<Dictionary<string, string>>(texts.GetValueOrDefault("Tags")),
            Input = texts.GetValueOrDefault("Input"),
            Output = texts.GetValueOrDefault("Output"),
            CustomStatus = texts.GetValueOrDefault("CustomStatus"),
            Failure = HistoryJson.ReadOne<TaskFailureDetails>(texts.GetValueOrDefault("Failure")),
            Inbox = HistoryJson.Read<Message>(texts.GetValueOrDefault("Inbox")),
            Outbox = HistoryJson.Read<Outgoing>(texts.GetValueOrDefault("Outbox")),
            Timers = HistoryJson.Read<OpenTimer>(texts.GetValueOrDefault("Timers")),
            Seen = Lines(texts.GetValueOrDefault("Seen")),
            Chunks = chunks,
            ChunkedEvents = chunked,
            History = history,
            Spilled = spilled,
        };
    }

    private static string[] Lines(string? text) => string.IsNullOrEmpty(text) ? [] : text.Split('\n');

    /// <summary>Writes what needs rows of its own and makes the row that commits.</summary>
    private async Task<(InstanceState Ready, TableRow Row)> PrepareAsync(InstanceState state, CancellationToken cancellationToken)
    {
        string commit = NewName();
        string tail = HistoryJson.Write(state.History.Skip(state.ChunkedEvents).ToList());
        if (tail.Length > TailLimit)
        {
            string chunk = await RowTexts.SpillAsync(table, time.GetUtcNow(), state.InstanceId, $"History-{commit}", tail, cancellationToken).ConfigureAwait(false);
            state = state with { Chunks = [.. state.Chunks, chunk], ChunkedEvents = state.History.Count };
            tail = "";
        }

        var row = new TableRow(state.InstanceId, StateKey);
        var spilled = new List<string>();
        foreach ((string name, int limit) in Texts)
        {
            string? text = TextOf(state, name, tail);
            if (text is { } longText && longText.Length > limit)
            {
                string reference = await RowTexts.SpillAsync(table, time.GetUtcNow(), state.InstanceId, $"{name}-{commit}", longText, cancellationToken).ConfigureAwait(false);
                RowTexts.PutReference(row, name, reference);
                spilled.Add(reference);
            }
            else
            {
                RowTexts.Put(row, name, text);
            }
        }

        Dictionary<string, object> properties = row.Properties;
        properties["Name"] = state.Name;
        properties["Version"] = state.Version;
        properties["ExecutionId"] = state.ExecutionId;
        properties["RuntimeStatus"] = state.Status.ToString();
        properties["CreatedTime"] = state.CreatedAt;
        properties["LastUpdatedTime"] = state.UpdatedAt;
        if (state.CompletedAt is { } completed)
            properties["CompletedTime"] = completed;
        if (state.StartAt is { } start)
            properties["ScheduledStartTime"] = start;
        properties["Parent"] = HistoryJson.WriteOne(state.Parent) ?? "";
        properties["Episode"] = state.Episode;
        properties["CommitId"] = state.CommitId;
        properties["TimerWake"] = state.TimerWake ?? "";
        return (state with { Spilled = spilled }, row);
    }

    private static string? TextOf(InstanceState state, string name, string tail) => name switch
    {
        "Input" => state.Input,
        "Output" => state.Output,
        "CustomStatus" => state.CustomStatus,
        "Failure" => HistoryJson.WriteOne(state.Failure),
        "Inbox" => HistoryJson.Write(state.Inbox),
        "Outbox" => HistoryJson.Write(state.Outbox),
        "Timers" => HistoryJson.Write(state.Timers),
        "Tags" => HistoryJson.WriteOne(state.Tags),
        "Seen" => string.Join('\n', state.Seen),
        "Chunks" => string.Join('\n', state.Chunks),
        _ => tail,
    };
}
