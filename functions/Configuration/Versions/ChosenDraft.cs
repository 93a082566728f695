using System.Diagnostics;
using Abm.Configuration;
using Abm.Decisions;
using Abm.Functions.Http;
using Abm.Ports;

namespace Abm.Functions.Configuration.Versions;

/// <summary>The draft that a call is about: its files, or a version that is kept.</summary>
internal static class ChosenDraft
{
    /// <returns>The draft, or the answer that says why there is none.</returns>
    public static async Task<(ConfigDraft? Draft, ApiResult? Refusal)> OfAsync(ConfigUpload upload, IConfigVersions versions, CancellationToken cancellationToken)
    {
        string? version = upload.Fields.GetValueOrDefault("version");
        if ((version is null) == (upload.Files is null))
            return (null, Problems.Invalid("required", "files", "Send either files or the version that is meant."));
        if (upload.Files is { } files)
        {
            return files.Count == 0
                ? (null, Problems.Invalid("required", "files", "Send at least one file."))
                : ConfigDraft.Read(files) switch
                {
                    ConfigDraftReading.Accepted accepted => (accepted.Draft, null),
                    ConfigDraftReading.Refused refused => (null, Refused(DraftCheck.Errors(refused.Problems))),
                    _ => throw new UnreachableException(),
                };
        }

        if (!IdText.IsValid(version) || await versions.FindAsync(version!, cancellationToken) is not { } kept)
            return (null, Problems.NotFound("There is no such version."));
        try
        {
            return (ConfigDraft.OfKept(kept), null);
        }
        catch (ConfigurationRefusedException outdated)
        {
            return (null, Refused(DraftCheck.Errors(outdated.Problems)));
        }
    }

    /// <summary>422 with everything that is wrong.</summary>
    public static ApiResult Refused(IReadOnlyList<Finding> findings)
    {
        Problem[] problems = [.. findings.Where(f => f.Severity == LintSeverity.Error).Select(f => new Problem(f.Code, Place(f), f.Says))];
        string detail = problems.Length == 1 ? problems[0].Message : FormattableString.Invariant($"{problems.Length} errors were found.");
        return new ApiResult(422, new RefusedConfigResponse("urn:abm:problem:invalid-configuration", "The configuration cannot be used.", 422, detail, problems, findings));
    }

    private static string Place(Finding finding) =>
        finding.File.Length == 0 ? finding.Path : FormattableString.Invariant($"{finding.File}:{finding.Line}:{finding.Column} {finding.Path}").TrimEnd();
}
