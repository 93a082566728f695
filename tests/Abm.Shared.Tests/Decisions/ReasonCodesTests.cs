using System.Reflection;
using Abm.Decisions;

namespace Abm.Shared.Tests.Decisions;

public sealed class ReasonCodesTests
{
    private static readonly (string Owner, string Code)[] Codes =
    [
        .. typeof(Reason).Assembly.GetTypes()
            .Where(t => t.Name.EndsWith("Reasons", StringComparison.Ordinal))
            .SelectMany(t => t.GetFields(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static).Where(f => f.IsLiteral).Select(f => ($"{t.Name}.{f.Name}", (string)f.GetRawConstantValue()!))),
    ];

    [Fact]
    public void Every_reason_code_means_one_thing()
    {
        Assert.NotEmpty(Codes);
        Assert.Empty(Codes.GroupBy(c => c.Code).Where(g => g.Count() > 1).Select(g => $"{g.Key}: {string.Join(", ", g.Select(c => c.Owner))}"));
    }

    [Fact]
    public void Every_reason_code_is_dotted_and_begins_lower_case()
    {
        Assert.All(Codes, c => Assert.Matches("^[a-z]+(\\.[a-z][a-zA-Z0-9]*)+$", c.Code));
    }

    [Fact]
    public void Shared_knows_no_Azure_and_no_worker()
    {
        string[] references = [.. typeof(Reason).Assembly.GetReferencedAssemblies().Select(a => a.Name!)];

        Assert.DoesNotContain(references, r => r.StartsWith("Azure", StringComparison.Ordinal) || r.StartsWith("Microsoft.", StringComparison.Ordinal) || r.StartsWith("Abm.", StringComparison.Ordinal));
        Assert.All(references, r => Assert.True(r.StartsWith("System", StringComparison.Ordinal) || r is "NodaTime" or "netstandard", r));
    }
}
