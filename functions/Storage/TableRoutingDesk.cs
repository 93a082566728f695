using System.Globalization;
using Abm.Decisions;
using Abm.Ports;
using Azure;
using Azure.Data.Tables;

namespace Abm.Functions.Storage;

/// <summary>Leads that wait for a member of a pool, in the order in which they are given out; and offers, one row for each lead.</summary>
public sealed class TableRoutingDesk(TableServiceClient service) : IRoutingDesk
{
    private const string Waiting = "waiting";
    private const string Offers = "offers";
    private readonly TableClient _table = service.GetTableClient(TableNames.Pools);

    /// <inheritdoc/>
    public Task PutWaitingAsync(WaitingLead lead, CancellationToken cancellationToken) => _table.UpsertEntityAsync(
        new TableEntity(Waiting, WaitingKey(lead))
        {
            ["Pool"] = lead.Pool,
            ["LeadId"] = lead.Lead.Value,
            ["DecisionId"] = lead.DecisionId,
            ["Points"] = lead.Points,
            ["ReceivedAt"] = lead.ReceivedAt,
            ["Since"] = lead.Since,
            ["Until"] = lead.Until,
        },
        TableUpdateMode.Replace,
        cancellationToken);

    /// <inheritdoc/>
    public Task RemoveWaitingAsync(WaitingLead lead, CancellationToken cancellationToken) =>
        _table.DeleteEntityAsync(Waiting, WaitingKey(lead), cancellationToken: cancellationToken);

    /// <inheritdoc/>
    /// <remarks>One request for each pool with waiting leads, and one more.</remarks>
    public async Task<IReadOnlyList<string>> PoolsWithWaitingAsync(CancellationToken cancellationToken)
    {
        List<string> pools = [];
        string from = "";
        while (true)
        {
            string filter = TableClient.CreateQueryFilter($"PartitionKey eq {Waiting} and RowKey gt {from}");
            TableEntity? first = null;
            await foreach (TableEntity row in _table.QueryAsync<TableEntity>(filter, maxPerPage: 1, select: ["Pool"], cancellationToken: cancellationToken))
            {
                first = row;
                break;
            }

            if (first?.GetString("Pool") is not { } pool)
                return pools;
            pools.Add(pool);
            from = $"{pool}|}}";
        }
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<WaitingLead>> WaitingAsync(string pool, int limit, CancellationToken cancellationToken)
    {
        string filter = TableClient.CreateQueryFilter($"PartitionKey eq {Waiting} and RowKey ge {$"{pool}|"} and RowKey lt {$"{pool}|}}"} and Pool eq {pool}");
        List<WaitingLead> leads = [];
        await foreach (TableEntity row in _table.QueryAsync<TableEntity>(filter, cancellationToken: cancellationToken))
        {
            leads.Add(new WaitingLead(
                LeadId.Parse(row.GetString("LeadId")!), pool, row.GetString("DecisionId")!, row.GetDouble("Points") ?? 0,
                row.GetDateTimeOffset("ReceivedAt")!.Value, row.GetDateTimeOffset("Since")!.Value, row.GetDateTimeOffset("Until")!.Value));
            if (leads.Count >= limit)
                break;
        }

        return leads;
    }

    /// <inheritdoc/>
    public async Task PutOfferAsync(LeadOffer offer, CancellationToken cancellationToken)
    {
        TableEntity row = new(Offers, offer.Lead.Value)
        {
            ["AssignmentId"] = offer.AssignmentId,
            ["Pool"] = offer.Pool,
            ["OwnerId"] = offer.Owner.Value,
            ["OfferedAt"] = offer.OfferedAt,
            ["DueAt"] = offer.DueAt,
            ["State"] = offer.State.ToString(),
        };
        while (true)
        {
            NullableResponse<TableEntity> known = await _table.GetEntityIfExistsAsync<TableEntity>(Offers, offer.Lead.Value, cancellationToken: cancellationToken);
            if (known.HasValue && known.Value!.GetString("AssignmentId") == offer.AssignmentId)
                return;
            try
            {
                await (known.HasValue
                    ? _table.UpdateEntityAsync(row, known.Value!.ETag, TableUpdateMode.Replace, cancellationToken)
                    : _table.AddEntityAsync(row, cancellationToken));
                return;
            }
            catch (RequestFailedException faster) when (faster.Status is 404 or 409 or 412)
            {
                // somebody answered or offered it in this moment: look again
            }
        }
    }

    /// <inheritdoc/>
    public async Task<LeadOffer?> FindOfferAsync(LeadId lead, CancellationToken cancellationToken)
    {
        NullableResponse<TableEntity> row = await _table.GetEntityIfExistsAsync<TableEntity>(Offers, lead.Value, cancellationToken: cancellationToken);
        return row.HasValue ? Read(row.Value!) : null;
    }

    /// <inheritdoc/>
    public async Task<bool> MoveOfferAsync(LeadOffer offer, OfferState state, CancellationToken cancellationToken)
    {
        try
        {
            await _table.UpdateEntityAsync(new TableEntity(Offers, offer.Lead.Value) { ["State"] = state.ToString() }, new ETag(offer.Tag), TableUpdateMode.Merge, cancellationToken);
            return true;
        }
        catch (RequestFailedException changed) when (changed.Status is 404 or 412)
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<LeadOffer>> OffersToPassAsync(DateTimeOffset now, int limit, CancellationToken cancellationToken)
    {
        string filter = TableClient.CreateQueryFilter(
            $"PartitionKey eq {Offers} and ((State eq {nameof(OfferState.Open)} and DueAt le {now}) or State eq {nameof(OfferState.Declined)} or State eq {nameof(OfferState.Passed)})");
        List<LeadOffer> offers = [];
        await foreach (TableEntity row in _table.QueryAsync<TableEntity>(filter, cancellationToken: cancellationToken))
        {
            offers.Add(Read(row));
            if (offers.Count >= limit)
                break;
        }

        return offers;
    }

    /// <inheritdoc/>
    public Task RemoveOfferAsync(LeadId lead, CancellationToken cancellationToken) => _table.DeleteEntityAsync(Offers, lead.Value, cancellationToken: cancellationToken);

    /// <summary>Sorts the hottest first, then the oldest.</summary>
    private static string WaitingKey(WaitingLead lead) =>
        string.Create(CultureInfo.InvariantCulture, $"{lead.Pool}|{99_999 - (int)Math.Round(Math.Clamp(lead.Points, 0, 999) * 100):00000}|{TimeKey.Rising(lead.ReceivedAt)}|{lead.Lead}");

    private static LeadOffer Read(TableEntity row) => new(
        LeadId.Parse(row.RowKey),
        row.GetString("AssignmentId")!,
        row.GetString("Pool")!,
        RepId.Parse(row.GetString("OwnerId")!),
        row.GetDateTimeOffset("OfferedAt")!.Value,
        row.GetDateTimeOffset("DueAt")!.Value,
        Enum.Parse<OfferState>(row.GetString("State")!),
        row.ETag.ToString());
}
