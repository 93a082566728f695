using Abm.Decisions;
using Abm.Ports;
using Azure;
using Azure.Data.Tables;

namespace Abm.Functions.Storage.Decisions;

/// <summary>Removes old decisions by the log, partition by partition, and counts them in the same transaction.</summary>
public sealed class TableDecisionRetention(TableServiceClient service) : IDecisionRetention
{
    /// <summary>Decisions of one transaction: two rows each and the counts stay below a hundred.</summary>
    private const int DecisionsAtOnce = 40;

    /// <summary>Kinds of one month in one partition; what comes beyond is counted under the source "other".</summary>
    private const int MaxKinds = 500;

    private const int MaxTries = 8;
    private const string Doc = "Doc";
    private static readonly string[] Columns = ["PartitionKey", "RowKey", "LeadId", "DecisionId", "DecidedAt", "Outcome", "Tier", "Level", "Source", "Route", "Play", "IsTest"];

    private readonly TableClient _leads = service.GetTableClient(TableNames.Leads);
    private readonly TableClient _pools = service.GetTableClient(TableNames.Pools);

    /// <inheritdoc/>
    public async Task<int> PurgeAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken)
    {
        List<TableEntity> rows = [];
        await foreach (TableEntity row in TableDecisionLog.RowsAsync(_leads, DateTimeOffset.MinValue, before, Columns, cancellationToken))
        {
            rows.Add(row);
            if (rows.Count >= limit)
                break;
        }

        int purged = 0;
        foreach (IGrouping<(string, string), TableEntity> together in rows.GroupBy(row => (row.PartitionKey, LeadsKeys.Counts(row.GetDateTimeOffset("DecidedAt")!.Value))))
        {
            foreach (TableEntity[] some in together.Chunk(DecisionsAtOnce))
                purged += await PurgeAsync(some, together.Key.Item2, cancellationToken);
        }

        return purged;
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<DecisionCount>> CountsAsync(CancellationToken cancellationToken)
    {
        Dictionary<DecisionCount, int> counts = [];
        foreach (string partition in LeadsKeys.AllPartitions)
        {
            string until = LeadsKeys.CountsFrom[..^1] + "}";
            string filter = TableClient.CreateQueryFilter($"PartitionKey eq {partition} and RowKey ge {LeadsKeys.CountsFrom} and RowKey lt {until}");
            await foreach (TableEntity row in _leads.QueryAsync<TableEntity>(filter, cancellationToken: cancellationToken))
            {
                foreach (DecisionCount count in Read(row))
                    counts[count with { Count = 0 }] = counts.GetValueOrDefault(count with { Count = 0 }) + count.Count;
            }
        }

        return
        [
            .. counts.Select(c => c.Key with { Count = c.Value }).OrderBy(c => c.Month, StringComparer.Ordinal).ThenBy(c => c.Outcome, StringComparer.Ordinal).ThenBy(c => c.Tier, StringComparer.Ordinal)
                .ThenBy(c => c.Level, StringComparer.Ordinal).ThenBy(c => c.Source, StringComparer.Ordinal).ThenBy(c => c.Route, StringComparer.Ordinal).ThenBy(c => c.Play, StringComparer.Ordinal).ThenBy(c => c.IsTest),
        ];
    }

    private async Task<int> PurgeAsync(TableEntity[] rows, string countsKey, CancellationToken cancellationToken)
    {
        // The turn that gave a decision holds a copy of it. A repeat finds it gone.
        foreach (TableEntity row in rows)
        {
            string decision = row.GetString("DecisionId")!;
            await _pools.DeleteEntityAsync(TablePoolStore.Partition, TablePoolStore.AssignmentKey(decision), cancellationToken: cancellationToken);
            await _pools.DeleteEntityAsync(TablePoolStore.Partition, TablePoolStore.LeadKey(LeadId.Parse(row.GetString("LeadId")!), decision), cancellationToken: cancellationToken);
        }

        string partition = rows[0].PartitionKey;
        bool withDecisions = true;
        for (int attempt = 0; attempt < MaxTries; attempt++)
        {
            NullableResponse<TableEntity> known = await _leads.GetEntityIfExistsAsync<TableEntity>(partition, countsKey, cancellationToken: cancellationToken);
            TableEntity counts = new(partition, countsKey);
            counts.SetText(Doc, StoredJson.Write(Add(known.HasValue ? Read(known.Value!) : [], rows, countsKey[LeadsKeys.CountsFrom.Length..])));
            List<TableTransactionAction> actions =
            [
                known.HasValue
                    ? new(TableTransactionActionType.UpdateReplace, counts, known.Value!.ETag)
                    : new(TableTransactionActionType.Add, counts),
            ];
            foreach (TableEntity row in rows)
            {
                // The condition makes it once: who removes a row of the log counts it.
                actions.Add(new(TableTransactionActionType.Delete, new TableEntity(row.PartitionKey, row.RowKey), ETag.All));
                if (withDecisions)
                    actions.Add(new(TableTransactionActionType.Delete, new TableEntity(row.PartitionKey, LeadsKeys.Decision(LeadId.Parse(row.GetString("LeadId")!), row.GetString("DecisionId")!)), ETag.All));
            }

            try
            {
                await _leads.SubmitTransactionAsync(actions, cancellationToken);
                return rows.Length;
            }
            catch (TableTransactionFailedException other) when (other.Status is 409 or 412)
            {
                // Another process counts as well: read again.
            }
            catch (TableTransactionFailedException gone) when (gone.Status == 404)
            {
                if (rows.Length > 1)
                    return await OneByOneAsync(rows, countsKey, cancellationToken);
                if (!withDecisions || !await IsInLogAsync(rows[0], cancellationToken))
                    return 0; // somebody else removed and counted it
                withDecisions = false; // a line of the log without its decision
            }
        }

        return 0; // too busy; the next run goes on
    }

    private async Task<int> OneByOneAsync(TableEntity[] rows, string countsKey, CancellationToken cancellationToken)
    {
        int purged = 0;
        foreach (TableEntity row in rows)
            purged += await PurgeAsync([row], countsKey, cancellationToken);
        return purged;
    }

    private async Task<bool> IsInLogAsync(TableEntity row, CancellationToken cancellationToken) =>
        (await _leads.GetEntityIfExistsAsync<TableEntity>(row.PartitionKey, row.RowKey, ["RowKey"], cancellationToken)).HasValue;

    private static DecisionCount[] Add(IReadOnlyList<DecisionCount> before, TableEntity[] rows, string month)
    {
        Dictionary<DecisionCount, int> counts = before.ToDictionary(c => c with { Count = 0 }, c => c.Count);
        foreach (TableEntity row in rows)
        {
            DecisionCount kind = new(
                month, row.GetString("Outcome") ?? "", row.GetString("Tier") ?? "", row.GetString("Level") ?? "", row.GetString("Source") ?? "", row.GetString("Route") ?? "", row.GetString("Play") ?? "",
                row.GetBoolean("IsTest") ?? false, 0);
            if (!counts.ContainsKey(kind) && counts.Count >= MaxKinds)
                kind = kind with { Source = "other" };
            counts[kind] = counts.GetValueOrDefault(kind) + 1;
        }

        return [.. counts.Select(c => c.Key with { Count = c.Value })];
    }

    private static DecisionCount[] Read(TableEntity row) => row.GetText(Doc) is { } text ? StoredJson.Read<DecisionCount[]>(text) : [];
}
