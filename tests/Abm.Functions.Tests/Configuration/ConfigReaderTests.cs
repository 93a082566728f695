using Abm.Configuration;
using Abm.Functions.Configuration;
using Abm.TestKit;

namespace Abm.Functions.Tests.Configuration;

public sealed class ConfigReaderTests
{
    [Fact]
    public async Task The_sample_configuration_can_be_used_and_uses_everything()
    {
        string folder = Path.Combine(Repository.Root, "samples", "config");

        AbmConfig config = Accepted([.. await ConfigFolder.ReadAsync(folder, TestContext.Current.CancellationToken)]).Config;

        Assert.Equal("office", config.DefaultCalendar);
        Assert.Equal(7, config.Holidays["de"].Count);
        Assert.Equal(new LocalInterval(new TimeSpan(13, 15, 0), new TimeSpan(16, 0, 0)), config.Calendars["office"].Week[DayOfWeek.Friday][1]);
        Assert.Equal(0.5, config.Pools["sdr-emea"].Weights["R006"]);
        Assert.Equal("sdr-emea", config.Pools["sdr-emea"].Name);
        Assert.Equal(TimeSpan.FromHours(4), config.SlaPolicies["first-touch-1tofew"].Budget);
        Assert.IsType<RouteTarget.AccountOwner>(config.Routing[1].To);
        Assert.Equal("Everybody else", config.Routing[^1].Name);
        Assert.Equal(5, config.Personas.Count);
        Assert.Equal(3, config.Plays[0].FirstTouch.Count);
    }

    [Fact]
    public void Nothing_written_is_the_documented_defaults()
    {
        AbmConfig config = Accepted().Config;

        Assert.Equal(AbmConfig.Default.Scoring, config.Scoring);
        Assert.Equal(AbmConfig.Default.Plays, config.Plays);
    }

    [Fact]
    public void Layout_comments_files_and_the_order_of_names_do_not_change_the_version()
    {
        string one = Accepted(new ConfigFile("a.yaml", "matching: { automaticFrom: 8, reviewFrom: 2 }\ndefaultCalendar: default\n")).Config.Version;
        string two = Accepted(
            new ConfigFile("z.yaml", "# comment\nmatching:\n  reviewFrom: '2'\n  automaticFrom: 8\n  maxCandidates:\n"),
            new ConfigFile("b.yaml", "defaultCalendar: \"default\"")).Config.Version;
        string other = Accepted(new ConfigFile("a.yaml", "matching: { automaticFrom: 9, reviewFrom: 2 }\ndefaultCalendar: default\n")).Config.Version;

        Assert.Equal(one, two);
        Assert.NotEqual(one, other);
        Assert.StartsWith("cfg-", one, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_kept_under_a_version_reads_back_as_that_version()
    {
        ConfigReading.Accepted sample = Accepted([.. await ConfigFolder.ReadAsync(Path.Combine(Repository.Root, "samples", "config"), TestContext.Current.CancellationToken)]);

        ConfigReading.Accepted again = Assert.IsType<ConfigReading.Accepted>(ConfigReader.FromCanonical(sample.Canonical));

        Assert.Equal(sample.Config.Version, again.Config.Version);
        Assert.Equal(sample.Canonical, again.Canonical);
        Assert.Equal(sample.Config.Routing.Select(r => r.Name), again.Config.Routing.Select(r => r.Name));
    }

    [Theory]
    [InlineData("matching:\n  automaticFrm: 8", "unknownKey", 2, 3, "matching.automaticFrm", "did you mean 'automaticFrom'?")]
    [InlineData("scorng: {}", "unknownKey", 1, 1, "scorng", "did you mean 'scoring'?")]
    [InlineData("version: mine", "unknownKey", 1, 1, "version", "not known")]
    [InlineData("matching:\n  weights:\n    domainPrimary: much", "wrongType", 3, 20, "matching.weights.domainPrimary", "a number")]
    [InlineData("matching:\n  domainOnly: somtimes", "unknownValue", 2, 15, "matching.domainOnly", "none of fallback, never, always")]
    [InlineData("matching: []", "wrongType", 1, 11, "matching", "named values is expected, not a list")]
    [InlineData("routing:\n  - name: x", "required", 2, 5, "routing[0].to", "'to' must stand here")]
    [InlineData("routing:\n  - name: x\n    to: { poool: inbound }", "unknownKey", 3, 11, "routing[0].to.poool", "did you mean 'pool'?")]
    [InlineData("routing:\n  - name: x\n    to: { pool: a, queue: b }", "wrongType", 3, 9, "routing[0].to", "one target")]
    [InlineData("routing:\n  - name: x\n    to: { pool: inbound }", "unknownReference", 3, 5, "routing[0].to", "There is no pool 'inbound'")]
    [InlineData("routing:\n  - name: x\n    when: { field: account.industri, op: equals, value: a }\n    to: { queue: a }\n  - { name: y, to: { queue: a } }", "unknownField", 3, 20, "routing[0].when.field", "did you mean 'account.industry'?")]
    [InlineData("routing:\n  - name: x\n    when: { field: account.industry, op: equls, value: a }\n    to: { queue: a }\n  - { name: y, to: { queue: a } }", "unknownValue", 3, 42, "routing[0].when.op", "did you mean 'equals'?")]
    [InlineData("routing:\n  - name: x\n    when: { all: [], any: [] }\n    to: { queue: a }\n  - { name: y, to: { queue: a } }", "wrongType", 3, 11, "routing[0].when", "one of all, any, not")]
    [InlineData("calendars:\n  default:\n    zone: Mars/Phobos\n    week: { monday: ['09:00-17:00'] }", "unknownZone", 3, 5, "calendars.default.zone", "no IANA time zone")]
    [InlineData("calendars:\n  default:\n    zone: Etc/UTC\n    week: { mondy: ['09:00-17:00'] }", "unknownKey", 4, 13, "calendars.default.week.mondy", "did you mean 'monday'?")]
    [InlineData("calendars:\n  default:\n    zone: Etc/UTC\n    week: { monday-friday: ['9 to 5'] }", "wrongType", 4, 29, "calendars.default.week.monday-friday[0]", "hours such as 09:00-17:00")]
    [InlineData("calendars:\n  default:\n    zone: Etc/UTC\n    week: { monday-friday: ['09:00-17:00'], friday: [] }", "duplicateKey", 4, 45, "calendars.default.week.friday", "twice")]
    [InlineData("calendars:\n  default:\n    zone: Etc/UTC\n    week: { monday: [] }", "neverOpens", 4, 5, "calendars.default.week", "never opens")]
    [InlineData("calendars:\n  default:\n    zone: Etc/UTC\n    week: { monday: ['09:00-17:00'] }\n    holidays: [{ name: x, date: 2026-02-30 }]", "wrongType", 5, 33, "calendars.default.holidays[0].date", "a date such as")]
    [InlineData("slaPolicies:\n  quick: { budget: 1 fortnight }", "wrongType", 2, 20, "slaPolicies.quick.budget", "a length such as")]
    [InlineData("slaPolicies:\n  quick: { budget: 0s }", "outOfRange", 2, 12, "slaPolicies.quick.budget", "outside")]
    [InlineData("plays:\n  - name: inbound\n    firstTouch: [{ policy: first-touch }]\n    steps: [{ notify: everybody, template: context-card }]", "unknownValue", 4, 23, "plays[0].steps[0].notify", "none of owner, manager, backup")]
    [InlineData("matching:\n  automaticFrom: 1\n  automaticFrom: 2", "duplicateKey", 3, 3, "", "twice, first in line 2")]
    [InlineData("matching: &m {}\npools: *m", "anchor", 1, 11, "", "Anchors are not taken")]
    [InlineData("matching: &m {}\npools: *m", "alias", 2, 8, "", "Aliases are not taken")]
    [InlineData("matching: !!map {}", "tag", 1, 11, "", "Tags are not taken")]
    [InlineData("matching:\n\tautomaticFrom: 1", "tab", 2, 1, "", "spaces")]
    [InlineData("matching:\n  automaticFrom: [1, 2", "syntax", 3, 1, "", "")]
    [InlineData("matching: 'x", "syntax", 1, 13, "", "")]
    [InlineData("a: {}\n---\nb: {}", "secondDocument", 2, 1, "", "one document")]
    [InlineData("- a", "wrongType", 1, 1, "", "not a list")]
    [InlineData("? [a]\n: b", "badKey", 1, 3, "", "A key is a text")]
    [InlineData("matching:\n  <<: { automaticFrom: 1 }", "unknownKey", 2, 3, "matching.<<", "not known")]
    [InlineData("matching:\n  automaticFrom: NaN", "wrongType", 2, 18, "matching.automaticFrom", "a number")]
    [InlineData("matching:\n  automaticFrom: .inf", "wrongType", 2, 18, "matching.automaticFrom", "a number")]
    [InlineData("matching:\n  automaticFrom: Infinity", "wrongType", 2, 18, "matching.automaticFrom", "a number")]
    [InlineData("matching:\n  automaticFrom: 1e999", "wrongType", 2, 18, "matching.automaticFrom", "a number")]
    [InlineData("matching:\n  automaticFrom: 7,5", "wrongType", 2, 18, "matching.automaticFrom", "a number")]
    [InlineData("matching:\n  automaticFrom: 0x10", "wrongType", 2, 18, "matching.automaticFrom", "a number")]
    [InlineData("matching:\n  maxCandidates: 99999999999", "wrongType", 2, 18, "matching.maxCandidates", "a whole number")]
    [InlineData("features:\n  plays: yes", "wrongType", 2, 10, "features.plays", "true or false")]
    [InlineData("features:\n  play: false", "unknownKey", 2, 3, "features.play", "did you mean 'plays'?")]
    [InlineData("retention:\n  decisionsFor: 400", "wrongType", 2, 17, "retention.decisionsFor", "a length")]
    [InlineData("retention:\n  decisionsFor: 1h", "outOfRange", 2, 3, "retention.decisionsFor", "1d to 3660d")]
    [InlineData("publishing:\n  maxFlipsPercent: 101", "outOfRange", 2, 3, "publishing.maxFlipsPercent", "0 to 100")]
    [InlineData("sections:\n  rooting: { owner: x }", "unknownReference", 2, 12, "sections.rooting", "did you mean 'routing'?")]
    [InlineData("sections:\n  routing: { reviewBy: 31.12.2026 }", "wrongType", 2, 24, "sections.routing.reviewBy", "a date such as")]
    [InlineData("routing:\n  - name: x\n    when: { field: lead.title, op: regex, value: '(a+)\\1' }\n    to: { queue: a }\n  - { name: y, to: { queue: a } }", "badPattern", 3, 50, "routing[0].when.value", "backtracking")]
    [InlineData("routing:\n  - name: x\n    when: { field: lead.title, op: regex, value: '(?>a+)b' }\n    to: { queue: a }\n  - { name: y, to: { queue: a } }", "badPattern", 3, 50, "routing[0].when.value", "backtracking")]
    [InlineData("pools:\n  a:\n    weights: { 'R/1': 2 }", "badValues", 3, 16, "pools.a.weights.R/1", "no id of a rep")]
    [InlineData("matching: {}\nmatching: {}", "duplicateKey", 2, 1, "", "first in line 1")]
    [InlineData("matching:\n  automaticFrom: \"7\u0000\"", "syntax", 2, 20, "", "")]
    [InlineData("templates: { a: { subject: \"a\\u0007\", text: b } }", "wrongType", 1, 28, "templates.a.subject", "a text")]
    public void A_mistake_is_named_with_line_and_column(string yaml, string code, long line, long column, string path, string says)
    {
        IReadOnlyList<ConfigFileProblem> problems = Refused(new ConfigFile("x.yaml", yaml));

        ConfigFileProblem? found = problems.FirstOrDefault(p => p.Code == code && p.Path == path);
        Assert.True(found is not null, $"Not found among: {string.Join("; ", problems)}");
        Assert.Equal((line, column), (found.Line, found.Column));
        Assert.Contains(says, found.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void All_problems_of_all_files_come_at_once()
    {
        IReadOnlyList<ConfigFileProblem> problems = Refused(
            new ConfigFile("a.yaml", "matching:\n  automaticFrom: many\n  unknown: 1\npools: []"),
            new ConfigFile("b.yaml", "matching: {}\nplays:\n  - on: event\n    keepMeasuringFor: long"));

        Assert.Equal(
            ["a.yaml wrongType", "a.yaml unknownKey", "a.yaml wrongType", "b.yaml duplicateKey", "b.yaml required", "b.yaml wrongType"],
            problems.Select(p => $"{p.File} {p.Code}"));
    }

    [Fact]
    public void A_bomb_of_values_or_of_depth_is_refused_quickly()
    {
        string wide = "pools: [" + string.Join(',', Enumerable.Repeat("a", 200_000)) + "]";
        string deep = "pools: " + new string('[', 20_000) + new string(']', 20_000);

        Assert.Contains(Refused(new ConfigFile("x.yaml", wide)), p => p.Code == "tooLarge");
        Assert.Contains(Refused(new ConfigFile("x.yaml", deep)), p => p.Code == "tooLarge");
    }

    [Fact]
    public void A_bomb_of_aliases_is_refused_where_it_begins()
    {
        string bomb = "a: &a [x,x,x,x,x,x,x,x,x,x]\n" + string.Concat("bcdefghij".Select((c, i) => $"{c}: &{c} [{string.Join(',', Enumerable.Repeat($"*{(char)('a' + i)}", 10))}]\n"));

        Assert.Contains(Refused(new ConfigFile("x.yaml", bomb)), p => p is { Code: "anchor", Line: 1, Column: 4 });
    }

    [Fact]
    public void Ten_megabytes_are_refused_by_their_size_before_anything_is_parsed()
    {
        string text = new('[', 10 * 1024 * 1024);

        ConfigFileProblem problem = Assert.Single(Refused(new ConfigFile("big.yaml", text)));

        Assert.Equal(("tooLarge", "big.yaml", "A file has at most 1024 KiB."), (problem.Code, problem.File, problem.Message));
    }

    [Fact]
    public void Many_files_are_refused_by_their_number_and_by_their_size_together()
    {
        string text = "# " + new string('x', ConfigReader.MaxFileBytes - 10);

        Assert.Equal("tooLarge", Assert.Single(Refused([.. Enumerable.Range(0, 5).Select(i => new ConfigFile($"{i}.yaml", text))])).Code);
        Assert.Equal("tooLarge", Assert.Single(Refused([.. Enumerable.Range(0, 101).Select(i => new ConfigFile($"{i}.yaml", ""))])).Code);
    }

    [Fact]
    public async Task Files_that_are_too_large_or_not_UTF_8_are_named_and_not_read()
    {
        string folder = Directory.CreateTempSubdirectory("abm-config-").FullName;
        try
        {
            await File.WriteAllBytesAsync(Path.Combine(folder, "big.yaml"), new byte[10 * 1024 * 1024], TestContext.Current.CancellationToken);
            await File.WriteAllBytesAsync(Path.Combine(folder, "latin.yaml"), [.. "# caf"u8, 0xE9], TestContext.Current.CancellationToken);
            await File.WriteAllTextAsync(Path.Combine(folder, "wide.yaml"), "# x", System.Text.Encoding.Unicode, TestContext.Current.CancellationToken);

            ConfigurationRefusedException large = await Assert.ThrowsAsync<ConfigurationRefusedException>(() => ConfigFolder.ReadAsync(folder, TestContext.Current.CancellationToken));
            File.Delete(Path.Combine(folder, "big.yaml"));
            ConfigurationRefusedException foreign = await Assert.ThrowsAsync<ConfigurationRefusedException>(() => ConfigFolder.ReadAsync(folder, TestContext.Current.CancellationToken));

            Assert.Equal(["big.yaml tooLarge", "latin.yaml encoding", "wide.yaml encoding"], large.Problems.Concat(foreign.Problems).Select(p => $"{p.File} {p.Code}"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void A_pattern_that_would_take_others_for_ever_takes_linear_time()
    {
        AbmConfig config = Accepted(new ConfigFile("x.yaml", "scoring:\n  rules: [{ name: x, points: 1, when: { field: lead.title, op: regex, value: '^(a+)+$' } }]")).Config;
        Facts facts = new(A.Lead().Titled(new string('a', 50_000) + "!"), A.Match(null), null);

        TimeSpan best = Pace.Best(TimeSpan.FromSeconds(10), () => Assert.Equal(PredicateResult.False, PredicateEvaluator.Evaluate(config.Scoring.Rules[0].When, facts).Result));

        Assert.InRange(best, TimeSpan.Zero, TimeSpan.FromSeconds(10));
    }

    [Fact]
    public void Words_that_other_readers_take_for_something_else_stay_what_is_written()
    {
        string yaml = "templates:\n" + string.Join('\n', new[] { "context-card", "reminder", "backup", "breach", "reassigned", "revops" }.Select(t => $"  {t}: {{ subject: NO, text: 010 }}"));

        NotificationTemplate template = Accepted(new ConfigFile("x.yaml", yaml)).Config.Templates["breach"];

        Assert.Equal(("breach", "NO", "010"), (template.Name, template.Subject, template.Text));
    }

    [Theory]
    [InlineData("30s", 30)]
    [InlineData("15m", 900)]
    [InlineData("1h30m", 5400)]
    [InlineData("1d 2h", 93600)]
    [InlineData("500ms", 0.5)]
    public void Lengths_are_read_as_people_write_them(string text, double seconds)
    {
        Assert.True(ConfigLength.TryParse(text, out TimeSpan length));
        Assert.Equal(TimeSpan.FromSeconds(seconds), length);
    }

    [Theory]
    [InlineData("")]
    [InlineData("5")]
    [InlineData("-5m")]
    [InlineData("1.5h")]
    [InlineData("30m1h")]
    [InlineData("1h1h")]
    [InlineData("99999d")]
    [InlineData(" 1h")]
    [InlineData("1 h")]
    [InlineData("99999999999h")]
    public void Lengths_that_could_be_misread_are_refused(string text) => Assert.False(ConfigLength.TryParse(text, out _));

    private static ConfigReading.Accepted Accepted(params ConfigFile[] files)
    {
        ConfigReading reading = ConfigReader.Read(files);
        return reading as ConfigReading.Accepted ?? throw new InvalidOperationException(string.Join(Environment.NewLine, ((ConfigReading.Refused)reading).Problems));
    }

    private static IReadOnlyList<ConfigFileProblem> Refused(params ConfigFile[] files) => Assert.IsType<ConfigReading.Refused>(ConfigReader.Read(files)).Problems;
}
