using System.Globalization;

namespace Abm.Benchmarks.Harness;

/// <summary>Repeated measurements of one figure.</summary>
internal sealed class Stats(IEnumerable<double> values)
{
    private readonly double[] _sorted = [.. values.Order()];

    public double Median => Percentile(0.5);

    public double Min => _sorted[0];

    public double Max => _sorted[^1];

    public int Count => _sorted.Length;

    /// <summary>The value that the given share of all values does not exceed (nearest rank; the mean of the middle two for the median of an even count).</summary>
    public double Percentile(double share)
    {
        if (_sorted.Length == 0)
            throw new InvalidOperationException("Nothing was measured.");
        if (share == 0.5 && _sorted.Length % 2 == 0)
            return (_sorted[(_sorted.Length / 2) - 1] + _sorted[_sorted.Length / 2]) / 2;
        return _sorted[Math.Clamp((int)Math.Ceiling(share * _sorted.Length) - 1, 0, _sorted.Length - 1)];
    }
}

/// <summary>Figures as text: three significant digits, so that nobody reads more into them than was measured.</summary>
internal static class Figure
{
    public static string Of(double value)
    {
        if (double.IsNaN(value) || double.IsInfinity(value))
            return "–";
        double size = Math.Abs(value);
        int digits = size switch { >= 100 or 0 => 0, >= 10 => 1, >= 1 => 2, >= 0.1 => 3, _ => 4 };
        double rounded = size >= 1000 ? Math.Round(value / Math.Pow(10, Math.Floor(Math.Log10(size)) - 2)) * Math.Pow(10, Math.Floor(Math.Log10(size)) - 2) : value;
        return rounded.ToString($"N{digits}", CultureInfo.InvariantCulture);
    }

    public static string Median(Stats stats) => Of(stats.Median);

    /// <summary>The median, and from where to where the repetitions went.</summary>
    public static string Spread(Stats stats, string unit) => stats.Count == 1 ? $"{Of(stats.Median)} {unit}" : $"{Of(stats.Median)} {unit} ({Of(stats.Min)}–{Of(stats.Max)})";

    /// <summary>Median and 99th percentile of single durations in milliseconds.</summary>
    public static string Latency(Stats milliseconds) => $"p50 {Of(milliseconds.Median)} ms, p99 {Of(milliseconds.Percentile(0.99))} ms";

    public static string Megabytes(double bytes) => $"{Of(bytes / (1024 * 1024))} MiB";

    public static string Share(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);
}
