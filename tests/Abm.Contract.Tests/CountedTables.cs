using Abm.TestKit;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Data.Tables;

namespace Abm.Contract.Tests;

/// <summary>The tables of all tests, and how many transactions somebody asked of them.</summary>
internal sealed class CountedTables
{
    private readonly Counter _counter;

    private CountedTables(TableServiceClient service, Counter counter) => (Service, _counter) = (service, counter);

    /// <summary>Counts what is asked of it.</summary>
    public TableServiceClient Service { get; }

    public static async Task<CountedTables> OpenAsync()
    {
        await Stores.TablesAsync();
        Counter counter = new();
        TableClientOptions options = new();
        options.AddPolicy(counter, HttpPipelinePosition.PerRetry);
        return new CountedTables(new TableServiceClient(await SharedAzurite.ConnectionStringAsync(), options), counter);
    }

    public async Task<int> DuringAsync(Func<Task> use)
    {
        int before = _counter.Count;
        await use();
        return _counter.Count - before;
    }

    private sealed class Counter : HttpPipelineSynchronousPolicy
    {
        private int _count;

        public int Count => _count;

        public override void OnSendingRequest(HttpMessage message) => Interlocked.Increment(ref _count);
    }
}
