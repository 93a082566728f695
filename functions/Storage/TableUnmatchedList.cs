using Azure.Data.Tables;
using Abm.Decisions;
using Abm.Ports;

namespace Abm.Functions.Storage;

/// <summary>Leads without a sure account, newest first. One partition: it holds what waits for people, which is never much.</summary>
public sealed class TableUnmatchedList(TableServiceClient service) : IReviewList
{
    private const string Partition = "open";
    private readonly TableClient _table = service.GetTableClient(TableNames.Unmatched);

    /// <inheritdoc/>
    public Task PutAsync(ReviewItem item, CancellationToken cancellationToken)
    {
        TableEntity row = new(Partition, Key(item.LeadId, item.ReceivedAt))
        {
            ["LeadId"] = item.LeadId.Value,
            ["ReceivedAt"] = item.ReceivedAt,
            ["DecidedAt"] = item.DecidedAt,
            ["Outcome"] = item.Outcome,
            ["Why"] = item.Why,
            ["Source"] = item.Source,
        };
        row.SetText("Candidates", StoredJson.Write(item.Candidates.Select(c => new CandidateLine(c.AccountId.Value, c.Name, c.Confidence)).ToArray()));
        return _table.UpsertEntityAsync(row, TableUpdateMode.Replace, cancellationToken);
    }

    /// <inheritdoc/>
    public Task RemoveAsync(LeadId lead, DateTimeOffset receivedAt, CancellationToken cancellationToken) =>
        _table.DeleteEntityAsync(Partition, Key(lead, receivedAt), cancellationToken: cancellationToken);

    /// <inheritdoc/>
    public Task<ListPage<ReviewItem>> ListAsync(string? outcome, int limit, string? after, CancellationToken cancellationToken) =>
        TablePages.ReadAsync(
            _table,
            Filters.All(Filters.IsEqual("PartitionKey", Partition), outcome is null ? "(Outcome eq 'review' or Outcome eq 'unmatched')" : Filters.IsEqual("Outcome", outcome)),
            Read,
            limit,
            after,
            cancellationToken);

    private static string Key(LeadId lead, DateTimeOffset receivedAt) => $"{TimeKey.Falling(receivedAt)}|{lead}";

    private static ReviewItem Read(TableEntity row) => new(
        LeadId.Parse(row.GetString("LeadId")!),
        row.GetDateTimeOffset("ReceivedAt")!.Value,
        row.GetDateTimeOffset("DecidedAt")!.Value,
        row.GetString("Outcome")!,
        row.GetString("Why")!,
        row.GetString("Source")!,
        [.. StoredJson.Read<CandidateLine[]>(row.GetText("Candidates")!).Select(c => new ReviewCandidate(AccountId.Parse(c.AccountId), c.Name, c.Confidence))]);

    private sealed record CandidateLine(string AccountId, string Name, double Confidence);
}
