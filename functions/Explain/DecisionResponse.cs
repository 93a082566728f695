using System.Diagnostics;
using Abm.Clocks;
using Abm.Decisions;
using Abm.Journeys;
using Abm.Matching;
using Abm.Plays;
using Abm.Routing;

namespace Abm.Functions.Explain;

/// <summary>A whole decision, as it was stored.</summary>
public sealed record DecisionResponse(
    string DecisionId,
    string ConfigVersion,
    IReadOnlyDictionary<string, string> DataVersions,
    long AccountsVersion,
    DateTimeOffset DecidedAt,
    SubmittedResponse Submitted,
    MatchResponse Match,
    ScoreResponse Score,
    RouteResponse Route,
    PlayChoiceResponse Play,
    PoolResponse? PoolBefore,
    PoolResponse? PoolAfter)
{
    public static DecisionResponse From(JourneyDecision decision) => new(
        decision.DecisionId,
        decision.ConfigVersion,
        decision.DataVersions,
        decision.AccountsVersion,
        decision.DecidedAt,
        SubmittedResponse.From(decision.Lead.Submitted),
        MatchResponse.From(decision),
        new ScoreResponse(decision.Score.FitPoints, decision.Score.Level, decision.Score.Persona, ReasonResponse.From(decision.Score.Reasons)),
        RouteResponse.From(decision.Route),
        PlayChoiceResponse.From(decision.Play),
        PoolResponse.From(decision.PoolBefore),
        PoolResponse.From(decision.PoolAfter));
}

public sealed record ReasonResponse(string Code, string Says, double Points)
{
    public static IReadOnlyList<ReasonResponse> From(IReadOnlyList<Reason> reasons) => [.. reasons.Select(r => new ReasonResponse(r.Code, r.Says, r.Points))];
}

public sealed record CandidateResponse(string AccountId, string Name, double Confidence, double Points, IReadOnlyList<ReasonResponse> Evidence);

/// <param name="Outcome"><c>matched</c>, <c>review</c> or <c>unmatched</c>.</param>
/// <param name="Why">Why there is no account; null when there is one.</param>
/// <param name="Candidates">Best first.</param>
public sealed record MatchResponse(
    string Outcome, string? AccountId, double? Confidence, bool IsLowConfidence, UnmatchedReason? Why, IReadOnlyList<CandidateResponse> Candidates, IReadOnlyList<ReasonResponse> Reasons)
{
    public static MatchResponse From(JourneyDecision decision)
    {
        MatchDecision.Matched? matched = decision.Match as MatchDecision.Matched;
        UnmatchedReason? why = decision.Match switch
        {
            MatchDecision.Review review => review.Why,
            MatchDecision.Unmatched unmatched => unmatched.Why,
            _ => null,
        };
        return new MatchResponse(
            decision.Outcome,
            matched?.Account.Value,
            matched?.Confidence,
            matched?.IsLowConfidence ?? false,
            why,
            [.. decision.Match.Candidates.Select(c => new CandidateResponse(c.Account.Value, c.Name, c.Confidence, c.Points, ReasonResponse.From(c.Evidence)))],
            ReasonResponse.From(decision.Match.Reasons));
    }
}

public sealed record ScoreResponse(double FitPoints, string Level, string Persona, IReadOnlyList<ReasonResponse> Reasons);

/// <param name="Kind"><c>assigned</c>, <c>queued</c> or <c>suppressed</c>.</param>
public sealed record RouteResponse(
    string Kind, string Rule, string? OwnerId, string? Pool, IReadOnlyList<string> Notify, string? Queue, IReadOnlyList<ReasonResponse> Reasons)
{
    /// <summary>When it goes to the next unless the owner has accepted it.</summary>
    public DateTimeOffset? AcceptBy { get; init; }

    /// <summary>The open play that it joins.</summary>
    public string? JoinsPlay { get; init; }

    /// <summary>When somebody of the pool may be able to take it, and until when it waits for that.</summary>
    public DateTimeOffset? OpensAt { get; init; }
    public DateTimeOffset? WaitsUntil { get; init; }

    public static RouteResponse From(RouteDecision route)
    {
        IReadOnlyList<ReasonResponse> reasons = ReasonResponse.From(route.Reasons);
        return route switch
        {
            RouteDecision.Assigned a => new("assigned", a.Rule, a.Owner.Value, a.Pool, [.. a.Notify.Select(n => n.Value)], null, reasons) { AcceptBy = a.AcceptBy, JoinsPlay = a.JoinsPlay },
            RouteDecision.Queued q => new("queued", q.Rule, null, q.Pool, [], q.Queue, reasons) { OpensAt = q.OpensAt, WaitsUntil = q.WaitsUntil },
            RouteDecision.Suppressed s => new("suppressed", s.Rule, null, null, [], null, reasons),
            _ => throw new UnreachableException(),
        };
    }
}

/// <param name="Name">The play that follows the lead up; null when none does.</param>
public sealed record PlayChoiceResponse(string? Name, DeadlineResponse? FirstTouch, IReadOnlyList<ReasonResponse> Reasons)
{
    public static PlayChoiceResponse From(PlayDecision play) => play switch
    {
        PlayDecision.Start start => new(start.Play, DeadlineResponse.From(start.FirstTouch), ReasonResponse.From(start.Reasons)),
        PlayDecision.None none => new(null, null, ReasonResponse.From(none.Reasons)),
        _ => throw new UnreachableException(),
    };
}

/// <param name="BudgetSeconds">Time allowed, counted by the calendar.</param>
/// <param name="Intervals">What was counted and what was skipped, in order.</param>
public sealed record DeadlineResponse(
    string Policy, DateTimeOffset StartAt, DateTimeOffset DueAt, double BudgetSeconds, string Calendar, IReadOnlyList<IntervalResponse> Intervals)
{
    public static DeadlineResponse From(SlaDeadline deadline) => new(
        deadline.Policy, deadline.StartAt, deadline.DueAt, deadline.Budget.TotalSeconds, deadline.Calendar,
        [.. deadline.Intervals.Select(i => new IntervalResponse(i.From, i.Until, i.IsCounted, i.Why))]);
}

public sealed record IntervalResponse(DateTimeOffset From, DateTimeOffset Until, bool IsCounted, string Why);

public sealed record PoolResponse(string Pool, string Period, IReadOnlyList<PoolMemberResponse> Members)
{
    public static PoolResponse? From(PoolState? state) => state is null
        ? null
        : new(state.Pool, state.Period, [.. state.Members.Select(m => new PoolMemberResponse(m.Rep.Value, m.Assigned, m.Adjustment, m.LastAt))]);
}

public sealed record PoolMemberResponse(string RepId, int Assigned, double Adjustment, DateTimeOffset? LastAt);
