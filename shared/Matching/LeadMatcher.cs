using Abm.Accounts;
using Abm.Leads;

namespace Abm.Matching;

/// <summary>Whose lead is this? The one matcher for routing and reporting.</summary>
public static class LeadMatcher
{
    /// <summary>Finds the lead's account among those in the index.</summary>
    /// <param name="model">Weights, bands and lists in force; their versions are stored with the decision.</param>
    public static MatchDecision Match(Lead lead, IAccountIndex index, MatchModel model) =>
        new MatchDecision.Unmatched(UnmatchedReason.NoCandidate, [], []);
}
