using System.Globalization;
using Abm.Configuration;
using Abm.Functions.Configuration;
using Abm.Matching;
using Abm.TestKit;

namespace Abm.Functions.Tests.Configuration;

public sealed class EffectiveConfigTests
{
    [Fact]
    public async Task The_sample_reads_back_equal_field_by_field()
    {
        ConfigReading.Accepted sample = await SampleConfig.ReadAsync();

        ConfigReading.Accepted again = Assert.IsType<ConfigReading.Accepted>(EffectiveConfig.Read(sample.Canonical));

        Assert.Empty(Deep.Differences(sample.Config, again.Config));
        Assert.Equal(sample.Canonical, EffectiveConfig.Write(again.Config));
        Assert.Equal(sample.Config.Version, EffectiveConfig.VersionOf(sample.Canonical));
    }

    [Fact]
    public void A_configuration_that_uses_every_kind_of_value_reads_back_equal_field_by_field()
    {
        Predicate odd = new Predicate.All(
        [
            new Predicate.Not(new Predicate.Any([new Predicate.Test("lead.custom.öäü \"x\"", PredicateOp.Regex, [@"^\d+\s{2}"]), new Predicate.Test("lead.title", PredicateOp.Exists, [])])),
            new Predicate.Test("account.employees", PredicateOp.Between, ["1", "2.5"]),
            new Predicate.Test("account.owner", PredicateOp.Exists, ["false"]),
            new Predicate.Test("lead.countryCode", PredicateOp.In, ["NO", "no ", "010"]),
        ]);
        AbmConfig config = AbmConfig.Default with
        {
            Matching = MatchModel.Default with { AutomaticFrom = 1.0 / 3, ReviewFrom = 1e-7, DomainOnly = DomainOnlyPolicy.Always },
            Scoring = new ScoringRules { Rules = [new() { Name = "x", Points = -0.1, When = odd, Why = "because\nof it" }] },
            Personas = [new() { Persona = "P", TitleHas = ["a"], UnlessTitleHas = ["b", "c"] }],
            Routing = [new() { Name = "r", When = odd, To = new RouteTarget.NamedRep(Decisions.RepId.Parse("R1")) }, new() { Name = "s", When = odd, To = new RouteTarget.Suppress() }, RoutingRule.Unassigned],
            Pools = new Dictionary<string, PoolRules>
            {
                ["b.x"] = new() { Name = "b.x", Caps = [new() { Per = CapPeriod.Hour, Max = 3 }], Weights = new Dictionary<string, double> { ["R2"] = 2, ["R1"] = 0.5 }, Order = ["R2", "R1"], WaitingQueue = "w" },
                ["a"] = new() { Name = "a", Mode = PoolMode.Strict, AwayCredit = AwayCredit.CatchUp },
            },
            Calendars = new Dictionary<string, CalendarRules>
            {
                ["default"] = CalendarRules.Default with
                {
                    Holidays =
                    [
                        new() { Name = "h", Date = new DateOnly(2000, 2, 29), EveryYear = true },
                        new() { Name = "i", Date = new DateOnly(2026, 12, 24), Closed = new LocalInterval(TimeSpan.FromHours(12), TimeSpan.FromDays(1)) },
                    ],
                },
            },
            Features = new FeatureSwitches { Delivery = false },
            Retention = new RetentionRules { DecisionsFor = TimeSpan.FromMilliseconds(86_400_001) },
            Publishing = new PublishingRules { MaxFlipsPercent = 0, RequireApproval = true },
            Tiers = new TierRules { MostOneToMany = 1000 },
            Sections = new Dictionary<string, SectionCare> { ["routing"] = new() { Owner = "Ops", ReviewBy = new DateOnly(2027, 1, 1), Why = "w" } },
        };

        string text = EffectiveConfig.Write(config);
        AbmConfig again = Assert.IsType<ConfigReading.Accepted>(EffectiveConfig.Read(text)).Config;

        Assert.Empty(Deep.Differences(config with { Version = EffectiveConfig.VersionOf(text) }, again));
        Assert.Equal(text, EffectiveConfig.Write(again));
    }

    [Fact]
    public void Every_default_in_force_is_written_out()
    {
        string text = ((ConfigReading.Accepted)ConfigReader.Read([])).Canonical;

        Assert.Contains($"\"automaticFrom\":{AbmConfig.Default.Matching.AutomaticFrom.ToString(CultureInfo.InvariantCulture)},", text, StringComparison.Ordinal);
        Assert.Contains($"\"domainPrimary\":{AbmConfig.Default.Matching.Weights.DomainPrimary.ToString(CultureInfo.InvariantCulture)}", text, StringComparison.Ordinal);
        Assert.Contains("\"decisionsFor\":\"400d\"", text, StringComparison.Ordinal);
        Assert.Contains("\"first-touch-1to1\":{\"budget\":\"1h\"", text, StringComparison.Ordinal);
        Assert.DoesNotContain("\"version\"", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_text_keeps_its_meaning_and_its_version_when_a_default_changes_later()
    {
        // What an earlier build wrote out while its own default for automaticFrom was 6.
        string old = EffectiveConfig.Write(AbmConfig.Default with { Matching = MatchModel.Default with { AutomaticFrom = 6 } });

        AbmConfig config = Assert.IsType<ConfigReading.Accepted>(EffectiveConfig.Read(old)).Config;

        Assert.Equal(6, config.Matching.AutomaticFrom);
        Assert.Equal(EffectiveConfig.VersionOf(old), config.Version);
    }

    [Fact]
    public void A_text_of_an_earlier_build_that_lacks_a_setting_takes_its_default_and_keeps_its_version()
    {
        const string Old = "{\"matching\":{\"automaticFrom\":\"6\"},\"routing\":[{\"name\":\"All\",\"to\":{\"queue\":\"q\"}}]}";

        AbmConfig config = Assert.IsType<ConfigReading.Accepted>(EffectiveConfig.Read(Old)).Config;

        Assert.Equal((6, MatchModel.Default.ReviewFrom), (config.Matching.AutomaticFrom, config.Matching.ReviewFrom));
        Assert.Equal(EffectiveConfig.VersionOf(Old), config.Version);
    }

    [Fact]
    public void A_text_that_this_build_does_not_understand_is_refused_by_name()
    {
        ConfigReading.Refused refused = Assert.IsType<ConfigReading.Refused>(EffectiveConfig.Read("{\"matching\":{\"automaticFrm\":6}}"));

        Assert.Equal("matching.automaticFrm", Assert.Single(refused.Problems).Path);
        Assert.ThrowsAny<System.Text.Json.JsonException>(() => EffectiveConfig.Read("{"));
        Assert.ThrowsAny<System.Text.Json.JsonException>(() => EffectiveConfig.Read("[]"));
        Assert.ThrowsAny<System.Text.Json.JsonException>(() => EffectiveConfig.Read("{\"a\":1,\"a\":2}"));
    }

    [Fact]
    public void What_says_the_same_in_another_layout_has_the_same_version()
    {
        string nothing = Version("");

        Assert.Equal(nothing, Version(FormattableString.Invariant($"matching: {{ automaticFrom: {MatchModel.Default.AutomaticFrom:0.000} }}")));
        Assert.Equal(nothing, Version("features: { abm: true }\nretention: { decisionsFor: 9600h }"));
        Assert.NotEqual(nothing, Version("matching: { automaticFrom: 7.5 }"));

        static string Version(string yaml) => Assert.IsType<ConfigReading.Accepted>(ConfigReader.Read([new ConfigFile("x.yaml", yaml)])).Config.Version;
    }
}

internal static class SampleConfig
{
    public static string Folder { get; } = Path.Combine(Repository.Root, "samples", "config");

    public static Task<IReadOnlyList<ConfigFile>> FilesAsync() => ConfigFolder.ReadAsync(Folder, TestContext.Current.CancellationToken);

    public static async Task<ConfigReading.Accepted> ReadAsync() => Assert.IsType<ConfigReading.Accepted>(ConfigReader.Read(await FilesAsync()));
}
