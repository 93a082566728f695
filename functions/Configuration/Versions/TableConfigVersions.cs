using Abm.Functions.Storage;
using Abm.Ports;
using Azure;
using Azure.Data.Tables;

namespace Abm.Functions.Configuration.Versions;

/// <summary>Versions in a table, all in one partition: a row for what a version says, one for its files, one for what it changed, and a line by which it is listed. They are inserted together and never changed.</summary>
public sealed class TableConfigVersions(TableClient table) : IConfigVersions
{
    private const string Partition = "config";

    /// <summary>Sorts before every version.</summary>
    private const string ListFrom = "!";
    private const string ListUntil = "\"";
    private const string Files = "|files";
    private const string Changed = "|changes";
    private const string Effective = "Doc";

    /// <summary>A property holds at most 64 KiB.</summary>
    private const int BinaryLength = 60 * 1024;

    /// <summary>Longest list of changes that is kept, in characters. A longer one can be made again from the two versions.</summary>
    private const int MaxChanges = 400_000;

    /// <inheritdoc/>
    public async Task<bool> AddAsync(ConfigVersion version, CancellationToken cancellationToken)
    {
        TableEntity main = Describe(new TableEntity(Partition, version.Version), version);
        main.SetText(Effective, version.Effective);
        List<TableTransactionAction> rows =
        [
            new(TableTransactionActionType.Add, main),
            new(TableTransactionActionType.Add, Describe(new TableEntity(Partition, $"{ListFrom}{TimeKey.Falling(version.CreatedAt)}|{version.Version}"), version)),
        ];
        if (version.Files.Count > 0)
            rows.Add(new TableTransactionAction(TableTransactionActionType.Add, FilesRow(version)));
        if (version.Changes is { Length: <= MaxChanges } changes)
        {
            TableEntity row = new(Partition, version.Version + Changed);
            row.SetText(Effective, changes);
            rows.Add(new TableTransactionAction(TableTransactionActionType.Add, row));
        }

        try
        {
            await table.SubmitTransactionAsync(rows, cancellationToken);
            return true;
        }
        catch (TableTransactionFailedException known) when (known.Status == 409)
        {
            return false;
        }
    }

    /// <inheritdoc/>
    /// <remarks>One range of at most three rows. Versions that earlier builds kept have the first row only, without an author.</remarks>
    public async Task<ConfigVersion?> FindAsync(string version, CancellationToken cancellationToken)
    {
        string after = version + "}";
        string filter = TableClient.CreateQueryFilter($"PartitionKey eq {Partition} and RowKey ge {version} and RowKey lt {after}");
        TableEntity? main = null;
        IReadOnlyList<ConfigSourceFile> files = [];
        string? changes = null;
        await foreach (TableEntity row in table.QueryAsync<TableEntity>(filter, cancellationToken: cancellationToken))
        {
            if (row.RowKey == version)
                main = row;
            else if (row.RowKey == version + Files)
                files = ConfigArchive.Unpack(Bytes(row));
            else if (row.RowKey == version + Changed)
                changes = row.GetText(Effective);
        }

        if (main?.GetText(Effective) is not { } effective)
            return null;
        ConfigVersionLine line = Line(main, version);
        return new ConfigVersion(version, line.BaseVersion, line.Author, line.Reason, line.Approver, line.CreatedAt, effective, changes, files);
    }

    /// <inheritdoc/>
    public Task<ListPage<ConfigVersionLine>> ListAsync(int limit, string? after, CancellationToken cancellationToken) => TablePages.ReadAsync(
        table,
        TableClient.CreateQueryFilter($"PartitionKey eq {Partition} and RowKey ge {ListFrom} and RowKey lt {ListUntil}"),
        row => Line(row, row.RowKey[(row.RowKey.IndexOf('|', StringComparison.Ordinal) + 1)..]),
        limit,
        after,
        cancellationToken);

    private static TableEntity Describe(TableEntity row, ConfigVersion version)
    {
        row["Base"] = version.BaseVersion ?? "";
        row["Author"] = version.Author;
        row["Reason"] = version.Reason;
        row["Approver"] = version.Approver ?? "";
        row["CreatedAt"] = version.CreatedAt;
        return row;
    }

    private static ConfigVersionLine Line(TableEntity row, string version) => new(
        version,
        row.GetOptional("Base"),
        row.GetOptional("Author") ?? "",
        row.GetOptional("Reason") ?? "",
        row.GetOptional("Approver"),
        row.GetDateTimeOffset("CreatedAt") ?? DateTimeOffset.UnixEpoch);

    /// <exception cref="InvalidOperationException">More than a row holds: a draft has been let through that is too large.</exception>
    private static TableEntity FilesRow(ConfigVersion version)
    {
        TableEntity row = new(Partition, version.Version + Files);
        byte[] packed = ConfigArchive.Pack(version.Files);
        int column = 0;
        for (int at = 0; at < packed.Length; at += BinaryLength, column++)
        {
            if (column == StoredText.MaxColumns)
                throw new InvalidOperationException($"The files have {packed.Length} bytes when packed; a row holds {BinaryLength * StoredText.MaxColumns}.");
            row[Column(column)] = packed.AsSpan(at, Math.Min(BinaryLength, packed.Length - at)).ToArray();
        }

        return row;
    }

    private static byte[] Bytes(TableEntity row)
    {
        using MemoryStream all = new();
        for (int column = 0; row.GetBinary(Column(column)) is { } part; column++)
            all.Write(part);
        return all.ToArray();
    }

    private static string Column(int column) => "Zip" + column.ToString(System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>Tables of this folder.</summary>
public static class ConfigTables
{
    /// <summary>Versions, the log of activations and the results of dry runs.</summary>
    public const string Config = "AbmConfig";
}
