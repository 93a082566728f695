using System.Globalization;
using System.Text;
using Azure;
using Azure.Data.Tables;

namespace Abm.Local.Durable.Storage;

/// <summary>A table in a storage account.</summary>
internal sealed class AzureTable(TableClient client) : ITable
{
    public Task CreateIfMissingAsync(CancellationToken cancellationToken) => client.CreateIfNotExistsAsync(cancellationToken);

    public async Task<TableRow?> GetAsync(string partitionKey, string rowKey, IReadOnlyList<string>? select, CancellationToken cancellationToken)
    {
        NullableResponse<TableEntity> found = await client
            .GetEntityIfExistsAsync<TableEntity>(partitionKey, rowKey, select is null ? null : [.. Keys, .. select], cancellationToken)
            .ConfigureAwait(false);
        return found.HasValue ? Row(found.Value!) : null;
    }

    public async Task<string?> AddAsync(TableRow row, CancellationToken cancellationToken)
    {
        try
        {
            return Tag(await client.AddEntityAsync(Entity(row), cancellationToken).ConfigureAwait(false));
        }
        catch (RequestFailedException exists) when (exists.Status == 409 && exists.ErrorCode == "EntityAlreadyExists")
        {
            return null;
        }
    }

    public async Task<string?> UpdateAsync(TableRow row, string etag, bool merge, CancellationToken cancellationToken)
    {
        try
        {
            TableUpdateMode mode = merge ? TableUpdateMode.Merge : TableUpdateMode.Replace;
            return Tag(await client.UpdateEntityAsync(Entity(row), new ETag(etag), mode, cancellationToken).ConfigureAwait(false));
        }
        catch (RequestFailedException changed) when (changed.Status == 412 || (changed.Status == 404 && changed.ErrorCode == "ResourceNotFound"))
        {
            return null;
        }
    }

    public Task UpsertAsync(TableRow row, CancellationToken cancellationToken) =>
        client.UpsertEntityAsync(Entity(row), TableUpdateMode.Replace, cancellationToken);

    public async Task<bool> DeleteAsync(string partitionKey, string rowKey, string? etag, CancellationToken cancellationToken)
    {
        try
        {
            await client.DeleteEntityAsync(partitionKey, rowKey, etag is null ? ETag.All : new ETag(etag), cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (RequestFailedException gone) when (gone.Status == 404)
        {
            return true;
        }
        catch (RequestFailedException changed) when (changed.Status == 412)
        {
            return false;
        }
    }

    public async Task<TablePage> QueryAsync(TableRange range, int pageSize, string? continuation, CancellationToken cancellationToken)
    {
        AsyncPageable<TableEntity> all = client.QueryAsync<TableEntity>(
            Filter(range), pageSize, range.Select is null ? null : [.. Keys, .. range.Select], cancellationToken);
        await foreach (Page<TableEntity> page in all.AsPages(continuation).WithCancellation(cancellationToken).ConfigureAwait(false))
            return new TablePage([.. page.Values.Select(Row)], page.ContinuationToken);
        return new TablePage([], null);
    }

    /// <summary>Table Storage knows nothing earlier.</summary>
    private static readonly DateTime FirstInstant = new(1601, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    private static readonly string[] Keys = ["PartitionKey", "RowKey"];

    private static string Tag(Response response) =>
        response.Headers.ETag?.ToString() ?? throw new InvalidDataException("Table Storage answered a write without a tag.");

    private static TableEntity Entity(TableRow row)
    {
        var entity = new TableEntity(row.PartitionKey, row.RowKey);
        foreach ((string name, object value) in row.Properties)
            entity[name] = value;
        return entity;
    }

    private static TableRow Row(TableEntity entity)
    {
        var row = new TableRow(entity.PartitionKey, entity.RowKey) { ETag = entity.ETag.ToString() };
        foreach ((string name, object value) in entity)
        {
            if (value is not null && name is not ("PartitionKey" or "RowKey" or "Timestamp" or "odata.etag" or "odata.metadata"))
                row.Properties[name] = value;
        }

        return row;
    }

    private static string? Filter(TableRange range)
    {
        var all = new List<string>();
        void Text(string property, string comparison, string? value)
        {
            if (value is not null)
                all.Add($"{property} {comparison} '{value.Replace("'", "''", StringComparison.Ordinal)}'");
        }

        Text("PartitionKey", "eq", range.PartitionKey);
        Text("PartitionKey", "ge", range.PartitionFrom);
        Text("PartitionKey", "le", range.PartitionTo);
        Text("RowKey", "eq", range.RowKey);
        Text("RowKey", "ge", range.RowKeyFrom);
        Text("RowKey", "lt", range.RowKeyBefore);
        if (range.OneOf is { } oneOf)
            all.Add(OneOf(oneOf.Property, oneOf.Values));
        if (range.Between is { } between)
        {
            if (between.From is { } from)
                all.Add(Instant(between.Property, "ge", from));
            if (between.To is { } to)
                all.Add(Instant(between.Property, "le", to));
        }

        return all.Count == 0 ? null : string.Join(" and ", all);
    }

    private static string OneOf(string property, IReadOnlyList<string> values)
    {
        // No value at all: a comparison that no row passes.
        if (values.Count == 0)
            return "PartitionKey lt ''";
        var text = new StringBuilder("(");
        for (int i = 0; i < values.Count; i++)
            text.Append(CultureInfo.InvariantCulture, $"{(i == 0 ? "" : " or ")}{property} eq '{values[i]}'");
        return text.Append(')').ToString();
    }

    private static string Instant(string property, string comparison, DateTimeOffset value)
    {
        DateTime utc = value.UtcDateTime < FirstInstant ? FirstInstant : value.UtcDateTime;
        return string.Create(CultureInfo.InvariantCulture, $"{property} {comparison} datetime'{utc:yyyy-MM-ddTHH:mm:ss.fffffffZ}'");
    }
}
