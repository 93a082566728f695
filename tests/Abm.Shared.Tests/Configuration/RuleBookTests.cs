using System.Xml.Linq;
using Abm.Configuration;
using Abm.TestKit;

namespace Abm.Shared.Tests.Configuration;

public sealed class RuleBookTests
{
    private static readonly AbmConfig Config = (AbmConfig.Default with
    {
        Sections = new Dictionary<string, SectionCare> { ["routing"] = new() { Owner = "Sales operations", ReviewBy = new DateOnly(2026, 9, 30), Why = "Agreed in May." } },
    }).Routing(
        new RoutingRule { Name = "Large", When = A.Test("account.employees", PredicateOp.Gte, "1000"), To = new RouteTarget.Pool("enterprise"), Why = "They buy as one." },
        RoutingRule.Unassigned);

    private static readonly RuleBookEdition Edition = new("cfg-1")
    {
        PublishedAt = new DateTimeOffset(2026, 5, 1, 9, 30, 0, TimeSpan.FromHours(2)),
        Author = "Ann",
        Approver = "Bob",
        Reason = "Spring cleaning",
        LastChanges = new Dictionary<string, SectionChange> { ["routing"] = new("cfg-0", new DateTimeOffset(2026, 4, 1, 0, 0, 0, TimeSpan.Zero), "Cleo") },
        Now = new DateTimeOffset(2026, 10, 1, 0, 0, 0, TimeSpan.Zero),
    };

    [Fact]
    public void It_says_who_published_what_when_and_why()
    {
        string book = RuleBook.Markdown(Config, Edition);

        foreach (string row in new[] { "| Version | cfg-1 |", "| In force since | 1 May 2026 07:30 UTC |", "| Published by | Ann |", "| Approved by | Bob |", "| Reason | Spring cleaning |" })
            Assert.Contains(row, book, StringComparison.Ordinal);
    }

    [Fact]
    public void Rules_stand_in_their_order_in_business_words_with_owner_and_dates()
    {
        Assert.Contains(
            """
            ## Routing

            Owner: Sales operations. To be reviewed by 30 September 2026. Last changed on 1 April 2026 00:00 UTC by Cleo in cfg-0. Why: Agreed in May.

            **The review is overdue.**

            Tried in order; the last rule has no condition.

            1. **Large** When the number of the account's employees is at least 1000.
               - Goes to: pool enterprise
               - Why: They buy as one.
            2. **Nobody configured** In every other case.
               - Goes to: queue unassigned

            """.ReplaceLineEndings("\n"),
            RuleBook.Markdown(Config, Edition),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("](javascript:alert(1))")]
    [InlineData("\"onmouseover=\"x")]
    [InlineData("a | b\n# c")]
    [InlineData("`x` **y** _z_ ![i](http://example.org/i.png)")]
    [InlineData("<img src=x onerror=alert(1)>&amp;")]
    public void Whatever_people_write_stays_text(string nasty)
    {
        AbmConfig config = (Config with
        {
            Sections = new Dictionary<string, SectionCare> { ["routing"] = new() { Owner = nasty, Why = nasty } },
            Templates = new Dictionary<string, NotificationTemplate> { [nasty] = new() { Name = nasty, Subject = nasty, Text = nasty } },
        }).Routing(new RoutingRule { Name = nasty, When = A.Test("lead.title", PredicateOp.Equals, nasty), To = new RouteTarget.Pool(nasty), Why = nasty }, RoutingRule.Unassigned);
        RuleBookEdition edition = Edition with { Author = nasty, Reason = nasty };

        string markdown = RuleBook.Markdown(config, edition);
        string html = RuleBook.Html(config, edition);

        Assert.DoesNotContain("<", markdown, StringComparison.Ordinal);
        Assert.True(nasty.AsSpan().IndexOfAny("<[|`") < 0 || !markdown.Contains(nasty, StringComparison.Ordinal), "It is not escaped.");
        Assert.Equal(RuleBook.Markdown(Config, Edition).Split('\n').Count(l => l.StartsWith('#')), markdown.Split('\n').Count(l => l.StartsWith('#')));
        XElement page = XElement.Parse(html[html.IndexOf("<html", StringComparison.Ordinal)..].Replace("<meta charset=\"utf-8\">", "", StringComparison.Ordinal).Replace("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">", "", StringComparison.Ordinal));
        Assert.DoesNotContain(page.Descendants(), e => e.Name.LocalName is "script" or "img");
        Assert.DoesNotContain(page.Descendants().Attributes(), a => a.Name.LocalName.StartsWith("on", StringComparison.OrdinalIgnoreCase));
        Assert.DoesNotContain(page.Descendants("a").Attributes("href"), a => !a.Value.StartsWith('#'));
    }

    [Fact]
    public void Every_section_has_its_chapter()
    {
        string book = RuleBook.Markdown(AbmConfig.Default, new RuleBookEdition("defaults"));

        Assert.Equal(ConfigModel.Sections.Count - 1, book.Split('\n').Count(l => l.StartsWith("## ", StringComparison.Ordinal)));
        Assert.DoesNotContain("Abm.", book, StringComparison.Ordinal);
        Assert.DoesNotContain("System.", book, StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_version_gives_the_same_book() => Assert.Equal(RuleBook.Html(Config, Edition), RuleBook.Html(Config, Edition));
}
