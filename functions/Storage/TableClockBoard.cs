using Azure.Data.Tables;
using Abm.Clocks;
using Abm.Decisions;
using Abm.Ports;

namespace Abm.Functions.Storage;

/// <summary>The SLA board: open clocks by deadline in one partition, closed ones, the latest deadline first, in another.</summary>
public sealed class TableClockBoard(TableServiceClient service) : IClockBoard
{
    private const string Open = "open";
    private const string Closed = "closed";
    private readonly TableClient _table = service.GetTableClient(TableNames.Clocks);

    /// <inheritdoc/>
    /// <remarks>A clock that closes is written where it belongs before it is taken from the open ones: a repeat finishes what a crash left.</remarks>
    public async Task PutAsync(ClockRecord clock, CancellationToken cancellationToken)
    {
        await _table.UpsertEntityAsync(Row(clock), TableUpdateMode.Replace, cancellationToken);
        if (!clock.IsOpen)
            await _table.DeleteEntityAsync(Open, OpenKey(clock), cancellationToken: cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<ListPage<ClockRecord>> ListAsync(ClockFilter filter, int limit, string? after, CancellationToken cancellationToken)
    {
        bool readsOpen = filter.State is null or "running" or "paused" or "breached";
        bool readsClosed = filter.State is null or "met" or "cancelled" or "breached";
        List<ClockRecord> items = [];
        string? inClosed = null;
        if (after is null ? readsOpen : after.StartsWith('o'))
        {
            ListPage<ClockRecord> open = await PageAsync(Open, filter, limit, after?[1..], cancellationToken);
            if (open.Next is not null)
                return open with { Next = "o" + open.Next };
            items.AddRange(open.Items);
        }
        else if (after is not null)
        {
            inClosed = after.StartsWith('c') ? after[1..] : throw new FormatException("The cursor is none of this list.");
        }

        if (!readsClosed)
            return new ListPage<ClockRecord>(items, null);
        if (items.Count >= limit)
            return new ListPage<ClockRecord>(items, "c");
        ListPage<ClockRecord> closed = await PageAsync(Closed, filter, limit - items.Count, inClosed, cancellationToken);
        return new ListPage<ClockRecord>([.. items, .. closed.Items], closed.Next is null ? null : "c" + closed.Next);
    }

    private Task<ListPage<ClockRecord>> PageAsync(string partition, ClockFilter filter, int limit, string? after, CancellationToken cancellationToken) =>
        TablePages.ReadAsync(
            _table,
            Filters.All(
                Filters.IsEqual("PartitionKey", partition),
                Filters.IsEqual("State", filter.State),
                Filters.IsEqual("OwnerId", filter.OwnerId),
                filter.DueBefore is { } due ? TableClient.CreateQueryFilter($"DueAt lt {due}") : null),
            Read,
            limit,
            after,
            cancellationToken);

    private static string OpenKey(ClockRecord clock) => $"{TimeKey.Rising(clock.DueAt)}|{clock.ClockId}";

    private static TableEntity Row(ClockRecord clock)
    {
        TableEntity row = clock.IsOpen
            ? new TableEntity(Open, OpenKey(clock))
            : new TableEntity(Closed, $"{TimeKey.Falling(clock.DueAt)}|{clock.ClockId}");
        row["LeadId"] = clock.LeadId?.Value ?? "";
        row["State"] = clock.State.Text();
        row["OwnerId"] = clock.OwnerId?.Value ?? "";
        row["DueAt"] = clock.DueAt;
        row.SetText("Doc", StoredJson.Write(ClockDocument.From(clock)));
        return row;
    }

    private static ClockRecord Read(TableEntity row) => StoredJson.Read<ClockDocument>(row.GetText("Doc")!).ToClock();
}
