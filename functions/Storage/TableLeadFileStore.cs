using Azure;
using Azure.Data.Tables;
using Abm.Decisions;
using Abm.Journeys;
using Abm.Ports;

namespace Abm.Functions.Storage;

/// <summary>The life of leads after they were taken in, in the table of leads.</summary>
public sealed class TableLeadFileStore(TableServiceClient service) : ILeadFileStore
{
    private readonly TableClient _table = service.GetTableClient(TableNames.Leads);

    /// <inheritdoc/>
    public async Task<LeadFile?> ReadAsync(LeadId id, CancellationToken cancellationToken)
    {
        NullableResponse<TableEntity> row = await _table.GetEntityIfExistsAsync<TableEntity>(
            LeadsKeys.PartitionOf(id), LeadsKeys.Lead(id), cancellationToken: cancellationToken);
        return row.HasValue ? LeadRows.ToFile(row.Value!) : null;
    }

    /// <inheritdoc/>
    public async Task<SaveOutcome> SaveAsync(LeadFile changed, LeadEvent happened, CancellationToken cancellationToken)
    {
        try
        {
            await _table.SubmitTransactionAsync(
                [
                    new TableTransactionAction(TableTransactionActionType.Add, LeadRows.Event(changed.Lead.Lead.Id, happened)),
                    new TableTransactionAction(TableTransactionActionType.UpdateMerge, LeadRows.Changed(changed), new ETag(changed.Tag)),
                ],
                cancellationToken);
            return SaveOutcome.Saved;
        }
        catch (TableTransactionFailedException refused) when (refused.Status == 409)
        {
            return SaveOutcome.AlreadyHappened;
        }
        catch (TableTransactionFailedException refused) when (refused.Status == 412)
        {
            return SaveOutcome.Conflict;
        }
    }

    /// <inheritdoc/>
    public async Task<JourneyDecision?> FindDecisionAsync(LeadId id, string decisionId, CancellationToken cancellationToken)
    {
        NullableResponse<TableEntity> row = await _table.GetEntityIfExistsAsync<TableEntity>(
            LeadsKeys.PartitionOf(id), LeadsKeys.Decision(id, decisionId), cancellationToken: cancellationToken);
        return row.HasValue ? LeadRows.ToDecision(row.Value!) : null;
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<LeadEvent>> EventsAsync(LeadId id, CancellationToken cancellationToken)
    {
        string filter = TableClient.CreateQueryFilter(
            $"PartitionKey eq {LeadsKeys.PartitionOf(id)} and RowKey ge {LeadsKeys.EventsFrom(id)} and RowKey lt {LeadsKeys.EventsUntil(id)}");
        List<LeadEvent> events = [];
        await foreach (TableEntity row in _table.QueryAsync<TableEntity>(filter, cancellationToken: cancellationToken))
            events.Add(LeadRows.ToEvent(row));
        return LeadEvent.InOrder(events);
    }

    /// <inheritdoc/>
    public async Task QuarantineAsync(LeadId id, CancellationToken cancellationToken)
    {
        NullableResponse<TableEntity> found = await _table.GetEntityIfExistsAsync<TableEntity>(
            LeadsKeys.PartitionOf(id), LeadsKeys.Lead(id), ["State", "ReceivedAt"], cancellationToken);
        if (!found.HasValue || found.Value!.GetString("State") != nameof(LeadState.Received))
            return;
        DateTimeOffset receivedAt = found.Value.GetDateTimeOffset("ReceivedAt")!.Value;
        try
        {
            await _table.SubmitTransactionAsync(
                [
                    new TableTransactionAction(
                        TableTransactionActionType.UpdateMerge,
                        new TableEntity(LeadsKeys.PartitionOf(id), LeadsKeys.Lead(id)) { ["State"] = nameof(LeadState.Quarantined) },
                        found.Value.ETag),
                    new TableTransactionAction(
                        TableTransactionActionType.UpdateMerge,
                        new TableEntity(LeadsKeys.PartitionOf(id), LeadsKeys.Undecided(id, receivedAt)) { ["Parked"] = true },
                        ETag.All),
                ],
                cancellationToken);
        }
        catch (TableTransactionFailedException refused) when (refused.Status is 404 or 412)
        {
            // decided in this very moment: then there is nothing to wait for
        }
    }

    /// <inheritdoc/>
    /// <remarks>One request for each partition: made by the sweep, and by people who look for what is stuck.</remarks>
    public async Task<IReadOnlyList<UndecidedLead>> UndecidedAsync(
        LeadState state, DateTimeOffset before, int limit, UndecidedKey? after, CancellationToken cancellationToken)
    {
        string from = after is null ? LeadsKeys.UndecidedFrom : LeadsKeys.Undecided(after.Id, after.ReceivedAt);
        string until = LeadsKeys.UndecidedFrom + TimeKey.Rising(before);
        bool parked = state == LeadState.Quarantined;
        List<UndecidedLead> leads = [];
        foreach (string partition in LeadsKeys.AllPartitions)
        {
            string filter = TableClient.CreateQueryFilter(
                $"PartitionKey eq {partition} and RowKey gt {from} and RowKey lt {until} and Parked eq {parked}");
            leads.AddRange((await TablePages.ReadAsync(_table, filter, LeadRows.ToUndecided, limit, null, cancellationToken)).Items);
        }

        return [.. leads.OrderBy(l => l.ReceivedAt).ThenBy(l => l.Id.Value, StringComparer.Ordinal).Take(limit)];
    }

    /// <inheritdoc/>
    public async Task NoteRequeuedAsync(IReadOnlyList<UndecidedLead> leads, DateTimeOffset at, CancellationToken cancellationToken)
    {
        foreach (UndecidedLead lead in leads)
        {
            TableEntity note = new(LeadsKeys.PartitionOf(lead.Id), LeadsKeys.Undecided(lead.Id, lead.ReceivedAt))
            {
                ["QueuedAt"] = at,
                ["Requeued"] = lead.Requeued + 1,
            };
            try
            {
                await _table.UpdateEntityAsync(note, ETag.All, TableUpdateMode.Merge, cancellationToken);
            }
            catch (RequestFailedException gone) when (gone.Status == 404)
            {
                // decided meanwhile
            }
        }
    }
}
