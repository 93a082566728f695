using Azure;
using Azure.Data.Tables;

namespace Abm.Local.Tests.Tables;

[Collection(nameof(TablesOnAzurite))]
public sealed class PagingTests(TablesFixture azurite)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_and_a_half_thousand_rows_come_in_three_pages_in_order_each_once()
    {
        TableClient table = await FilledAsync(2_500);

        List<Page<NoteRow>> pages = await table.QueryAsync<NoteRow>(cancellationToken: Token).AsPages().ToListAsync(Token);
        List<string> keys = [.. pages.SelectMany(page => page.Values).Select(row => row.RowKey)];

        Assert.Equal([1000, 1000, 500], pages.Select(page => page.Values.Count));
        Assert.Null(pages[^1].ContinuationToken);
        Assert.Equal(Enumerable.Range(0, 2_500).Select(i => $"{i:D5}"), keys);
    }

    [Fact]
    public async Task A_later_call_goes_on_from_a_token()
    {
        TableClient table = await FilledAsync(25);

        Page<NoteRow> first = await table.QueryAsync<NoteRow>(maxPerPage: 10, cancellationToken: Token).AsPages().FirstAsync(Token);
        List<Page<NoteRow>> rest = await table.QueryAsync<NoteRow>(cancellationToken: Token).AsPages(first.ContinuationToken, 10).ToListAsync(Token);

        Assert.Single(first.ContinuationToken!.Split(' ')[1..]);
        Assert.Equal([10, 5], rest.Select(page => page.Values.Count));
        Assert.Equal(Enumerable.Range(0, 25).Select(i => $"{i:D5}"), first.Values.Concat(rest.SelectMany(page => page.Values)).Select(row => row.RowKey));
    }

    [Fact]
    public async Task Pages_cross_partitions_and_filters_go_with_every_page()
    {
        TableClient table = await azurite.NewTableAsync();
        foreach (string partition in new[] { "a", "b", "it's é" })
        {
            for (int i = 0; i < 4; i++)
                await table.AddEntityAsync(new TableEntity(partition, $"{i}") { ["Even"] = i % 2 == 0 }, Token);
        }

        List<TableEntity> rows = await table.QueryAsync<TableEntity>("Even eq true", maxPerPage: 1, cancellationToken: Token).ToListAsync(Token);

        Assert.Equal(["a0", "a2", "b0", "b2", "it's é0", "it's é2"], rows.Select(row => row.PartitionKey + row.RowKey));
    }

    [Fact]
    public async Task A_query_ends_early_when_the_reader_does()
    {
        TableClient table = await FilledAsync(25);

        List<NoteRow> three = await table.QueryAsync<NoteRow>(maxPerPage: 2, cancellationToken: Token).Take(3).ToListAsync(Token);

        Assert.Equal(3, three.Count);
    }

    [Fact]
    public async Task Cancelling_ends_a_query()
    {
        TableClient table = await FilledAsync(25);
        using CancellationTokenSource source = new();
        int read = 0;

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (NoteRow _ in table.QueryAsync<NoteRow>(maxPerPage: 2, cancellationToken: source.Token))
            {
                if (++read == 2)
                    await source.CancelAsync();
            }
        });

        Assert.Equal(2, read);
    }

    private async Task<TableClient> FilledAsync(int rows)
    {
        TableClient table = await azurite.NewTableAsync();
        foreach (int[] chunk in Enumerable.Range(0, rows).Chunk(100))
            await table.SubmitTransactionAsync(chunk.Select(i => new TableTransactionAction(TableTransactionActionType.Add, new NoteRow { PartitionKey = "p", RowKey = $"{i:D5}", Note = "n" })), Token);
        return table;
    }
}
