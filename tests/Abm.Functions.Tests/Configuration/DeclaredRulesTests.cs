using System.Text.Json.Nodes;
using Abm.Configuration;
using Abm.Functions.Configuration;

namespace Abm.Functions.Tests.Configuration;

/// <summary>A kind of rule that the product does not know is declared here, and here only: schema, reading, checks, lint, differences, canonical text and rule book know it by that.</summary>
public sealed class DeclaredRulesTests
{
    private const string Good =
        """
        discounts:
          - name: Large in Europe
            when: { all: [{ field: account.employees, op: gte, value: 1000 }, { field: account.countryCode, op: in, value: [DE, FR] }] }
            percent: 12.5
            countries: [DE, FR]
            thenAlso: Everybody
          - { name: Large, when: { field: account.employees, op: gte, value: 1000 }, percent: 10, calendar: office }
          - { name: Everybody, percent: 0 }
        calendars:
          office: { zone: Europe/Berlin, week: { monday-friday: ["09:00-17:00"] } }
        sections:
          discounts: { owner: Deal desk, reviewBy: 2027-01-31 }
        """;

    private static readonly LintContext Context = new(new DateTimeOffset(2026, 10, 1, 0, 0, 0, TimeSpan.Zero)) { Reps = [] };

    [Fact]
    public void It_is_read_from_its_declaration()
    {
        Trial config = Accepted(Good);

        Assert.Equal(["Large in Europe", "Large", "Everybody"], config.Discounts.Select(r => r.Name));
        Assert.Equal((12.5, "Everybody"), (config.Discounts[0].Percent, config.Discounts[0].ThenAlso));
        Assert.Equal(["DE", "FR"], config.Discounts[0].Countries);
    }

    [Theory]
    [InlineData("percent: 0", "percnt: 0", "unknownKey", "discounts[2].percnt", 8, 24)]
    [InlineData("percent: 12.5", "percent: 80", "outOfRange", "discounts[0].percent", 4, 5)]
    [InlineData("percent: 12.5", "percent: NaN", "wrongType", "discounts[0].percent", 4, 14)]
    [InlineData("countries: [DE, FR]", "countries: [DE, France]", "badValues", "discounts[0].countries[1]", 5, 21)]
    [InlineData("calendar: office", "calendar: ofice", "unknownReference", "discounts[1].calendar", 7, 91)]
    [InlineData("name: Large,", "name: EVERYBODY,", "duplicate", "discounts[2]", 8, 5)]
    [InlineData("field: account.employees, op: gte, value: 1000 }, {", "field: score.points, op: gte, value: 10 }, {", "unknownField", "discounts[0].when.all[0].field", 3, 28)]
    [InlineData("{ name: Everybody, percent: 0 }", "{ name: Everybody, percent: 0, when: { field: account.known, op: equals, value: true } }", "noCatchAll", "discounts", 1, 1)]
    [InlineData("{ name: Everybody, percent: 0 }", "{ name: Everybody, percent: 0, thenAlso: Large in Europe }", "cycle", "discounts[2].thenAlso", 8, 36)]
    [InlineData("discounts: { owner: Deal desk", "discont: { owner: Deal desk", "unknownReference", "sections.discont", 12, 12)]
    public void What_is_wrong_with_it_is_named_with_line_and_column(string right, string wrong, string code, string path, long line, long column)
    {
        ConfigDocument<Trial> document = Read(Good.Replace(right, wrong, StringComparison.Ordinal));

        ConfigFileProblem? found = document.Problems.FirstOrDefault(p => p.Code == code && p.Path == path);
        Assert.True(found is not null, string.Join("; ", document.Problems));
        Assert.Equal((line, column), (found.Line, found.Column));
    }

    [Fact]
    public void It_is_linted_like_every_other()
    {
        Trial config = Accepted(Good.Replace("2027-01-31", "2026-01-31", StringComparison.Ordinal));
        Trial swapped = config with { Discounts = [config.Discounts[1], config.Discounts[0], config.Discounts[2]] };

        LintFinding[] found = [.. ConfigLint.Findings(swapped, Context)];

        Assert.Equal([LintCodes.Shadowed, LintCodes.Stale], found.Select(f => f.Code));
        Assert.Equal("discounts[1]", found[0].Path);
        Assert.Equal("'Large in Europe' never decides: whenever it holds, 'Large' before it holds too.", found[0].Says);
        Assert.Empty(ConfigLint.Findings(Accepted(Good), Context));
    }

    [Fact]
    public void Its_differences_are_told_in_its_own_words()
    {
        Trial before = Accepted(Good);
        Trial after = before with
        {
            Discounts = [before.Discounts[1] with { Percent = 11 }, before.Discounts[0], before.Discounts[2]],
            Sections = new Dictionary<string, SectionCare>(),
        };

        Assert.Equal(
            [
                "discounts[Large].percent Changed: Discounts › Large › discount: 11 % instead of 10 %.",
                "discounts[Large in Europe] Moved: Discounts › Large in Europe now stands after 'Large'.",
                "sections.discounts Removed: Care of the sections › discounts is gone; it was: owner: Deal desk, to be reviewed by: 2027-01-31.",
            ],
            ConfigDiff.Between(before, after).Select(c => $"{c.Path} {c.Kind}: {c.Says}"));
    }

    [Fact]
    public void The_schema_describes_it_to_editors()
    {
        JsonNode schema = JsonNode.Parse(ConfigSchema.Of(ConfigModel.Of<Trial>()))!;

        JsonNode rule = schema["$defs"]!["DiscountRule"]!;
        Assert.Equal(["name", "percent"], rule["required"]!.AsArray().Select(r => (string)r!));
        Assert.Equal(50, (int)rule["properties"]!["percent"]!["maximum"]!);
        Assert.Equal("Discount (%).", (string)rule["properties"]!["percent"]!["description"]!);
    }

    [Fact]
    public void The_rule_book_tells_it()
    {
        string book = MarkdownBook.Write(RuleBookPages.Of(Accepted(Good), new RuleBookEdition("v1")));

        Assert.Contains("## Discounts\n\nOwner: Deal desk. To be reviewed by 31 January 2027.\n\n", book, StringComparison.Ordinal);
        Assert.Contains("1. **Large in Europe** When the number of the account's employees is at least 1000 and the account's country is one of DE, FR.\n   - Discount: 12.5 %\n", book, StringComparison.Ordinal);
        Assert.Contains("3. **Everybody** In every other case.\n", book, StringComparison.Ordinal);
    }

    [Fact]
    public void Its_canonical_text_reads_back() =>
        Assert.Equal(Canonical(Accepted(Good)), Canonical(Assert.IsType<Trial>(
            ConfigDocument.Read(CanonicalConfig.Read(Canonical(Accepted(Good))), [], () => new Trial(), nullIsValue: true).Config)));

    [Fact]
    public void It_is_found_by_whoever_goes_through_all_rules() =>
        Assert.Equal(["discounts True 3"], RuleLists.Of(Accepted(Good)).Select(l => $"{l.Path} {l.FirstDecides} {l.Rules.Count}"));

    private static string Canonical(Trial config) => CanonicalConfig.Write(ConfigModel.Of<Trial>().Write(config));

    private static Trial Accepted(string yaml)
    {
        ConfigDocument<Trial> document = Read(yaml);
        return document.Config ?? throw new InvalidOperationException(string.Join(Environment.NewLine, document.Problems));
    }

    private static ConfigDocument<Trial> Read(string yaml)
    {
        List<ConfigFileProblem> problems = [];
        ConfigNode.Mapping root = YamlNodes.Read("x.yaml", yaml, problems)!;
        return ConfigDocument.Read(root, problems, () => new Trial());
    }
}

/// <summary>A configuration with a kind of rule of its own.</summary>
[Says("configuration with discounts")]
internal sealed record Trial
{
    [Says("discounts"), UniqueBy("name", "discount"), DecisionList(Because = "so that every deal has a discount"), BeforeScoring]
    public IReadOnlyList<DiscountRule> Discounts { get; init; } = [];

    [Says("working calendars"), Definitions("calendar", AlsoNamedByReps = true)]
    public IReadOnlyDictionary<string, CalendarRules> Calendars { get; init; } = new Dictionary<string, CalendarRules>();

    [Says("care of the sections"), RefersTo("", "section")]
    public IReadOnlyDictionary<string, SectionCare> Sections { get; init; } = new Dictionary<string, SectionCare>();
}

/// <summary>The kind of rule.</summary>
[Says("discount")]
internal sealed record DiscountRule : IRule
{
    [Says("name")]
    public required string Name { get; init; }

    [Says("when")]
    public Predicate? When { get; init; }

    [Says("discount", Unit = "%"), Between(0, 50)]
    public required double Percent { get; init; }

    [Says("countries"), Format(TextFormat.Country)]
    public IReadOnlyList<string> Countries { get; init; } = [];

    [Says("calendar"), RefersTo("calendars", "calendar")]
    public string? Calendar { get; init; }

    [Says("then also"), RefersTo("discounts", "discount", NoCycles = true)]
    public string? ThenAlso { get; init; }
}
