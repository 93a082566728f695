using System.Reflection;
using Abm.TestKit;

namespace Abm.Local.Tests.Surface;

/// <summary>The tables in <c>docs/</c> that say which test holds which fact cannot rot.</summary>
public sealed class DocumentedFactsTests
{
    private static readonly HashSet<(string Class, string Method)> Tests = typeof(DocumentedFactsTests).Assembly.GetTypes()
        .Where(type => type is { IsAbstract: false, IsClass: true })
        .SelectMany(type => type.GetMethods().Where(IsTest).Select(method => (type.Name, method.Name)))
        .ToHashSet();

    public static TheoryData<string, int> Pages => new()
    {
        { "local-runtime.md", 55 },
        { "local-runtime-durable.md", 35 },
        { "local-runtime-servicebus.md", 25 },
        { "local-runtime-tables.md", 30 },
    };

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_fact_names_tests_that_exist(string page, int atLeast)
    {
        IReadOnlyList<DocumentedFact> facts = DocumentedTests.In(page);

        Assert.True(facts.Count >= atLeast, $"{facts.Count} facts were found on {page}.");
        Assert.All(facts, fact => Assert.True(fact.Tests.Count > 0, $"{page}: no test is named for: {fact.Fact}"));
        string[] missing = [.. facts.SelectMany(fact => fact.Tests).Distinct().Where(test => !Tests.Contains(test) && !DocumentedTests.IsInSources(test.Class, test.Method)).Select(test => $"{test.Class}.{test.Method}")];
        Assert.True(missing.Length == 0, $"{page} names tests that are not there:\n{string.Join('\n', missing)}");
    }

    [Fact]
    public void Every_page_with_such_a_table_is_checked_somewhere()
    {
        string[] pages = [.. Directory.EnumerateFiles(Path.Combine(Repository.Root, "docs"), "*.md", SearchOption.AllDirectories)
            .Where(file => File.ReadLines(file).Any(line => line.EndsWith("| Held by |", StringComparison.Ordinal)))
            .Select(file => Path.GetFileName(file))
            .Order(StringComparer.Ordinal)];

        Assert.Equal([.. Pages.Select(page => page.Data.Item1).Append("azure-build.md").Order(StringComparer.Ordinal)], pages);
    }

    [Fact]
    public void A_test_that_is_not_there_is_found_out()
    {
        Assert.True(DocumentedTests.IsInSources(nameof(DocumentedFactsTests), nameof(A_test_that_is_not_there_is_found_out)));
        Assert.False(DocumentedTests.IsInSources(nameof(DocumentedFactsTests), "Nobody_wrote_this"));
        Assert.DoesNotContain((nameof(DocumentedFactsTests), nameof(IsTest)), Tests);
    }

    private static bool IsTest(MethodInfo method) =>
        method.GetCustomAttributes().Any(attribute => attribute.GetType().Name is "FactAttribute" or "TheoryAttribute" or "PropertyAttribute") || method.ReturnType.Name == "Property";
}
