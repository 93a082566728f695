using Azure;
using Azure.Data.Tables;

namespace Abm.Local.Tests.Tables;

[Collection(nameof(TablesOnAzurite))]
public sealed class TransactionTests(TablesFixture azurite)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_kind_of_action_works_and_has_its_own_answer_in_order()
    {
        TableClient table = await azurite.NewTableAsync();
        foreach (string row in new[] { "merge", "replace", "delete", "upsert-merge", "upsert-replace" })
            await table.AddEntityAsync(new TableEntity("p", row) { ["A"] = "old", ["B"] = "old" }, Token);
        TableEntity New(string row) => new("p", row) { ["A"] = "it's \"new\"\r\n--changeset é" };

        Response<IReadOnlyList<Response>> answer = await table.SubmitTransactionAsync(
            [
                new(TableTransactionActionType.Add, New("add")),
                new(TableTransactionActionType.UpdateMerge, New("merge"), ETag.All),
                new(TableTransactionActionType.UpdateReplace, New("replace")),
                new(TableTransactionActionType.Delete, new TableEntity("p", "delete")),
                new(TableTransactionActionType.UpsertMerge, New("upsert-merge")),
                new(TableTransactionActionType.UpsertReplace, New("upsert-replace")),
                new(TableTransactionActionType.UpsertMerge, New("upsert-add")),
            ],
            Token);
        Dictionary<string, TableEntity> rows = await table.QueryAsync<TableEntity>(cancellationToken: Token).ToDictionaryAsync(row => row.RowKey, cancellationToken: Token);

        Assert.Equal(202, answer.GetRawResponse().Status);
        Assert.Equal(Enumerable.Repeat(204, 7), answer.Value.Select(inner => inner.Status));
        Assert.Equal(["add", "merge", "replace", "upsert-add", "upsert-merge", "upsert-replace"], rows.Keys.Order(StringComparer.Ordinal));
        Assert.All(rows.Values, row => Assert.Equal("it's \"new\"\r\n--changeset é", row.GetString("A")));
        Assert.Equal(("old", null, "old", null), (rows["merge"].GetString("B"), rows["replace"].GetString("B"), rows["upsert-merge"].GetString("B"), rows["upsert-replace"].GetString("B")));
        Assert.Equal(rows["add"].ETag, answer.Value[0].Headers.ETag);
        Assert.Equal(rows["merge"].ETag, answer.Value[1].Headers.ETag);
    }

    [Fact]
    public async Task A_hundred_actions_go_in_one_transaction_with_keys_that_need_escaping()
    {
        TableClient table = await azurite.NewTableAsync();
        string partition = "it's 100% Zürich";

        await table.SubmitTransactionAsync(
            Enumerable.Range(0, 100).Select(i => new TableTransactionAction(TableTransactionActionType.UpsertReplace, new TableEntity(partition, $"row '{i:D3}' %41 é"))), Token);

        Assert.Equal(100, await table.QueryAsync<TableEntity>(cancellationToken: Token).CountAsync(Token));
        Assert.NotNull((await table.GetEntityAsync<TableEntity>(partition, "row '042' %41 é", cancellationToken: Token)).Value);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_row_that_exists_fails_the_whole_transaction_and_is_named(int position)
    {
        TableClient table = await azurite.NewTableAsync();
        await table.AddEntityAsync(new TableEntity("p", "taken"), Token);
        List<TableTransactionAction> actions = [new(TableTransactionActionType.Add, new TableEntity("p", "a")), new(TableTransactionActionType.UpsertMerge, new TableEntity("p", "b"))];
        actions.Insert(position, new(TableTransactionActionType.Add, new TableEntity("p", "taken")));

        TableTransactionFailedException failure = await Assert.ThrowsAsync<TableTransactionFailedException>(() => table.SubmitTransactionAsync(actions, Token));

        Assert.Equal((409, "EntityAlreadyExists", position), (failure.Status, failure.ErrorCode, failure.FailedTransactionActionIndex));
        Assert.Equal(["taken"], await table.QueryAsync<TableEntity>(cancellationToken: Token).Select(row => row.RowKey).ToListAsync(Token));
    }

    [Fact]
    public async Task A_stale_tag_fails_the_whole_transaction_with_412()
    {
        TableClient table = await azurite.NewTableAsync();
        await table.AddEntityAsync(new TableEntity("p", "r"), Token);
        TableEntity old = await table.GetEntityAsync<TableEntity>("p", "r", cancellationToken: Token);
        await table.UpsertEntityAsync(old, cancellationToken: Token);

        TableTransactionFailedException failure = await Assert.ThrowsAsync<TableTransactionFailedException>(() => table.SubmitTransactionAsync(
            [
                new(TableTransactionActionType.Add, new TableEntity("p", "s")),
                new(TableTransactionActionType.UpdateReplace, old, old.ETag),
            ],
            Token));

        Assert.Equal((412, "UpdateConditionNotSatisfied", 1), (failure.Status, failure.ErrorCode, failure.FailedTransactionActionIndex));
        Assert.False((await table.GetEntityIfExistsAsync<TableEntity>("p", "s", cancellationToken: Token)).HasValue);
    }

    [Theory]
    [InlineData(TableTransactionActionType.Delete)]
    [InlineData(TableTransactionActionType.UpdateMerge)]
    [InlineData(TableTransactionActionType.UpdateReplace)]
    public async Task A_missing_row_fails_the_whole_transaction_with_404(TableTransactionActionType action)
    {
        TableClient table = await azurite.NewTableAsync();

        TableTransactionFailedException failure = await Assert.ThrowsAsync<TableTransactionFailedException>(() => table.SubmitTransactionAsync(
            [new(TableTransactionActionType.Add, new TableEntity("p", "s")), new(action, new TableEntity("p", "none"))], Token));

        Assert.Equal((404, "ResourceNotFound", 1), (failure.Status, failure.ErrorCode, failure.FailedTransactionActionIndex));
        Assert.False((await table.GetEntityIfExistsAsync<TableEntity>("p", "s", cancellationToken: Token)).HasValue);
    }

    [Fact]
    public async Task A_missing_table_is_told()
    {
        TableClient nowhere = azurite.Service.GetTableClient(azurite.NewName());

        TableTransactionFailedException failure = await Assert.ThrowsAsync<TableTransactionFailedException>(
            () => nowhere.SubmitTransactionAsync([new(TableTransactionActionType.Add, new TableEntity("p", "r"))], Token));

        Assert.Equal((404, "TableNotFound"), (failure.Status, failure.ErrorCode));
    }

    [Fact]
    public async Task A_transaction_of_nothing_is_a_mistake_of_the_caller()
    {
        TableClient table = azurite.Service.GetTableClient(azurite.NewName());

        await Assert.ThrowsAsync<InvalidOperationException>(() => table.SubmitTransactionAsync([], Token));
    }

    [Fact]
    public async Task Rows_near_the_limit_of_a_transaction_arrive_whole()
    {
        TableClient table = await azurite.NewTableAsync();
        string large = new('x', 32_000);

        await table.SubmitTransactionAsync(
            Enumerable.Range(0, 100).Select(i => new TableTransactionAction(TableTransactionActionType.Add, new TableEntity("p", $"{i:D3}") { ["Text"] = large })), Token);

        Assert.Equal(100, await table.QueryAsync<TableEntity>(cancellationToken: Token).CountAsync(row => row.GetString("Text") == large, Token));
    }
}
