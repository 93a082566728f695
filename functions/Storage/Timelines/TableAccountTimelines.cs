using Abm.Ports;
using Abm.Signals;
using Azure;
using Azure.Data.Tables;

namespace Abm.Functions.Storage.Timelines;

/// <summary>Timelines in a table.</summary>
public sealed partial class TableAccountTimelines(TableServiceClient service) : IAccountTimelines
{
    private const int MaxTries = 16;
    private const int MostBetween = 500;
    private readonly TableClient _table = service.GetTableClient(TableNames.Events);

    /// <inheritdoc/>
    public async Task<SignalState> StateAsync(string accountId, CancellationToken cancellationToken) => (await ReadStateAsync(accountId, cancellationToken)).State;

    /// <inheritdoc/>
    public async Task<TimelineSaved> ChangeAsync(
        string accountId, IReadOnlyList<string> events, Func<SignalState, IReadOnlySet<string>, TimelineChange?> change, CancellationToken cancellationToken)
    {
        HashSet<string> known = new(StringComparer.Ordinal);
        for (int attempt = 0; attempt < MaxTries; attempt++)
        {
            (SignalState state, ETag? tag) = await ReadStateAsync(accountId, cancellationToken);
            HashSet<string> fresh = new(events.Where(e => !known.Contains(e)), StringComparer.Ordinal);
            if (change(state, fresh) is not { } wanted)
                return new TimelineSaved(state, Among(known, events), []);
            TimelineEntry[] entries = [.. wanted.Entries.Where(e => !known.Contains(e.Event.EventId))];
            SignalState after = wanted.State with { Pending = [.. wanted.State.Pending.Union([.. entries.Where(e => e.Starts).Select(e => TimelineRows.Key(e.Event))], StringComparer.Ordinal)] };
            if (entries.Length == 0 && ReferenceEquals(wanted.State, state))
                return new TimelineSaved(state, Among(known, events), wanted.Dropped);
            after = await ListAsync(accountId, after, entries, cancellationToken);
            foreach (TimelineEntry entry in entries.Where(e => e.Event.PersonKey is not null))
                await _table.UpsertEntityAsync(TimelineRows.PersonRow(accountId, entry.Event), TableUpdateMode.Replace, cancellationToken);
            try
            {
                await _table.SubmitTransactionAsync(
                    [
                        StateAction(accountId, after, tag),
                        .. entries.Select(e => new TableTransactionAction(TableTransactionActionType.Add, TimelineRows.Entry(accountId, e, []))),
                        .. entries.Select(e => new TableTransactionAction(TableTransactionActionType.Add, TimelineRows.IdRow(accountId, e.Event))),
                    ],
                    cancellationToken);
                return new TimelineSaved(after, Among(known, events), wanted.Dropped);
            }
            catch (RequestFailedException faster) when (faster.Status is 404 or 412)
            {
                // Somebody else changed it meanwhile: change what is there now.
            }
            catch (RequestFailedException there) when (there.Status == 409)
            {
                foreach (string id in entries.Select(e => e.Event.EventId))
                {
                    if ((await _table.GetEntityIfExistsAsync<TableEntity>(TimelineRows.Account(accountId), TimelineRows.Id(id), cancellationToken: cancellationToken)).HasValue)
                        known.Add(id);
                }
            }
        }

        throw new InvalidOperationException($"The signals of account {accountId} changed {MaxTries} times while they were being saved.");
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<StoredEntry>> FindAsync(string accountId, IReadOnlyList<string> keys, CancellationToken cancellationToken)
    {
        List<StoredEntry> found = [];
        foreach (string key in keys)
        {
            NullableResponse<TableEntity> row = await _table.GetEntityIfExistsAsync<TableEntity>(TimelineRows.Account(accountId), key, cancellationToken: cancellationToken);
            if (row.HasValue)
                found.Add(TimelineRows.ToEntry(row.Value!));
        }

        return found;
    }

    /// <inheritdoc/>
    public Task<ListPage<StoredEntry>> ListAsync(string accountId, int limit, string? after, CancellationToken cancellationToken) =>
        TablePages.ReadAsync(_table, TimelineRows.All(accountId), TimelineRows.ToEntry, limit, after, cancellationToken);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<StoredEntry>> BetweenAsync(string accountId, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken)
    {
        List<StoredEntry> found = [];
        await foreach (TableEntity row in _table.QueryAsync<TableEntity>(TimelineRows.Between(accountId, from, to), maxPerPage: MostBetween, cancellationToken: cancellationToken))
        {
            found.Add(TimelineRows.ToEntry(row));
            if (found.Count == MostBetween)
                break;
        }

        found.Reverse();
        return found;
    }

    /// <inheritdoc/>
    public async Task AnsweredAsync(string accountId, IReadOnlyDictionary<string, IReadOnlyList<EntryAnswer>> answers, CancellationToken cancellationToken)
    {
        foreach ((string key, IReadOnlyList<EntryAnswer> some) in answers.Where(a => a.Value.Count > 0))
        {
            TableEntity row = new(TimelineRows.Account(accountId), key);
            row.SetText("Answers", StoredJson.Write(some));
            try
            {
                await _table.UpdateEntityAsync(row, ETag.All, TableUpdateMode.Merge, cancellationToken);
            }
            catch (RequestFailedException gone) when (gone.Status == 404)
            {
                // Its person was erased meanwhile.
            }
        }

        await ChangeAsync(
            accountId, [], (state, _) => state.Pending.Any(answers.ContainsKey) ? new TimelineChange(state with { Pending = [.. state.Pending.Where(p => !answers.ContainsKey(p))] }, [], []) : null, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<ListPage<LiveAccount>> LiveAsync(int limit, string? after, CancellationToken cancellationToken) => TablePages.ReadAsync(
        _table,
        TableClient.CreateQueryFilter($"PartitionKey eq {TimelineRows.Live}"),
        row => new LiveAccount(row.RowKey, DateOnly.FromDateTime(row.GetDateTimeOffset("LastDay")!.Value.UtcDateTime)),
        limit,
        after,
        cancellationToken);

    private async Task<(SignalState State, ETag? Tag)> ReadStateAsync(string accountId, CancellationToken cancellationToken)
    {
        NullableResponse<TableEntity> row = await _table.GetEntityIfExistsAsync<TableEntity>(TimelineRows.Account(accountId), TimelineRows.StateRow, cancellationToken: cancellationToken);
        return row.HasValue ? (TimelineRows.ToState(row.Value!), row.Value!.ETag) : (SignalState.Empty, null);
    }

    private static TableTransactionAction StateAction(string accountId, SignalState state, ETag? tag) => tag is { } known
        ? new TableTransactionAction(TableTransactionActionType.UpdateReplace, TimelineRows.State(accountId, state), known)
        : new TableTransactionAction(TableTransactionActionType.Add, TimelineRows.State(accountId, state));

    /// <summary>The account stands in the list of those that events came for, with the day; once a day.</summary>
    private async Task<SignalState> ListAsync(string accountId, SignalState state, TimelineEntry[] entries, CancellationToken cancellationToken)
    {
        if (entries.Length == 0)
            return state;
        DateTimeOffset heard = entries.Max(e => e.Event.ReceivedAt);
        DateOnly day = DateOnly.FromDateTime(heard.UtcDateTime);
        if (state.ListedOn >= day)
            return state;
        await _table.UpsertEntityAsync(new TableEntity(TimelineRows.Live, accountId) { ["LastDay"] = new DateTimeOffset(day, default, TimeSpan.Zero) }, TableUpdateMode.Replace, cancellationToken);
        return state with { ListedOn = day };
    }

    private static HashSet<string> Among(HashSet<string> known, IReadOnlyList<string> events) => new(events.Where(known.Contains), StringComparer.Ordinal);
}
