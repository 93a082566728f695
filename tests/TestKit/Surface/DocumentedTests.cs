using System.Text.RegularExpressions;

namespace Abm.TestKit;

/// <summary>One row of a table that says what holds a fact.</summary>
/// <param name="Fact">The first cell.</param>
/// <param name="HeldBy">The second cell.</param>
/// <param name="Tests">The tests that the second cell names: class and method.</param>
public sealed record DocumentedFact(string Fact, string HeldBy, IReadOnlyList<(string Class, string Method)> Tests);

/// <summary>Reads tables of <c>docs/</c> whose second column is headed <c>Held by</c>: <c>`Class`: `Method`, `Method`; `Class`: …</c>.</summary>
public static partial class DocumentedTests
{
    /// <summary>The rows of all such tables of a page.</summary>
    public static IReadOnlyList<DocumentedFact> In(string page)
    {
        List<DocumentedFact> facts = [];
        bool isHeld = false;
        foreach (string line in File.ReadLines(Path.Combine(Repository.Root, "docs", page)))
        {
            if (!line.StartsWith('|'))
                isHeld = false;
            else if (Cells(line) is [_, "Held by"])
                isHeld = true;
            else if (isHeld && Cells(line) is [var fact, var tests] && !fact.StartsWith("---", StringComparison.Ordinal))
                facts.Add(new DocumentedFact(fact, tests, [.. Read(tests)]));
        }

        return facts;
    }

    /// <summary>Whether a source file under <c>tests/</c> that is named after the class has a test of that name.</summary>
    public static bool IsInSources(string @class, string method) => Directory
        .EnumerateFiles(Path.Combine(Repository.Root, "tests"), $"{@class}.cs", SearchOption.AllDirectories)
        .Any(file => HasTest(File.ReadAllLines(file), method));

    private static bool HasTest(string[] lines, string method)
    {
        int at = Array.FindIndex(lines, line => line.TrimStart().StartsWith("public ", StringComparison.Ordinal) && line.Contains($" {method}(", StringComparison.Ordinal));
        while (--at >= 0 && lines[at].TrimStart().StartsWith('['))
            if (TestAttribute().IsMatch(lines[at]))
                return true;
        return false;
    }

    private static string[] Cells(string line) => [.. line.Trim().Trim('|').Split('|').Select(cell => cell.Trim())];

    private static IEnumerable<(string Class, string Method)> Read(string cell)
    {
        string @class = "";
        foreach (string name in Code().Matches(cell).Select(match => match.Groups["name"].Value))
        {
            if (ClassName().IsMatch(name))
                @class = name;
            else if (name.Contains('_', StringComparison.Ordinal))
                yield return (@class, name);
        }
    }

    [GeneratedRegex(@"^\s*\[(Fact|Theory|Property)\b")]
    private static partial Regex TestAttribute();

    [GeneratedRegex("`(?<name>[A-Za-z0-9_]+)`")]
    private static partial Regex Code();

    [GeneratedRegex("^[A-Za-z0-9]+(Tests|Laws)$")]
    private static partial Regex ClassName();
}
