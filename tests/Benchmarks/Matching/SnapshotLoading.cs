using Abm.Accounts;
using Abm.Benchmarks.Harness;

namespace Abm.Benchmarks.Matching;

internal static class SnapshotLoading
{
    public static Task<(string Snapshot, string Loaded)> MeasureAsync(AccountIndex index, BenchmarkOptions options) => Task.FromResult(("-", "-"));
}

internal sealed class Trigrams : IAsyncDisposable
{
    public static Task<Trigrams?> OpenAsync() => Task.FromResult<Trigrams?>(null);
    public Task<(string, double)> MeasureAsync(string[] names, List<Abm.Leads.Lead> leads, BenchmarkOptions options) => throw new NotSupportedException();
    public ValueTask DisposeAsync() => default;
}
