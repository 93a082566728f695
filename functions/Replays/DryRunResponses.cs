using System.Text.Json.Serialization;
using Abm.Functions.Explain;
using Abm.Functions.Http;
using Abm.Replays;

namespace Abm.Functions.Replays;

/// <summary>One line of the stream: exactly one of these is set. The last line is a report or an error.</summary>
public sealed record DryRunLine
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DryRunProgress? Progress { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DryRunReportResponse? Report { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ProblemResponse? Error { get; init; }
}

/// <summary>What a draft would have changed about past leads.</summary>
/// <param name="Decisions">Leads that were decided under both.</param>
/// <param name="Skipped">Past decisions of which nothing was noted, or whose person was erased.</param>
/// <param name="IsCut">There were more in the window than the limit; those after <paramref name="LastAt"/> were not looked at.</param>
/// <param name="CountsForGate">Whether the publish gate goes by this run: the window is as long as the rules ask.</param>
/// <param name="Flips">Leads that go another way.</param>
/// <param name="TurnsOnly">Leads of which only the turn within the same pool differs; they are no flips.</param>
/// <param name="PartlyRecorded">Leads for which something was asked that was not noted, and today's accounts or people answered.</param>
/// <param name="NeverHit">Rules of the draft that held for no lead.</param>
/// <param name="Top">The most valuable flips: by tier, level, open opportunity, fit points.</param>
public sealed record DryRunReportResponse(
    string DraftVersion,
    string ActiveVersion,
    DateTimeOffset From,
    DateTimeOffset To,
    DateTimeOffset? FirstAt,
    DateTimeOffset? LastAt,
    int Decisions,
    int Skipped,
    bool IsCut,
    bool CountsForGate,
    int Flips,
    double FlipPercent,
    int TurnsOnly,
    int PartlyRecorded,
    int NewlyMatched,
    int NewlyUnmatched,
    IReadOnlyList<FacetCount> Changes,
    IReadOnlyList<LoadResponse> Load,
    IReadOnlyList<RuleName> NeverHit,
    IReadOnlyList<FlipResponse> Top,
    double ElapsedMs)
{
    public static DryRunReportResponse Of(DryRunOutcome outcome, DryRunWindow window, bool countsForGate)
    {
        DryRunReport report = outcome.Report;
        return new DryRunReportResponse(
            report.DraftVersion,
            report.ActiveVersion,
            window.From,
            window.To,
            report.FirstAt,
            report.LastAt,
            report.Decisions,
            report.Skipped,
            outcome.IsCut,
            countsForGate,
            report.Flips,
            Math.Round(report.FlipPercent, 3),
            report.MinorOnly,
            report.PartlyRecorded + outcome.WithTodaysReps,
            report.NewlyMatched,
            report.NewlyUnmatched,
            report.Facets,
            [.. report.Load.Select(l => new LoadResponse(l.Rep.Value, l.Before, l.After))],
            report.NeverHit,
            [.. report.Top.Select(FlipResponse.From)],
            Math.Round(outcome.Took.TotalMilliseconds, 1));
    }
}

/// <summary>Leads that a rep gets, under what is in force and under the draft.</summary>
public sealed record LoadResponse(string RepId, int Before, int After);

/// <summary>A lead that goes another way.</summary>
/// <param name="Tier">Of the account, the higher of before and after: 3 for 1:1, 2 for 1:few, 1 for 1:many, 0 for none.</param>
/// <param name="Step">The first step that differs, whose reasons follow.</param>
public sealed record FlipResponse(
    string LeadId,
    string DecisionId,
    DateTimeOffset DecidedAt,
    int Tier,
    bool HasOpenOpportunity,
    double FitPoints,
    IReadOnlyList<FacetChange> Changes,
    string? Step,
    IReadOnlyList<ReasonResponse> Before,
    IReadOnlyList<ReasonResponse> After)
{
    public static FlipResponse From(Flip flip) => new(
        flip.Lead.Value,
        flip.DecisionId,
        flip.DecidedAt,
        flip.Value.Tier,
        flip.Value.HasOpenOpportunity,
        flip.Value.FitPoints,
        flip.Changes,
        flip.Because?.Step,
        ReasonResponse.From(flip.Because?.Before ?? []),
        ReasonResponse.From(flip.Because?.After ?? []));
}
