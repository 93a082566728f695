using System.Diagnostics;
using Abm.Configuration;
using Abm.Functions.Http;
using Abm.Journeys;
using Abm.Matching;
using Abm.Plays;
using Abm.Replays;
using Abm.Routing;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Abm.Functions.Replays;

/// <summary>What making a decision again came to.</summary>
/// <param name="ConfigVersion">The rules that it was made by.</param>
/// <param name="ReplayedUnder">The rules that it was made by again.</param>
/// <param name="Result"><c>same</c>: field by field; or <c>different</c>.</param>
/// <param name="IsAnotherDecision">Whether something that people care for is different; false when only the explanation is.</param>
/// <param name="NotRecorded">What the first decision had not asked, and today's accounts or people answered. Empty: it rests on what was recorded alone.</param>
public sealed record ReplayResponse(
    string DecisionId,
    string LeadId,
    string ConfigVersion,
    string ReplayedUnder,
    string Result,
    bool IsAnotherDecision,
    DecisionDifference? FirstDifference,
    IReadOnlyList<FacetChange> Changes,
    DecisionSummary Before,
    DecisionSummary After,
    IReadOnlyList<string> NotRecorded);

/// <summary>A decision in few words.</summary>
public sealed record DecisionSummary(
    string Outcome, string? AccountId, double? Confidence, double FitPoints, string Level, string Persona, string Route, string Rule, string? OwnerId, string? Pool, string? Queue, string? Play, string? Policy, DateTimeOffset? DueAt)
{
    public static DecisionSummary From(JourneyDecision decision)
    {
        MatchDecision.Matched? matched = decision.Match as MatchDecision.Matched;
        RouteDecision.Assigned? assigned = decision.Route as RouteDecision.Assigned;
        PlayDecision.Start? start = decision.Play as PlayDecision.Start;
        return new DecisionSummary(
            decision.Outcome,
            matched?.Account.Value,
            matched?.Confidence,
            decision.Score.FitPoints,
            decision.Score.Level,
            decision.Score.Persona,
            decision.Route switch
            {
                RouteDecision.Assigned => "assigned",
                RouteDecision.Queued => "queued",
                RouteDecision.Suppressed => "suppressed",
                _ => throw new UnreachableException(),
            },
            decision.Route.Rule,
            assigned?.Owner.Value,
            assigned?.Pool,
            (decision.Route as RouteDecision.Queued)?.Queue,
            start?.Play,
            start?.FirstTouch.Policy,
            start?.FirstTouch.DueAt);
    }
}

/// <summary>Makes a decision again, from what it was made from, under its own rules or others.</summary>
public sealed class ReplayDecision(DecisionQuestions questions)
{
    /// <summary><c>POST /api/decisions/{id}/replay?config=&amp;lead=</c>: no effects. Without <c>config</c> under its own version, where it must be the same.</summary>
    [Function(nameof(ReplayDecision))]
    public async Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "decisions/{id}/replay")] HttpRequest request, string id, CancellationToken cancellationToken)
    {
        (AskedDecision? asked, ApiResult? refusal) = await questions.FindAsync(id, NotEmpty(request.Query["lead"]), cancellationToken);
        if (asked is null)
            return refusal!;
        AbmConfig? config = asked.Config;
        if (NotEmpty(request.Query["config"]) is { } version && (config = await questions.ConfigAsync(version, cancellationToken)) is null)
            return Problems.NotFound("There is no configuration of this version.");

        ReplayResult result = DecisionReplay.Compare(asked.Decision, asked.Inputs, asked.Config, config, asked.Reps, asked.Today, JourneySteps.All);
        return new ApiResult(
            StatusCodes.Status200OK,
            new ReplayResponse(
                asked.Decision.DecisionId,
                asked.Decision.Lead.Id.Value,
                asked.Decision.ConfigVersion,
                config.Version,
                result.IsSame ? "same" : "different",
                result.Changes.Count > 0,
                result.First,
                result.Changes,
                DecisionSummary.From(asked.Decision),
                DecisionSummary.From(result.After),
                asked.NotRecorded(result.NotRecorded)));
    }

    private static string? NotEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
