using Azure;
using Azure.Data.Tables;
using Abm.Decisions;
using Abm.Functions.Storage.Decisions;
using Abm.Ports;
using Abm.Routing;

namespace Abm.Functions.Storage;

/// <summary>The ledger of pools, beside their states: an entry is one row with all its lines, and is written in the transaction that changes the state.</summary>
public sealed partial class TablePoolStore
{
    private const int RowsAtOnce = 100;

    /// <inheritdoc/>
    public async Task<SaveOutcome> CreditAsync(PoolState after, string tag, LedgerEntry entry, string? refunds, CancellationToken cancellationToken)
    {
        List<TableTransactionAction> actions = [new(TableTransactionActionType.UpdateReplace, PoolRow(after), new ETag(tag)), new(TableTransactionActionType.Add, LedgerRow(entry))];
        if (refunds is not null)
        {
            NullableResponse<TableEntity> turn = await _table.GetEntityIfExistsAsync<TableEntity>(Partition, AssignmentKey(refunds), ["RefundedAt"], cancellationToken);
            if (turn is not { HasValue: true, Value: { } row } || row.GetDateTimeOffset("RefundedAt") is not null)
                return SaveOutcome.AlreadyHappened;
            actions.Add(new TableTransactionAction(TableTransactionActionType.UpdateMerge, new TableEntity(Partition, AssignmentKey(refunds)) { ["RefundedAt"] = entry.At }, row.ETag));
        }

        try
        {
            Response<IReadOnlyList<Response>> saved = await _table.SubmitTransactionAsync(actions, cancellationToken);
            Remember(after, saved.Value[0]);
            return SaveOutcome.Saved;
        }
        catch (TableTransactionFailedException refused) when (refused.Status is 409 or 412 or 404)
        {
            Forget(after, []);
            return refused.Status == 409 ? SaveOutcome.AlreadyHappened : SaveOutcome.Conflict;
        }
        catch (Exception)
        {
            Forget(after, []);
            throw;
        }
    }

    /// <inheritdoc/>
    public Task NoteAsync(LedgerEntry entry, CancellationToken cancellationToken) => _table.UpsertEntityAsync(LedgerRow(entry), TableUpdateMode.Replace, cancellationToken);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Assignment>> TurnsOfAsync(LeadId lead, CancellationToken cancellationToken)
    {
        string filter = TableClient.CreateQueryFilter($"PartitionKey eq {Partition} and RowKey ge {LeadsFrom(lead)} and RowKey lt {LeadsUntil(lead)}");
        List<Assignment> turns = [];
        await foreach (TableEntity row in _table.QueryAsync<TableEntity>(filter, cancellationToken: cancellationToken))
            turns.Add(ReadAssignment(row.GetString("AssignmentId")!, row));
        return [.. turns.OrderBy(t => t.At).ThenBy(t => t.Id, StringComparer.Ordinal)];
    }

    /// <inheritdoc/>
    public Task<ListPage<LedgerEntry>> ReadLedgerAsync(LedgerFilter filter, int limit, string? after, CancellationToken cancellationToken)
    {
        string until = filter.From is { } from ? $"{LedgerFrom}{filter.Pool}|{TimeKey.Falling(from)}}}" : $"{LedgerFrom}{filter.Pool}}}";
        return TablePages.ReadAsync(
            _table,
            Filters.All(
                TableClient.CreateQueryFilter($"PartitionKey eq {Partition} and RowKey ge {$"{LedgerFrom}{filter.Pool}|"} and RowKey lt {until}"),
                Filters.IsEqual("Pool", filter.Pool),
                Filters.IsEqual("LeadId", filter.Lead?.Value)),
            ReadEntry,
            limit,
            after,
            cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<int> ForgetAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken)
    {
        string filter = TableClient.CreateQueryFilter($"PartitionKey eq {Partition} and RowKey ge {LedgerFrom} and RowKey lt {LedgerUntil} and At lt {before}");
        List<TableEntity> old = [];
        await foreach (TableEntity row in _table.QueryAsync<TableEntity>(filter, select: ["PartitionKey", "RowKey"], cancellationToken: cancellationToken))
        {
            old.Add(row);
            if (old.Count >= limit)
                break;
        }

        foreach (TableEntity[] some in old.Chunk(RowsAtOnce))
        {
            try
            {
                await _table.SubmitTransactionAsync(some.Select(row => new TableTransactionAction(TableTransactionActionType.Delete, new TableEntity(row.PartitionKey, row.RowKey), ETag.All)), cancellationToken);
            }
            catch (TableTransactionFailedException gone) when (gone.Status == 404)
            {
                // another process removes them as well
            }
        }

        return old.Count;
    }

    /// <summary>By which a lead's turns are found.</summary>
    internal static string LeadKey(LeadId lead, string assignmentId) => $"lead|{lead}|{assignmentId}";

    private const string LedgerFrom = "ledger|";
    private const string LedgerUntil = "ledger}";

    private static string LeadsFrom(LeadId lead) => $"lead|{lead}|";

    private static string LeadsUntil(LeadId lead) => $"lead|{lead}}}";

    private static TableEntity LeadRow(Assignment assignment)
    {
        TableEntity row = AssignmentColumns(new TableEntity(Partition, LeadKey(assignment.Lead, assignment.Id)), assignment);
        row["AssignmentId"] = assignment.Id;
        return row;
    }

    private static TableEntity AssignmentColumns(TableEntity row, Assignment assignment)
    {
        row["LeadId"] = assignment.Lead.Value;
        row["OwnerId"] = assignment.Owner.Value;
        row["Pool"] = assignment.Pool ?? "";
        row["Rule"] = assignment.Rule;
        row["At"] = assignment.At;
        row["Tag"] = assignment.Tag ?? "";
        return row;
    }

    private static TableEntity LedgerRow(LedgerEntry entry)
    {
        TableEntity row = new(Partition, $"{LedgerFrom}{entry.Pool}|{TimeKey.Falling(entry.At)}|{entry.Id}")
        {
            ["EntryId"] = entry.Id,
            ["Pool"] = entry.Pool,
            ["LeadId"] = entry.Lead?.Value ?? "",
            ["At"] = entry.At,
        };
        row.SetText("Cause", entry.Cause);
        row.SetText("Lines", StoredJson.Write(entry.Lines.Select(LedgerLineDocument.From).ToArray()));
        return row;
    }

    private static LedgerEntry ReadEntry(TableEntity row) => new(
        row.GetString("EntryId")!,
        row.GetString("Pool")!,
        row.GetOptional("LeadId") is { } lead ? LeadId.Parse(lead) : null,
        row.GetDateTimeOffset("At")!.Value,
        row.GetText("Cause") ?? "",
        [.. StoredJson.Read<LedgerLineDocument[]>(row.GetText("Lines")!).Select(l => l.ToLine())]);

    /// <param name="After">Null: as before.</param>
    private sealed record LedgerLineDocument(LedgerKind Kind, string Rep, string Why, StandingDocument Before, StandingDocument? After)
    {
        public static LedgerLineDocument From(LedgerLine line) =>
            new(line.Kind, line.Rep.Value, line.Why, StandingDocument.From(line.Before), line.Before == line.After ? null : StandingDocument.From(line.After));

        public LedgerLine ToLine() => new(Kind, RepId.Parse(Rep), Why, Before.ToStanding(), (After ?? Before).ToStanding());
    }

    private sealed record StandingDocument(int Assigned, double Adjustment, double Weight, double Level)
    {
        public static StandingDocument From(MemberStanding s) => new(s.Assigned, s.Adjustment, s.Weight, s.Level);

        public MemberStanding ToStanding() => new(Assigned, Adjustment, Weight, Level);
    }
}
