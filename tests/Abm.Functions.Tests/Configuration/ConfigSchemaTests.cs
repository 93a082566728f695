using System.Text.Json.Nodes;
using Abm.Configuration;
using Abm.Functions.Configuration;
using Abm.TestKit;

namespace Abm.Functions.Tests.Configuration;

/// <summary>The schema is checked with an implementation that is not ours.</summary>
public sealed class ConfigSchemaTests
{
    private static readonly string[] Wrong =
    [
        "matching: { automaticFrm: 7 }",
        "scorng: {}",
        "matching: { automaticFrom: much }",
        "matching: { domainOnly: somtimes }",
        "routing: [{ name: x }]",
        "routing: [{ name: x, to: { pol: a } }]",
        "routing: [{ name: x, to: { pool: a, queue: b } }]",
        "routing: [{ name: x, when: { all: [], any: [] }, to: { queue: a } }]",
        "routing: [{ name: x, when: { field: account.industri, op: equals, value: a }, to: { queue: a } }]",
        "routing: [{ name: x, when: { field: account.industry, op: is, value: a }, to: { queue: a } }]",
        "slaPolicies: { a: { budget: 4 hours } }",
        "slaPolicies: { a: { budget: 4h, ladder: [{ at: 2000, do: breach }] } }",
        "calendars: { a: { zone: Etc/UTC, week: { mondays: [] } } }",
        "calendars: { a: { zone: Etc/UTC, week: { monday: ['9 to 5'] } } }",
        "pools: { a: { weights: { R1: 0 } } }",
        "plays: [{ name: Inbound Play, firstTouch: [{ policy: first-touch }] }]",
        "features: { matching: maybe }",
        "publishing: { maxFlipsPercent: 101 }",
        "sections: { routing: { reviewBy: soon } }",
    ];

    private static readonly string Shipped = Path.Combine(SampleConfig.Folder, "abm.schema.json");

    [Fact]
    public void The_shipped_schema_is_the_one_that_the_model_gives()
    {
        if (Environment.GetEnvironmentVariable("ABM_APPROVE") == "1")
            File.WriteAllText(Shipped, ConfigSchema.Json());

        Assert.True(File.ReadAllText(Shipped) == ConfigSchema.Json(), "The model has changed: run this test with ABM_APPROVE=1 and commit samples/config/abm.schema.json.");
    }

    [Fact]
    public async Task Every_sample_file_fits_the_schema_and_names_it_for_editors()
    {
        IReadOnlyList<ConfigFile> files = await SampleConfig.FilesAsync();

        Assert.All(files, file => Assert.StartsWith("# yaml-language-server: $schema=abm.schema.json\n", file.Text, StringComparison.Ordinal));
        Assert.DoesNotContain(await SchemaCheck.ProblemsAsync(files.Select(f => SchemaCheck.Json(f.Text))), p => p is not null);
    }

    [Fact]
    public async Task Every_mended_lint_sample_and_what_the_product_writes_itself_fit_the_schema()
    {
        string[] mended = Directory.GetFiles(Path.Combine(Repository.Root, "tests", "Abm.Functions.Tests", "Configuration", "Lint"), "*.good.yaml");
        string[] written = [(await SampleConfig.ReadAsync()).Canonical, EffectiveConfig.Write(AbmConfig.Default)];

        IReadOnlyList<string?> problems = await SchemaCheck.ProblemsAsync([.. mended.Select(f => SchemaCheck.Json(File.ReadAllText(f))), .. written.Select(w => JsonNode.Parse(w))]);

        Assert.Equal(mended.Length + 2, problems.Count);
        Assert.DoesNotContain(problems, p => p is not null);
    }

    [Fact]
    public async Task An_editor_marks_what_reading_would_refuse()
    {
        IReadOnlyList<string?> problems = await SchemaCheck.ProblemsAsync(Wrong.Select(SchemaCheck.Json));

        Assert.All(Wrong.Zip(problems), pair => Assert.True(pair.Second is not null, pair.First));
        Assert.All(Wrong, yaml => Assert.IsType<ConfigReading.Refused>(ConfigReader.Read([new ConfigFile("x.yaml", yaml)])));
    }

    [Fact]
    public void Everything_that_can_be_written_says_what_it_is()
    {
        JsonNode schema = JsonNode.Parse(ConfigSchema.Json())!;

        foreach ((string name, JsonNode? part) in schema["$defs"]!.AsObject())
        {
            Assert.True(part!["description"] is not null, name);
            foreach ((string property, JsonNode? of) in part["properties"]?.AsObject() ?? [])
                Assert.True(of!["description"] is not null, $"{name}.{property}");
        }
    }
}
