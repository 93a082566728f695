using System.Runtime.CompilerServices;
using Abm.Decisions;
using Abm.Journeys;
using Abm.Matching;
using Abm.Ports;
using Azure;
using Azure.Data.Tables;

namespace Abm.Functions.Storage;

/// <summary>Rows by which decided leads are found by what accounts are recognised by; in the partition of their lead, so that they cost no transaction of their own.</summary>
internal static class LeadKeyRows
{
    private const string From = "!key|";
    private const string Until = "!key}";

    /// <summary>Added to the transaction that keeps a decision. Test leads and leads that are nobody's are never matched anew.</summary>
    public static IEnumerable<TableTransactionAction> Of(JourneyDecision decision)
    {
        foreach (string key in RematchKeys.Of(decision.Lead, (decision.Match as MatchDecision.Matched)?.Account))
        {
            yield return new TableTransactionAction(
                TableTransactionActionType.UpsertReplace,
                new TableEntity(LeadsKeys.PartitionOf(decision.Lead.Id), $"{From}{key}|{decision.Lead.Id}") { ["LeadId"] = decision.Lead.Id.Value });
        }
    }

    /// <summary>Where the rows of one key lie.</summary>
    public static (string From, string Until) RangeOf(string key) => ($"{From}{key}|", $"{From}{key}}}");

    /// <summary>Where all of them lie.</summary>
    public static (string From, string Until) All => (From, Until);

    public static string KeyOf(string rowKey) => rowKey[From.Length..rowKey.IndexOf('|', From.Length)];
}

/// <summary>Later decisions, in the table of leads, and the keys by which leads are found.</summary>
public sealed class TableRedecisions(TableServiceClient service) : IRedecisions, ILeadKeys
{
    /// <summary>With more keys than this the rows of all keys are read once instead of a range for each.</summary>
    private const int MostRanges = 48;

    private static readonly string[] Columns = ["PartitionKey", "RowKey", "LeadId"];
    private readonly TableClient _table = service.GetTableClient(TableNames.Leads);

    /// <inheritdoc/>
    public int Parts => LeadsKeys.Buckets;

    /// <inheritdoc/>
    public async Task<SaveOutcome> SaveAsync(LeadFile changed, JourneyDecision decision, LeadEvent happened, CancellationToken cancellationToken)
    {
        TableEntity lead = LeadRows.Changed(changed);
        lead["DecisionId"] = decision.DecisionId;
        lead["Outcome"] = decision.Outcome;
        lead["AccountId"] = (decision.Match as MatchDecision.Matched)?.Account.Value ?? "";
        lead["ConfigVersion"] = decision.ConfigVersion;
        lead["PinnedAccountId"] = changed.Lead.PinnedAccountId?.Value ?? "";
        lead["Ignored"] = changed.Lead.IsIgnored;
        try
        {
            await _table.SubmitTransactionAsync(
                [
                    new TableTransactionAction(TableTransactionActionType.Add, LeadRows.Decision(decision)),
                    new TableTransactionAction(TableTransactionActionType.Add, LeadRows.Log(decision)),
                    new TableTransactionAction(TableTransactionActionType.Add, LeadRows.Event(decision.Lead.Id, happened)),
                    new TableTransactionAction(TableTransactionActionType.UpdateMerge, lead, new ETag(changed.Tag)),
                    .. LeadKeyRows.Of(decision),
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
    public async IAsyncEnumerable<KeyedLead> FindAsync(int part, IReadOnlyCollection<string> keys, string? after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string partition = LeadsKeys.AllPartitions.ElementAt(part);
        HashSet<string> wanted = new(keys, StringComparer.Ordinal);
        IEnumerable<(string From, string Until)> ranges = keys.Count > MostRanges ? [LeadKeyRows.All] : wanted.Order(StringComparer.Ordinal).Select(LeadKeyRows.RangeOf);
        foreach ((string from, string until) in ranges)
        {
            if (after is not null && string.CompareOrdinal(until, after) <= 0)
                continue;
            string start = after is not null && string.CompareOrdinal(from, after) < 0 ? after : from;
            string filter = TableClient.CreateQueryFilter($"PartitionKey eq {partition} and RowKey gt {start} and RowKey lt {until}");
            await foreach (TableEntity row in _table.QueryAsync<TableEntity>(filter, select: Columns, cancellationToken: cancellationToken))
            {
                if (wanted.Contains(LeadKeyRows.KeyOf(row.RowKey)))
                    yield return new KeyedLead(row.RowKey, LeadId.Parse(row.GetString("LeadId")!));
            }
        }
    }
}
