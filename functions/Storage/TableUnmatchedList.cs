using Azure;
using Azure.Data.Tables;
using Abm.Decisions;
using Abm.Ports;

namespace Abm.Functions.Storage;

/// <summary>Leads without a sure account, newest first. One partition: it holds what waits for people, which is never much. Another one holds what people resolved.</summary>
public sealed class TableUnmatchedList(TableServiceClient service) : IReviewList
{
    private const string Partition = "open";
    private const string Resolved = "resolved";
    private readonly TableClient _table = service.GetTableClient(TableNames.Unmatched);

    /// <inheritdoc/>
    /// <remarks>A merge: what a person put off stays put off when the line is written again.</remarks>
    public Task PutAsync(ReviewItem item, CancellationToken cancellationToken) =>
        _table.UpsertEntityAsync(Row(item, Partition, Key(item.LeadId, item.ReceivedAt)), TableUpdateMode.Merge, cancellationToken);

    /// <inheritdoc/>
    public Task RemoveAsync(LeadId lead, DateTimeOffset receivedAt, CancellationToken cancellationToken) =>
        _table.DeleteEntityAsync(Partition, Key(lead, receivedAt), cancellationToken: cancellationToken);

    /// <inheritdoc/>
    public async Task<ReviewItem?> FindAsync(LeadId lead, DateTimeOffset receivedAt, CancellationToken cancellationToken)
    {
        NullableResponse<TableEntity> row = await _table.GetEntityIfExistsAsync<TableEntity>(Partition, Key(lead, receivedAt), cancellationToken: cancellationToken);
        return row.HasValue ? Read(row.Value!) : null;
    }

    /// <inheritdoc/>
    public async Task<bool> SnoozeAsync(LeadId lead, DateTimeOffset receivedAt, ReviewSnooze? snooze, CancellationToken cancellationToken)
    {
        TableEntity row = new(Partition, Key(lead, receivedAt))
        {
            ["SnoozedUntil"] = snooze?.Until ?? receivedAt, // a merge cannot remove a column: what is over is open
            ["SnoozedBy"] = snooze?.By ?? "",
        };
        try
        {
            await _table.UpdateEntityAsync(row, ETag.All, TableUpdateMode.Merge, cancellationToken);
            return true;
        }
        catch (RequestFailedException gone) when (gone.Status == 404)
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public async Task ResolveAsync(ReviewItem item, ReviewResolution resolution, CancellationToken cancellationToken)
    {
        TableEntity row = Row(item, Resolved, Key(item.LeadId, item.ReceivedAt));
        row["Action"] = resolution.Action;
        row["AccountId"] = resolution.AccountId?.Value ?? "";
        row["ResolvedBy"] = resolution.By;
        row["ResolvedAt"] = resolution.At;
        await _table.UpsertEntityAsync(row, TableUpdateMode.Replace, cancellationToken);
        await RemoveAsync(item.LeadId, item.ReceivedAt, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<ListPage<ReviewItem>> ListAsync(ReviewFilter filter, int limit, string? after, CancellationToken cancellationToken)
    {
        ListPage<ReviewItem> page = await TablePages.ReadAsync(
            _table,
            Filters.All(
                Filters.IsEqual("PartitionKey", filter.State == ReviewState.Resolved ? Resolved : Partition),
                filter.Outcome is null ? "(Outcome eq 'review' or Outcome eq 'unmatched')" : Filters.IsEqual("Outcome", filter.Outcome),
                filter.State == ReviewState.Snoozed ? TableClient.CreateQueryFilter($"SnoozedUntil gt {filter.Now}") : null),
            Read,
            limit,
            after,
            cancellationToken);
        return filter.State == ReviewState.Open ? page with { Items = [.. page.Items.Where(i => i.StateAt(filter.Now) == ReviewState.Open)] } : page;
    }

    private static string Key(LeadId lead, DateTimeOffset receivedAt) => $"{TimeKey.Falling(receivedAt)}|{lead}";

    private static TableEntity Row(ReviewItem item, string partition, string key)
    {
        TableEntity row = new(partition, key)
        {
            ["LeadId"] = item.LeadId.Value,
            ["ReceivedAt"] = item.ReceivedAt,
            ["DecidedAt"] = item.DecidedAt,
            ["Outcome"] = item.Outcome,
            ["Why"] = item.Why,
            ["Source"] = item.Source,
        };
        row.SetText("Candidates", StoredJson.Write(item.Candidates.Select(CandidateLine.From).ToArray()));
        return row;
    }

    private static ReviewItem Read(TableEntity row) => new(
        LeadId.Parse(row.GetString("LeadId")!),
        row.GetDateTimeOffset("ReceivedAt")!.Value,
        row.GetDateTimeOffset("DecidedAt")!.Value,
        row.GetString("Outcome")!,
        row.GetString("Why")!,
        row.GetString("Source")!,
        [.. StoredJson.Read<CandidateLine[]>(row.GetText("Candidates")!).Select(c => c.ToCandidate())])
    {
        Snooze = row.GetOptional("SnoozedBy") is { } by && row.GetDateTimeOffset("SnoozedUntil") is { } until ? new ReviewSnooze(until, by) : null,
        Resolution = row.GetOptional("Action") is { } action
            ? new ReviewResolution(action, row.GetOptional("AccountId") is { } account ? AccountId.Parse(account) : null, row.GetString("ResolvedBy")!, row.GetDateTimeOffset("ResolvedAt")!.Value)
            : null,
    };

    private sealed record CandidateLine(string AccountId, string Name, double Confidence, double? Points = null, IReadOnlyList<EvidencePoints>? Evidence = null)
    {
        public static CandidateLine From(ReviewCandidate c) => new(c.AccountId.Value, c.Name, c.Confidence, c.Points == 0 ? null : c.Points, c.Evidence.Count == 0 ? null : c.Evidence);

        public ReviewCandidate ToCandidate() => new(Abm.Decisions.AccountId.Parse(AccountId), Name, Confidence) { Points = Points ?? 0, Evidence = Evidence ?? [] };
    }
}
