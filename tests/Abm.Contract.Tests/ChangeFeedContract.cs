using Abm.Accounts;
using Abm.Decisions;
using Abm.Functions.Storage;
using Abm.Functions.Storage.Accounts;
using Abm.Functions.Storage.Feeds;
using Abm.Functions.Tests.Accounts;
using Abm.TestKit;
using Azure.Data.Tables;
using Microsoft.Extensions.Logging.Abstractions;

namespace Abm.Contract.Tests;

/// <summary>What every change feed promises.</summary>
public abstract class ChangeFeedContract
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_feed_that_nothing_was_written_to_stands_at_0()
    {
        IChangeFeed feed = await FeedAsync();

        Assert.Equal(FeedHead.Empty, await feed.HeadAsync(Ct));
    }

    [Fact]
    public async Task What_was_added_is_read_in_order_and_counted()
    {
        IChangeFeed feed = await FeedAsync();
        FeedHead head = FeedHead.Empty;
        for (byte i = 1; i <= 5; i++)
            head = (await feed.AppendAsync(head, [i], Ct))!;

        Assert.Equal(head, await feed.HeadAsync(Ct));
        Assert.Equal(5, head.Version);
        Assert.Equal([[2], [3], [4]], await ListAsync(feed.ReadAsync(2, 4, Ct)));
        Assert.Equal([[5]], await ListAsync(feed.ReadAsync(5, 5, Ct)));
        Assert.Empty(await ListAsync(feed.ReadAsync(6, 6, Ct)));
    }

    [Fact]
    public async Task Of_two_writers_with_the_same_head_one_is_first()
    {
        IChangeFeed feed = await FeedAsync();
        Assert.NotNull(await feed.AppendAsync(FeedHead.Empty, [1], Ct));
        Assert.Null(await feed.AppendAsync(FeedHead.Empty, [2], Ct));
        FeedHead head = await feed.HeadAsync(Ct);

        Assert.NotNull(await feed.AppendAsync(head, [3], Ct));
        Assert.Null(await feed.AppendAsync(head, [4], Ct));
        Assert.Null(await feed.SnapshotAsync(head, [[5]], Ct));
        Assert.Equal([[1], [3]], await ListAsync(feed.ReadAsync(1, 2, Ct)));
        Assert.Equal(2, (await feed.HeadAsync(Ct)).Version);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(65_536)]
    [InlineData(65_537)]
    [InlineData(FeedContent.MaxLength)]
    public async Task A_content_comes_back_byte_for_byte(int length)
    {
        IChangeFeed feed = await FeedAsync();
        byte[] content = new byte[length];
        for (int i = 0; i < length; i++)
            content[i] = (byte)((i * 31) + (i >> 8));

        await feed.AppendAsync(FeedHead.Empty, content, Ct);

        Assert.Equal(content, Assert.Single(await ListAsync(feed.ReadAsync(1, 1, Ct))));
    }

    [Fact]
    public async Task A_snapshot_has_its_parts_in_order_and_older_change_sets_go_one_snapshot_later()
    {
        IChangeFeed feed = await FeedAsync();
        FeedHead head = FeedHead.Empty;
        for (byte i = 1; i <= 3; i++)
            head = (await feed.AppendAsync(head, [i], Ct))!;
        byte[][] parts = [.. Enumerable.Range(0, 11).Select(i => new byte[] { (byte)i })];

        head = (await feed.SnapshotAsync(head, parts, Ct))!;

        Assert.Equal((3, 3, 11, 0), (head.Version, head.SnapshotVersion, head.Snapshot!.Parts, head.Floor));
        Assert.Equal(head, await feed.HeadAsync(Ct));
        Assert.Equal(parts, await ListAsync(feed.ReadSnapshotAsync(head.Snapshot!, Ct)));
        Assert.Equal(3, (await ListAsync(feed.ReadAsync(1, 3, Ct))).Count);

        head = (await feed.AppendAsync(head, [4], Ct))!;
        head = (await feed.SnapshotAsync(head, [[42]], Ct))!;

        Assert.Equal((4, 4, 1, 3), (head.Version, head.SnapshotVersion, head.Snapshot!.Parts, head.Floor));
        Assert.Equal([[42]], await ListAsync(feed.ReadSnapshotAsync(head.Snapshot!, Ct)));
        Assert.Empty(await ListAsync(feed.ReadAsync(1, 4, Ct)));
        Assert.Equal([[4]], await ListAsync(feed.ReadAsync(4, 4, Ct)));
    }

    [Fact]
    public async Task The_snapshot_before_stays_readable_with_the_change_sets_since()
    {
        IChangeFeed feed = await FeedAsync();
        FeedHead head = (await feed.AppendAsync(FeedHead.Empty, [1], Ct))!;
        head = (await feed.SnapshotAsync(head, [[10], [11]], Ct))!;
        head = (await feed.AppendAsync(head, [2], Ct))!;
        head = (await feed.SnapshotAsync(head, [[20]], Ct))!;

        Assert.Equal((1L, 2), (head.Previous!.Version, head.Previous.Parts));
        Assert.Equal([[10], [11]], await ListAsync(feed.ReadSnapshotAsync(head.Previous, Ct)));
        Assert.Equal([[2]], await ListAsync(feed.ReadAsync(2, 2, Ct)));
    }

    [Fact]
    public async Task A_snapshot_that_is_not_what_its_head_says_is_refused()
    {
        IChangeFeed feed = await FeedAsync();
        FeedHead head = (await feed.AppendAsync(FeedHead.Empty, [1], Ct))!;
        SnapshotHead snapshot = (await feed.SnapshotAsync(head, [[1], [2], [3]], Ct))!.Snapshot!;

        await Assert.ThrowsAsync<InvalidDataException>(() => ListAsync(feed.ReadSnapshotAsync(snapshot with { Parts = 4 }, Ct)));
        await Assert.ThrowsAsync<InvalidDataException>(() => ListAsync(feed.ReadSnapshotAsync(snapshot with { Hash = "another" }, Ct)));
        await Assert.ThrowsAsync<InvalidDataException>(() => ListAsync(feed.ReadSnapshotAsync(snapshot with { Name = "gone" }, Ct)));
    }

    [Fact]
    public async Task Two_writers_of_one_version_do_not_write_into_each_others_snapshot()
    {
        IChangeFeed feed = await FeedAsync();
        FeedHead head = (await feed.AppendAsync(FeedHead.Empty, [1], Ct))!;
        FeedHead? second = null;

        // The second writes all of its own while the first is in the middle.
        FeedHead? first = await feed.SnapshotAsync(head, Parts(), Ct);

        Assert.Null(first);
        Assert.Equal([[7], [8]], await ListAsync(feed.ReadSnapshotAsync(second!.Snapshot!, Ct)));

        IEnumerable<byte[]> Parts()
        {
            for (byte i = 0; i < 9; i++)
            {
                if (i == 6)
                    second = Task.Run(() => feed.SnapshotAsync(head, [[7], [8]], Ct)).GetAwaiter().GetResult();
                yield return [i];
            }
        }
    }

    [Fact]
    public async Task Accounts_of_one_process_are_seen_by_another_through_snapshots_and_changes()
    {
        IChangeFeed feed = await FeedAsync();
        var writer = new FeedAccountCatalogue(feed, NullLogger<FeedAccountCatalogue>.Instance);
        for (int i = 0; i < 70; i++)
            await writer.SaveAsync(_ => [new AccountChange.Saved(A.Account($"A{i}"))], Ct);
        var reader = new FeedAccountCatalogue(feed, NullLogger<FeedAccountCatalogue>.Instance);

        Assert.Equal(70, (await reader.CurrentAsync(Ct)).Accounts.Count);
        await writer.SaveAsync(_ => [new AccountChange.Saved(A.Account("last")), new AccountChange.Removed(AccountId.Parse("A0"))], Ct);

        AccountsState state = await reader.CurrentAsync(Ct);
        Assert.True((await feed.HeadAsync(Ct)).SnapshotVersion >= 64);
        Assert.Equal((70, 70), (state.Accounts.Count, state.Index.AccountCount));
        Assert.True(state.Accounts.ContainsKey("last"));
    }

    /// <summary>A feed that no other test uses.</summary>
    protected abstract Task<IChangeFeed> FeedAsync();

    private static async Task<List<byte[]>> ListAsync(IAsyncEnumerable<byte[]> contents)
    {
        var list = new List<byte[]>();
        await foreach (byte[] content in contents)
            list.Add(content);
        return list;
    }
}

public sealed class InMemoryChangeFeedTests : ChangeFeedContract
{
    protected override Task<IChangeFeed> FeedAsync() => Task.FromResult<IChangeFeed>(new InMemoryFeed());
}

public sealed class TableChangeFeedTests : ChangeFeedContract
{
    protected override async Task<IChangeFeed> FeedAsync()
    {
        TableClient table = (await Stores.TablesAsync()).GetTableClient(AccountTables.Feeds);
        await table.CreateIfNotExistsAsync(TestContext.Current.CancellationToken);
        return new TableChangeFeed(table, Stores.Unique("feed"));
    }
}
