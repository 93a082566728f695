using Abm.Accounts;
using Abm.Configuration;
using Abm.Functions.Http;
using Abm.Functions.Storage.Accounts;
using Abm.Ports;

namespace Abm.Functions.Configuration.Versions;

/// <summary>Something that is wrong or odd in a configuration, with its place in the files.</summary>
/// <param name="File">Empty where no file is to blame.</param>
/// <param name="Line">From 1; 0 for a whole file.</param>
public sealed record Finding(LintSeverity Severity, string Code, string File, long Line, long Column, string Path, string Says, string? Mend);

/// <summary>Lints drafts with what this installation knows: who is in which pool, how many accounts each tier has.</summary>
public sealed class DraftCheck(IRepDirectory reps, IAccountCatalogue accounts, TimeProvider clock)
{
    /// <summary>Errors first, then by place.</summary>
    public async Task<IReadOnlyList<Finding>> FindingsAsync(ConfigDraft draft, CancellationToken cancellationToken)
    {
        AccountsState known = await accounts.CurrentAsync(cancellationToken);
        LintContext context = new(clock.GetUtcNow())
        {
            Reps = [.. (await reps.CurrentAsync(cancellationToken)).Values],
            AccountsPerTier = known.Accounts.Values.CountBy(a => a.Tier).ToDictionary(),
            HasAccount = id => known.Index.Find(id) is not null,
            Texts = TextsOf(draft),
        };
        return InOrder(ConfigLint.Findings(draft.Config, context).Select(f => (Found: f, Place: f.Place ?? draft.PlaceOf(f.Path))).Select(f =>
            new Finding(f.Found.Severity, f.Found.Code, f.Place?.File ?? "", f.Place?.Line ?? 0, f.Place?.Column ?? 0, f.Found.Path, f.Found.Says, f.Found.Mend)));
    }

    /// <summary>Errors that show without knowing who works here: what must not be kept even once, such as a secret.</summary>
    public IReadOnlyList<ConfigFileProblem> ErrorsOf(ConfigDraft draft) =>
    [
        .. ConfigLint.Findings(draft.Config, new LintContext(clock.GetUtcNow()) { Texts = TextsOf(draft) })
            .Where(f => f.Severity == LintSeverity.Error)
            .Select(f => (Found: f, Place: f.Place ?? draft.PlaceOf(f.Path)))
            .Select(f => new ConfigFileProblem(f.Found.Code, f.Place?.File ?? "", f.Place?.Line ?? 0, f.Place?.Column ?? 0, f.Found.Path, $"{f.Found.Says} {f.Found.Mend}")),
    ];

    /// <summary>What keeps files from being read at all.</summary>
    public static IReadOnlyList<Finding> Errors(IEnumerable<ConfigFileProblem> problems) =>
        InOrder(problems.Select(p => new Finding(LintSeverity.Error, p.Code, p.File, p.Line, p.Column, p.Path, p.Message, null)));

    private static IReadOnlyList<ConfigText> TextsOf(ConfigDraft draft) =>
        [.. draft.Files.Select(f => new ConfigText(f.Name, TextEncodings.StrictUtf8.GetString(f.Bytes.Span)))];

    private static IReadOnlyList<Finding> InOrder(IEnumerable<Finding> findings) =>
        [.. findings.OrderByDescending(f => f.Severity).ThenBy(f => f.File, StringComparer.Ordinal).ThenBy(f => f.Line).ThenBy(f => f.Column).ThenBy(f => f.Path, StringComparer.Ordinal)];
}
