using Abm.Accounts;
using Abm.Clocks;
using Abm.Decisions;
using Abm.Ports;
using Azure;
using Azure.Data.Tables;

namespace Abm.Functions.Storage;

/// <summary>The SLA board: open clocks by deadline in one partition, closed ones, the latest deadline first, in another. Behind each partition's clocks lies where each of them is found by its id.</summary>
public sealed class TableClockBoard(TableServiceClient service) : IClockBoard
{
    private const string Open = "open";
    private const string Closed = "closed";
    private const string Kept = "kept";
    private const string SummaryKey = "summary";

    /// <summary>Row keys of places: behind every row key that begins with a number.</summary>
    private const string PlacePrefix = "~";

    /// <summary>A clock is two rows of a transaction, which has at most a hundred.</summary>
    private const int MaxAtOnce = 50;

    /// <summary>What was counted before that is not told any more: open clocks are counted every minute.</summary>
    private static readonly TimeSpan MaxAge = TimeSpan.FromMinutes(2);

    /// <summary>Pages of a thousand that are counted while somebody waits.</summary>
    private const int MaxPagesCounted = 2;
    private static readonly string[] Counted = ["State", "DueAt", "OwnerId", "Team", "Tier", "Policy", "Kind", "Scope"];
    private readonly TableClient _table = service.GetTableClient(TableNames.Clocks);

    /// <inheritdoc/>
    /// <remarks>
    /// One transaction for each of the two partitions that clocks go to. A clock that closes, or whose deadline moved, is written where it belongs before it is taken from where it was: a repeat finishes what
    /// a crash left.
    /// </remarks>
    public async Task PutAsync(IReadOnlyList<ClockRecord> clocks, CancellationToken cancellationToken)
    {
        foreach (IGrouping<bool, ClockRecord> some in clocks.GroupBy(c => c.IsOpen))
        {
            foreach (ClockRecord[] chunk in some.Chunk(MaxAtOnce))
                await _table.SubmitTransactionAsync(chunk.SelectMany(Rows).Select(row => new TableTransactionAction(TableTransactionActionType.UpsertReplace, row)), cancellationToken);
        }

        foreach (ClockRecord clock in clocks)
        {
            IEnumerable<DateTimeOffset> before = clock.History.Select(h => h.DueAt).Where(due => due != clock.DueAt);
            foreach (DateTimeOffset due in (clock.IsOpen ? before : before.Append(clock.DueAt)).Distinct())
                await _table.DeleteEntityAsync(Open, OpenKey(due, clock.ClockId), cancellationToken: cancellationToken);
        }
    }

    /// <inheritdoc/>
    public async Task<ListPage<ClockRecord>> ListAsync(ClockFilter filter, int limit, string? after, CancellationToken cancellationToken)
    {
        bool readsOpen = filter.State is null or "running" or "paused" or "breached";
        bool readsClosed = !filter.IsOpen && filter.State is null or "met" or "cancelled" or "breached";
        List<ClockRecord> items = [];
        string? inClosed = null;
        if (after is null ? readsOpen : after.StartsWith('o'))
        {
            ListPage<ClockRecord> open = await PageAsync(Open, filter, limit, after?[1..], maxRequests: 2, cancellationToken);
            if (open.Next is not null)
                return open with { Next = "o" + open.Next };
            items.AddRange(open.Items);
        }
        else if (after is not null)
        {
            inClosed = after.StartsWith('c') ? after[1..] : throw new FormatException("The cursor is none of this list.");
        }

        if (!readsClosed || filter.IsOpen)
            return new ListPage<ClockRecord>(items, null);
        if (items.Count >= limit)
            return new ListPage<ClockRecord>(items, "c");
        ListPage<ClockRecord> closed = await PageAsync(Closed, filter, limit - items.Count, inClosed, maxRequests: 1, cancellationToken);
        return new ListPage<ClockRecord>([.. items, .. closed.Items], closed.Next is null ? null : "c" + closed.Next);
    }

    /// <inheritdoc/>
    public async Task<ClockPlace?> FindAsync(string clockId, CancellationToken cancellationToken)
    {
        foreach (string partition in new[] { Open, Closed })
        {
            NullableResponse<TableEntity> found = await _table.GetEntityIfExistsAsync<TableEntity>(partition, PlacePrefix + clockId, cancellationToken: cancellationToken);
            if (found is { HasValue: true, Value: { } row })
            {
                return new ClockPlace(
                    clockId,
                    row.GetString("PlayId")!,
                    row.GetString("LeadId") is { Length: > 0 } lead ? LeadId.Parse(lead) : null,
                    row.GetString("AccountId") is { Length: > 0 } account ? AccountId.Parse(account) : null);
            }
        }

        return null;
    }

    /// <inheritdoc/>
    public async Task<ClockSummary> SummaryAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        (ClockTally tally, bool isAll) = await TallyAsync(now, MaxPagesCounted, cancellationToken);
        if (isAll)
            return tally.Result();
        NullableResponse<TableEntity> kept = await _table.GetEntityIfExistsAsync<TableEntity>(Kept, SummaryKey, cancellationToken: cancellationToken);
        if (kept is { HasValue: true, Value: { } row } && StoredJson.Read<ClockSummary>(row.GetText("Doc")!) is { } summary && now - summary.CountedAt <= MaxAge)
            return summary;

        // They have only just become so many, or nobody counts: whoever asks does it once for all.
        return await CountAllAsync(now, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task CountAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        if ((await TallyAsync(now, MaxPagesCounted, cancellationToken)).IsAll)
            return;
        await CountAllAsync(now, cancellationToken);
    }

    private async Task<ClockSummary> CountAllAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        ClockSummary summary = (await TallyAsync(now, int.MaxValue, cancellationToken)).Tally.Result();
        TableEntity row = new(Kept, SummaryKey);
        row.SetText("Doc", StoredJson.Write(summary));
        await _table.UpsertEntityAsync(row, TableUpdateMode.Replace, cancellationToken);
        return summary;
    }

    private async Task<(ClockTally Tally, bool IsAll)> TallyAsync(DateTimeOffset now, int maxPages, CancellationToken cancellationToken)
    {
        ClockTally tally = new(now);
        int pages = 0;
        AsyncPageable<TableEntity> query = _table.QueryAsync<TableEntity>(Filters.All(Filters.IsEqual("PartitionKey", Open), $"RowKey lt '{PlacePrefix}'"), 1000, Counted, cancellationToken);
        await foreach (Page<TableEntity> page in query.AsPages().WithCancellation(cancellationToken))
        {
            foreach (TableEntity row in page.Values)
                tally.Add(Line(row));
            if (string.IsNullOrEmpty(page.ContinuationToken))
                return (tally, true);
            if (++pages >= maxPages)
                return (tally, false);
        }

        return (tally, true);
    }

    private Task<ListPage<ClockRecord>> PageAsync(string partition, ClockFilter filter, int limit, string? after, int maxRequests, CancellationToken cancellationToken)
    {
        // Deadlines are the row keys: a window of them is a range of rows.
        (DateTimeOffset? first, DateTimeOffset? last) = (filter.DueFrom, filter.DueBefore);
        string? from = partition == Open ? first is { } a ? $"RowKey ge '{TimeKey.Rising(a)}'" : null : last is { } b ? $"RowKey ge '{TimeKey.Falling(b.AddTicks(-1))}'" : null;
        string? until = partition == Open ? last is { } c ? $"RowKey lt '{TimeKey.Rising(c)}'" : null : first is { } d ? $"RowKey lt '{TimeKey.Falling(d.AddTicks(-1))}'" : null;
        return TablePages.ReadAsync(
            _table,
            Filters.All(
                Filters.IsEqual("PartitionKey", partition),
                from,
                until ?? $"RowKey lt '{PlacePrefix}'",
                Filters.IsEqual("State", filter.State),
                filter.IsNotPaused ? "State ne 'paused'" : null,
                Filters.IsEqual("OwnerId", filter.OwnerId),
                Filters.IsEqual("Team", filter.Team),
                Filters.IsEqual("Tier", filter.Tier),
                Filters.IsEqual("Policy", filter.Policy),
                Filters.IsEqual("Kind", filter.Kind),
                Filters.IsEqual("Scope", filter.Scope),
                Filters.IsEqual("LeadId", filter.LeadId),
                Filters.IsEqual("AccountId", filter.AccountId)),
            Read,
            limit,
            after,
            cancellationToken,
            maxRequests);
    }

    private static string OpenKey(DateTimeOffset due, string clockId) => $"{TimeKey.Rising(due)}|{clockId}";

    private static IEnumerable<TableEntity> Rows(ClockRecord clock)
    {
        string partition = clock.IsOpen ? Open : Closed;
        TableEntity row = new(partition, clock.IsOpen ? OpenKey(clock.DueAt, clock.ClockId) : $"{TimeKey.Falling(clock.DueAt)}|{clock.ClockId}")
        {
            ["LeadId"] = clock.LeadId?.Value ?? "",
            ["AccountId"] = clock.AccountId?.Value ?? "",
            ["State"] = clock.State.Text(),
            ["OwnerId"] = clock.OwnerId?.Value ?? "",
            ["Team"] = clock.Team ?? "",
            ["Tier"] = ClockNames.Of(clock.Tier),
            ["Policy"] = clock.Policy,
            ["Kind"] = ClockNames.Of(clock.Kind),
            ["Scope"] = clock.Scope,
            ["DueAt"] = clock.DueAt,
        };
        row.SetText("Doc", StoredJson.Write(ClockDocument.From(clock)));
        yield return row;
        yield return new TableEntity(partition, PlacePrefix + clock.ClockId)
        {
            ["LeadId"] = clock.LeadId?.Value ?? "",
            ["AccountId"] = clock.AccountId?.Value ?? "",
            ["PlayId"] = clock.PlayId,
        };
    }

    private static ClockLine Line(TableEntity row)
    {
        string state = row.GetString("State")!;
        return new ClockLine(
            state == "paused" ? ClockState.Paused : state == "breached" ? ClockState.BreachedOpen : ClockState.Running,
            row.GetDateTimeOffset("DueAt")!.Value,
            row.GetString("OwnerId") ?? "",
            row.GetString("Team") ?? "",
            row.GetString("Tier") ?? "",
            row.GetString("Policy") ?? "",
            row.GetString("Kind") ?? "",
            row.GetString("Scope") ?? "");
    }

    private static ClockRecord Read(TableEntity row) => StoredJson.Read<ClockDocument>(row.GetText("Doc")!).ToClock();
}
