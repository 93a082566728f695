namespace Abm.Benchmarks.Harness;

/// <summary>How a run of the benchmarks goes.</summary>
/// <param name="IsQuick">Small counts, one repetition: shows that everything works, not how fast it is.</param>
/// <param name="WithMillion">Whether the matcher is measured with a million accounts, too.</param>
internal sealed record BenchmarkOptions(bool IsQuick, bool WithMillion)
{
    /// <summary>How often each figure is measured; the median is reported.</summary>
    public int Repetitions => IsQuick ? 1 : 5;

    /// <summary>One count for a real run, another for a quick one.</summary>
    public int Count(int real, int quick) => IsQuick ? quick : real;
}
