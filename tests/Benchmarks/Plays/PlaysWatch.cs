using System.Diagnostics;
using System.Globalization;
using Abm.Benchmarks.Harness;
using Abm.Functions.Messages;
using Abm.Local.Azurite;
using Abm.TestKit;
using Azure.Data.Tables;
using Azure.Storage.Queues;

namespace Abm.Benchmarks.Plays;

/// <summary>Watches the app and its storage from outside while plays begin: what waits on which queue, and which of the two processes uses the machine.</summary>
internal sealed class PlaysWatch(AzuriteServer azurite, AppProcess app) : IDisposable
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);
    private static readonly string[] Queues = [LeadsReceivedMessage.Queue, LeadsReceivedMessage.BulkQueue, DeliverMessage.Queue, DeliverMessage.BulkQueue];
    private readonly QueueServiceClient _queues = new(azurite.ConnectionString);
    private readonly CancellationTokenSource _stop = new();
    private readonly Stopwatch _since = Stopwatch.StartNew();
    private Task _noting = Task.CompletedTask;
    private double _peak;

    /// <summary>Bytes of the app's working set at the worst look.</summary>
    public double PeakMemory => _peak;

    /// <summary>Says every few seconds how far things are.</summary>
    public void Start() => _noting = Task.Run(NoteAsync);

    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _noting;
    }

    /// <summary>Until so many clocks of fifteen days run and no queue holds anything: every play has begun and waits.</summary>
    public static async Task UntilOpenAsync(string storage, int clocks, TimeSpan patience)
    {
        QueueServiceClient queues = new(storage);
        TableClient board = new TableServiceClient(storage).GetTableClient("AbmClocks");
        long begun = Stopwatch.GetTimestamp();
        for (int seen = 0; seen < clocks;)
        {
            if (Stopwatch.GetElapsedTime(begun) > patience)
                throw new TimeoutException($"{seen} of {clocks} clocks ran within {patience}.");
            await Task.Delay(TimeSpan.FromSeconds(1));

            // Reading the whole board is dear: it is looked at when nothing waits any more.
            if ((await WaitingAsync(queues)).Any(queue => queue.Count > 0))
                continue;
            seen = 0;
            await foreach (TableEntity _ in board.QueryAsync<TableEntity>("PartitionKey eq 'open' and Policy eq 'far'", 1000, ["RowKey"], CancellationToken.None))
                seen++;
        }
    }

    public void Dispose() => _stop.Dispose();

    private async Task NoteAsync()
    {
        (TimeSpan storage, TimeSpan work, long at) before = (Processor(azurite.ProcessId), Processor(app.ProcessId), Stopwatch.GetTimestamp());
        while (!_stop.IsCancellationRequested)
        {
            await Task.WhenAny(Task.Delay(Every, _stop.Token));
            (TimeSpan storage, TimeSpan work, long at) now = (Processor(azurite.ProcessId), Processor(app.ProcessId), Stopwatch.GetTimestamp());
            double seconds = Stopwatch.GetElapsedTime(before.at, now.at).TotalSeconds;
            double memory = Memory();
            _peak = Math.Max(_peak, memory);
            string waiting = string.Join(", ", (await WaitingAsync(_queues)).Select(queue => string.Create(CultureInfo.InvariantCulture, $"{queue.Name} {queue.Count}")));
            Report.Note(string.Create(
                CultureInfo.InvariantCulture,
                $"{_since.Elapsed.TotalSeconds:0} s: messages: {waiting}; processor: storage {100 * (now.storage - before.storage).TotalSeconds / seconds:0} %, app {100 * (now.work - before.work).TotalSeconds / seconds:0} %; app {Figure.Megabytes(memory)}"));
            before = now;
        }
    }

    private static async Task<IReadOnlyList<(string Name, int Count)>> WaitingAsync(QueueServiceClient queues)
    {
        List<(string, int)> waiting = [];
        foreach (string queue in Queues)
            waiting.Add((queue, (await queues.GetQueueClient(queue).GetPropertiesAsync()).Value.ApproximateMessagesCount));
        return waiting;
    }

    private double Memory()
    {
        try
        {
            using Process process = Process.GetProcessById(app.ProcessId);
            return process.WorkingSet64;
        }
        catch (ArgumentException)
        {
            return 0; // between two starts
        }
    }

    private static TimeSpan Processor(int processId)
    {
        try
        {
            using Process process = Process.GetProcessById(processId);
            return process.TotalProcessorTime;
        }
        catch (ArgumentException)
        {
            return TimeSpan.Zero;
        }
    }
}
