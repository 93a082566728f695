using System.Globalization;
using Abm.Functions.Storage;
using Abm.Ports;
using Azure;
using Azure.Data.Tables;

namespace Abm.Functions.Audit;

/// <summary>The audit in a table of its own: a partition for each day, the latest day and in it the latest entry first. Rows are inserted and never changed.</summary>
public sealed class TableAuditLog(TableClient table) : IAuditLog
{
    /// <summary>The table.</summary>
    public const string Table = "AbmAudit";

    private const string Details = "Details";

    /// <summary>Rows of one transaction.</summary>
    private const int MostAtOnce = 100;

    /// <summary>Rows that one request may ask for.</summary>
    private const int LargestPage = 1_000;

    /// <inheritdoc/>
    public async Task WriteAsync(AuditEntry entry, CancellationToken cancellationToken)
    {
        TableEntity row = new(TimeKey.FallingDay(entry.At), $"{TimeKey.Falling(entry.At)}|{entry.Id}")
        {
            ["By"] = entry.By,
            ["Kind"] = entry.Kind,
            ["Subject"] = entry.Subject,
            ["Why"] = entry.Why ?? "",
            ["ConfigVersion"] = entry.ConfigVersion ?? "",
            ["RequestId"] = entry.RequestId ?? "",
        };
        if (entry.Details.Count > 0)
            row.SetText(Details, StoredJson.Write(entry.Details));
        try
        {
            await table.AddEntityAsync(row, cancellationToken);
        }
        catch (RequestFailedException known) when (known.Status == 409)
        {
            // Told before: the first time stands.
        }
    }

    /// <inheritdoc/>
    public Task<ListPage<AuditEntry>> ListAsync(AuditFilter filter, int limit, string? after, CancellationToken cancellationToken)
    {
        List<string> conditions = [];
        if (filter.From is { } from)
        {
            string last = $"{TimeKey.Falling(from)}}}";
            conditions.Add(TableClient.CreateQueryFilter($"PartitionKey le {TimeKey.FallingDay(from)} and RowKey lt {last}"));
        }

        if (filter.To is { } to)
        {
            string first = $"{TimeKey.Falling(to)}}}";
            conditions.Add(TableClient.CreateQueryFilter($"PartitionKey ge {TimeKey.FallingDay(to)} and RowKey gt {first}"));
        }

        if (filter.By is not null)
            conditions.Add(TableClient.CreateQueryFilter($"By eq {filter.By}"));
        if (filter.Kind is not null)
            conditions.Add(TableClient.CreateQueryFilter($"Kind eq {filter.Kind}"));
        if (filter.Subject is not null)
            conditions.Add(TableClient.CreateQueryFilter($"Subject eq {filter.Subject}"));
        return TablePages.ReadAsync(table, conditions.Count == 0 ? null : string.Join(" and ", conditions), Read, limit, after, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<int> ForgetAsync(DateOnly before, int limit, CancellationToken cancellationToken)
    {
        // Days are counted down: what is older sorts behind.
        string last = TimeKey.FallingDay(new DateTimeOffset(before.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero));
        List<TableEntity> old = [];
        await foreach (TableEntity row in table.QueryAsync<TableEntity>(TableClient.CreateQueryFilter($"PartitionKey gt {last}"), Math.Min(limit, LargestPage), ["PartitionKey", "RowKey"], cancellationToken))
        {
            old.Add(row);
            if (old.Count == limit)
                break;
        }

        foreach (IGrouping<string, TableEntity> day in old.GroupBy(row => row.PartitionKey, StringComparer.Ordinal))
        {
            foreach (TableEntity[] some in day.Chunk(MostAtOnce))
                await DeleteAsync(some, cancellationToken);
        }

        return old.Count;
    }

    private async Task DeleteAsync(TableEntity[] rows, CancellationToken cancellationToken)
    {
        try
        {
            await table.SubmitTransactionAsync(rows.Select(row => new TableTransactionAction(TableTransactionActionType.Delete, row, ETag.All)), cancellationToken);
        }
        catch (TableTransactionFailedException gone) when (gone.Status == 404)
        {
            // Another process forgets the same ones: what it left comes with the next run.
        }
    }

    private static AuditEntry Read(TableEntity row)
    {
        int bar = row.RowKey.IndexOf('|', StringComparison.Ordinal);
        long ticks = DateTimeOffset.MaxValue.UtcTicks - long.Parse(row.RowKey.AsSpan(0, bar), NumberStyles.None, CultureInfo.InvariantCulture);
        return new AuditEntry(
            row.RowKey[(bar + 1)..],
            new DateTimeOffset(ticks, TimeSpan.Zero),
            row.GetString("By")!,
            row.GetString("Kind")!,
            row.GetString("Subject")!,
            row.GetOptional("Why"),
            row.GetOptional("ConfigVersion"),
            row.GetOptional("RequestId"),
            row.GetText(Details) is { } details ? StoredJson.Read<Dictionary<string, string>>(details) : new Dictionary<string, string>());
    }
}
