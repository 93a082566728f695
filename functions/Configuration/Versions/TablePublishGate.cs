using Abm.Functions.Storage;
using Abm.Ports;
using Azure;
using Azure.Data.Tables;

namespace Abm.Functions.Configuration.Versions;

/// <summary>The last dry run of each pair of draft and base, in the table of versions.</summary>
public sealed class TablePublishGate(TableClient table) : IPublishGate
{
    private const string Partition = "dryruns";
    private const string Document = "Doc";

    /// <inheritdoc/>
    public Task NoteAsync(DryRunSummary summary, CancellationToken cancellationToken)
    {
        TableEntity row = new(Partition, summary.Id);
        row.SetText(Document, StoredJson.Write(summary));
        return table.UpsertEntityAsync(row, TableUpdateMode.Replace, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<DryRunSummary?> FindAsync(string draftVersion, string baseVersion, CancellationToken cancellationToken)
    {
        NullableResponse<TableEntity> row = await table.GetEntityIfExistsAsync<TableEntity>(Partition, DryRunSummary.IdOf(draftVersion, baseVersion), cancellationToken: cancellationToken);
        return row.HasValue ? StoredJson.Read<DryRunSummary>(row.Value!.GetText(Document)!) : null;
    }
}
