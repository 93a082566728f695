using Abm.Decisions;
using Abm.Journeys;
using Abm.Leads;
using Abm.Matching;
using Abm.Plays;
using Abm.Routing;

namespace Abm.Functions.Storage.Persons;

/// <summary>What is left of things when their person is gone: codes, points, ids and times; no words that people wrote. Pure.</summary>
internal static class Erased
{
    /// <summary>In the place of every sentence.</summary>
    public const string Text = "Erased with the person.";

    public static Lead Of(Lead lead) => lead with { Submitted = new Submission { Source = lead.Submitted.Source, AccountId = lead.Submitted.AccountId, IsTest = lead.Submitted.IsTest } };

    /// <remarks>Sentences of reasons may name the domain that a lead came from: they go, their codes, points and rules stay.</remarks>
    public static JourneyDecision Of(JourneyDecision decision) => decision with
    {
        Lead = Of(decision.Lead),
        Match = decision.Match switch
        {
            MatchDecision.Matched m => new MatchDecision.Matched(m.Account, m.Confidence, m.IsLowConfidence, Of(m.Candidates), Of(m.Reasons)),
            MatchDecision.Review r => new MatchDecision.Review(r.Why, Of(r.Candidates), Of(r.Reasons)),
            MatchDecision.Unmatched u => new MatchDecision.Unmatched(u.Why, Of(u.Candidates), Of(u.Reasons)),
            _ => throw new System.Diagnostics.UnreachableException(),
        },
        Score = decision.Score with { Reasons = Of(decision.Score.Reasons) },
        Route = decision.Route switch
        {
            RouteDecision.Assigned a => new RouteDecision.Assigned(a.Owner, a.Pool, a.Notify, a.Rule, Of(a.Reasons)),
            RouteDecision.Queued q => new RouteDecision.Queued(q.Queue, q.Rule, Of(q.Reasons)),
            RouteDecision.Suppressed s => new RouteDecision.Suppressed(s.Rule, Of(s.Reasons)),
            _ => throw new System.Diagnostics.UnreachableException(),
        },
        Play = decision.Play switch
        {
            PlayDecision.Start s => new PlayDecision.Start(s.Play, s.FirstTouch, Of(s.Reasons)),
            PlayDecision.None n => new PlayDecision.None(Of(n.Reasons)),
            _ => throw new System.Diagnostics.UnreachableException(),
        },
        Inputs = null,
    };

    /// <summary>Ids and codes stay, what a person wrote goes.</summary>
    public static Dictionary<string, string> Of(IReadOnlyDictionary<string, string> details) =>
        details.ToDictionary(d => d.Key, d => d.Key == "note" ? Text : d.Value, StringComparer.Ordinal);

    private static Reason[] Of(IReadOnlyList<Reason> reasons) => [.. reasons.Select(r => r with { Says = Text })];

    private static MatchCandidate[] Of(IReadOnlyList<MatchCandidate> candidates) => [.. candidates.Select(c => c with { Evidence = Of(c.Evidence) })];
}
