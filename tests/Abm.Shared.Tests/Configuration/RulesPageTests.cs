using Abm.Configuration;
using Abm.TestKit;

namespace Abm.Shared.Tests.Configuration;

/// <summary>docs/rules.md says everything that can be written; the table of lint codes is written by this test (ABM_APPROVE=1).</summary>
public sealed class RulesPageTests
{
    private static readonly string File = Path.Combine(Repository.Root, "docs", "rules.md");

    [Fact]
    public void The_page_names_every_section_field_comparison_placeholder_and_switch()
    {
        string page = System.IO.File.ReadAllText(File);
        string[] names =
        [
            .. ConfigModel.Sections,
            .. FactFields.AfterScoring,
            .. Enum.GetNames<PredicateOp>().Select(n => char.ToLowerInvariant(n[0]) + n[1..]),
            .. NotificationTemplate.Placeholders.Select(p => $"{{{p}}}"),
            .. ConfigModel.Of<FeatureSwitches>().Properties.Select(p => p.Name),
        ];

        Assert.DoesNotContain(names, n => !page.Contains($"`{n}`", StringComparison.Ordinal));
    }

    [Fact]
    public void The_page_lists_every_lint_code_as_it_is()
    {
        string[] rows = [.. LintCodes.All.Select(c => $"| `{c.Code}` | {c.Severity.ToString().ToLowerInvariant()} | {c.Finds} | {c.Mend} |")];
        string page = System.IO.File.ReadAllText(File);
        if (Environment.GetEnvironmentVariable("ABM_APPROVE") == "1")
        {
            string[] lines = page.Split('\n');
            int head = Array.IndexOf(lines, "| code | | what it finds | what to do |");
            int end = Array.FindIndex(lines, head, l => l.Length > 0 && !l.StartsWith("| ", StringComparison.Ordinal) && !l.StartsWith("|-", StringComparison.Ordinal));
            page = string.Join('\n', [.. lines[..(head + 2)], .. rows, "", .. lines[end..]]);
            System.IO.File.WriteAllText(File, page);
        }

        Assert.DoesNotContain(rows, r => !page.Contains(r, StringComparison.Ordinal));
    }
}
