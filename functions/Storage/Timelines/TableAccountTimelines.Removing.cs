using Abm.Ports;
using Abm.Signals;
using Azure;
using Azure.Data.Tables;

namespace Abm.Functions.Storage.Timelines;

/// <summary>What moves and goes: with merged accounts, with time, with people.</summary>
public sealed partial class TableAccountTimelines
{
    private const int RowsAtOnce = 40;
    private const int MostRecounted = 5_000;

    /// <inheritdoc/>
    public async Task<int> MoveAsync(string from, string to, bool isBack, DateTimeOffset now, CancellationToken cancellationToken)
    {
        int moved = 0;
        List<StoredEntry> some = [];
        await foreach (TableEntity row in _table.QueryAsync<TableEntity>(TimelineRows.All(from), cancellationToken: cancellationToken))
        {
            StoredEntry entry = TimelineRows.ToEntry(row);
            if (isBack && entry.Entry.Origin != to)
                continue;
            some.Add(entry);
            if (some.Count < IAccountTimelines.MostAtOnce)
                continue;
            moved += await MoveAsync(some, from, to, isBack, cancellationToken);
            some.Clear();
        }

        if (some.Count > 0)
            moved += await MoveAsync(some, from, to, isBack, cancellationToken);
        if (moved == 0)
            return 0;
        await RecountAsync(to, now, cancellationToken);
        if (isBack)
            await RecountAsync(from, now, cancellationToken);
        else
            await ForgetAsync(from, cancellationToken);
        return moved;
    }

    /// <inheritdoc/>
    public async Task<int> PurgeAsync(string accountId, DateTimeOffset before, int limit, CancellationToken cancellationToken)
    {
        List<StoredEntry> old = [];
        await foreach (TableEntity row in _table.QueryAsync<TableEntity>(TimelineRows.Between(accountId, DateTimeOffset.UnixEpoch, before.AddTicks(-1)), cancellationToken: cancellationToken))
        {
            old.Add(TimelineRows.ToEntry(row));
            if (old.Count == limit)
                break;
        }

        await RemoveAsync(accountId, old, cancellationToken);
        return old.Count;
    }

    /// <inheritdoc/>
    public async Task ForgetAsync(string accountId, CancellationToken cancellationToken)
    {
        await _table.DeleteEntityAsync(TimelineRows.Live, accountId, cancellationToken: cancellationToken);
        if ((await ListAsync(accountId, 1, null, cancellationToken)).Items.Count == 0)
            await _table.DeleteEntityAsync(TimelineRows.Account(accountId), TimelineRows.StateRow, cancellationToken: cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<StoredEntry>> OfPersonAsync(string personKey, int limit, CancellationToken cancellationToken)
    {
        List<StoredEntry> found = [];
        foreach ((string account, string key, _) in await PlacesAsync(personKey, cancellationToken))
        {
            if (found.Count == limit)
                break;
            found.AddRange(await FindAsync(account, [key], cancellationToken));
        }

        return found;
    }

    /// <inheritdoc/>
    public async Task<int> ErasePersonAsync(string personKey, CancellationToken cancellationToken)
    {
        int erased = 0;
        foreach (IGrouping<string, (string Account, string Key, string Row)> places in (await PlacesAsync(personKey, cancellationToken)).GroupBy(p => p.Account, StringComparer.Ordinal))
        {
            IReadOnlyList<StoredEntry> entries = [.. (await FindAsync(places.Key, [.. places.Select(p => p.Key)], cancellationToken)).Where(e => e.Entry.Event.PersonKey == personKey)];
            await RemoveAsync(places.Key, entries, cancellationToken);
            erased += entries.Count;
            HashSet<string> keys = new(places.Select(p => p.Key), StringComparer.Ordinal);
            await ChangeAsync(
                places.Key,
                [],
                (state, _) => new TimelineChange(SignalFold.WithoutPerson(state, personKey) with { Pending = [.. state.Pending.Where(p => !keys.Contains(p))] }, [], []),
                cancellationToken);

            // Last: by these a repeat finds what a crash left.
            foreach ((_, _, string row) in places)
                await _table.DeleteEntityAsync(TimelineRows.Person(personKey), row, cancellationToken: cancellationToken);
        }

        return erased;
    }

    private async Task<int> MoveAsync(List<StoredEntry> entries, string from, string to, bool isBack, CancellationToken cancellationToken)
    {
        TimelineEntry[] moving = [.. entries.Select(e => e.Entry with { Origin = isBack ? null : e.Entry.Origin ?? from, Starts = false })];
        await ChangeAsync(to, [.. moving.Select(e => e.Event.EventId)], (state, _) => new TimelineChange(state, moving, []), cancellationToken);
        foreach (StoredEntry entry in entries.Where(e => e.Answers.Count > 0))
            await AnsweredAsync(to, new Dictionary<string, IReadOnlyList<EntryAnswer>> { [entry.Key] = entry.Answers }, cancellationToken);
        await RemoveAsync(from, entries, cancellationToken);
        return entries.Count;
    }

    private async Task RecountAsync(string accountId, DateTimeOffset now, CancellationToken cancellationToken)
    {
        for (int attempt = 0; attempt < MaxTries; attempt++)
        {
            (SignalState state, ETag? tag) = await ReadStateAsync(accountId, cancellationToken);
            List<AccountEvent> events = [];
            await foreach (TableEntity row in _table.QueryAsync<TableEntity>(TimelineRows.Between(accountId, now.AddDays(-SignalState.DaysKept), now.AddDays(1)), cancellationToken: cancellationToken))
            {
                events.Add(TimelineRows.ToEntry(row).Entry.Event);
                if (events.Count == MostRecounted)
                    break;
            }

            try
            {
                await _table.SubmitTransactionAsync([StateAction(accountId, SignalFold.Recounted(state, events, now), tag)], cancellationToken);
                return;
            }
            catch (RequestFailedException faster) when (faster.Status is 404 or 409 or 412)
            {
                // An event came meanwhile: count again.
            }
        }

        throw new InvalidOperationException($"The signals of account {accountId} changed {MaxTries} times while they were being counted.");
    }

    private async Task RemoveAsync(string accountId, IReadOnlyList<StoredEntry> entries, CancellationToken cancellationToken)
    {
        foreach (StoredEntry[] some in entries.Chunk(RowsAtOnce))
        {
            foreach (StoredEntry entry in some)
            {
                // One by one: a repeat after a crash finds some of them gone, and a transaction would refuse all.
                await _table.DeleteEntityAsync(TimelineRows.Account(accountId), entry.Key, cancellationToken: cancellationToken);
                await _table.DeleteEntityAsync(TimelineRows.Account(accountId), TimelineRows.Id(entry.Entry.Event.EventId), cancellationToken: cancellationToken);
                if (entry.Entry.Event.PersonKey is { } person)
                    await _table.DeleteEntityAsync(TimelineRows.Person(person), $"{accountId}|{entry.Entry.Event.EventId}", cancellationToken: cancellationToken);
            }
        }
    }

    private async Task<List<(string Account, string Key, string Row)>> PlacesAsync(string personKey, CancellationToken cancellationToken)
    {
        List<(string, string, string)> places = [];
        await foreach (TableEntity row in _table.QueryAsync<TableEntity>(TableClient.CreateQueryFilter($"PartitionKey eq {TimelineRows.Person(personKey)}"), cancellationToken: cancellationToken))
            places.Add((row.GetString("AccountId")!, row.GetString("EntryKey")!, row.RowKey));
        return places;
    }
}
