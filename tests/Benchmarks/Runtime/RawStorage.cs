using System.Diagnostics;
using Abm.Benchmarks.Harness;
using Azure;
using Azure.Data.Tables;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;

namespace Abm.Benchmarks.Runtime;

/// <summary>How fast the storage alone is: the same clients, the same emulator, the same number of requests at a time, and nothing else to do.</summary>
/// <param name="Reads">Point reads of a row of about 1 KB, a second.</param>
/// <param name="Inserts">Inserts of such a row, each into a partition of its own, a second.</param>
/// <param name="Updates">Replacements of such a row, conditional on its tag, a second.</param>
/// <param name="Deletes">Deletes a second.</param>
/// <param name="Transactions">Transactions that insert ten rows into one partition, a second.</param>
/// <param name="Messages">Messages sent, received and deleted, a second.</param>
internal sealed record RawStorage(Stats Reads, Stats Inserts, Stats Updates, Stats Deletes, Stats Transactions, Stats Messages)
{
    private static readonly string Payload = new('x', 900);

    public static async Task<RawStorage> MeasureAsync(string storage, int concurrency, BenchmarkOptions options)
    {
        TableClient table = new TableServiceClient(storage).GetTableClient("RawLimits");
        await table.CreateIfNotExistsAsync(CancellationToken.None);
        QueueClient queue = new(storage, "raw-limits");
        await queue.CreateIfNotExistsAsync();
        int count = options.Count(2000, 200);
        if (!options.IsQuick)
            await TurnAsync(-1);
        IReadOnlyList<double[]> turns = await Quiet.BestAsync(options, options.Repetitions, TurnAsync);
        return new RawStorage(Of(0), Of(1), Of(2), Of(3), Of(4), Of(5));

        Stats Of(int figure) => new(turns.Select(turn => turn[figure]));

        async Task<double[]> TurnAsync(int turn)
        {
            var tags = new ETag[count];
            double insert = await Load.RateAsync(count, concurrency, async i =>
                tags[i] = (await table.AddEntityAsync(Row(turn, i), CancellationToken.None)).Headers.ETag!.Value);
            double read = await Load.RateAsync(count, concurrency, i => table.GetEntityAsync<TableEntity>(Partition(turn, i), "row", null, CancellationToken.None));
            double update = await Load.RateAsync(count, concurrency, i => UpdateAsync(table, Row(turn, i), tags[i]));
            double delete = await Load.RateAsync(count, concurrency, i => table.DeleteEntityAsync(Partition(turn, i), "row", ETag.All, CancellationToken.None));
            double transaction = await Load.RateAsync(count / 10, concurrency, i => table.SubmitTransactionAsync(
                Enumerable.Range(0, 10).Select(n => new TableTransactionAction(
                    TableTransactionActionType.Add, new TableEntity(Partition(turn, i), FormattableString.Invariant($"{n}")) { ["Text"] = Payload })),
                CancellationToken.None));
            double message = await MessagesAsync(queue, count, concurrency);
            return [read, insert, update, delete, transaction, message];
        }
    }

    /// <summary>
    /// How many times a second the storage does these requests when nothing else is to be done: what bounds the runtime from above. Measured right beside
    /// the figure it is to be compared with, since what the machine gives changes from minute to minute.
    /// </summary>
    /// <param name="storage">Connection string.</param>
    /// <param name="requests">Requests of each, one after the other; rounded.</param>
    /// <param name="count">How often.</param>
    /// <param name="concurrency">So many at a time.</param>
    public static async Task<double> SameRequestsAsync(string storage, IReadOnlyDictionary<StorageAct, double> requests, int count, int concurrency)
    {
        TableClient table = new TableServiceClient(storage).GetTableClient("RawMix");
        await table.CreateIfNotExistsAsync(CancellationToken.None);
        string run = Guid.NewGuid().ToString("N")[..8];
        int inserts = Of(StorageAct.Insert), updates = Of(StorageAct.Update), reads = Of(StorageAct.Read), deletes = Of(StorageAct.Delete);
        if (requests.Sum(request => Math.Round(request.Value)) != inserts + updates + reads + deletes)
            throw new InvalidOperationException("Only reads, inserts, updates and deletes of single rows can be repeated without the runtime.");
        var tags = new ETag[count];
        await Load.ManyAsync(count, concurrency, async i =>
        {
            tags[i] = Tag(await table.AddEntityAsync(Row(i, "row"), CancellationToken.None));
            for (int n = 0; n < deletes; n++)
                await table.AddEntityAsync(Row(i, FormattableString.Invariant($"delete{n}")), CancellationToken.None);
        });
        return await Load.RateAsync(count, concurrency, async i =>
        {
            for (int n = 0; n < inserts; n++)
                await table.AddEntityAsync(Row(i, FormattableString.Invariant($"insert{n}")), CancellationToken.None);
            for (int n = 0; n < updates; n++)
                tags[i] = await UpdateAsync(table, Row(i, "row"), tags[i]);
            for (int n = 0; n < reads; n++)
                await table.GetEntityAsync<TableEntity>(PartitionOf(i), "row", null, CancellationToken.None);
            for (int n = 0; n < deletes; n++)
                await table.DeleteEntityAsync(PartitionOf(i), FormattableString.Invariant($"delete{n}"), ETag.All, CancellationToken.None);
        });

        int Of(StorageAct act) => (int)Math.Round(requests.GetValueOrDefault(act));
        string PartitionOf(int i) => FormattableString.Invariant($"{run}-{i}");
        TableEntity Row(int i, string key) => new(PartitionOf(i), key) { ["Text"] = Payload, ["Number"] = i };
        static ETag Tag(Response response) => response.Headers.ETag!.Value;
    }

    /// <summary>
    /// As many producers as there are requests at a time elsewhere. One receives, 16 messages at a time and the next when at most eight are in hand, as the
    /// queue function does: of two receivers at once the emulator gives some messages to both.
    /// </summary>
    public static async Task<double> MessagesAsync(QueueClient queue, int count, int concurrency)
    {
        long begun = Stopwatch.GetTimestamp();
        Task sending = Load.ManyAsync(count, concurrency, _ => queue.SendMessageAsync(Payload));
        var inHand = new HashSet<Task>();
        for (int received = 0; received < count;)
        {
            QueueMessage[] messages = (await queue.ReceiveMessagesAsync(16)).Value;
            received += messages.Length;
            inHand.UnionWith(messages.Select(message => queue.DeleteMessageAsync(message.MessageId, message.PopReceipt)));
            while (inHand.Count > 8)
            {
                Task done = await Task.WhenAny(inHand);
                await done;
                inHand.Remove(done);
            }
        }

        await Task.WhenAll([sending, .. inHand]);
        return count / Stopwatch.GetElapsedTime(begun).TotalSeconds;
    }

    /// <summary>An answer that was lost on the way has the client try again, and the second try finds the tag that the first one made: it is done all the same.</summary>
    private static async Task<ETag> UpdateAsync(TableClient table, TableEntity row, ETag tag)
    {
        try
        {
            return (await table.UpdateEntityAsync(row, tag, TableUpdateMode.Replace, CancellationToken.None)).Headers.ETag!.Value;
        }
        catch (RequestFailedException failure) when (failure.Status == 412)
        {
            return (await table.GetEntityAsync<TableEntity>(row.PartitionKey, row.RowKey, null, CancellationToken.None)).Value.ETag;
        }
    }

    private static TableEntity Row(int turn, int i) => new(Partition(turn, i), "row") { ["Text"] = Payload, ["Number"] = i };

    private static string Partition(int turn, int i) => FormattableString.Invariant($"p{turn}-{i}");
}
