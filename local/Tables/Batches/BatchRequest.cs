using Azure.Data.Tables.Entities;
using Azure.Data.Tables.Wire;

namespace Azure.Data.Tables.Batches;

/// <summary>A transaction as one multipart body: a batch that holds one changeset, that holds one small request for each action.</summary>
internal sealed record BatchRequest(string ContentType, byte[] Body)
{
    /// <summary>Checks what the service checks and writes the body.</summary>
    /// <exception cref="TableTransactionFailedException">An action breaks a rule of the service; nothing was sent.</exception>
    public static BatchRequest Compose(TablePipeline pipeline, string table, IReadOnlyList<TableTransactionAction> actions)
    {
        if (actions.Count > TableRules.MaxBatchActions)
            throw Refused(TableRules.MaxBatchActions, TableRules.Refused("InvalidInput", $"The transaction has {actions.Count} actions; {TableRules.MaxBatchActions} are allowed."));

        string batch = $"batch_{Guid.NewGuid():D}";
        string changeset = $"changeset_{Guid.NewGuid():D}";
        HashSet<string> rows = new(actions.Count, StringComparer.Ordinal);
        using ColumnWriter writer = ColumnWriter.Rent();
        writer.Raw($"--{batch}\r\nContent-Type: multipart/mixed; boundary={changeset}\r\n\r\n");
        for (int i = 0; i < actions.Count; i++)
        {
            ITableEntity entity = Entity(actions[i]);
            try
            {
                EntitySerializer.CheckKeys(entity.PartitionKey, entity.RowKey);
                if (entity.PartitionKey != actions[0].Entity.PartitionKey)
                    throw TableRules.Refused("CommandsInBatchActOnDifferentPartitions", "All commands in a batch must operate on the same partition.");
                if (!rows.Add(entity.RowKey))
                    throw TableRules.Refused("InvalidDuplicateRow", "A row may be named by one action of a transaction only.");
                WriteAction(writer, changeset, pipeline, table, actions[i]);
            }
            catch (RequestFailedException e)
            {
                throw Refused(i, e);
            }

            if (writer.Written.Length > TableRules.MaxBatchBytes)
                throw TooLarge(i);
        }

        writer.Raw($"--{changeset}--\r\n--{batch}--\r\n");
        return writer.Written.Length > TableRules.MaxBatchBytes
            ? throw TooLarge(actions.Count - 1)
            : new($"multipart/mixed; boundary={batch}", writer.Written.ToArray());
    }

    private static void WriteAction(ColumnWriter writer, string changeset, TablePipeline pipeline, string table, TableTransactionAction action)
    {
        ITableEntity entity = action.Entity;
        (string verb, string? ifMatch) = action.ActionType switch
        {
            TableTransactionActionType.Add => ("POST", null),
            TableTransactionActionType.UpdateMerge => ("PATCH", EntityRequests.TagOrAny(action.ETag)),
            TableTransactionActionType.UpdateReplace => ("PUT", EntityRequests.TagOrAny(action.ETag)),
            TableTransactionActionType.Delete => ("DELETE", EntityRequests.TagOrAny(action.ETag)),
            TableTransactionActionType.UpsertMerge => ("PATCH", null),
            TableTransactionActionType.UpsertReplace => ("PUT", (string?)null),
            _ => throw new ArgumentOutOfRangeException(nameof(action), action.ActionType, "Unknown kind of action."),
        };
        string address = action.ActionType == TableTransactionActionType.Add
            ? EntityRequests.TableAddress(pipeline, table)
            : EntityRequests.Address(pipeline, table, entity.PartitionKey, entity.RowKey);

        writer.Raw($"--{changeset}\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\n");
        writer.Raw($"{verb} {address} HTTP/1.1\r\nAccept: application/json;odata=minimalmetadata\r\nDataServiceVersion: 3.0\r\n");
        if (ifMatch is not null)
            writer.Raw($"If-Match: {ifMatch}\r\n");
        if (action.ActionType == TableTransactionActionType.Delete)
        {
            writer.Raw("\r\n");
            return;
        }

        writer.Raw($"Prefer: return-no-content\r\nContent-Type: {EntityRequests.BodyType}\r\n\r\n");
        EntitySerializer.Write(entity, writer);
        writer.Raw("\r\n");
    }

    private static ITableEntity Entity(TableTransactionAction action)
    {
        ArgumentNullException.ThrowIfNull(action);
        return action.Entity ?? throw new ArgumentException("An action of the transaction has no entity.");
    }

    // The body as a whole is refused, with a status of its own and without naming an action.
    private static TableTransactionFailedException TooLarge(int index) => new(TableRules.Refused(
        "RequestBodyTooLarge", $"With action {index} the transaction has more than {TableRules.MaxBatchBytes} bytes.", status: 413));

    private static TableTransactionFailedException Refused(int index, RequestFailedException e) =>
        new(new RequestFailedException(e.Status, $"{index}:{e.Message}", e.ErrorCode, e.InnerException));
}
