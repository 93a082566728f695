using System.Reflection;
using Abm.Matching;

namespace Abm.Evaluation.Learning;

/// <summary>The weights that evidence is multiplied with, as a vector.</summary>
internal static class Parameters
{
    // What only scales other weights is not learned.
    private static readonly string[] Fixed = [nameof(MatchWeights.CommonNameBits), nameof(MatchWeights.RareNameBits)];

    private static readonly PropertyInfo[] Weights = [.. typeof(MatchWeights).GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.PropertyType == typeof(double) && !Fixed.Contains(property.Name))];

    // Found by trying: the weight whose change changes what a kind of evidence is worth.
    private static readonly int[] OfKind = [.. Enum.GetValues<EvidenceKind>().Select(kind => Array.FindIndex(Weights, property => Changed(property).Of(kind) != MatchWeights.Default.Of(kind)))];

    public static int Count => Weights.Length;

    public static string Name(int parameter) => Weights[parameter].Name;

    public static int Index(string name) => Array.FindIndex(Weights, property => property.Name == name);

    /// <summary>Which weight a kind of evidence has; -1 for what is missing.</summary>
    public static int Of(EvidenceKind kind) => OfKind[(int)kind];

    public static double[] Read(MatchWeights weights) => [.. Weights.Select(property => (double)property.GetValue(weights)!)];

    public static MatchWeights Write(IReadOnlyList<double> values)
    {
        MatchWeights weights = MatchWeights.Default with { };
        for (int i = 0; i < Weights.Length; i++)
            Weights[i].SetValue(weights, Math.Round(values[i], 3));
        return weights;
    }

    private static MatchWeights Changed(PropertyInfo property)
    {
        MatchWeights weights = MatchWeights.Default with { };
        property.SetValue(weights, (double)property.GetValue(weights)! + 1);
        return weights;
    }
}
