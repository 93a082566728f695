using Azure.Data.Tables;
using Abm.Decisions;
using Abm.Ports;

namespace Abm.Functions.Storage;

/// <summary>Decided leads, newest first: a partition for each day of arrival, the latest day first.</summary>
public sealed class TableLeadList(TableServiceClient service) : ILeadList
{
    private readonly TableClient _table = service.GetTableClient(TableNames.LeadList);

    /// <inheritdoc/>
    public Task PutAsync(LeadListItem item, CancellationToken cancellationToken) => _table.UpsertEntityAsync(
        new TableEntity(TimeKey.FallingDay(item.ReceivedAt), $"{TimeKey.Falling(item.ReceivedAt)}|{item.LeadId}")
        {
            ["LeadId"] = item.LeadId.Value,
            ["ReceivedAt"] = item.ReceivedAt,
            ["DecidedAt"] = item.DecidedAt,
            ["Outcome"] = item.Outcome,
            ["Source"] = item.Source,
            ["Play"] = item.Play ?? "",
            ["AccountId"] = item.AccountId?.Value ?? "",
            ["OwnerId"] = item.OwnerId?.Value ?? "",
            ["DecisionId"] = item.DecisionId,
            ["ConfigVersion"] = item.ConfigVersion,
        },
        TableUpdateMode.Replace,
        cancellationToken);

    /// <inheritdoc/>
    public Task<ListPage<LeadListItem>> ListAsync(LeadListFilter filter, int limit, string? after, CancellationToken cancellationToken) =>
        TablePages.ReadAsync(
            _table,
            Filters.All(
                Filters.IsEqual("Outcome", filter.Outcome),
                Filters.IsEqual("OwnerId", filter.OwnerId),
                Filters.IsEqual("AccountId", filter.AccountId),
                Filters.IsEqual("Source", filter.Source)),
            Read,
            limit,
            after,
            cancellationToken);

    private static LeadListItem Read(TableEntity row) => new(
        LeadId.Parse(row.GetString("LeadId")!),
        row.GetDateTimeOffset("ReceivedAt")!.Value,
        row.GetDateTimeOffset("DecidedAt")!.Value,
        row.GetString("Outcome")!,
        row.GetString("Source")!,
        row.GetOptional("Play"),
        row.GetOptional("AccountId") is { } account ? AccountId.Parse(account) : null,
        row.GetOptional("OwnerId") is { } owner ? RepId.Parse(owner) : null,
        row.GetString("DecisionId")!,
        row.GetString("ConfigVersion")!);
}

/// <summary>Filters out of parts that may be missing. Values are escaped by the table client.</summary>
internal static class Filters
{
    public static string? IsEqual(string column, string? value) =>
        value is null ? null : $"{column} eq {Literal(value)}";

    public static string? All(params ReadOnlySpan<string?> parts)
    {
        List<string> given = [];
        foreach (string? part in parts)
        {
            if (part is not null)
                given.Add(part);
        }

        return given.Count == 0 ? null : string.Join(" and ", given);
    }

    private static string Literal(string value) => TableClient.CreateQueryFilter($"{value}");
}
