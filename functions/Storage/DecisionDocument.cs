using System.Diagnostics;
using System.Text.Json;
using Abm.Clocks;
using Abm.Decisions;
using Abm.Journeys;
using Abm.Matching;
using Abm.Plays;
using Abm.Routing;
using Abm.Scoring;

namespace Abm.Functions.Storage;

/// <summary>A decision as it is kept for years: its own shape, so that renaming a type does not lose the past.</summary>
internal sealed record DecisionDocument
{
    /// <summary>Raised when a change cannot be read by what is below. Older ones stay readable.</summary>
    public const int CurrentVersion = 1;

    public required int Version { get; init; }
    public required string DecisionId { get; init; }
    public required LeadDocument Lead { get; init; }
    public required string ConfigVersion { get; init; }
    public IReadOnlyDictionary<string, string> DataVersions { get; init; } = new Dictionary<string, string>();
    public long AccountsVersion { get; init; }
    public required DateTimeOffset DecidedAt { get; init; }
    public required MatchDocument Match { get; init; }
    public required ScoreDocument Score { get; init; }
    public required RouteDocument Route { get; init; }
    public required PlayDocument Play { get; init; }
    public PoolDocument? PoolBefore { get; init; }
    public PoolDocument? PoolAfter { get; init; }

    public static string Write(JourneyDecision decision) => StoredJson.Write(From(decision));

    /// <exception cref="JsonException">It is of a version that this build does not know.</exception>
    public static JourneyDecision Read(string text)
    {
        DecisionDocument document = StoredJson.Read<DecisionDocument>(text);
        return document.Version == CurrentVersion
            ? document.ToDecision()
            : throw new JsonException($"Decision document version {document.Version}; this build reads {CurrentVersion}.");
    }

    public static DecisionDocument From(JourneyDecision decision) => new()
    {
        Version = CurrentVersion,
        DecisionId = decision.DecisionId,
        Lead = LeadDocument.From(decision.Lead),
        ConfigVersion = decision.ConfigVersion,
        DataVersions = decision.DataVersions,
        AccountsVersion = decision.AccountsVersion,
        DecidedAt = decision.DecidedAt,
        Match = MatchDocument.From(decision.Match),
        Score = new ScoreDocument(decision.Score.FitPoints, decision.Score.Level, decision.Score.Persona, ReasonDocument.From(decision.Score.Reasons)),
        Route = RouteDocument.From(decision.Route),
        Play = PlayDocument.From(decision.Play),
        PoolBefore = PoolDocument.From(decision.PoolBefore),
        PoolAfter = PoolDocument.From(decision.PoolAfter),
    };

    public JourneyDecision ToDecision() => new(
        DecisionId,
        Lead.ToLead(),
        ConfigVersion,
        DataVersions,
        AccountsVersion,
        DecidedAt,
        Match.ToDecision(),
        new ScoreDecision(Score.FitPoints, Score.Level, Score.Persona, ReasonDocument.To(Score.Reasons)),
        Route.ToDecision(),
        Play.ToDecision(),
        PoolBefore?.ToState(),
        PoolAfter?.ToState());
}

/// <summary>A reason; its points are left out when they are 0.</summary>
/// <param name="Rule">The configured rule that was tried; null when it is about none.</param>
internal sealed record ReasonDocument(string Code, string Says, double? Points, RuleTrial? Rule)
{
    public static IReadOnlyList<ReasonDocument> From(IReadOnlyList<Reason> reasons) =>
        [.. reasons.Select(r => new ReasonDocument(r.Code, r.Says, r.Points == 0 ? null : r.Points, r.Rule))];

    public static IReadOnlyList<Reason> To(IReadOnlyList<ReasonDocument> reasons) => [.. reasons.Select(r => new Reason(r.Code, r.Says, r.Points ?? 0) { Rule = r.Rule })];
}

internal sealed record CandidateDocument(string AccountId, string Name, double Confidence, double Points, IReadOnlyList<ReasonDocument> Evidence);

/// <param name="Kind"><c>matched</c>, <c>review</c> or <c>unmatched</c>.</param>
internal sealed record MatchDocument(
    string Kind, string? AccountId, double? Confidence, bool? IsLowConfidence, UnmatchedReason? Why, IReadOnlyList<CandidateDocument> Candidates, IReadOnlyList<ReasonDocument> Reasons)
{
    public static MatchDocument From(MatchDecision match)
    {
        CandidateDocument[] candidates = [.. match.Candidates.Select(c => new CandidateDocument(c.Account.Value, c.Name, c.Confidence, c.Points, ReasonDocument.From(c.Evidence)))];
        IReadOnlyList<ReasonDocument> reasons = ReasonDocument.From(match.Reasons);
        return match switch
        {
            MatchDecision.Matched m => new("matched", m.Account.Value, m.Confidence, m.IsLowConfidence, null, candidates, reasons),
            MatchDecision.Review r => new("review", null, null, null, r.Why, candidates, reasons),
            MatchDecision.Unmatched u => new("unmatched", null, null, null, u.Why, candidates, reasons),
            _ => throw new UnreachableException(),
        };
    }

    public MatchDecision ToDecision()
    {
        MatchCandidate[] candidates = [.. Candidates.Select(c => new MatchCandidate(Abm.Decisions.AccountId.Parse(c.AccountId), c.Name, c.Confidence, c.Points, ReasonDocument.To(c.Evidence)))];
        IReadOnlyList<Reason> reasons = ReasonDocument.To(Reasons);
        return Kind switch
        {
            "matched" => new MatchDecision.Matched(Abm.Decisions.AccountId.Parse(AccountId!), Confidence ?? 0, IsLowConfidence ?? false, candidates, reasons),
            "review" => new MatchDecision.Review(Why ?? UnmatchedReason.Ambiguous, candidates, reasons),
            "unmatched" => new MatchDecision.Unmatched(Why ?? UnmatchedReason.NoCandidate, candidates, reasons),
            _ => throw new JsonException($"Unknown kind of match: {Kind}."),
        };
    }
}

internal sealed record ScoreDocument(double FitPoints, string Level, string Persona, IReadOnlyList<ReasonDocument> Reasons);

/// <param name="Kind"><c>assigned</c>, <c>queued</c> or <c>suppressed</c>.</param>
internal sealed record RouteDocument(
    string Kind, string Rule, string? OwnerId, string? Pool, IReadOnlyList<string>? Notify, string? Queue, IReadOnlyList<ReasonDocument> Reasons)
{
    public DateTimeOffset? AcceptBy { get; init; }
    public string? JoinsPlay { get; init; }
    public string? Tag { get; init; }
    public DateTimeOffset? OpensAt { get; init; }
    public DateTimeOffset? WaitsUntil { get; init; }

    public static RouteDocument From(RouteDecision route)
    {
        IReadOnlyList<ReasonDocument> reasons = ReasonDocument.From(route.Reasons);
        return route switch
        {
            RouteDecision.Assigned a => new("assigned", a.Rule, a.Owner.Value, a.Pool, [.. a.Notify.Select(n => n.Value)], null, reasons) { AcceptBy = a.AcceptBy, JoinsPlay = a.JoinsPlay, Tag = a.Tag },
            RouteDecision.Queued q => new("queued", q.Rule, null, q.Pool, null, q.Queue, reasons) { OpensAt = q.OpensAt, WaitsUntil = q.WaitsUntil },
            RouteDecision.Suppressed s => new("suppressed", s.Rule, null, null, null, null, reasons),
            _ => throw new UnreachableException(),
        };
    }

    public RouteDecision ToDecision()
    {
        IReadOnlyList<Reason> reasons = ReasonDocument.To(Reasons);
        return Kind switch
        {
            "assigned" => new RouteDecision.Assigned(RepId.Parse(OwnerId!), Pool, [.. (Notify ?? []).Select(RepId.Parse)], Rule, reasons) { AcceptBy = AcceptBy, JoinsPlay = JoinsPlay, Tag = Tag },
            "queued" => new RouteDecision.Queued(Queue!, Rule, reasons) { Pool = Pool, OpensAt = OpensAt, WaitsUntil = WaitsUntil },
            "suppressed" => new RouteDecision.Suppressed(Rule, reasons),
            _ => throw new JsonException($"Unknown kind of route: {Kind}."),
        };
    }
}

/// <param name="Kind"><c>start</c> or <c>none</c>.</param>
internal sealed record PlayDocument(string Kind, string? Name, DeadlineDocument? FirstTouch, IReadOnlyList<ReasonDocument> Reasons)
{
    public static PlayDocument From(PlayDecision play) => play switch
    {
        PlayDecision.Start s => new("start", s.Play, DeadlineDocument.From(s.FirstTouch), ReasonDocument.From(s.Reasons)),
        PlayDecision.None n => new("none", null, null, ReasonDocument.From(n.Reasons)),
        _ => throw new UnreachableException(),
    };

    public PlayDecision ToDecision() => Kind switch
    {
        "start" => new PlayDecision.Start(Name!, FirstTouch!.ToDeadline(), ReasonDocument.To(Reasons)),
        "none" => new PlayDecision.None(ReasonDocument.To(Reasons)),
        _ => throw new JsonException($"Unknown kind of play: {Kind}."),
    };
}

internal sealed record DeadlineDocument(
    string Policy, DateTimeOffset StartAt, DateTimeOffset DueAt, TimeSpan Budget, string Calendar, IReadOnlyList<IntervalDocument> Intervals, string? Zone = null)
{
    public static DeadlineDocument From(SlaDeadline deadline) => new(
        deadline.Policy, deadline.StartAt, deadline.DueAt, deadline.Budget, deadline.Calendar,
        [.. deadline.Intervals.Select(i => new IntervalDocument(i.From, i.Until, i.IsCounted, i.Why))], deadline.Zone);

    public SlaDeadline ToDeadline() => new(
        Policy, StartAt, DueAt, Budget, Calendar, [.. Intervals.Select(i => new DeadlineInterval(i.From, i.Until, i.IsCounted, i.Why))])
    { Zone = Zone };
}

internal sealed record IntervalDocument(DateTimeOffset From, DateTimeOffset Until, bool IsCounted, string Why);

internal sealed record PoolDocument(string Pool, string Period, IReadOnlyList<MemberDocument> Members)
{
    public static PoolDocument? From(PoolState? state) => state is null
        ? null
        : new(state.Pool, state.Period, [.. state.Members.Select(MemberDocument.From)]);

    public PoolState ToState() => new(Pool, Period, [.. Members.Select(m => m.ToMember())]);
}

internal sealed record MemberDocument(
    string RepId, int Assigned, double Adjustment, DateTimeOffset? LastAt, double Weight, bool WasAway, IReadOnlyDictionary<string, int>? Capped)
{
    public IReadOnlyList<TakenLead>? Recent { get; init; }
    public IReadOnlyList<string>? Open { get; init; }
    public double? Share { get; init; }
    public int? Missed { get; init; }
    public bool? MayMakeUp { get; init; }

    public static MemberDocument From(MemberState member) => new(
        member.Rep.Value, member.Assigned, member.Adjustment, member.LastAt, member.Weight, member.WasAway, member.Capped.Count == 0 ? null : member.Capped)
    {
        Recent = member.Recent.Count == 0 ? null : member.Recent,
        Open = member.Open.Count == 0 ? null : [.. member.Open.Select(l => l.Value)],
        Share = member.Share == 0 ? null : member.Share,
        Missed = member.Missed == 0 ? null : member.Missed,
        MayMakeUp = member.MayMakeUp ? true : null,
    };

    public MemberState ToMember() => new(Abm.Decisions.RepId.Parse(RepId), Assigned, Adjustment, LastAt)
    {
        Weight = Weight,
        WasAway = WasAway,
        Capped = Capped ?? new Dictionary<string, int>(),
        Recent = Recent ?? [],
        Open = [.. (Open ?? []).Select(LeadId.Parse)],
        Share = Share ?? 0,
        Missed = Missed ?? 0,
        MayMakeUp = MayMakeUp ?? false,
    };
}
