using System.Globalization;
using Abm.Local.Durable.Storage;
using Abm.Local.Tests.Tables;

namespace Abm.Local.Tests.Durable;

/// <summary>What the engine relies on, for the table in memory and the one in the emulator alike.</summary>
public abstract class TableContractTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    internal abstract Task<ITable> NewTableAsync();

    [Fact]
    public async Task A_row_comes_back_as_it_was_written()
    {
        ITable table = await NewTableAsync();
        var at = new DateTimeOffset(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);
        var row = new TableRow("p'1", "r-~|1") { Properties = { ["Text"] = "a 'ü' 😀", ["Number"] = 42, ["At"] = at, ["Empty"] = "" } };

        string? tag = await table.AddAsync(row, None);
        TableRow found = (await table.GetAsync("p'1", "r-~|1", null, None))!;

        Assert.Equal(tag, found.ETag);
        Assert.Equal(("a 'ü' 😀", 42, at, ""), (found.Text("Text"), found.Number("Number"), found.Instant("At")!.Value, found.Text("Empty")));
        Assert.Null(await table.GetAsync("p'1", "other", null, None));
    }

    [Fact]
    public async Task Only_the_asked_for_properties_are_read()
    {
        ITable table = await NewTableAsync();
        await table.UpsertAsync(new TableRow("p", "r") { Properties = { ["A"] = "1", ["B"] = "2" } }, None);

        TableRow found = (await table.GetAsync("p", "r", ["B", "C"], None))!;

        Assert.Equal("B", Assert.Single(found.Properties).Key);
        Assert.NotNull(found.ETag);
    }

    [Fact]
    public async Task A_second_row_of_the_same_keys_is_not_added()
    {
        ITable table = await NewTableAsync();
        Assert.NotNull(await table.AddAsync(Row("a"), None));

        Assert.Null(await table.AddAsync(Row("b"), None));
        Assert.Equal("a", (await table.GetAsync("p", "r", null, None))!.Text("Value"));
    }

    [Fact]
    public async Task An_update_needs_the_latest_tag()
    {
        ITable table = await NewTableAsync();
        string first = (await table.AddAsync(Row("a"), None))!;
        string? second = await table.UpdateAsync(Row("b"), first, merge: false, None);

        Assert.NotNull(second);
        Assert.NotEqual(first, second);
        Assert.Null(await table.UpdateAsync(Row("c"), first, merge: false, None));
        Assert.Null(await table.UpdateAsync(new TableRow("p", "missing"), first, merge: false, None));
        Assert.Equal("b", (await table.GetAsync("p", "r", null, None))!.Text("Value"));
    }

    [Fact]
    public async Task A_merge_leaves_other_properties_and_a_replacement_does_not()
    {
        ITable table = await NewTableAsync();
        string tag = (await table.AddAsync(new TableRow("p", "r") { Properties = { ["A"] = "1", ["B"] = "1" } }, None))!;

        tag = (await table.UpdateAsync(new TableRow("p", "r") { Properties = { ["B"] = "2" } }, tag, merge: true, None))!;
        TableRow merged = (await table.GetAsync("p", "r", null, None))!;
        await table.UpdateAsync(new TableRow("p", "r") { Properties = { ["C"] = "3" } }, tag, merge: false, None);
        TableRow replaced = (await table.GetAsync("p", "r", null, None))!;

        Assert.Equal(("1", "2"), (merged.Text("A"), merged.Text("B")));
        Assert.Equal(["C"], replaced.Properties.Keys);
    }

    [Fact]
    public async Task Of_two_writers_with_the_same_tag_one_wins()
    {
        ITable table = await NewTableAsync();
        string tag = (await table.AddAsync(Row("0"), None))!;

        string?[] tags = await Task.WhenAll(Enumerable.Range(1, 8).Select(i => table.UpdateAsync(Row(i.ToString(CultureInfo.InvariantCulture)), tag, merge: false, None)));

        Assert.Single(tags, won => won is not null);
    }

    [Fact]
    public async Task A_deletion_is_conditional_when_a_tag_is_given_and_what_is_gone_is_gone()
    {
        ITable table = await NewTableAsync();
        string first = (await table.AddAsync(Row("a"), None))!;
        string second = (await table.UpdateAsync(Row("b"), first, merge: false, None))!;

        Assert.False(await table.DeleteAsync("p", "r", first, None));
        Assert.True(await table.DeleteAsync("p", "r", second, None));
        Assert.True(await table.DeleteAsync("p", "r", null, None));
        Assert.Null(await table.GetAsync("p", "r", null, None));
    }

    [Fact]
    public async Task Ranges_and_filters_hold_over_pages_in_order_of_keys()
    {
        ITable table = await NewTableAsync();
        var start = new DateTimeOffset(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);
        for (int i = 0; i < 12; i++)
        {
            await table.AddAsync(
                new TableRow($"p{i / 4}", i.ToString("D2", CultureInfo.InvariantCulture))
                {
                    Properties = { ["Kind"] = i % 3 == 0 ? "x" : i % 3 == 1 ? "y" : "z", ["At"] = start.AddMinutes(i) },
                },
                None);
        }

        Assert.Equal("00 01 02 03 04 05 06 07 08 09 10 11", await KeysAsync(table, new TableRange()));
        Assert.Equal("04 05 06 07 08 09", await KeysAsync(table, new TableRange { PartitionFrom = "p1", PartitionTo = "p2", RowKeyBefore = "10" }));
        Assert.Equal("04 05 06 07", await KeysAsync(table, new TableRange { PartitionKey = "p1" }));
        Assert.Equal("05", await KeysAsync(table, new TableRange { RowKey = "05" }));
        Assert.Equal("08 09", await KeysAsync(table, new TableRange { RowKeyFrom = "08", RowKeyBefore = "10" }));
        Assert.Equal("00 02 03 05 06 08 09 11", await KeysAsync(table, new TableRange { OneOf = ("Kind", ["x", "z"]) }));
        Assert.Equal("02 03 04", await KeysAsync(table, new TableRange { Between = ("At", start.AddMinutes(2), start.AddMinutes(4)) }));
        Assert.Equal("10 11", await KeysAsync(table, new TableRange { Between = ("At", start.AddMinutes(10), null) }));
    }

    [Fact]
    public async Task A_state_with_long_texts_survives_its_store_and_leaves_nothing_behind()
    {
        ITable table = await NewTableAsync();
        var store = new InstanceStore(table, TimeProvider.System);
        string input = $"\"{string.Concat(Enumerable.Repeat("aé😀", 120_000))}\"";
        var at = new DateTimeOffset(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);
        var state = new InstanceState { InstanceId = "big", Name = "Big", ExecutionId = "e", Input = input, CustomStatus = "1", CreatedAt = at, UpdatedAt = at };

        InstanceState added = (await store.AddAsync(state, None))!;
        InstanceState changed = (await store.ReplaceAsync(added with { Output = "2" }, added.ETag, None))!;
        await store.SweepAsync(added, changed, None);
        InstanceState read = (await store.LoadAsync("big", None))!;
        Assert.True(input == read.Input);
        Assert.Equal(("1", "2"), (read.CustomStatus, read.Output));
        Assert.True(await store.DeleteAsync(read, None));

        Assert.Equal("", await KeysAsync(table, new TableRange()));
    }

    [Fact]
    public async Task Further_rows_that_nothing_refers_to_are_removed_when_no_commit_can_be_under_way_for_them()
    {
        ITable table = await NewTableAsync();
        var clock = new VirtualClock(new DateTimeOffset(2026, 3, 2, 9, 0, 0, TimeSpan.Zero));
        var store = new InstanceStore(table, clock);
        string Long(char c) => $"\"{new string(c, 200_000)}\"";
        InstanceState New(string id) => new() { InstanceId = id, Name = "Big", ExecutionId = "e", Input = Long('i'), CreatedAt = clock.GetUtcNow(), UpdatedAt = clock.GetUtcNow() };
        InstanceState kept = (await store.AddAsync(New("kept"), None))!;
        InstanceState gone = (await store.AddAsync(New("gone"), None))!;

        // A commit that lost, and a purge that died between its writes.
        Assert.Null(await store.ReplaceAsync(kept with { Output = Long('o') }, "W/\"datetime'2020-01-01T00%3A00%3A00.0000000Z'\"", None));
        Assert.True(await table.DeleteAsync("gone", InstanceStore.StateKey, gone.ETag, None));
        DateTimeOffset then = clock.GetUtcNow();
        clock.Advance(TimeSpan.FromHours(1));
        Assert.Null(await store.AddAsync(New("kept"), None)); // young

        Assert.Equal(0, await store.RemoveOrphansAsync(then.AddSeconds(-1), None));
        Assert.Equal(6, await store.RemoveOrphansAsync(then, None));
        Assert.Equal(Long('i'), (await store.LoadAsync("kept", None))!.Input);
        Assert.Equal(4, (await KeysAsync(table, new TableRange { RowKeyFrom = "x-", RowKeyBefore = "x." })).Split(' ').Length);
        Assert.Equal(2, await store.RemoveOrphansAsync(clock.GetUtcNow(), None));
        Assert.Equal(Long('i'), (await store.LoadAsync("kept", None))!.Input);
    }

    private static TableRow Row(string value) => new("p", "r") { Properties = { ["Value"] = value } };

    private static async Task<string> KeysAsync(ITable table, TableRange range)
    {
        var keys = new List<string>();
        string? continuation = null;
        do
        {
            TablePage page = await table.QueryAsync(range, 5, continuation, None);
            Assert.True(page.Rows.Count <= 5);
            keys.AddRange(page.Rows.Select(row => row.RowKey));
            continuation = page.Continuation;
        }
        while (continuation is not null);
        return string.Join(' ', keys);
    }
}

/// <summary>The contract on the table in memory.</summary>
public sealed class MemoryTableTests : TableContractTests
{
    internal override Task<ITable> NewTableAsync() => Task.FromResult<ITable>(new MemoryTable());
}

/// <summary>The contract on the emulator.</summary>
[Collection(nameof(TablesOnAzurite))]
public sealed class AzureTableTests(TablesFixture azurite) : TableContractTests
{
    internal override async Task<ITable> NewTableAsync()
    {
        var table = new AzureTable(azurite.Service.GetTableClient(azurite.NewName()));
        await table.CreateIfMissingAsync(TestContext.Current.CancellationToken);
        await table.CreateIfMissingAsync(TestContext.Current.CancellationToken);
        return table;
    }
}
