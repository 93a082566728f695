using Abm.Accounts;
using Abm.Configuration;
using Abm.Decisions;
using Abm.Leads;
using Abm.Matching;
using Abm.People;
using Abm.Routing;
using Abm.Scoring;

namespace Abm.Plays;

/// <summary>What happens next, and by when?</summary>
public static class PlayChooser
{
    /// <summary>The first play whose trigger and condition fit, with the deadline of the first touch counted from <paramref name="now"/>.</summary>
    public static PlayDecision Choose(
        Lead lead,
        MatchDecision match,
        Account? account,
        ScoreDecision score,
        RouteDecision route,
        AbmConfig config,
        IReadOnlyDictionary<RepId, Rep> reps,
        DateTimeOffset now) => new PlayDecision.None([]);
}
