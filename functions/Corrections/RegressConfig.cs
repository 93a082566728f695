using Abm.Configuration;
using Abm.Decisions;
using Abm.Functions.Configuration.Versions;
using Abm.Functions.Http;
using Abm.People;
using Abm.Ports;
using Abm.Replays;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Abm.Functions.Corrections;

/// <summary>How a draft does on what people corrected.</summary>
/// <param name="ActiveRight">Cases that what is in force gets right.</param>
/// <param name="Better">Wrong under what is in force, right under the draft; at most 100 are told.</param>
/// <param name="Skipped">Cases about something that no step decides any more.</param>
public sealed record RegressionResponse(
    string DraftVersion, string ActiveVersion, int Cases, int ActiveRight, int DraftRight, int BetterCount, int WorseCount, int Skipped, IReadOnlyList<FacetScore> Facets, IReadOnlyList<CaseResponse> Better, IReadOnlyList<CaseResponse> Worse)
{
    public static RegressionResponse From(RegressionReport report) => new(
        report.DraftVersion, report.ActiveVersion, report.Cases, report.ActiveRight, report.DraftRight, report.BetterCount, report.WorseCount, report.Skipped, report.Facets,
        [.. report.Better.Select(CaseResponse.From)], [.. report.Worse.Select(CaseResponse.From)]);
}

/// <summary>A case that the two decide differently.</summary>
/// <param name="Expected">What a person said.</param>
public sealed record CaseResponse(string CaseId, string LeadId, string Facet, string Expected, string? Active, string? Draft)
{
    public static CaseResponse From(CaseOutcome outcome) => new(outcome.CaseId, outcome.Lead.Value, outcome.Facet, outcome.Expected, outcome.Active, outcome.Draft);
}

/// <summary>Holds a draft against every correction that people made.</summary>
public sealed class RegressConfig(
    ICaseStore cases, IConfigVersions versions, IConfigSource config, IRepSnapshots snapshots, IRepDirectory reps, IAccountDirectory accounts, Callers callers)
{
    /// <summary><c>POST /api/config/regress</c> with files or <c>version</c>: no effects.</summary>
    [Function(nameof(RegressConfig))]
    public async Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "config/regress")] HttpRequest request, CancellationToken cancellationToken)
    {
        if (callers.Of(request).Refusal(Caller.Admin, Caller.Ops) is { } forbidden)
            return forbidden;
        (ConfigUpload? upload, ApiResult? unread) = await ConfigUpload.ReadAsync(request, cancellationToken);
        if (upload is null)
            return unread!;
        (ConfigDraft? draft, ApiResult? refusal) = await ChosenDraft.OfAsync(upload, versions, cancellationToken);
        return draft is null
            ? refusal!
            : new ApiResult(StatusCodes.Status200OK, RegressionResponse.From(await RunAsync(await config.CurrentAsync(cancellationToken), draft.Config, cancellationToken)));
    }

    internal async Task<RegressionReport> RunAsync(AbmConfig active, AbmConfig draft, CancellationToken cancellationToken)
    {
        IReadOnlyDictionary<RepId, Rep> today = await reps.CurrentAsync(cancellationToken);
        Regression regression = new(active, draft, await accounts.CurrentAsync(cancellationToken), JourneySteps.All);
        await foreach (LabelledCase labelled in cases.ReadAsync(cancellationToken))
        {
            IReadOnlyDictionary<RepId, Rep>? then = labelled.Inputs.RepsVersion is { } name ? await snapshots.FindAsync(name, cancellationToken) : null;
            regression.Add(labelled, then ?? today);
        }

        return regression.Report();
    }
}
