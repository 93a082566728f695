using Abm.Ports;
using Azure;
using Azure.Data.Tables;

namespace Abm.Functions.Storage;

/// <summary>One row beside the board.</summary>
public sealed class TableClockRecounts(TableServiceClient service) : IClockRecounts
{
    private const string Kept = "kept";
    private const string Key = "recount";
    private readonly TableClient _table = service.GetTableClient(TableNames.Clocks);

    /// <inheritdoc/>
    public async Task<RecountMark?> ReadAsync(CancellationToken cancellationToken)
    {
        NullableResponse<TableEntity> found = await _table.GetEntityIfExistsAsync<TableEntity>(Kept, Key, cancellationToken: cancellationToken);
        return found is { HasValue: true, Value: { } row } ? StoredJson.Read<RecountMark>(row.GetText("Doc")!) : null;
    }

    /// <inheritdoc/>
    public async Task SaveAsync(RecountMark mark, CancellationToken cancellationToken)
    {
        TableEntity row = new(Kept, Key);
        row.SetText("Doc", StoredJson.Write(mark));
        await _table.UpsertEntityAsync(row, TableUpdateMode.Replace, cancellationToken);
    }
}
