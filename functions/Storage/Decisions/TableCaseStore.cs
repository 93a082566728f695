using System.Runtime.CompilerServices;
using System.Text.Json;
using Abm.Decisions;
using Abm.Ports;
using Abm.Replays;
using Azure.Data.Tables;

namespace Abm.Functions.Storage.Decisions;

/// <summary>Labelled cases, a partition for each lead: the cases of a lead are found, and removed with its person, without an index.</summary>
public sealed class TableCaseStore(TableServiceClient service) : ICaseStore
{
    private const string Inputs = "In";
    private readonly TableClient _table = service.GetTableClient(TableNames.Cases);

    /// <inheritdoc/>
    public Task PutAsync(LabelledCase labelled, CancellationToken cancellationToken)
    {
        TableEntity row = new(labelled.Lead.Value, labelled.CaseId)
        {
            ["Facet"] = labelled.Facet,
            ["Expected"] = labelled.Expected,
            ["Was"] = labelled.Was ?? "",
            ["At"] = labelled.At,
            ["By"] = labelled.By,
        };
        row.SetBytes(Inputs, InputsPacking.Pack(labelled.Inputs));
        return _table.UpsertEntityAsync(row, TableUpdateMode.Replace, cancellationToken);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<LabelledCase> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        InputsPacking.AccountTexts accounts = new();
        await foreach (TableEntity row in _table.QueryAsync<TableEntity>(maxPerPage: 250, cancellationToken: cancellationToken))
        {
            if (Read(row, accounts) is { } labelled)
                yield return labelled;
        }
    }

    /// <inheritdoc/>
    public async Task<int> RemoveAsync(LeadId lead, CancellationToken cancellationToken)
    {
        int removed = 0;
        string filter = TableClient.CreateQueryFilter($"PartitionKey eq {lead.Value}");
        await foreach (TableEntity row in _table.QueryAsync<TableEntity>(filter, select: ["PartitionKey", "RowKey"], cancellationToken: cancellationToken))
        {
            await _table.DeleteEntityAsync(row.PartitionKey, row.RowKey, cancellationToken: cancellationToken);
            removed++;
        }

        return removed;
    }

    private static LabelledCase? Read(TableEntity row, InputsPacking.AccountTexts accounts)
    {
        try
        {
            return new LabelledCase(
                row.RowKey,
                LeadId.Parse(row.PartitionKey),
                row.GetString("Facet")!,
                row.GetString("Expected")!,
                row.GetOptional("Was"),
                row.GetDateTimeOffset("At")!.Value,
                row.GetString("By")!,
                InputsPacking.Unpack(row.GetBytes(Inputs)!, accounts));
        }
        catch (JsonException)
        {
            return null; // of a later build
        }
    }
}
