using Abm.Accounts;
using Abm.Configuration;
using Abm.Decisions;
using Abm.Functions.Configuration;
using Abm.People;
using Abm.TestKit;

namespace Abm.Functions.Tests.Configuration;

public sealed class LintTests
{
    private static readonly DateTimeOffset Now = new(2026, 10, 1, 8, 0, 0, TimeSpan.Zero);
    private static readonly string Samples = Path.Combine(Repository.Root, "tests", "Abm.Functions.Tests", "Configuration", "Lint");

    /// <summary>R1 works, R2 is away for weeks, R3 left.</summary>
    private static readonly LintContext Context = new(Now)
    {
        Reps =
        [
            new Rep { Id = RepId.Parse("R1"), Name = "One", Pools = ["inbound", "Inbound", "forgotten"] },
            new Rep { Id = RepId.Parse("R2"), Name = "Two", Pools = ["inbound", "away"], Absences = [new Absence(Now.AddDays(-1), Now.AddDays(30))] },
            new Rep { Id = RepId.Parse("R3"), Name = "Three", Pools = ["idle"], IsActive = false },
        ],
        HasAccount = id => id.Value is "A17",
        AccountsPerTier = new Dictionary<AccountTier, int> { [AccountTier.OneToOne] = 20, [AccountTier.OneToFew] = 100 },
    };

    public static TheoryData<string> Codes => [.. LintCodes.All.Select(c => c.Code)];

    [Theory]
    [MemberData(nameof(Codes))]
    public void Each_code_has_a_failing_sample_and_a_mended_one_without_any_finding(string code)
    {
        IReadOnlyList<LintFinding> bad = Examine($"{code}.bad.yaml");
        IReadOnlyList<LintFinding> good = Examine($"{code}.good.yaml");

        LintFinding? found = bad.FirstOrDefault(f => f.Code == code);
        Assert.True(found is not null, $"{code} is not among: {string.Join("; ", bad)}");
        Assert.NotEmpty(found.Says);
        Assert.NotEmpty(found.Mend);
        Assert.Equal($"{code}.bad.yaml", found.Place?.File);
        Assert.True(found.Place!.Line > 0, $"{found} has no line");
        Assert.True(good.Count == 0, string.Join("; ", good));
    }

    [Fact]
    public void There_is_no_sample_without_a_code() =>
        Assert.Equal(
            LintCodes.All.Select(c => c.Code).Order(StringComparer.Ordinal),
            Directory.EnumerateFiles(Samples).Select(f => Path.GetFileName(f).Split('.')[0]).Distinct().Order(StringComparer.Ordinal));

    [Fact]
    public async Task The_sample_configuration_lints_clean_with_its_own_people()
    {
        IReadOnlyList<ConfigFile> files = await SampleConfig.FilesAsync();

        ConfigExamination examination = ConfigReader.Examine(files, Context with { Reps = SampleReps() });

        Assert.True(examination.Findings.Count == 0, string.Join(Environment.NewLine, examination.Findings.Select(f => $"{f.Place} {f.Code} {f.Path}: {f.Says}")));
        Assert.True(examination.IsPublishable);
    }

    [Fact]
    public void A_new_install_lints_clean() => Assert.Empty(ConfigReader.Examine([], Context).Findings);

    [Fact]
    public void A_refused_file_has_its_problems_as_errors_with_their_places()
    {
        ConfigExamination examination = ConfigReader.Examine([new ConfigFile("a.yaml", "matching:\n\tautomaticFrom: 7")], Context);

        LintFinding finding = Assert.Single(examination.Findings);
        Assert.Equal((LintSeverity.Error, "tab", new ConfigPlace("a.yaml", 2, 1)), (finding.Severity, finding.Code, finding.Place));
        Assert.False(examination.IsPublishable);
    }

    [Theory]
    [InlineData("# AccountKey=abcdEFGH12345678+/==", LintSeverity.Warning)]
    [InlineData("# token ghp_1234567890abcdefghijABCDEFGHIJ", LintSeverity.Error)]
    [InlineData("# -----BEGIN RSA PRIVATE KEY-----", LintSeverity.Error)]
    [InlineData("# https://hooks.slack.com/services/T000/B000/XXXXXXXXXXXX", LintSeverity.Error)]
    [InlineData("# try 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", LintSeverity.Warning)]
    [InlineData("# eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.x", LintSeverity.Error)]
    [InlineData("# amqp://user:hunter22@example.org", LintSeverity.Warning)]
    public void A_secret_in_a_comment_is_found_with_its_line_and_never_repeated(string comment, LintSeverity severity)
    {
        LintFinding found = Assert.Single(ConfigReader.Examine([new ConfigFile("x.yaml", $"features:\n  abm: true\n{comment}\n")], Context).Findings);

        Assert.Equal((severity, LintCodes.Secret, new ConfigPlace("x.yaml", 3, 1)), (found.Severity, found.Code, found.Place));
        Assert.DoesNotContain(comment.Split(' ')[^1], $"{found}", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("# Works with heavy equipment such as industrial machinery; see docs/rules.md")]
    [InlineData("# versions are named cfg-xvcx02sz8k4kjhd81gbm2sg20b")]
    [InlineData("# doNotContactWhenTrueOrWhenSomebodyElseSaidSoBefore")]
    [InlineData("# reset the password in the vault")]
    [InlineData("# https://example.org/a/very/long/path/that/means/nothing/2026-01-01")]
    public void What_people_write_in_comments_is_no_secret(string comment) =>
        Assert.Empty(ConfigReader.Examine([new ConfigFile("x.yaml", $"features:\n  abm: true\n{comment}\n")], Context).Findings);

    private static IReadOnlyList<LintFinding> Examine(string file) =>
        ConfigReader.Examine([new ConfigFile(file, File.ReadAllText(Path.Combine(Samples, file)))], Context).Findings;

    private static List<Rep> SampleReps()
    {
        string[] lines = File.ReadAllLines(Path.Combine(Repository.Root, "samples", "reps.csv"));
        string[] heads = lines[0].Split(',');
        return
        [
            .. lines.Skip(1).Select(l => l.Split(',')).Select(cells => new Rep
            {
                Id = RepId.Parse(cells[Array.IndexOf(heads, "rep_id")]),
                Name = cells[Array.IndexOf(heads, "name")],
                Calendar = cells[Array.IndexOf(heads, "calendar")] is { Length: > 0 } calendar ? calendar : null,
                Pools = cells[Array.IndexOf(heads, "pools")].Split(';', StringSplitOptions.RemoveEmptyEntries),
                IsActive = cells[Array.IndexOf(heads, "active")] == "true",
            }),
        ];
    }
}
