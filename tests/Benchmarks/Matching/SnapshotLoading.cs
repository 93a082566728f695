using System.Diagnostics;
using Abm.Accounts;
using Abm.Functions.Storage;
using Abm.Functions.Storage.Accounts;
using Abm.Functions.Storage.Feeds;
using Abm.TestKit;
using Azure.Data.Tables;
using Microsoft.Extensions.Logging.Abstractions;

namespace Abm.Benchmarks.Matching;

/// <summary>The accounts as a packed snapshot in Azurite, and how long a start takes to have them in memory, searchable.</summary>
internal sealed class SnapshotLoading
{
    private static int _next;
    private readonly TableChangeFeed _feed;

    private SnapshotLoading(TableChangeFeed feed) => _feed = feed;

    /// <summary>What lies in the table, before base64.</summary>
    public long Bytes { get; private set; }

    /// <summary>How long writing it took.</summary>
    public double Seconds { get; private set; }

    public static async Task<SnapshotLoading> WriteAsync(AccountIndex index)
    {
        TableClient table = new TableServiceClient(await SharedAzurite.ConnectionStringAsync()).GetTableClient(AccountTables.Feeds);
        await table.CreateIfNotExistsAsync(CancellationToken.None);
        return await WriteAsync(index, table, $"benchmark{Interlocked.Increment(ref _next)}");
    }

    /// <param name="feed">The feed's name.</param>
    public static async Task<SnapshotLoading> WriteAsync(AccountIndex index, TableClient table, string feed)
    {
        SnapshotLoading snapshot = new(new TableChangeFeed(table, feed));
        byte[] nothing = FeedPacking.Compress("[]"u8);
        FeedHead head = (await snapshot._feed.AppendAsync(FeedHead.Empty, nothing, CancellationToken.None))!;
        long begun = Stopwatch.GetTimestamp();
        await snapshot._feed.SnapshotAsync(head, Counted(), CancellationToken.None);
        snapshot.Seconds = Stopwatch.GetElapsedTime(begun).TotalSeconds;
        return snapshot;

        IEnumerable<byte[]> Counted()
        {
            foreach (byte[] part in new AccountsModel().Pack(AccountsState.Empty with { Index = index }))
            {
                snapshot.Bytes += part.Length;
                yield return part;
            }
        }
    }

    /// <summary>Seconds from nothing to an index that answers, as at the start of a process.</summary>
    public async Task<double> LoadAsync(int expected)
    {
        long begun = Stopwatch.GetTimestamp();
        AccountsState state = await new FeedAccountCatalogue(_feed, NullLogger<FeedAccountCatalogue>.Instance).CurrentAsync(CancellationToken.None);
        double seconds = Stopwatch.GetElapsedTime(begun).TotalSeconds;
        return state.Index.AccountCount == expected ? seconds : throw new InvalidOperationException($"{state.Index.AccountCount} accounts came back of {expected}.");
    }
}
