namespace Abm.Benchmarks.Harness;

/// <summary>How a run of the benchmarks goes.</summary>
/// <param name="IsQuick">Small counts, one repetition: shows that everything works, not how fast it is.</param>
/// <param name="Accounts">The matcher among so many accounts only; null: 10,000, 100,000 and 1,000,000.</param>
/// <param name="Plays">So many open plays; null: 20,000.</param>
internal sealed record BenchmarkOptions(bool IsQuick, int? Accounts, int? Plays)
{
    /// <summary>How often each figure is measured; the median is reported.</summary>
    public int Repetitions => IsQuick ? 1 : 5;

    /// <summary>One count for a real run, another for a quick one.</summary>
    public int Count(int real, int quick) => IsQuick ? quick : real;
}
