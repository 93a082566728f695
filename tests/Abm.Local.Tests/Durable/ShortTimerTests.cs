using Abm.Local.Durable.Engine;
using Abm.Local.Durable.Storage;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace Abm.Local.Tests.Durable;

/// <summary>Timers that are due so soon that another process could come by their wake row before the instance says what it stands for.</summary>
public class ShortTimerTests
{
    [Theory]
    [InlineData(5)]
    [InlineData(25)]
    [InlineData(40)]
    public async Task A_timer_costs_one_wake_row_however_soon_it_is_due(int seconds)
    {
        var wakes = new Interposed();
        await using EngineHarness durable = await Naps(new EngineHarness(wakes: wakes)).StartAsync();

        await durable.RunAsync("Nap", seconds, new StartOrchestrationOptions("nap"));
        int written = wakes.Written;
        await durable.AdvanceAsync(TimeSpan.FromSeconds(seconds + 5));

        Assert.Equal("up", await durable.OutputAsync<string>("nap"));
        Assert.Equal(2, written); // the start's and the timer's
        Assert.Equal(2, wakes.Written); // what follows needs none: the timer's own row protects it
        Assert.Empty(await durable.Engine.Wakes.DueAsync(DateTimeOffset.MaxValue.AddDays(-1), 100, CancellationToken.None));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_wake_row_that_another_process_took_before_the_commit_is_written_again(bool isGone)
    {
        var wakes = new MemoryTable();
        var instances = new Interposed();
        await using EngineHarness durable = await Naps(new EngineHarness(instances, wakes)).StartAsync();

        // Taken for dead in the worst moment, once: the other process finds the row of the timer, but no timer.
        instances.BeforeUpdate = async () =>
        {
            instances.BeforeUpdate = () => Task.CompletedTask;
            foreach (TableRow row in wakes.Rows.Where(row => row.PartitionKey != "sessions" && Wake.DueOf(row.RowKey) > durable.Clock.GetUtcNow()))
            {
                if (isGone)
                    await wakes.DeleteAsync(row.PartitionKey, row.RowKey, null, CancellationToken.None);
                else
                    await wakes.UpsertAsync(new TableRow(row.PartitionKey, row.RowKey) { Properties = { ["Instance"] = "nap", ["Owner"] = "other" } }, CancellationToken.None);
            }
        };
        await durable.RunAsync("Nap", 20, new StartOrchestrationOptions("nap"));
        foreach (TableRow row in wakes.Rows.Where(row => row.Text("Owner") == "other"))
            await wakes.DeleteAsync(row.PartitionKey, row.RowKey, null, CancellationToken.None);
        await durable.AdvanceAsync(TimeSpan.FromSeconds(25));

        Assert.Equal("up", await durable.OutputAsync<string>("nap"));
    }

    private static EngineHarness Naps(EngineHarness harness) => harness
        .Activity<string, string>("Wake", text => text)
        .Orchestrator("Nap", async context =>
        {
            await context.CreateTimer(TimeSpan.FromSeconds(context.GetInput<int>()), CancellationToken.None);
            return await context.CallActivityAsync<string>("Wake", "up");
        });

    /// <summary>A table that counts the wake rows written and lets something happen before a row is changed.</summary>
    private sealed class Interposed : ITable
    {
        private readonly MemoryTable _inner = new();
        private int _written;

        public int Written => _written;

        public Func<Task> BeforeUpdate { get; set; } = () => Task.CompletedTask;

        public Task CreateIfMissingAsync(CancellationToken cancellationToken) => _inner.CreateIfMissingAsync(cancellationToken);

        public Task<TableRow?> GetAsync(string partitionKey, string rowKey, IReadOnlyList<string>? select, CancellationToken cancellationToken) =>
            _inner.GetAsync(partitionKey, rowKey, select, cancellationToken);

        public Task<string?> AddAsync(TableRow row, CancellationToken cancellationToken) => _inner.AddAsync(row, cancellationToken);

        public async Task<string?> UpdateAsync(TableRow row, string etag, bool merge, CancellationToken cancellationToken)
        {
            await BeforeUpdate();
            return await _inner.UpdateAsync(row, etag, merge, cancellationToken);
        }

        public Task UpsertAsync(TableRow row, CancellationToken cancellationToken)
        {
            if (row.PartitionKey != "sessions")
                Interlocked.Increment(ref _written);
            return _inner.UpsertAsync(row, cancellationToken);
        }

        public Task<bool> DeleteAsync(string partitionKey, string rowKey, string? etag, CancellationToken cancellationToken) =>
            _inner.DeleteAsync(partitionKey, rowKey, etag, cancellationToken);

        public Task<TablePage> QueryAsync(TableRange range, int pageSize, string? continuation, CancellationToken cancellationToken) =>
            _inner.QueryAsync(range, pageSize, continuation, cancellationToken);
    }
}
