using System.Globalization;
using Abm.Functions.Storage;
using Abm.Ports;
using Azure;
using Azure.Data.Tables;

namespace Abm.Functions.Configuration.Versions;

/// <summary>The log of activations in one partition, with a head that holds what still matters. The head's ETag orders all who write.</summary>
public sealed class TableConfigActivations(TableClient table) : IConfigActivations
{
    private const string Partition = "activations";
    private const string Head = "head";
    private const string LogFrom = "log|";
    private const string LogUntil = "log}";
    private const string Document = "Doc";

    /// <inheritdoc/>
    public async Task<ActivationHead> ReadAsync(CancellationToken cancellationToken)
    {
        NullableResponse<TableEntity> found = await table.GetEntityIfExistsAsync<TableEntity>(Partition, Head, cancellationToken: cancellationToken);
        if (!found.HasValue)
            return ActivationHead.None;
        TableEntity row = found.Value!;
        IReadOnlyList<Activation> entries = StoredJson.Read<IReadOnlyList<Activation>>(row.GetText(Document)!);
        return new ActivationHead(new ActivationList(entries), row.GetInt64("LastSequence")!.Value, row.GetOptional("FolderContent"), row.ETag.ToString());
    }

    /// <inheritdoc/>
    public async Task<SaveOutcome> AppendAsync(
        ActivationHead read, IReadOnlyList<Activation> entries, string? folderContent, DateTimeOffset now, CancellationToken cancellationToken)
    {
        TableEntity head = new(Partition, Head)
        {
            ["LastSequence"] = read.LastSequence + entries.Count,
            ["FolderContent"] = folderContent ?? read.FolderContent ?? "",
        };
        head.SetText(Document, StoredJson.Write(read.List.With(entries, now).Entries));
        List<TableTransactionAction> rows =
        [
            read.Tag is null
                ? new TableTransactionAction(TableTransactionActionType.Add, head)
                : new TableTransactionAction(TableTransactionActionType.UpdateReplace, head, new ETag(read.Tag)),
        ];
        foreach (Activation entry in entries)
        {
            TableEntity row = new(Partition, LogKey(entry.Sequence)) { ["Version"] = entry.Version };
            row.SetText(Document, StoredJson.Write(entry));
            rows.Add(new TableTransactionAction(TableTransactionActionType.Add, row));
        }

        try
        {
            await table.SubmitTransactionAsync(rows, cancellationToken);
            return SaveOutcome.Saved;
        }
        catch (TableTransactionFailedException lost) when (lost.Status is 409 or 412)
        {
            return SaveOutcome.Conflict;
        }
    }

    /// <inheritdoc/>
    public Task<ListPage<Activation>> LogAsync(int limit, string? after, CancellationToken cancellationToken) => TablePages.ReadAsync(
        table,
        TableClient.CreateQueryFilter($"PartitionKey eq {Partition} and RowKey ge {LogFrom} and RowKey lt {LogUntil}"),
        row => StoredJson.Read<Activation>(row.GetText(Document)!),
        limit,
        after,
        cancellationToken);

    /// <inheritdoc/>
    /// <remarks>Looks through the log: asked when somebody goes back, which is seldom.</remarks>
    public async Task<bool> WasActivatedAsync(string version, CancellationToken cancellationToken)
    {
        string filter = TableClient.CreateQueryFilter($"PartitionKey eq {Partition} and RowKey ge {LogFrom} and RowKey lt {LogUntil} and Version eq {version}");
        await foreach (TableEntity _ in table.QueryAsync<TableEntity>(filter, select: ["RowKey"], cancellationToken: cancellationToken))
            return true;
        return false;
    }

    /// <summary>Latest first.</summary>
    private static string LogKey(long sequence) => LogFrom + (long.MaxValue - sequence).ToString("D19", CultureInfo.InvariantCulture);
}
