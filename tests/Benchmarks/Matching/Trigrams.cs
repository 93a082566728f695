using Abm.Benchmarks.Harness;
using Abm.Leads;
namespace Abm.Benchmarks.Matching;
internal sealed class Trigrams : IAsyncDisposable
{
    public static Task<Trigrams?> OpenAsync() => Task.FromResult<Trigrams?>(null);
    public Task<(string, double)> MeasureAsync(string[] names, List<Lead> leads, BenchmarkOptions options) => throw new NotSupportedException();
    public ValueTask DisposeAsync() => default;
}
