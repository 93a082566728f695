using System.Globalization;
using Abm.Functions.Intake;
using Abm.TestKit;

namespace Abm.Functions.Tests.Intake;

public sealed class ApiPageTests
{
    [Fact]
    public void The_page_names_every_field_of_a_lead_with_its_limit()
    {
        string[] lines = File.ReadAllLines(Path.Combine(Repository.Root, "docs", "api.md"));

        foreach (SubmissionField known in SubmissionFields.All)
        {
            Assert.Contains(lines, line => line.StartsWith(string.Create(CultureInfo.InvariantCulture, $"| `{known.Property}` | `{known.Column}`"), StringComparison.Ordinal)
                && line.Contains(string.Create(CultureInfo.InvariantCulture, $"| {known.MaxLength} characters"), StringComparison.Ordinal));
        }
    }
}
