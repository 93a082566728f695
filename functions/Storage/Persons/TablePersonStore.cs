using System.Globalization;
using Abm.Decisions;
using Abm.Functions.Storage.Decisions;
using Abm.Journeys;
using Abm.Ports;
using Azure;
using Azure.Data.Tables;

namespace Abm.Functions.Storage.Persons;

/// <summary>Finds and erases what the tables hold of a person.</summary>
public sealed class TablePersonStore(TableServiceClient service, PersonHash persons) : IPersonStore
{
    /// <summary>Rows of one transaction: a hundred may be, but together they must stay below 4 MiB.</summary>
    private const int RowsAtOnce = 20;

    private const int MaxTries = 8;
    private const string Receipts = "receipts";
    private const string ErasedBody = "{\"erased\":true}";

    private readonly TableClient _leads = service.GetTableClient(TableNames.Leads);
    private readonly TableClient _pools = service.GetTableClient(TableNames.Pools);
    private readonly TableClient _outbox = service.GetTableClient(TableNames.Outbox);
    private readonly TableClient _quarantine = service.GetTableClient(TableNames.Quarantine);
    private readonly TableClient _marks = service.GetTableClient(AccountTables.Marks);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<LeadId>> LeadsAsync(string email, CancellationToken cancellationToken)
    {
        if (await persons.OfAsync(email, cancellationToken) is not { } person)
            return [];
        List<LeadId> leads = [];
        foreach (string partition in LeadsKeys.AllPartitions)
        {
            string filter = TableClient.CreateQueryFilter(
                $"PartitionKey eq {partition} and RowKey ge {LeadsKeys.PersonFrom(person)} and RowKey lt {LeadsKeys.PersonUntil(person)}");
            await foreach (TableEntity row in _leads.QueryAsync<TableEntity>(filter, cancellationToken: cancellationToken))
                leads.Add(LeadId.Parse(row.GetString("LeadId")!));
        }

        return leads;
    }

    /// <inheritdoc/>
    public async Task<ErasedLead> EraseAsync(LeadId lead, string email, DateTimeOffset at, CancellationToken cancellationToken)
    {
        string person = await persons.OfAsync(email, cancellationToken) ?? throw new ArgumentException("There is no address.", nameof(email));
        int notifications = await EraseOutboxAsync(lead, cancellationToken);
        await _pools.DeleteEntityAsync(TableRelations.Partition, TableRelations.PersonKey(person), cancellationToken: cancellationToken);
        for (int attempt = 0; attempt < MaxTries; attempt++)
        {
            List<TableEntity> rows = await RowsAsync(lead, cancellationToken);
            foreach (TableEntity row in rows.Where(IsDecision))
                await EraseTurnAsync(row, cancellationToken);
            try
            {
                return await EraseRowsAsync(lead, person, rows, at, notifications, cancellationToken);
            }
            catch (RequestFailedException changed) when (changed.Status is 404 or 412)
            {
                // Somebody touched it meanwhile: read again.
            }
        }

        throw new InvalidOperationException($"The rows of {lead} changed {MaxTries} times while they were being erased.");
    }

    /// <inheritdoc/>
    public async Task<int> EraseQuarantineAsync(string email, CancellationToken cancellationToken)
    {
        int erased = 0;
        await foreach (TableEntity row in _quarantine.QueryAsync<TableEntity>(cancellationToken: cancellationToken))
        {
            if (row.GetText("Body")?.Contains(email.Trim(), StringComparison.OrdinalIgnoreCase) != true)
                continue;
            SetWhole(row, "Body", ErasedBody);
            await _quarantine.UpdateEntityAsync(row, ETag.All, TableUpdateMode.Replace, cancellationToken);
            erased++;
        }

        return erased;
    }

    /// <inheritdoc/>
    public async Task<ErasureReceipt> NoteAsync(string email, ErasureReceipt done, CancellationToken cancellationToken)
    {
        string id = DerivedId.From("erasure", await persons.OfAsync(email, cancellationToken) ?? "");
        for (int attempt = 0; attempt < MaxTries; attempt++)
        {
            NullableResponse<TableEntity> known = await _marks.GetEntityIfExistsAsync<TableEntity>(Receipts, id, cancellationToken: cancellationToken);
            ErasureReceipt? before = known.HasValue ? StoredJson.Read<ErasureReceipt>(known.Value!.GetText("Doc")!) : null;
            ErasureReceipt receipt = before is null ? done with { ReceiptId = id } : done with
            {
                ReceiptId = id,
                FirstAt = before.FirstAt,
                Leads = before.Leads + done.Leads,
                Decisions = before.Decisions + done.Decisions,
                Events = before.Events + done.Events,
                Cases = before.Cases + done.Cases,
                Notifications = before.Notifications + done.Notifications,
                Quarantined = before.Quarantined + done.Quarantined,
                Contacts = before.Contacts + done.Contacts,
                AccountEvents = before.AccountEvents + done.AccountEvents,
            };
            TableEntity row = new(Receipts, id);
            row.SetText("Doc", StoredJson.Write(receipt));
            try
            {
                await (known.HasValue
                    ? _marks.UpdateEntityAsync(row, known.Value!.ETag, TableUpdateMode.Replace, cancellationToken)
                    : _marks.AddEntityAsync(row, cancellationToken));
                return receipt;
            }
            catch (RequestFailedException faster) when (faster.Status is 404 or 409 or 412)
            {
                // Another request of the same person: add to what it noted.
            }
        }

        throw new InvalidOperationException($"The receipt changed {MaxTries} times while it was being written.");
    }

    private async Task<ErasedLead> EraseRowsAsync(LeadId lead, string person, List<TableEntity> rows, DateTimeOffset at, int notifications, CancellationToken cancellationToken)
    {
        List<TableTransactionAction> actions = [];
        int decisions = 0, events = 0;
        bool isWaiting = true;
        TableEntity? own = null;
        foreach (TableEntity row in rows)
        {
            if (row.RowKey == LeadsKeys.Lead(lead))
            {
                own = row;
                isWaiting = row.GetString("State") != nameof(LeadState.Decided);
                continue;
            }

            bool isDecision = IsDecision(row);
            if (isDecision)
            {
                JourneyDecision decision = LeadRows.ToDecision(row);
                SetWhole(row, "Doc", DecisionDocument.Write(Erased.Of(decision)));
                if (await LogRowAsync(decision, cancellationToken) is { } log)
                    actions.Add(new TableTransactionAction(TableTransactionActionType.UpdateReplace, log, log.ETag));
            }
            else if (row.GetText("Details") is { } details)
            {
                SetWhole(row, "Details", StoredJson.Write(Erased.Of(StoredJson.Read<Dictionary<string, string>>(details))));
            }

            decisions += isDecision ? 1 : 0;
            events += isDecision ? 0 : 1;
            actions.Add(new TableTransactionAction(TableTransactionActionType.UpdateReplace, row, row.ETag));
        }

        foreach (TableTransactionAction[] some in actions.Chunk(RowsAtOnce))
            await _leads.SubmitTransactionAsync(some, cancellationToken);

        // The lead itself, and the line by which it is found, come last: until then a repeat finds it and does the rest.
        List<TableTransactionAction> last = [];
        if (own is not null)
        {
            SetWhole(own, "Doc", StoredJson.Write(LeadDocument.From(Erased.Of(LeadRows.ToRecord(own).Lead))));
            own["Fingerprint"] = "erased";
            own["ErasedAt"] = at;
            last.Add(new TableTransactionAction(TableTransactionActionType.UpdateReplace, own, own.ETag));
        }

        TableEntity line = LeadRows.Person(lead, person);
        if ((own is null || !isWaiting) && (await _leads.GetEntityIfExistsAsync<TableEntity>(line.PartitionKey, line.RowKey, ["RowKey"], cancellationToken)).HasValue)
            last.Add(new TableTransactionAction(TableTransactionActionType.Delete, line, ETag.All));
        if (last.Count > 0)
            await _leads.SubmitTransactionAsync(last, cancellationToken);
        return new ErasedLead(decisions, events, notifications, own is not null && isWaiting);
    }

    private async Task<List<TableEntity>> RowsAsync(LeadId lead, CancellationToken cancellationToken)
    {
        string filter = TableClient.CreateQueryFilter(
            $"PartitionKey eq {LeadsKeys.PartitionOf(lead)} and RowKey ge {LeadsKeys.Lead(lead)} and RowKey lt {LeadsKeys.LeadUntil(lead)}");
        List<TableEntity> rows = [];
        await foreach (TableEntity row in _leads.QueryAsync<TableEntity>(filter, cancellationToken: cancellationToken))
        {
            // Another lead's id may begin like this one's.
            if (row.RowKey == LeadsKeys.Lead(lead) || row.RowKey.StartsWith(LeadsKeys.Lead(lead) + "|", StringComparison.Ordinal))
                rows.Add(row);
        }

        return rows;
    }

    /// <summary>The decision in the log without what it was made from.</summary>
    private async Task<TableEntity?> LogRowAsync(JourneyDecision decision, CancellationToken cancellationToken)
    {
        NullableResponse<TableEntity> found = await _leads.GetEntityIfExistsAsync<TableEntity>(
            LeadsKeys.PartitionOf(decision.Lead.Id), LeadsKeys.Log(decision.DecidedAt, decision.DecisionId), cancellationToken: cancellationToken);
        if (!found.HasValue)
            return null;
        RemoveColumns(found.Value!, "In");
        return found.Value;
    }

    /// <summary>The turn that gave the decision: who got it stays, the decision beside it goes.</summary>
    private async Task EraseTurnAsync(TableEntity decision, CancellationToken cancellationToken)
    {
        string decisionId = decision.RowKey[(decision.RowKey.LastIndexOf('|') + 1)..];
        NullableResponse<TableEntity> turn = await _pools.GetEntityIfExistsAsync<TableEntity>(TablePoolStore.Partition, TablePoolStore.AssignmentKey(decisionId), cancellationToken: cancellationToken);
        if (!turn.HasValue)
            return;
        RemoveColumns(turn.Value!, "Doc");
        RemoveColumns(turn.Value!, "In");
        await _pools.UpdateEntityAsync(turn.Value!, turn.Value!.ETag, TableUpdateMode.Replace, cancellationToken);
    }

    /// <summary>Notifications about the lead. One that has not gone out yet is given up: what it was to say is gone.</summary>
    private async Task<int> EraseOutboxAsync(LeadId lead, CancellationToken cancellationToken)
    {
        int erased = 0;
        string filter = TableClient.CreateQueryFilter($"LeadId eq {lead.Value}");
        await foreach (TableEntity row in _outbox.QueryAsync<TableEntity>(filter, cancellationToken: cancellationToken))
        {
            if (row.GetText("Body") == ErasedBody)
                continue;
            SetWhole(row, "Body", ErasedBody);
            if (row.GetString("State") == nameof(OutboxState.Pending))
            {
                row["State"] = nameof(OutboxState.Dead);
                row["LastFailure"] = "erased";
            }

            await _outbox.UpdateEntityAsync(row, ETag.All, TableUpdateMode.Replace, cancellationToken);
            erased++;
        }

        return erased;
    }

    private static bool IsDecision(TableEntity row) => row.RowKey.Contains("|d|", StringComparison.Ordinal);

    /// <summary>A text in the place of one that may have had more columns.</summary>
    private static void SetWhole(TableEntity row, string name, string text)
    {
        RemoveColumns(row, name);
        row.SetText(name, text);
    }

    private static void RemoveColumns(TableEntity row, string name)
    {
        for (int i = 0; i < StoredText.MaxColumns; i++)
            row.Remove(name + i.ToString(CultureInfo.InvariantCulture));
    }
}
