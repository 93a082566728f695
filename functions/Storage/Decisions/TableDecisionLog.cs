using System.Runtime.CompilerServices;
using Abm.Decisions;
using Abm.Journeys;
using Abm.Ports;
using Azure;
using Azure.Data.Tables;

namespace Abm.Functions.Storage.Decisions;

/// <summary>The log of decisions: rows by time in the partitions of the leads, written in the transaction that keeps the decision.</summary>
public sealed class TableDecisionLog(TableServiceClient service) : IDecisionLog
{
    /// <summary>Rows a request: sixteen partitions' pages lie in memory at a time, of some three kilobytes a row.</summary>
    private const int PageRows = 250;

    private readonly TableClient _table = service.GetTableClient(TableNames.Leads);

    /// <inheritdoc/>
    public async Task<JourneyDecision?> FindAsync(LeadId lead, string decisionId, CancellationToken cancellationToken)
    {
        string partition = LeadsKeys.PartitionOf(lead);
        NullableResponse<TableEntity> row = await _table.GetEntityIfExistsAsync<TableEntity>(partition, LeadsKeys.Decision(lead, decisionId), cancellationToken: cancellationToken);
        if (!row.HasValue)
            return null;
        JourneyDecision decision = LeadRows.ToDecision(row.Value!);
        NullableResponse<TableEntity> entry = await _table.GetEntityIfExistsAsync<TableEntity>(
            partition, LeadsKeys.Log(decision.DecidedAt, decisionId), cancellationToken: cancellationToken);
        return entry.HasValue ? decision with { Inputs = LeadRows.ToEntry(entry.Value!).Inputs } : decision;
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<DecisionEntry> ReadAsync(DateTimeOffset from, DateTimeOffset until, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        InputsPacking.AccountTexts accounts = new();
        await foreach (TableEntity row in RowsAsync(_table, from, until, null, cancellationToken))
            yield return LeadRows.ToEntry(row, accounts);
    }

    /// <summary>The rows of the log in [from, until), oldest first, from all partitions at once.</summary>
    /// <param name="columns">Null: all.</param>
    internal static async IAsyncEnumerable<TableEntity> RowsAsync(
        TableClient table, DateTimeOffset from, DateTimeOffset until, IReadOnlyCollection<string>? columns, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        IAsyncEnumerator<TableEntity>[] partitions =
        [
            .. LeadsKeys.AllPartitions.Select(partition => table.QueryAsync<TableEntity>(
                TableClient.CreateQueryFilter($"PartitionKey eq {partition} and RowKey ge {LeadsKeys.LogAt(from)} and RowKey lt {LeadsKeys.LogAt(until)}"),
                PageRows,
                columns,
                cancellationToken).GetAsyncEnumerator(cancellationToken)),
        ];
        try
        {
            // The keys of all partitions begin with the time, so that the smallest of them is the oldest.
            PriorityQueue<IAsyncEnumerator<TableEntity>, string> next = new(StringComparer.Ordinal);
            bool[] any = await Task.WhenAll(partitions.Select(partition => partition.MoveNextAsync().AsTask()));
            for (int i = 0; i < partitions.Length; i++)
            {
                if (any[i])
                    next.Enqueue(partitions[i], partitions[i].Current.RowKey);
            }

            while (next.TryDequeue(out IAsyncEnumerator<TableEntity>? partition, out _))
            {
                yield return partition.Current;
                if (await partition.MoveNextAsync())
                    next.Enqueue(partition, partition.Current.RowKey);
            }
        }
        finally
        {
            foreach (IAsyncEnumerator<TableEntity> partition in partitions)
                await partition.DisposeAsync();
        }
    }
}
