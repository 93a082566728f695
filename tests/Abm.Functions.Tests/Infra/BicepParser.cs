using System.Text.Json;
using System.Text.RegularExpressions;
using Abm.TestKit;

namespace Abm.Functions.Tests.Infra;

/// <summary>Reads Bicep with its tree-sitter grammar: syntax only, no types and no linter.</summary>
internal static partial class BicepParser
{
    public static readonly string Folder = Path.Combine(Repository.Root, "tests", "bicep");

    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { MaxDepth = 1_000 };

    /// <param name="texts">By file name: one that ends in <c>.bicepparam</c> is read as a parameters file.</param>
    public static async Task<IReadOnlyDictionary<string, BicepNode>> ParseAsync(IReadOnlyDictionary<string, string> texts, CancellationToken cancellationToken)
    {
        string input = JsonSerializer.Serialize(texts.ToDictionary(t => t.Key, t => Readable(t.Key, t.Value), StringComparer.Ordinal));
        string output = await NodeScript.RunAsync(Folder, "tree-sitter-bicep", "the grammar of Bicep", "parse.mjs", input, cancellationToken);
        return JsonSerializer.Deserialize<Dictionary<string, BicepNode>>(output, Options)!;
    }

    /// <summary>
    /// The grammar (1.1.0) reads <c>param name = value</c> of a parameters file as a declaration without its type, so it is shown as <c>var</c>, which has the same shape.
    /// The spaces keep every column where it is.
    /// </summary>
    private static string Readable(string name, string text) => name.EndsWith(".bicepparam", StringComparison.Ordinal) ? Assignment().Replace(text, "var   ${name} =") : text;

    [GeneratedRegex(@"^param (?<name>\w+) =", RegexOptions.Multiline)]
    private static partial Regex Assignment();
}
