using Azure;
using Azure.Data.Tables;

namespace Abm.Local.Tests.Tables;

[Collection(nameof(TablesOnAzurite))]
public sealed class FilterTests(TablesFixture azurite)
{
    private static readonly byte[] SomeBytes = [1, 2, 255];
    private static readonly DateTimeOffset Precise = new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero).AddTicks(1_234_560);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<object> Values => new()
    {
        "it's 100% \"Zürich\" & co = 東京 🚀",
        "",
        "true",
        "7",
        true,
        false,
        0,
        int.MinValue,
        int.MaxValue,
        long.MinValue,
        long.MaxValue,
        9_007_199_254_740_993L,
        3.0,
        -0.25,
        1e21,
        -1.25e-7,
        double.MaxValue,
        Precise,
        Precise.UtcDateTime,
        Guid.Parse("0f8fad5b-d9cb-469f-a165-70867728950e"),
        SomeBytes,
    };

    [Theory]
    [MemberData(nameof(Values))]
    public async Task A_value_finds_its_row_and_no_other(object value)
    {
        TableClient table = await azurite.NewTableAsync();
        await table.AddEntityAsync(new TableEntity("p", "right") { ["V"] = value }, Token);
        await table.AddEntityAsync(new TableEntity("p", "missing"), Token);
        await table.AddEntityAsync(new TableEntity("p", "other") { ["V"] = Other(value) }, Token);

        List<string> equal = await KeysAsync(table, TableClient.CreateQueryFilter($"V eq {value}"));
        List<string> different = await KeysAsync(table, TableClient.CreateQueryFilter($"V ne {value}"));

        Assert.Equal(["right"], equal);
        Assert.Contains("other", different);
        Assert.DoesNotContain("right", different);
    }

    [Fact]
    public async Task Conditions_on_a_class_find_their_rows()
    {
        TableClient table = await azurite.NewTableAsync();
        for (int i = 0; i < 10; i++)
            await table.AddEntityAsync(new EveryTypeRow { RowKey = $"{i:D3}", Small = i, Large = i, Number = i, Flag = i % 2 == 0, Colour = i < 5 ? Colour.Red : Colour.Blue, SeenAt = Precise.AddDays(i) }, Token);
        DateTimeOffset third = Precise.AddDays(3);

        Assert.Equal(["003"], await KeysAsync<EveryTypeRow>(table, row => row.PartitionKey == "p" && row.SeenAt == third));
        Assert.Equal(["006", "008"], await KeysAsync<EveryTypeRow>(table, row => row.Colour == Colour.Blue && row.Flag));
        Assert.Equal(["008", "009"], await KeysAsync<EveryTypeRow>(table, row => row.Large > 7));
        Assert.Equal(["000", "009"], await KeysAsync<EveryTypeRow>(table, row => row.Number < 1 || row.Number >= 9));
#pragma warning disable CA1309 // translated, never run: the service compares ordinally
        Assert.Equal(["002", "003"], await KeysAsync<EveryTypeRow>(table, row => string.Compare(row.RowKey, "002") >= 0 && row.RowKey.CompareTo("004") < 0));
#pragma warning restore CA1309
        Assert.Equal(5, (await KeysAsync<EveryTypeRow>(table, row => !row.Flag)).Count);
        Assert.Equal(10, (await KeysAsync<EveryTypeRow>(table, _ => true)).Count);
    }

    [Fact]
    public async Task A_prefix_is_a_range_of_keys_in_ordinal_order()
    {
        TableClient table = await azurite.NewTableAsync();
        foreach (string key in new[] { "abb", "abc", "abc-1", "abcé", "abd", "ABC" })
            await table.AddEntityAsync(new NoteRow { PartitionKey = "p", RowKey = key }, Token);

        Assert.Equal(["abc", "abc-1", "abcé"], await KeysAsync(table, "PartitionKey eq 'p' and RowKey ge 'abc' and RowKey lt 'abd'"));
    }

    [Fact]
    public async Task A_malformed_filter_is_invalid_input()
    {
        TableClient table = await azurite.NewTableAsync();

        RequestFailedException failure = await Assert.ThrowsAsync<RequestFailedException>(() => KeysAsync(table, "PartitionKey like 'x'"));

        Assert.Equal((400, "InvalidInput"), (failure.Status, failure.ErrorCode));
    }

    private static object Other(object value) => value switch
    {
        string text => text + "!",
        bool flag => !flag,
        int number => number ^ 1,
        long number => number ^ 1,
        double number => number + 1e6 + Math.Abs(number),
        DateTimeOffset instant => instant.AddMilliseconds(1),
        DateTime instant => instant.AddMilliseconds(1),
        Guid => Guid.Empty,
        _ => new byte[] { 1, 2 },
    };

    private static async Task<List<string>> KeysAsync(TableClient table, string filter) =>
        await table.QueryAsync<TableEntity>(filter, cancellationToken: Token).Select(row => row.RowKey).ToListAsync(Token);

    private static async Task<List<string>> KeysAsync<T>(TableClient table, System.Linq.Expressions.Expression<Func<T, bool>> filter)
        where T : class, ITableEntity => await table.QueryAsync(filter, cancellationToken: Token).Select(row => row.RowKey).ToListAsync(Token);
}
