using System.Reflection;
using Abm.TestKit;

namespace Abm.Functions.Tests.Platform;

/// <summary>The table of rules in <c>docs/azure-build.md</c> cannot rot.</summary>
public sealed class DocumentedRulesTests
{
    private static readonly HashSet<(string Class, string Method)> Tests = typeof(DocumentedRulesTests).Assembly.GetTypes()
        .SelectMany(type => type.GetMethods().Where(method => method.GetCustomAttributes().Any(attribute => attribute is FactAttribute)).Select(method => (type.Name, method.Name)))
        .ToHashSet();

    [Fact]
    public void Every_rule_names_tests_that_exist_or_says_why_it_was_only_looked_at()
    {
        IReadOnlyList<DocumentedFact> rules = DocumentedTests.In("azure-build.md");

        Assert.True(rules.Count >= 20, $"{rules.Count} rules were found.");
        Assert.All(rules, rule => Assert.True(rule.Tests.Count > 0 || rule.HeldBy.StartsWith("reviewed: ", StringComparison.Ordinal), $"No test is named for: {rule.Fact}"));
        Assert.All(rules.SelectMany(rule => rule.Tests), test => Assert.Contains(test, Tests));
    }

    [Fact]
    public void Every_test_that_is_named_after_a_rule_stands_in_the_table()
    {
        HashSet<(string, string)> named = DocumentedTests.In("azure-build.md").SelectMany(rule => rule.Tests).ToHashSet();

        Assert.All(Tests.Where(test => test.Method.StartsWith("AZFW", StringComparison.Ordinal) || test.Method.StartsWith("DURABLE", StringComparison.Ordinal)), test => Assert.Contains(test, named));
    }
}
