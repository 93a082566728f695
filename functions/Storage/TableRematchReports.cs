using Abm.Decisions;
using Abm.Ports;
using Azure;
using Azure.Data.Tables;

namespace Abm.Functions.Storage;

/// <summary>Reports of re-matching: a line for each in one partition, newest first, and each one's own partition with its items.</summary>
public sealed class TableRematchReports(TableServiceClient service) : IRematchReports
{
    private const string Reports = "reports";
    private const string Header = "!report";
    private const string Doc = "Doc";
    private readonly TableClient _table = service.GetTableClient(TableNames.Rematch);

    /// <inheritdoc/>
    public async Task PutAsync(RematchReport report, CancellationToken cancellationToken)
    {
        await _table.UpsertEntityAsync(Row(report.ReportId, Header, report), TableUpdateMode.Replace, cancellationToken);
        await _table.UpsertEntityAsync(Row(Reports, $"{TimeKey.Falling(report.StartedAt)}|{report.ReportId}", report), TableUpdateMode.Replace, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<RematchReport?> FindAsync(string reportId, CancellationToken cancellationToken)
    {
        NullableResponse<TableEntity> row = await _table.GetEntityIfExistsAsync<TableEntity>(reportId, Header, cancellationToken: cancellationToken);
        return row.HasValue ? Read<RematchReport>(row.Value!) : null;
    }

    /// <inheritdoc/>
    public Task<ListPage<RematchReport>> ListAsync(int limit, string? after, CancellationToken cancellationToken) =>
        TablePages.ReadAsync(_table, Filters.IsEqual("PartitionKey", Reports), Read<RematchReport>, limit, after, cancellationToken);

    /// <inheritdoc/>
    public Task PutItemAsync(string reportId, RematchItem item, CancellationToken cancellationToken) =>
        _table.UpsertEntityAsync(Row(reportId, item.Lead.Value, ItemDocument.Of(item)), TableUpdateMode.Replace, cancellationToken);

    /// <inheritdoc/>
    public async Task<RematchItem?> FindItemAsync(string reportId, LeadId lead, CancellationToken cancellationToken)
    {
        NullableResponse<TableEntity> row = await _table.GetEntityIfExistsAsync<TableEntity>(reportId, lead.Value, cancellationToken: cancellationToken);
        return row.HasValue ? Read<ItemDocument>(row.Value!).ToItem() : null;
    }

    /// <inheritdoc/>
    public Task<ListPage<RematchItem>> ItemsAsync(string reportId, int limit, string? after, CancellationToken cancellationToken) =>
        TablePages.ReadAsync(_table, TableClient.CreateQueryFilter($"PartitionKey eq {reportId} and RowKey gt {Header}"), row => Read<ItemDocument>(row).ToItem(), limit, after, cancellationToken);

    private static TableEntity Row<T>(string partition, string key, T document)
    {
        TableEntity row = new(partition, key);
        row.SetText(Doc, StoredJson.Write(document));
        return row;
    }

    private static T Read<T>(TableEntity row) => StoredJson.Read<T>(row.GetText(Doc)!);

    private sealed record ItemDocument(string LeadId, string Became, string FromOutcome, string? From, string ToOutcome, string? To, string Why, string Says, DateTimeOffset At)
    {
        public static ItemDocument Of(RematchItem i) => new(i.Lead.Value, i.Became, i.FromOutcome, i.From?.Value, i.ToOutcome, i.To?.Value, i.Why, i.Says, i.At);

        public RematchItem ToItem() => new(
            Abm.Decisions.LeadId.Parse(LeadId), Became, FromOutcome, From is null ? null : AccountId.Parse(From), ToOutcome, To is null ? null : AccountId.Parse(To), Why, Says, At);
    }
}
