using Azure;
using Azure.Data.Tables;

namespace Abm.Local.Tests.Tables;

/// <summary>What the cloud refuses is refused here with the cloud's code, and nothing is sent.</summary>
public sealed class RulesTests
{
    private readonly FakeTransport _transport = new(FakeAnswer.NoContent);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string, string> BadKeys => new()
    {
        { "a/b", "OutOfRangeInput" },
        { "a\\b", "OutOfRangeInput" },
        { "a#b", "OutOfRangeInput" },
        { "a?b", "OutOfRangeInput" },
        { "a\tb", "OutOfRangeInput" },
        { "a\0", "OutOfRangeInput" },
        { "a\u007F", "OutOfRangeInput" },
        { "a\u009F", "OutOfRangeInput" },
        { new string('k', 513), "KeyValueTooLarge" },
    };

    public static TheoryData<string, object, string> BadColumns => new()
    {
        { "V", new string('x', 32_769), "PropertyValueTooLarge" },
        { "V", new byte[65_537], "PropertyValueTooLarge" },
        { "V", DateTime.SpecifyKind(DateTime.MinValue, DateTimeKind.Utc), "OutOfRangeInput" },
        { "V", new DateTimeOffset(1600, 12, 31, 23, 59, 59, TimeSpan.Zero), "OutOfRangeInput" },
        { "V", (ulong)long.MaxValue + 1, "InvalidInput" },
        { new string('n', 256), 1, "PropertyNameTooLong" },
        { "a-b", 1, "PropertyNameInvalid" },
        { "1a", 1, "PropertyNameInvalid" },
        { "", 1, "PropertyNameInvalid" },
        { "a b", 1, "PropertyNameInvalid" },
    };

    [Theory]
    [MemberData(nameof(BadKeys))]
    public async Task A_forbidden_key_is_refused_by_every_operation(string key, string code)
    {
        TableClient table = _transport.Client();
        TableEntity[] rows = [new(key, "r"), new("p", key)];
        foreach (TableEntity row in rows)
        {
            await RefusedAsync(code, () => table.AddEntityAsync(row, Token));
            await RefusedAsync(code, () => table.UpsertEntityAsync(row, cancellationToken: Token));
            await RefusedAsync(code, () => table.UpdateEntityAsync(row, ETag.All, cancellationToken: Token));
            await RefusedAsync(code, () => table.DeleteEntityAsync(row.PartitionKey, row.RowKey, cancellationToken: Token));
            await RefusedAsync(code, () => table.GetEntityAsync<TableEntity>(row.PartitionKey, row.RowKey, cancellationToken: Token));
            await RefusedAsync(code, () => table.GetEntityIfExistsAsync<TableEntity>(row.PartitionKey, row.RowKey, cancellationToken: Token));
            await RefusedAsync(code, () => table.SubmitTransactionAsync([new(TableTransactionActionType.Delete, row)], Token));
        }
    }

    [Theory]
    [MemberData(nameof(BadColumns))]
    public async Task A_forbidden_column_is_refused(string name, object value, string code)
    {
        TableClient table = _transport.Client();
        TableEntity row = new("p", "r") { [name] = value };

        await RefusedAsync(code, () => table.AddEntityAsync(row, Token));
        TableTransactionFailedException failure = (TableTransactionFailedException)await RefusedAsync(
            code, () => table.SubmitTransactionAsync([new(TableTransactionActionType.Add, new TableEntity("p", "q")), new(TableTransactionActionType.Add, row)], Token));
        Assert.Equal(1, failure.FailedTransactionActionIndex);
    }

    [Fact]
    public async Task Half_a_surrogate_pair_is_refused_in_keys_and_in_text()
    {
        // Not theory data: the runner would carry it as UTF-8 and so repair it.
        string half = "\uD83D";

        await A_forbidden_key_is_refused_by_every_operation(half, "OutOfRangeInput");
        await A_forbidden_key_is_refused_by_every_operation("\uDE80" + half, "OutOfRangeInput");
        await A_forbidden_column_is_refused("V", half, "InvalidInput");
    }

    [Fact]
    public async Task A_class_is_held_to_the_same_rules() =>
        await RefusedAsync("OutOfRangeInput", () => _transport.Client().AddEntityAsync(new EveryTypeRow { SeenAt = default }, Token));

    [Fact]
    public async Task More_than_252_columns_are_refused()
    {
        TableClient table = _transport.Client();
        TableEntity row = new("p", "r");
        for (int i = 0; i < 252; i++)
            row[$"C{i}"] = i;

        await table.AddEntityAsync(row, Token);
        row["OneMore"] = 1;
        await RefusedAsync("TooManyProperties", () => table.AddEntityAsync(row, Token), alreadySent: 1);
    }

    [Fact]
    public async Task A_row_above_one_mebibyte_is_refused()
    {
        TableClient table = _transport.Client();
        TableEntity row = new("p", "r");
        for (int i = 0; i < 15; i++)
            row[$"C{i}"] = new string('x', 32_768);

        await table.AddEntityAsync(row, Token);
        row["C15"] = new string('x', 32_768);
        await RefusedAsync("EntityTooLarge", () => table.AddEntityAsync(row, Token), alreadySent: 1);
    }

    [Fact]
    public async Task The_largest_keys_and_names_pass()
    {
        await _transport.Client().AddEntityAsync(new TableEntity(new string('p', 512), new string('r', 512)) { [new string('n', 255)] = 1, ["_Größe1"] = 2 }, Token);

        Assert.Single(_transport.Sent);
    }

    [Fact]
    public async Task A_transaction_on_two_partitions_is_refused()
    {
        TableTransactionFailedException failure = (TableTransactionFailedException)await RefusedAsync(
            "CommandsInBatchActOnDifferentPartitions", () => _transport.Client().SubmitTransactionAsync([Add("p", "a"), Add("p", "b"), Add("q", "c")], Token));

        Assert.Equal(2, failure.FailedTransactionActionIndex);
    }

    [Fact]
    public async Task A_transaction_that_names_a_row_twice_is_refused()
    {
        TableTransactionFailedException failure = (TableTransactionFailedException)await RefusedAsync(
            "InvalidDuplicateRow", () => _transport.Client().SubmitTransactionAsync([Add("p", "a"), new(TableTransactionActionType.Delete, new TableEntity("p", "a"))], Token));

        Assert.Equal(1, failure.FailedTransactionActionIndex);
    }

    [Fact]
    public async Task A_transaction_of_more_than_a_hundred_actions_is_refused() =>
        await RefusedAsync("InvalidInput", () => _transport.Client().SubmitTransactionAsync(Enumerable.Range(0, 101).Select(i => Add("p", $"{i}")), Token));

    [Fact]
    public async Task A_transaction_above_four_mebibytes_is_refused()
    {
        string large = new('x', 32_768);
        IEnumerable<TableTransactionAction> actions = Enumerable.Range(0, 70).Select(
            i => new TableTransactionAction(TableTransactionActionType.Add, new TableEntity("p", $"{i}") { ["A"] = large, ["B"] = large }));

        RequestFailedException failure = await Assert.ThrowsAsync<TableTransactionFailedException>(() => _transport.Client().SubmitTransactionAsync(actions, Token));

        Assert.Equal((413, "RequestBodyTooLarge"), (failure.Status, failure.ErrorCode));
        Assert.Empty(_transport.Sent);
    }

    [Fact]
    public async Task A_missing_key_is_a_mistake_of_the_caller_and_in_a_transaction_a_missing_value()
    {
        TableClient table = _transport.Client();

        await Assert.ThrowsAsync<ArgumentNullException>(() => table.AddEntityAsync(new TableEntity(null, "r"), Token));
        await Assert.ThrowsAsync<ArgumentNullException>(() => table.UpsertEntityAsync(new TableEntity("p", null), cancellationToken: Token));
        await Assert.ThrowsAsync<ArgumentNullException>(() => table.GetEntityAsync<TableEntity>(null!, "r", cancellationToken: Token));
        await RefusedAsync("PropertiesNeedValue", () => table.SubmitTransactionAsync([Add("p", null)], Token));
    }

    [Fact]
    public async Task A_page_of_more_than_a_thousand_rows_is_refused() =>
        await RefusedAsync("InvalidInput", async () => await _transport.Client().QueryAsync<TableEntity>(maxPerPage: 1001, cancellationToken: Token).ToListAsync(Token));

    [Theory]
    [InlineData("ab", "OutOfRangeInput")]
    [InlineData("a234567890123456789012345678901234567890123456789012345678901234", "OutOfRangeInput")]
    [InlineData("1abc", "InvalidResourceName")]
    [InlineData("a-bc", "InvalidResourceName")]
    [InlineData("tables", "InvalidResourceName")]
    public async Task A_forbidden_table_name_is_refused_on_creation(string name, string code)
    {
        TableServiceClient service = new("UseDevelopmentStorage=true", _transport.Options());

        await RefusedAsync(code, () => service.CreateTableIfNotExistsAsync(name, Token));
    }

    [Fact]
    public async Task A_time_that_might_mean_two_instants_and_a_type_without_a_column_are_not_guessed_at()
    {
        TableClient table = _transport.Client();

        await Assert.ThrowsAsync<NotSupportedException>(() => table.AddEntityAsync(new TableEntity("p", "r") { ["V"] = new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Unspecified) }, Token));
        await Assert.ThrowsAsync<NotSupportedException>(() => table.AddEntityAsync(new TableEntity("p", "r") { ["V"] = 1.5m }, Token));
        await Assert.ThrowsAsync<NotSupportedException>(() => table.AddEntityAsync(new TableEntity("p", "r") { ["V"] = TimeSpan.Zero }, Token));
        NotSupportedException named = await Assert.ThrowsAsync<NotSupportedException>(() => table.AddEntityAsync(new PriceRow(), Token));
        Assert.Contains("PriceRow.Price", named.Message, StringComparison.Ordinal);
        Assert.Empty(_transport.Sent);
    }

    [Fact]
    public async Task After_a_refusal_the_next_row_is_written_whole()
    {
        TableClient table = _transport.Client();
        await RefusedAsync("PropertyValueTooLarge", () => table.AddEntityAsync(new TableEntity("p", "r") { ["A"] = 1, ["V"] = new string('x', 40_000) }, Token));

        table.AddEntity(new TableEntity("p", "r") { ["A"] = 1 }, Token);

        Assert.Equal("""{"PartitionKey":"p","RowKey":"r","A":1}""", _transport.Sent.Single().Body);
    }

    private static TableTransactionAction Add(string partition, string? row) => new(TableTransactionActionType.Add, new TableEntity(partition, row));

    private async Task<RequestFailedException> RefusedAsync(string code, Func<Task> send, int alreadySent = 0)
    {
        RequestFailedException failure = await Assert.ThrowsAnyAsync<RequestFailedException>(send);

        Assert.Equal((400, code), (failure.Status, failure.ErrorCode));
        Assert.Equal(alreadySent, _transport.Sent.Count);
        return failure;
    }

    private sealed class PriceRow : ITableEntity
    {
        public string PartitionKey { get; set; } = "p";

        public string RowKey { get; set; } = "r";

        public DateTimeOffset? Timestamp { get; set; }

        public ETag ETag { get; set; }

        public decimal Price { get; set; }
    }
}
