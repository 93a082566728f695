using Azure;
using Azure.Data.Tables;
using Abm.Decisions;
using Abm.Journeys;
using Abm.Functions.Storage.Persons;
using Abm.Leads;
using Abm.Ports;

namespace Abm.Functions.Storage;

/// <summary>Leads and the decisions about them, in the table of leads.</summary>
public sealed class TableLeadStore(TableServiceClient service, PersonHash persons) : ILeadStore
{
    private readonly TableClient _table = service.GetTableClient(TableNames.Leads);

    /// <inheritdoc/>
    /// <remarks>One transaction: the lead, the mark that it is undecided, by which a lead is found again whose message was lost, and the line by which it is found when its person asks.</remarks>
    public async Task<LeadAdmission> AdmitAsync(Lead lead, string fingerprint, CancellationToken cancellationToken)
    {
        List<TableTransactionAction> rows =
        [
            new(TableTransactionActionType.Add, LeadRows.NewLead(lead, fingerprint)),
            new(TableTransactionActionType.Add, LeadRows.Undecided(lead)),
        ];
        if (await persons.OfAsync(lead.Submitted.Email, cancellationToken) is { } person)
            rows.Add(new TableTransactionAction(TableTransactionActionType.UpsertReplace, LeadRows.Person(lead.Id, person)));
        try
        {
            await _table.SubmitTransactionAsync(rows, cancellationToken);
            return LeadAdmission.Added;
        }
        catch (TableTransactionFailedException refused) when (refused.Status == 409)
        {
            TableEntity known = (await _table.GetEntityAsync<TableEntity>(
                LeadsKeys.PartitionOf(lead.Id), LeadsKeys.Lead(lead.Id), ["State", "Fingerprint"], cancellationToken)).Value;
            if (known.GetString("Fingerprint") != fingerprint)
                return LeadAdmission.DifferentBody;
            return known.GetString("State") == nameof(LeadState.Decided) ? LeadAdmission.AlreadyDecided : LeadAdmission.AlreadyReceived;
        }
    }

    /// <inheritdoc/>
    public async Task<LeadRecord?> FindAsync(LeadId id, CancellationToken cancellationToken)
    {
        NullableResponse<TableEntity> row = await _table.GetEntityIfExistsAsync<TableEntity>(
            LeadsKeys.PartitionOf(id), LeadsKeys.Lead(id), cancellationToken: cancellationToken);
        return row.HasValue ? LeadRows.ToRecord(row.Value!) : null;
    }

    /// <inheritdoc/>
    /// <remarks>One transaction: the decision, what it was made from, what the lead's row says of it, and the end of the mark "undecided".</remarks>
    public async Task<StoredDecision> AddDecisionAsync(JourneyDecision decision, CancellationToken cancellationToken)
    {
        Lead lead = decision.Lead;
        TableEntity undecided = new(LeadsKeys.PartitionOf(lead.Id), LeadsKeys.Undecided(lead.Id, lead.ReceivedAt));
        List<TableTransactionAction> actions =
        [
            new(TableTransactionActionType.Add, LeadRows.Decision(decision)),
            new(TableTransactionActionType.Add, LeadRows.Log(decision)),
            new(TableTransactionActionType.UpdateMerge, LeadRows.Decided(decision), ETag.All),
            .. LeadKeyRows.Of(decision),
            new(TableTransactionActionType.Delete, undecided, ETag.All),
        ];
        int withMark = actions.Count;
        while (true)
        {
            try
            {
                await _table.SubmitTransactionAsync(actions, cancellationToken);
                return new StoredDecision(decision, WasAdded: true);
            }
            catch (TableTransactionFailedException refused) when (refused.Status == 409)
            {
                TableEntity earlier = (await _table.GetEntityAsync<TableEntity>(
                    LeadsKeys.PartitionOf(lead.Id), LeadsKeys.Decision(lead.Id, decision.DecisionId), cancellationToken: cancellationToken)).Value;
                return new StoredDecision(LeadRows.ToDecision(earlier), WasAdded: false);
            }
            catch (TableTransactionFailedException refused) when (refused.Status == 404 && actions.Count == withMark)
            {
                actions.RemoveAt(withMark - 1); // a decision after the first: the mark is gone already. Where the lead itself is missing, the next try says so.
            }
        }
    }
}
