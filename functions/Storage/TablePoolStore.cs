using System.Collections.Concurrent;
using Azure;
using Azure.Data.Tables;
using Abm.Decisions;
using Abm.Functions.Storage.Decisions;
using Abm.Journeys;
using Abm.Ports;
using Abm.Routing;

namespace Abm.Functions.Storage;

/// <summary>Pools and the turns they gave, all in one partition, so that a turn and its assignment are one transaction and an assignment is found without knowing its pool.</summary>
/// <remarks>
/// Keeps the state it saw last with its tag: as long as no other process took a turn, a turn costs one transaction and no read.
/// A stale state is refused by its tag, forgotten, and read anew.
/// </remarks>
public sealed partial class TablePoolStore(TableServiceClient service) : IPoolStore, IPoolLedger
{
    internal const string Partition = "pools";
    private const string Doc = "Doc";
    private const string Inputs = "In";

    /// <summary>Bytes of a decision and its inputs together: a row takes 1 MiB.</summary>
    private const int MostBytes = 900_000;
    private readonly TableClient _table = service.GetTableClient(TableNames.Pools);
    /// <summary>Null: the pool has given no turn yet, so there is no row. Whoever adds it meanwhile makes a turn that was taken from this fail, as a stale state does.</summary>
    private readonly ConcurrentDictionary<string, PoolSnapshot?> _seen = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public async Task<IReadOnlyDictionary<string, PoolSnapshot>> ReadAsync(IReadOnlyCollection<string> pools, CancellationToken cancellationToken)
    {
        Dictionary<string, PoolSnapshot> states = new(StringComparer.Ordinal);
        foreach (string pool in pools)
        {
            if (_seen.TryGetValue(pool, out PoolSnapshot? seen))
            {
                if (seen is not null)
                    states[pool] = seen;
                continue;
            }

            NullableResponse<TableEntity> row = await _table.GetEntityIfExistsAsync<TableEntity>(Partition, PoolKey(pool), cancellationToken: cancellationToken);
            PoolSnapshot? read = row.HasValue ? new PoolSnapshot(StoredJson.Read<PoolDocument>(row.Value!.GetText(Doc)!).ToState(), row.Value!.ETag.ToString()) : null;
            _seen[pool] = read;
            if (read is not null)
                states[pool] = read;
        }

        return states;
    }

    /// <inheritdoc/>
    public Task<IReadOnlyDictionary<string, PoolSnapshot>> RefreshAsync(IReadOnlyCollection<string> pools, CancellationToken cancellationToken)
    {
        foreach (string pool in pools)
            _seen.TryRemove(pool, out _);
        return ReadAsync(pools, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<StoredAssignment?> FindAssignmentAsync(string assignmentId, CancellationToken cancellationToken)
    {
        NullableResponse<TableEntity> found = await _table.GetEntityIfExistsAsync<TableEntity>(Partition, AssignmentKey(assignmentId), cancellationToken: cancellationToken);
        if (!found.HasValue)
            return null;
        TableEntity row = found.Value!;
        return new StoredAssignment(ReadAssignment(assignmentId, row), ReadDecision(row)) { RefundedAt = row.GetDateTimeOffset("RefundedAt") };
    }

    /// <inheritdoc/>
    public async Task<SaveOutcome> SaveAsync(PoolState after, string? tag, StoredAssignment assignment, CancellationToken cancellationToken)
    {
        TableEntity pool = PoolRow(after);
        List<TableTransactionAction> actions =
        [
            new(TableTransactionActionType.Add, AssignmentRow(assignment)),
            tag is null
                ? new(TableTransactionActionType.Add, pool)
                : new(TableTransactionActionType.UpdateReplace, pool, new ETag(tag)),
            new(TableTransactionActionType.UpsertReplace, LeadRow(assignment.Assignment)),
            .. assignment.Watched.Select(w => new TableTransactionAction(TableTransactionActionType.UpdateMerge, new TableEntity(Partition, PoolKey(w.State.Pool)) { ["WatchedAt"] = assignment.Assignment.At }, new ETag(w.Tag))),
        ];
        if (assignment.Ledger is { } ledger)
            actions.Add(new TableTransactionAction(TableTransactionActionType.UpsertReplace, LedgerRow(ledger)));
        try
        {
            Response<IReadOnlyList<Response>> saved = await _table.SubmitTransactionAsync(actions, cancellationToken);
            for (int i = 0; i < assignment.Watched.Count; i++)
                Remember(assignment.Watched[i].State, saved.Value[3 + i]);
            Remember(after, saved.Value[1]);
            return SaveOutcome.Saved;
        }
        catch (TableTransactionFailedException refused) when (refused.Status is 409 or 412 or 404)
        {
            Forget(after, assignment.Watched);
            bool isRepeat = refused.Status == 409
                && (tag is not null || await FindAssignmentAsync(assignment.Assignment.Id, cancellationToken) is not null);
            return isRepeat ? SaveOutcome.AlreadyHappened : SaveOutcome.Conflict;
        }
        catch (Exception)
        {
            Forget(after, assignment.Watched); // nobody knows whether it was saved
            throw;
        }
    }

    private void Remember(PoolState state, Response saved)
    {
        if (saved.Headers.ETag is { } now)
            _seen[state.Pool] = new PoolSnapshot(state, now.ToString());
        else
            _seen.TryRemove(state.Pool, out _);
    }

    private void Forget(PoolState state, IReadOnlyList<PoolSnapshot> watched)
    {
        foreach (PoolState seen in watched.Select(w => w.State).Append(state))
            _seen.TryRemove(seen.Pool, out _);
    }

    private static TableEntity PoolRow(PoolState state)
    {
        TableEntity row = new(Partition, PoolKey(state.Pool)) { ["Period"] = state.Period };
        row.SetText(Doc, StoredJson.Write(PoolDocument.From(state)));
        return row;
    }

    private static Assignment ReadAssignment(string id, TableEntity row) => new(
        id,
        LeadId.Parse(row.GetString("LeadId")!),
        RepId.Parse(row.GetString("OwnerId")!),
        row.GetOptional("Pool"),
        row.GetString("Rule")!,
        row.GetDateTimeOffset("At")!.Value)
    {
        Tag = row.GetOptional("Tag"),
    };

    private static JourneyDecision? ReadDecision(TableEntity row) => row.GetText(Doc) is { } decision
        ? DecisionDocument.Read(decision) with { Inputs = row.GetBytes(Inputs) is { } packed ? InputsPacking.Unpack(packed) : null }
        : null;

    private static string PoolKey(string pool) => $"pool|{pool}";

    internal static string AssignmentKey(string id) => $"turn|{id}";

    private static TableEntity AssignmentRow(StoredAssignment stored)
    {
        Assignment assignment = stored.Assignment;
        TableEntity row = AssignmentColumns(new TableEntity(Partition, AssignmentKey(assignment.Id)), assignment);
        if (stored.Decision is not { } decision)
            return row;
        string document = DecisionDocument.Write(decision);
        row.SetText(Doc, document);

        // A repeat goes on with the very decision, and what it was made from belongs to it.
        if (decision.Inputs is { } inputs && InputsPacking.Pack(inputs) is { } packed && (document.Length * sizeof(char)) + packed.Length <= MostBytes)
            row.SetBytes(Inputs, packed);
        return row;
    }
}
