using Azure;
using Azure.Data.Tables;
using Azure.Data.Tables.Models;

namespace Abm.Local.Tests.Tables;

[Collection(nameof(TablesOnAzurite))]
public sealed class RowTests(TablesFixture azurite)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_added_row_is_read_back_with_its_keys_its_timestamp_and_the_tag_of_the_answer()
    {
        TableClient table = await azurite.NewTableAsync();

        Response added = await table.AddEntityAsync(new TableEntity("p", "r") { ["Name"] = "Acme" }, Token);
        TableEntity read = await table.GetEntityAsync<TableEntity>("p", "r", cancellationToken: Token);

        Assert.Equal(204, added.Status);
        Assert.Equal(("p", "r", "Acme"), (read.PartitionKey, read.RowKey, read.GetString("Name")));
        Assert.NotNull(read.Timestamp);
        Assert.Equal(TimeSpan.Zero, read.Timestamp.Value.Offset);
        Assert.Equal(added.Headers.ETag, read.ETag);
        Assert.StartsWith("W/\"datetime'", read.ETag.ToString("H"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Adding_a_row_twice_is_a_conflict()
    {
        TableClient table = await azurite.NewTableAsync();
        await table.AddEntityAsync(new TableEntity("p", "r"), Token);

        RequestFailedException failure = await Assert.ThrowsAsync<RequestFailedException>(() => table.AddEntityAsync(new TableEntity("p", "r"), Token));

        Assert.Equal(409, failure.Status);
        Assert.True(failure.ErrorCode == TableErrorCode.EntityAlreadyExists);
    }

    [Fact]
    public async Task A_write_leaves_the_tag_of_the_written_object_alone()
    {
        TableClient table = await azurite.NewTableAsync();
        NoteRow row = new() { PartitionKey = "p", RowKey = "r", Note = "one" };

        await table.AddEntityAsync(row, Token);

        Assert.Equal(default, row.ETag);
    }

    [Fact]
    public async Task Merge_keeps_and_replace_removes_what_is_not_named()
    {
        TableClient table = await azurite.NewTableAsync();
        await table.UpsertEntityAsync(new TableEntity("p", "r") { ["A"] = 1, ["B"] = 2 }, cancellationToken: Token);

        await table.UpsertEntityAsync(new TableEntity("p", "r") { ["B"] = 3 }, cancellationToken: Token);
        TableEntity merged = await table.GetEntityAsync<TableEntity>("p", "r", cancellationToken: Token);
        await table.UpsertEntityAsync(new TableEntity("p", "r") { ["C"] = 4 }, TableUpdateMode.Replace, Token);
        TableEntity replaced = await table.GetEntityAsync<TableEntity>("p", "r", cancellationToken: Token);

        Assert.Equal((1, 3), (merged.GetInt32("A"), merged.GetInt32("B")));
        Assert.Equal((null, null, 4), (replaced.GetInt32("A"), replaced.GetInt32("B"), replaced.GetInt32("C")));
    }

    [Fact]
    public async Task A_null_does_not_clear_a_column_when_merging()
    {
        TableClient table = await azurite.NewTableAsync();
        await table.AddEntityAsync(new NoteRow { PartitionKey = "p", RowKey = "r", Note = "kept" }, Token);

        await table.UpsertEntityAsync(new NoteRow { PartitionKey = "p", RowKey = "r", Note = null }, TableUpdateMode.Merge, Token);

        Assert.Equal("kept", (await table.GetEntityAsync<NoteRow>("p", "r", cancellationToken: Token)).Value.Note);
    }

    [Theory]
    [InlineData(TableUpdateMode.Merge)]
    [InlineData(TableUpdateMode.Replace)]
    public async Task Of_two_writers_with_the_same_tag_the_second_is_told(TableUpdateMode mode)
    {
        TableClient table = await azurite.NewTableAsync();
        await table.AddEntityAsync(new NoteRow { PartitionKey = "p", RowKey = "r", Note = "0" }, Token);
        NoteRow first = await table.GetEntityAsync<NoteRow>("p", "r", cancellationToken: Token);
        NoteRow second = await table.GetEntityAsync<NoteRow>("p", "r", cancellationToken: Token);
        (first.Note, second.Note) = ("1", "2");

        Response won = await table.UpdateEntityAsync(first, first.ETag, mode, Token);
        RequestFailedException lost = await Assert.ThrowsAsync<RequestFailedException>(() => table.UpdateEntityAsync(second, second.ETag, mode, Token));
        NoteRow stored = await table.GetEntityAsync<NoteRow>("p", "r", cancellationToken: Token);

        Assert.Equal((412, "UpdateConditionNotSatisfied"), (lost.Status, lost.ErrorCode));
        Assert.Equal("1", stored.Note);
        Assert.Equal(won.Headers.ETag, stored.ETag);
        Assert.NotEqual(first.ETag, stored.ETag);
    }

    [Fact]
    public async Task An_update_takes_any_version_with_a_star_and_refuses_to_guess_without_a_tag()
    {
        TableClient table = await azurite.NewTableAsync();
        NoteRow row = new() { PartitionKey = "p", RowKey = "r", Note = "1" };
        await table.AddEntityAsync(row, Token);

        Response updated = await table.UpdateEntityAsync(row, ETag.All, cancellationToken: Token);

        Assert.Equal(204, updated.Status);
        await Assert.ThrowsAsync<ArgumentException>(() => table.UpdateEntityAsync(row, default, cancellationToken: Token));
    }

    [Fact]
    public async Task Updating_a_missing_row_is_not_found()
    {
        TableClient table = await azurite.NewTableAsync();

        RequestFailedException failure = await Assert.ThrowsAsync<RequestFailedException>(
            () => table.UpdateEntityAsync(new TableEntity("p", "r"), ETag.All, cancellationToken: Token));

        Assert.Equal((404, "ResourceNotFound"), (failure.Status, failure.ErrorCode));
    }

    [Fact]
    public async Task Deleting_is_conditional_with_a_tag_unconditional_without_and_quiet_when_the_row_is_gone()
    {
        TableClient table = await azurite.NewTableAsync();
        NoteRow row = new() { PartitionKey = "p", RowKey = "r" };
        await table.AddEntityAsync(row, Token);
        NoteRow old = await table.GetEntityAsync<NoteRow>("p", "r", cancellationToken: Token);
        await table.UpdateEntityAsync(row, ETag.All, cancellationToken: Token);

        RequestFailedException stale = await Assert.ThrowsAsync<RequestFailedException>(() => table.DeleteEntityAsync("p", "r", old.ETag, Token));
        Response deleted = await table.DeleteEntityAsync(old, cancellationToken: Token);
        Response gone = await table.DeleteEntityAsync("p", "r", cancellationToken: Token);

        Assert.Equal((412, 204, 404), (stale.Status, deleted.Status, gone.Status));
    }

    [Fact]
    public async Task A_missing_row_throws_on_get_and_has_no_value_on_get_if_exists()
    {
        TableClient table = await azurite.NewTableAsync();

        RequestFailedException failure = await Assert.ThrowsAsync<RequestFailedException>(() => table.GetEntityAsync<NoteRow>("p", "none", cancellationToken: Token));
        NullableResponse<NoteRow> missing = await table.GetEntityIfExistsAsync<NoteRow>("p", "none", cancellationToken: Token);

        Assert.Equal((404, "ResourceNotFound"), (failure.Status, failure.ErrorCode));
        Assert.False(missing.HasValue);
        Assert.Equal(404, missing.GetRawResponse().Status);
        Assert.Throws<InvalidOperationException>(() => missing.Value);
    }

    [Fact]
    public async Task A_missing_table_is_told_from_a_missing_row_by_its_code_except_by_get_if_exists()
    {
        TableClient nowhere = azurite.Service.GetTableClient(azurite.NewName());

        RequestFailedException add = await Assert.ThrowsAsync<RequestFailedException>(() => nowhere.AddEntityAsync(new TableEntity("p", "r"), Token));
        NullableResponse<NoteRow> missing = await nowhere.GetEntityIfExistsAsync<NoteRow>("p", "r", cancellationToken: Token);

        Assert.Equal((404, "TableNotFound"), (add.Status, add.ErrorCode));
        Assert.False(missing.HasValue);
    }

    [Fact]
    public async Task Only_the_selected_columns_are_read()
    {
        TableClient table = await azurite.NewTableAsync();
        await table.AddEntityAsync(new TableEntity("p", "r") { ["A"] = "a", ["B"] = "b" }, Token);

        TableEntity one = await table.GetEntityAsync<TableEntity>("p", "r", ["A"], Token);
        List<TableEntity> many = await table.QueryAsync<TableEntity>(select: ["RowKey", "B"], cancellationToken: Token).ToListAsync(Token);

        Assert.Equal(("a", null), (one.GetString("A"), one.GetString("B")));
        Assert.Equal(("r", null, "b"), (many[0].RowKey, many[0].GetString("A"), many[0].GetString("B")));
    }

    [Fact]
    public async Task Synchronous_members_do_the_same()
    {
        TableClient table = azurite.Service.GetTableClient(azurite.NewName());
        table.Create(Token);
        table.AddEntity(new NoteRow { PartitionKey = "p", RowKey = "r", Note = "n" }, Token);
        table.UpsertEntity(new NoteRow { PartitionKey = "p", RowKey = "s", Note = "m" }, cancellationToken: Token);
        table.SubmitTransaction([new(TableTransactionActionType.Add, new NoteRow { PartitionKey = "p", RowKey = "t" })], Token);

        Assert.Equal("n", table.GetEntity<NoteRow>("p", "r", cancellationToken: Token).Value.Note);
        Assert.False(table.GetEntityIfExists<NoteRow>("p", "x", cancellationToken: Token).HasValue);
        Assert.Equal(["r", "s", "t"], table.Query<NoteRow>(cancellationToken: Token).Select(row => row.RowKey));
        Assert.Equal(204, table.DeleteEntity("p", "r", cancellationToken: Token).Status);
        await Assert.ThrowsAsync<RequestFailedException>(() => table.GetEntityAsync<NoteRow>("p", "r", cancellationToken: Token));
        Assert.Equal(204, table.Delete(Token).Status);
    }

    [Fact]
    public async Task Tables_are_created_listed_and_deleted()
    {
        string name = azurite.NewName();

        await azurite.Service.CreateTableAsync(name, Token);
        RequestFailedException twice = await Assert.ThrowsAsync<RequestFailedException>(() => azurite.Service.CreateTableAsync(name, Token));
        Response<TableItem> again = await azurite.Service.CreateTableIfNotExistsAsync(name, Token);
        List<TableItem> listed = await azurite.Service.QueryAsync(item => item.Name == name, cancellationToken: Token).ToListAsync(Token);
        Response deleted = await azurite.Service.DeleteTableAsync(name, Token);
        Response gone = await azurite.Service.DeleteTableAsync(name, Token);

        Assert.Equal((409, "TableAlreadyExists"), (twice.Status, twice.ErrorCode));
        Assert.Equal((name, 409), (again.Value.Name, again.GetRawResponse().Status));
        Assert.Equal(name, Assert.Single(listed).Name);
        Assert.Equal((204, 404), (deleted.Status, gone.Status));
    }

    [Fact]
    public async Task Every_table_is_listed_when_they_come_in_pages()
    {
        List<string> made = [];
        for (int i = 0; i < 5; i++)
            made.Add((await azurite.NewTableAsync()).Name);

        List<string> listed = await azurite.Service.QueryAsync(maxPerPage: 2, cancellationToken: Token).Select(item => item.Name).ToListAsync(Token);

        Assert.Empty(made.Except(listed));
        Assert.Equal(listed.Count, listed.Distinct().Count());
    }
}
