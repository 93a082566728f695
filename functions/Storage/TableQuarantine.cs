using Azure;
using Azure.Data.Tables;
using Abm.Ports;

namespace Abm.Functions.Storage;

/// <summary>Messages that were set aside, all in one partition: it is a short list, or something is very wrong.</summary>
public sealed class TableQuarantine(TableServiceClient service) : IQuarantine
{
    private const string Partition = "messages";
    private readonly TableClient _table = service.GetTableClient(TableNames.Quarantine);

    /// <inheritdoc/>
    public async Task AddAsync(QuarantinedMessage message, CancellationToken cancellationToken)
    {
        QuarantinedMessage? known = await FindAsync(message.Id, cancellationToken);
        await _table.UpsertEntityAsync(
            Write(known is null ? message : message with { Times = known.Times + 1, ReplayedAt = null }), TableUpdateMode.Replace, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<QuarantinedMessage?> FindAsync(string id, CancellationToken cancellationToken)
    {
        NullableResponse<TableEntity> row = await _table.GetEntityIfExistsAsync<TableEntity>(Partition, id, cancellationToken: cancellationToken);
        return row.HasValue ? Read(row.Value!) : null;
    }

    /// <inheritdoc/>
    public Task MarkReplayedAsync(string id, DateTimeOffset at, CancellationToken cancellationToken) => _table.UpdateEntityAsync(
        new TableEntity(Partition, id) { ["ReplayedAt"] = at }, ETag.All, TableUpdateMode.Merge, cancellationToken);

    /// <inheritdoc/>
    public Task<ListPage<QuarantinedMessage>> ListAsync(int limit, string? after, CancellationToken cancellationToken) =>
        TablePages.ReadAsync(_table, TableClient.CreateQueryFilter($"PartitionKey eq {Partition}"), Read, limit, after, cancellationToken);

    private static TableEntity Write(QuarantinedMessage message)
    {
        TableEntity row = new(Partition, message.Id)
        {
            ["Queue"] = message.Queue,
            ["Reason"] = message.Reason,
            ["At"] = message.At,
            ["Times"] = message.Times,
        };
        if (message.ReplayedAt is { } replayed)
            row["ReplayedAt"] = replayed;
        row.SetText("Body", message.Body);
        return row;
    }

    private static QuarantinedMessage Read(TableEntity row) => new(
        row.RowKey,
        row.GetString("Queue")!,
        row.GetText("Body")!,
        row.GetString("Reason")!,
        row.GetDateTimeOffset("At")!.Value,
        row.GetInt32("Times") ?? 1,
        row.GetDateTimeOffset("ReplayedAt"));
}
