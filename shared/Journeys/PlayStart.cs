using Abm.Matching;
using Abm.Plays;
using Abm.Routing;

namespace Abm.Journeys;

/// <summary>From the decision to the play that follows it up.</summary>
public static class PlayStart
{
    /// <summary>What the play starts from, or null when the decision starts none.</summary>
    public static PlayStartInput? From(JourneyDecision decision)
    {
        if (decision is not { Play: PlayDecision.Start start, Route: RouteDecision.Assigned assigned })
            return null;
        return new PlayStartInput(
            Version: 1,
            PlayStartInput.IdFor(decision.Lead.Id.Value, start.Play),
            start.Play,
            decision.Lead.Id.Value,
            (decision.Match as MatchDecision.Matched)?.Account.Value,
            decision.DecisionId,
            decision.ConfigVersion,
            assigned.Owner.Value,
            assigned.Pool,
            start.FirstTouch.Policy,
            start.FirstTouch.StartAt,
            decision.Lead.ReceivedAt);
    }
}
