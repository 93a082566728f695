using Abm.Decisions;
using Abm.Functions.Storage.Persons;
using Abm.Ports;
using Abm.Routing;
using Azure;
using Azure.Data.Tables;

namespace Abm.Functions.Storage;

/// <summary>Who had a person's or an account's last lead, one row each, all in one partition: person and account of a lead are one transaction.</summary>
public sealed class TableRelations(TableServiceClient service, PersonHash persons) : IRelations
{
    internal const string Partition = "relations";
    private readonly TableClient _table = service.GetTableClient(TableNames.Pools);

    /// <inheritdoc/>
    public async Task<KnownRelations> ReadAsync(string? email, AccountId? account, CancellationToken cancellationToken)
    {
        string? person = await persons.OfAsync(email, cancellationToken);
        Task<TableEntity?> personRow = RowAsync(person is null ? null : PersonKey(person), cancellationToken);
        Task<TableEntity?> accountRow = RowAsync(account is null ? null : AccountKey(account), cancellationToken);
        TableEntity? ofPerson = await personRow, ofAccount = await accountRow;
        return new KnownRelations(
            ofPerson is null ? null : ToSticky(ofPerson),
            ofAccount is null ? null : ToSticky(ofAccount),
            ofAccount?.GetOptional("PlayLeadId") is { } lead ? LeadId.Parse(lead) : null,
            ofAccount?.GetOptional("PlayId") is { } play ? new OpenPlay(play, ofAccount.GetString("Play")!, RepId.Parse(ofAccount.GetString("OwnerId")!)) : null);
    }

    /// <inheritdoc/>
    public async Task NoteAsync(string? email, AccountId? account, RelationNote note, CancellationToken cancellationToken)
    {
        List<TableTransactionAction> rows = [];
        if (await persons.OfAsync(email, cancellationToken) is { } person)
            rows.Add(Row(PersonKey(person), note));
        if (account is not null)
            rows.Add(Row(AccountKey(account), note));
        if (rows.Count > 0)
            await _table.SubmitTransactionAsync(rows, cancellationToken);
    }

    /// <summary>The row of the person with this hash.</summary>
    internal static string PersonKey(string hash) => $"person|{hash}";

    private static string AccountKey(AccountId account) => $"account|{account}";

    private static StickyOwner ToSticky(TableEntity row) =>
        new(RepId.Parse(row.GetString("OwnerId")!), row.GetDateTimeOffset("At")!.Value) { WorkedAt = row.GetDateTimeOffset("WorkedAt") };

    private static TableTransactionAction Row(string key, RelationNote note)
    {
        TableEntity row = new(Partition, key) { ["OwnerId"] = note.Owner.Value, ["LeadId"] = note.Lead.Value, ["At"] = note.At };
        if (note.WorkedAt is { } worked)
            row["WorkedAt"] = worked;
        if (note.Play is { } play)
        {
            row["PlayLeadId"] = note.Lead.Value;
            row["PlayId"] = play.PlayId;
            row["Play"] = play.Play;
        }

        return new TableTransactionAction(TableTransactionActionType.UpsertMerge, row);
    }

    private async Task<TableEntity?> RowAsync(string? key, CancellationToken cancellationToken)
    {
        if (key is null)
            return null;
        NullableResponse<TableEntity> row = await _table.GetEntityIfExistsAsync<TableEntity>(Partition, key, cancellationToken: cancellationToken);
        return row.HasValue ? row.Value : null;
    }
}
