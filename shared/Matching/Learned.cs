using System.Collections.Frozen;
using System.Globalization;

namespace Abm.Matching;

/// <summary>Numbers of the matching model that were learned from labelled leads: <c>weights.csv</c> in the assembly.</summary>
internal static class Learned
{
    private static readonly Lazy<FrozenDictionary<string, string>> Loaded = new(Load);

    /// <summary>Which learning they come from.</summary>
    public static string Version => Loaded.Value["version"];

    public static double Value(string name) => double.Parse(Loaded.Value[name], NumberStyles.Float, CultureInfo.InvariantCulture);

    private static FrozenDictionary<string, string> Load()
    {
        using Stream stream = typeof(Learned).Assembly.GetManifestResourceStream("Abm.Matching.weights.csv") ?? throw new InvalidOperationException("The learned weights are not embedded in the assembly.");
        using var reader = new StreamReader(stream);
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        while (reader.ReadLine() is { } line)
        {
            int at = line.IndexOf(';', StringComparison.Ordinal);
            if (at > 0 && line[0] != '#')
                values[line[..at]] = line[(at + 1)..];
        }

        return values.ToFrozenDictionary(StringComparer.Ordinal);
    }
}
