using Abm.Ports;
using Abm.Signals;
using Azure;
using Azure.Data.Tables;

namespace Abm.Functions.Storage.Timelines;

/// <summary>Events of unknown accounts in a table: a partition for each subject, and one with all subjects.</summary>
public sealed class TableWaitingEvents(TableServiceClient service) : IWaitingEvents
{
    private readonly TableClient _table = service.GetTableClient(TableNames.Events);

    /// <inheritdoc/>
    public async Task<bool> KeepAsync(WaitingSubject subject, AccountEvent happened, CancellationToken cancellationToken)
    {
        IReadOnlyList<AccountEvent> waiting = await OfAsync(subject, cancellationToken);
        if (waiting.Any(e => e.EventId == happened.EventId))
            return true;
        if (waiting.Count >= IWaitingEvents.MostOfOne)
            return false;
        if (waiting.Count == 0)
        {
            await _table.UpsertEntityAsync(
                new TableEntity(TimelineRows.Waiting, subject.ToString()) { ["AccountId"] = subject.AccountId ?? "", ["Domain"] = subject.Domain ?? "" }, TableUpdateMode.Replace, cancellationToken);
        }

        TableEntity row = new(TimelineRows.Waits(subject), happened.EventId) { ["PersonKey"] = happened.PersonKey ?? "", ["ReceivedAt"] = happened.ReceivedAt };
        row.SetText("Doc", StoredJson.Write(happened));
        await _table.UpsertEntityAsync(row, TableUpdateMode.Replace, cancellationToken);
        return true;
    }

    /// <inheritdoc/>
    public Task<ListPage<WaitingSubject>> SubjectsAsync(int limit, string? after, CancellationToken cancellationToken) =>
        TablePages.ReadAsync(_table, TableClient.CreateQueryFilter($"PartitionKey eq {TimelineRows.Waiting}"), Subject, limit, after, cancellationToken);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<AccountEvent>> OfAsync(WaitingSubject subject, CancellationToken cancellationToken)
    {
        List<AccountEvent> events = [];
        await foreach (TableEntity row in _table.QueryAsync<TableEntity>(TableClient.CreateQueryFilter($"PartitionKey eq {TimelineRows.Waits(subject)}"), cancellationToken: cancellationToken))
            events.Add(ToEvent(row));
        return events;
    }

    /// <inheritdoc/>
    public async Task RemoveAsync(WaitingSubject subject, IReadOnlyList<string> eventIds, CancellationToken cancellationToken)
    {
        foreach (string id in eventIds)
            await _table.DeleteEntityAsync(TimelineRows.Waits(subject), id, cancellationToken: cancellationToken);
        if ((await OfAsync(subject, cancellationToken)).Count > 0)
            return;
        await _table.DeleteEntityAsync(TimelineRows.Waiting, subject.ToString(), cancellationToken: cancellationToken);

        // One may have come between the look and the removal.
        if ((await OfAsync(subject, cancellationToken)).Count > 0)
            await _table.UpsertEntityAsync(
                new TableEntity(TimelineRows.Waiting, subject.ToString()) { ["AccountId"] = subject.AccountId ?? "", ["Domain"] = subject.Domain ?? "" }, TableUpdateMode.Replace, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<int> PurgeAsync(DateTimeOffset before, CancellationToken cancellationToken) => RemoveAsync(row => row.GetDateTimeOffset("ReceivedAt") < before, cancellationToken);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<AccountEvent>> OfPersonAsync(string personKey, CancellationToken cancellationToken)
    {
        List<AccountEvent> found = [];
        await foreach (WaitingSubject subject in AllAsync(cancellationToken))
            found.AddRange((await OfAsync(subject, cancellationToken)).Where(e => e.PersonKey == personKey));
        return found;
    }

    /// <inheritdoc/>
    public Task<int> ErasePersonAsync(string personKey, CancellationToken cancellationToken) => RemoveAsync(row => row.GetString("PersonKey") == personKey, cancellationToken);

    private async Task<int> RemoveAsync(Func<TableEntity, bool> goes, CancellationToken cancellationToken)
    {
        int removed = 0;
        List<WaitingSubject> subjects = [];
        await foreach (WaitingSubject subject in AllAsync(cancellationToken))
            subjects.Add(subject);
        foreach (WaitingSubject subject in subjects)
        {
            List<string> ids = [];
            await foreach (TableEntity row in _table.QueryAsync<TableEntity>(TableClient.CreateQueryFilter($"PartitionKey eq {TimelineRows.Waits(subject)}"), cancellationToken: cancellationToken))
            {
                if (goes(row))
                    ids.Add(row.RowKey);
            }

            await RemoveAsync(subject, ids, cancellationToken);
            removed += ids.Count;
        }

        return removed;
    }

    private async IAsyncEnumerable<WaitingSubject> AllAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (TableEntity row in _table.QueryAsync<TableEntity>(TableClient.CreateQueryFilter($"PartitionKey eq {TimelineRows.Waiting}"), cancellationToken: cancellationToken))
            yield return Subject(row);
    }

    private static WaitingSubject Subject(TableEntity row) => new(row.GetOptional("AccountId"), row.GetOptional("Domain"));

    private static AccountEvent ToEvent(TableEntity row) => StoredJson.Read<AccountEvent>(row.GetText("Doc")!);
}
