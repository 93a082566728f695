using Azure;
using Azure.Data.Tables;
using Abm.Decisions;
using Abm.Ports;

namespace Abm.Functions.Storage;

/// <summary>Notifications on their way out, each in a partition of its own; those that were given up are listed in another.</summary>
public sealed class TableOutbox(TableServiceClient service) : IOutbox
{
    private const string Row = "delivery";
    private const string Dead = "!dead";
    private readonly TableClient _table = service.GetTableClient(TableNames.Outbox);

    /// <inheritdoc/>
    public async Task<OutboxItem> AddAsync(OutboxItem item, CancellationToken cancellationToken)
    {
        try
        {
            await _table.AddEntityAsync(Write(item, item.DeliveryId, Row), cancellationToken);
            return item;
        }
        catch (RequestFailedException known) when (known.Status == 409)
        {
            return (await FindAsync(item.DeliveryId, cancellationToken))!;
        }
    }

    /// <inheritdoc/>
    public async Task<OutboxItem?> FindAsync(string deliveryId, CancellationToken cancellationToken)
    {
        NullableResponse<TableEntity> row = await _table.GetEntityIfExistsAsync<TableEntity>(deliveryId, Row, cancellationToken: cancellationToken);
        return row.HasValue ? Read(row.Value!) : null;
    }

    /// <inheritdoc/>
    /// <remarks>The list of those given up follows the row: a crash between the two is mended by the repeat.</remarks>
    public async Task SaveAsync(OutboxItem item, CancellationToken cancellationToken)
    {
        if (item.State == OutboxState.Dead)
            await _table.UpsertEntityAsync(Write(item, Dead, DeadKey(item)), TableUpdateMode.Replace, cancellationToken);
        await _table.UpsertEntityAsync(Write(item, item.DeliveryId, Row), TableUpdateMode.Replace, cancellationToken);
        if (item.State != OutboxState.Dead && item.LastFailure is not null)
            await _table.DeleteEntityAsync(Dead, DeadKey(item), cancellationToken: cancellationToken);
    }

    /// <inheritdoc/>
    public Task<ListPage<OutboxItem>> DeadAsync(int limit, string? after, CancellationToken cancellationToken) =>
        TablePages.ReadAsync(_table, TableClient.CreateQueryFilter($"PartitionKey eq {Dead}"), Read, limit, after, cancellationToken);

    private static string DeadKey(OutboxItem item) => $"{TimeKey.Falling(item.CreatedAt)}|{item.DeliveryId}";

    private static TableEntity Write(OutboxItem item, string partition, string key)
    {
        TableEntity row = new(partition, key)
        {
            ["DeliveryId"] = item.DeliveryId,
            ["LeadId"] = item.LeadId?.Value ?? "",
            ["Kind"] = item.Kind,
            ["State"] = item.State.ToString(),
            ["Attempts"] = item.Attempts,
            ["CreatedAt"] = item.CreatedAt,
            ["LastFailure"] = item.LastFailure ?? "",
        };
        if (item.NextAttemptAt is { } next)
            row["NextAttemptAt"] = next;
        row.SetText("Body", item.Body);
        return row;
    }

    private static OutboxItem Read(TableEntity row) => new(
        row.GetString("DeliveryId")!,
        row.GetOptional("LeadId") is { } lead ? LeadId.Parse(lead) : null,
        row.GetString("Kind")!,
        row.GetText("Body")!,
        Enum.Parse<OutboxState>(row.GetString("State")!),
        row.GetInt32("Attempts") ?? 0,
        row.GetDateTimeOffset("CreatedAt")!.Value,
        row.GetDateTimeOffset("NextAttemptAt"),
        row.GetOptional("LastFailure"));
}
