using Abm.Decisions;
using Abm.Functions.Storage;
using Azure;
using Azure.Data.Tables;

namespace Abm.Functions.Intake;

/// <summary>Idempotency keys in a table, spread over partitions by their hash. The key itself is not stored.</summary>
public sealed class TableRequestKeys(TableServiceClient tables) : IRequestKeys
{
    private const string Row = "body";
    private const string Fingerprint = "Fingerprint";

    private readonly TableClient _table = tables.GetTableClient(AccountTables.RequestKeys);

    /// <inheritdoc/>
    public async Task<bool> ClaimAsync(string source, string key, string fingerprint, CancellationToken cancellationToken)
    {
        string partition = DerivedId.From("request", source, key);
        try
        {
            await _table.AddEntityAsync(new TableEntity(partition, Row) { [Fingerprint] = fingerprint }, cancellationToken);
            return true;
        }
        catch (RequestFailedException e) when (e.Status == 409)
        {
            Response<TableEntity> first = await _table.GetEntityAsync<TableEntity>(partition, Row, cancellationToken: cancellationToken);
            return first.Value.GetString(Fingerprint) == fingerprint;
        }
    }
}
