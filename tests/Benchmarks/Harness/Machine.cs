using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Abm.TestKit;

namespace Abm.Benchmarks.Harness;

/// <summary>On what the figures were measured.</summary>
internal static class Machine
{
    public static void Describe(Report report, BenchmarkOptions options)
    {
        report.Table("measured", "");
        report.Row("date", DateTimeOffset.UtcNow.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture));
        report.Row("processor", $"{Processor()}, {Environment.ProcessorCount} cores for this process");
        report.Row("memory", Figure.Megabytes(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes));
        report.Row("system", $"{RuntimeInformation.OSDescription}, {RuntimeInformation.OSArchitecture}");
        report.Row(".NET", $"{RuntimeInformation.FrameworkDescription}, {Repository.Configuration} build");
        report.Row("Azurite", $"{AzuriteVersion()}, in memory, on the same machine");
        report.Row("load average before", LoadAverage());
        report.Row("repetitions", options.IsQuick ? "1 (--quick: shows that it works, not how fast it is)" : $"{options.Repetitions}; medians, range in brackets");
        report.Line("");
    }

    /// <summary>The load averages of 1, 5 and 15 minutes.</summary>
    public static string LoadAverage() => File.Exists("/proc/loadavg")
        ? string.Join(' ', File.ReadAllText("/proc/loadavg").Split(' ').Take(3))
        : "not known on this system";

    private static string AzuriteVersion()
    {
        string manifest = Path.Combine(Repository.Root, "node_modules", "azurite", "package.json");
        return File.Exists(manifest) ? (string?)JsonNode.Parse(File.ReadAllText(manifest))?["version"] ?? "?" : "not restored yet";
    }

    private static string Processor()
    {
        const string Info = "/proc/cpuinfo";
        string? model = File.Exists(Info)
            ? File.ReadLines(Info).FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':', 2)[1].Trim()
            : Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER");
        return model is { Length: > 0 } ? model : RuntimeInformation.ProcessArchitecture.ToString();
    }
}
